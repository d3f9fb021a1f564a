/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs-private.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-connections.h"
#include "lk-agent-notifier.h"
#include "lk-agent-warning-words.h"

/* One notification a question, with the answers as its buttons. Of each program the oldest question
 * is shown, so that one that wants everything covers nobody's screen. */

static LkAgentNotifier *
get_notifier (LkAgentPrograms *self)
{
  return lk_agent_context_get_notifier (self->context);
}

static gboolean
is_asked (LkAgentPrograms *self, guint id)
{
  for (guint i = 0; i < self->questions->len; i++)
    if (((LkAgentQuestion *) self->questions->pdata[i])->id == id)
      return TRUE;
  return FALSE;
}

static void
tell (LkAgentPrograms *self, const LkAgentQuestion *question)
{
  LkAgentConnection *connection
    = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                   question->connection);
  g_autofree char *program = NULL;
  g_autofree char *name = NULL;
  g_autofree char *more = NULL;
  LkAgentNotice *notice;

  if (connection == NULL)
    return;
  program = lk_agent_warning_words_dup_name (question->program->shown);
  name = lk_agent_warning_words_dup_name (lk_agent_connection_get_record (connection)->name);
  /* A button of an earlier agent's notification answers nothing else. */
  more = g_strdup_printf ("%s-%u", self->run, question->id);
  /* Translators: the name of a program, then of a connection. */
  notice = lk_agent_notice_new ("program", NULL, more, g_strdup (_("May a program have a token?")),
                                g_strdup_printf (_("“%s” wants a token of “%s”. Latchkey remembers "
                                                   "your answer."), program, name));
  notice->question = TRUE;
  g_hash_table_insert (self->notices, GUINT_TO_POINTER (question->id), g_strdup (notice->id));
  lk_agent_notifier_show (get_notifier (self), notice);
}

static void
answered_cb (const char *id, gboolean allow, gpointer user_data)
{
  LkAgentPrograms *self = user_data;
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer question, notice;
  guint asked = 0;

  g_hash_table_iter_init (&iter, self->notices);
  while (asked == 0 && g_hash_table_iter_next (&iter, &question, &notice))
    if (g_str_equal (notice, id))
      asked = GPOINTER_TO_UINT (question);
  if (asked != 0 && !lk_agent_programs_answer (self, asked, allow, TRUE, &error))
    g_debug ("%s", error->message);
}

static gboolean
is_first_of_program (LkAgentPrograms *self, const LkAgentQuestion *question)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      const LkAgentQuestion *other = self->questions->pdata[i];

      if (g_str_equal (other->program->program, question->program->program))
        return other == question;
    }
  return FALSE;
}

/**
 * lk_agent_programs_notify:
 *
 * Shows what is asked, and takes back what was answered.
 */
void
lk_agent_programs_notify (LkAgentPrograms *self)
{
  GHashTableIter iter;
  gpointer question, notice;

  if (self->notices == NULL)
    {
      self->notices = g_hash_table_new_full (NULL, NULL, NULL, g_free);
      lk_agent_notifier_answer (get_notifier (self), answered_cb, self);
    }
  g_hash_table_iter_init (&iter, self->notices);
  while (g_hash_table_iter_next (&iter, &question, &notice))
    if (!is_asked (self, GPOINTER_TO_UINT (question)))
      {
        lk_agent_notifier_withdraw (get_notifier (self), notice);
        g_hash_table_iter_remove (&iter);
      }
  for (guint i = 0; i < self->questions->len; i++)
    {
      const LkAgentQuestion *one = self->questions->pdata[i];

      if (is_first_of_program (self, one)
          && !g_hash_table_contains (self->notices, GUINT_TO_POINTER (one->id)))
        tell (self, one);
    }
}

void
lk_agent_programs_hush (LkAgentPrograms *self)
{
  GHashTableIter iter;
  gpointer notice;

  if (self->notices == NULL)
    return;
  g_hash_table_iter_init (&iter, self->notices);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    lk_agent_notifier_withdraw (get_notifier (self), notice);
  lk_agent_notifier_answer (get_notifier (self), NULL, NULL);
  g_clear_pointer (&self->notices, g_hash_table_unref);
}
