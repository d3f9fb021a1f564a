/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-handouts.h"

#include "lk-agent-history.h"

#define QUIET_S (5 * 60)
#define PROGRAM_MAX_CHARS 64
#define REMEMBERED_MAX 4096

struct _LkAgentHandouts
{
  GHashTable *last; /* (owned) "id program" → gint64, when it was written last */
};

LkAgentHandouts *
lk_agent_handouts_new (void)
{
  LkAgentHandouts *self = g_new0 (LkAgentHandouts, 1);

  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
lk_agent_handouts_free (LkAgentHandouts *self)
{
  g_hash_table_unref (self->last);
  g_free (self);
}

static gboolean
is_old (gpointer key, gpointer value, gpointer user_data)
{
  const gint64 *now = user_data;

  return *(gint64 *) value + QUIET_S <= *now || *(gint64 *) value > *now;
}

/**
 * lk_agent_handouts_note:
 * @program: who took the token, as it says itself
 *
 * Writes it into the history in the background, at most once in five minutes.
 */
void
lk_agent_handouts_note (LkAgentConnection *connection, const char *program)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  LkAgentHandouts *self = lk_agent_context_get_handouts (context);
  gint64 now = lk_agent_context_get_now (context);
  g_autofree char *shown = g_utf8_substring (program, 0, MIN (g_utf8_strlen (program, -1),
                                                              PROGRAM_MAX_CHARS));
  g_autofree char *key = g_strconcat (lk_agent_connection_get_id (connection), " ", shown, NULL);
  gint64 *last = g_hash_table_lookup (self->last, key);
  g_autoptr(LkEvent) event = NULL;

  if (last != NULL && !is_old (key, last, &now))
    {
      lk_agent_history_count (lk_agent_context_get_history (context), connection, "handed-out");
      return;
    }
  if (g_hash_table_size (self->last) >= REMEMBERED_MAX
      && g_hash_table_foreach_remove (self->last, is_old, &now) == 0)
    g_hash_table_remove_all (self->last);
  last = g_new (gint64, 1);
  *last = now;
  g_hash_table_replace (self->last, g_steal_pointer (&key), last);

  event = lk_event_new (lk_agent_connection_get_id (connection), now, "handed-out", shown);
  lk_agent_context_add_event (context, event);
}
