/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-remedies.h"

/**
 * lk_agent_connection_is_parked:
 *
 * Returns: whether nothing may be done with its tokens here, with %LK_AGENT_ERROR_MOVED_AWAY or
 *   %LK_AGENT_ERROR_ON_HOLD
 */
gboolean
lk_agent_connection_is_parked (LkAgentConnection *self, GError **error)
{
  switch (lk_agent_connection_get_record (self)->parked)
    {
    case LK_PARKED_MOVED:
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_MOVED_AWAY,
                           "the connection was moved to another computer");
      return TRUE;
    case LK_PARKED_HELD:
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_ON_HOLD,
                           "the connection came from a backup and is on hold");
      return TRUE;
    case LK_PARKED_NOT:
    default:
      return FALSE;
    }
}

/**
 * lk_agent_connection_park:
 * @file: (nullable): id of the file that it goes into or came from
 *
 * From here on no renewal begins; one that is under way ends. The caller writes the record.
 */
void
lk_agent_connection_park (LkAgentConnection *self, LkParked parked, const char *file)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  LkConnectionRecord *record = lk_agent_connection_get_record (self);

  record->parked = parked;
  record->parked_at = parked == LK_PARKED_NOT ? 0 : lk_agent_context_get_now (context);
  g_free (record->parked_file);
  record->parked_file = g_strdup (file);
  if (parked != LK_PARKED_NOT)
    {
      lk_agent_remedies_close_of (lk_agent_context_get_remedies (context), record->id);
      g_clear_pointer (&record->refusal, lk_fault_free);
      record->refusal_event = 0;
    }
  lk_agent_connection_sync (self);
}

/**
 * lk_agent_connection_take_back:
 *
 * The person says that no other computer uses it any more.
 */
void
lk_agent_connection_take_back (LkAgentConnection *self)
{
  g_autofree char *file = g_strdup (lk_agent_connection_get_record (self)->parked_file);

  lk_agent_connection_park (self, LK_PARKED_NOT, file);
  lk_agent_connection_retry_now (self);
  lk_agent_connection_save (self, "taken-back", NULL);
}
