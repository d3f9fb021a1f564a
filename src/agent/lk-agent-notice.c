/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-notice.h"

#include <glib/gi18n-lib.h>

LkAgentNotice *
lk_agent_notice_new (const char *kind, const char *connection, const char *more, char *title,
                     char *body)
{
  LkAgentNotice *self = g_new0 (LkAgentNotice, 1);

  self->id = g_strconcat (kind, "/", connection != NULL ? connection : "",
                          more != NULL ? "/" : NULL, more, NULL);
  self->title = title;
  self->body = body;
  return self;
}

void
lk_agent_notice_free (LkAgentNotice *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->body);
  g_free (self);
}

char *
lk_agent_notice_dup_connection (const char *id)
{
  g_auto(GStrv) parts = g_strsplit (id, "/", 3);

  if (g_strv_length (parts) < 2 || parts[1][0] == '\0')
    return NULL;
  return g_strdup (parts[1]);
}

guint
lk_agent_notice_get_buttons (const LkAgentNotice *self, LkAgentNoticeButton buttons[])
{
  guint n = 0;

  if (self->question)
    {
      buttons[n++] = (LkAgentNoticeButton) { LK_AGENT_NOTICE_ALLOW, _("Allow") };
      buttons[n++] = (LkAgentNoticeButton) { LK_AGENT_NOTICE_DENY, _("Don’t Allow") };
      return n;
    }
  if (self->reconnect)
    buttons[n++] = (LkAgentNoticeButton) { LK_AGENT_NOTICE_RECONNECT, _("Reconnect") };
  buttons[n++] = (LkAgentNoticeButton) { LK_AGENT_NOTICE_SHOW, _("Show") };
  if (self->snooze)
    buttons[n++] = (LkAgentNoticeButton) { LK_AGENT_NOTICE_SNOOZE, _("Remind Me Tomorrow") };
  return n;
}
