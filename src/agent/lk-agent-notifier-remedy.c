/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-notifier.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-warning-words.h"
#include "lk-agent-warnings.h"

/* What others did, a wait that is over, or the end; not what Latchkey found out on the way. */
static gboolean
is_worth_telling (const LkRemedyRecord *record, const LkRemedyStep *step)
{
  return record->ended != 0 || step->watchable || step->check == LK_CHECK_TIME;
}

static LkAgentNotice *
make_notice (const LkRemedyRecord *record, const char *connection, const char *name,
             const LkRemedyStep *step)
{
  g_autofree char *shown = lk_agent_warning_words_dup_name (name);
  char *title;
  char *body;

  if (record->ended != 0)
    {
      title = g_strdup (_("It works again"));
      /* Translators: %s is the name of a connection. */
      body = g_strdup_printf (_("What was refused for %s is accepted now."), shown);
    }
  else if (step->watchable)
    {
      title = g_strdup (_("The permission is there"));
      /* Translators: %s is the name of a connection. */
      body = g_strdup_printf (_("What %s was missing has been granted. Open Latchkey to try the "
                                "call again."), shown);
    }
  else
    {
      title = g_strdup (_("One step further"));
      /* Translators: the title of a step, then the name of a connection. */
      body = g_strdup_printf (_("“%s” is done for %s. Open Latchkey to go on."), step->title,
                              shown);
    }
  return lk_agent_notice_new ("remedy", connection, record->id, title, body);
}

/**
 * lk_agent_notifier_tell:
 * @step: that became done
 */
void
lk_agent_notifier_tell (LkAgentRemedy *remedy, guint step)
{
  LkAgentConnection *connection = lk_agent_remedy_get_connection (remedy);
  const LkRemedyRecord *record = lk_agent_remedy_get_record (remedy);
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (remedy);
  LkAgentContext *context;

  if (connection == NULL || plan == NULL || step >= plan->steps->len
      || !is_worth_telling (record, plan->steps->pdata[step]))
    return;
  context = lk_agent_connection_get_context (connection);
  if (g_settings_get_boolean (lk_agent_context_get_settings (context), "notify-recovered"))
    lk_agent_warnings_show (lk_agent_context_get_warnings (context),
                            make_notice (record, lk_agent_connection_get_id (connection),
                                         lk_agent_connection_get_record (connection)->name,
                                         plan->steps->pdata[step]));
}
