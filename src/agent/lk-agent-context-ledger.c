/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-context-private.h"

#include "lk-agent-error.h"

static const char *
ledger_state_word (const GError *error)
{
  if (error == NULL)
    return "ready";
  if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NEWER))
    return "newer";
  if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED))
    return "damaged";
  if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_READ_ONLY))
    return "read-only";
  if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FULL))
    return "full";
  return "failed";
}

void
lk_agent_context_set_ledger_state (LkAgentContext *self, const GError *error)
{
  lk_dbus_agent1_set_ledger_state (self->agent, ledger_state_word (error));
}

/**
 * lk_agent_context_set_in_use:
 * @in_use: whether an agent on another bus works with the data folder
 *
 * Instead of opening it, or before opening it at last.
 */
void
lk_agent_context_set_in_use (LkAgentContext *self, gboolean in_use)
{
  g_clear_error (&self->ledger_error);
  g_clear_error (&self->journal_error);
  lk_dbus_agent1_set_ledger_state (self->agent, in_use ? "in-use" : "opening");
  if (!in_use)
    return;
  self->ledger_error = g_error_new_literal (LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE,
                                            "an agent in another session works with the data");
  self->journal_error = g_error_copy (self->ledger_error);
}

/**
 * lk_agent_context_ledger_failed:
 *
 * Tells the clients that writing did not work. The values stay in memory and are written with the
 * next change.
 */
void
lk_agent_context_ledger_failed (LkAgentContext *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("the ledger cannot be written: %s", error->message);
  if (self->ledger != NULL)
    lk_agent_context_set_ledger_state (self, error);
}

static void
ledger_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) self = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_set_ledger_state (self, NULL);
  else
    lk_agent_context_ledger_failed (self, error);
}

/**
 * lk_agent_context_save:
 * @event: (nullable): line of the history that belongs to the change
 *
 * Writes a connection in the background.
 */
void
lk_agent_context_save (LkAgentContext *self, const LkConnectionRecord *record,
                       const LkEvent *event)
{
  if (self->ledger != NULL)
    lk_ledger_put_connection_async (self->ledger, record, event, NULL, ledger_written_cb,
                                    g_object_ref (self));
  if (event != NULL)
    lk_agent_context_event_added (self, event);
}

void
lk_agent_context_add_event (LkAgentContext *self, const LkEvent *event)
{
  if (self->ledger != NULL)
    lk_ledger_add_event_async (self->ledger, event, NULL, ledger_written_cb,
                               g_object_ref (self));
  lk_agent_context_event_added (self, event);
}

/**
 * lk_agent_context_get_ledger:
 *
 * Returns: (transfer none) (nullable): the ledger, %NULL with an error when it is not usable
 */
LkLedger *
lk_agent_context_get_ledger (LkAgentContext *self, GError **error)
{
  if (self->ledger != NULL && self->loaded)
    return self->ledger;
  if (self->ledger_error != NULL)
    g_propagate_error (error, lk_agent_error_translate (self->ledger_error, NULL));
  else
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED,
                         "the ledger is still being opened");
  return NULL;
}
