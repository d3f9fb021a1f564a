/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-context-private.h"

#include "lk-agent-backup.h"
#include "lk-agent-clients.h"
#include "lk-agent-connection.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-history.h"
#include "lk-agent-monitor.h"
#include "lk-agent-programs.h"
#include "lk-agent-remedies.h"
#include "lk-agent-scheduler.h"
#include "lk-agent-trial.h"
#include "lk-agent-warnings.h"

/* A keyring that someone unlocks elsewhere does not tell us. */
#define VAULT_CHECK_S 15

static void lk_agent_context_replay_when_ready (LkAgentContext *self);

/* The ledger: open, clients, connections. */

static void
lk_agent_context_opened (LkAgentContext *self, GTask *task, GError *error)
{
  if (error != NULL)
    {
      g_message ("the ledger cannot be used: %s", error->message);
      g_clear_object (&self->ledger);
      self->ledger_error = error;
    }
  else
    {
      self->loaded = TRUE;
      lk_agent_history_open (self->history);
      lk_agent_trial_resume (self->trial);
      lk_agent_warnings_set_ready (self->warnings, TRUE);
    }
  lk_agent_context_set_ledger_state (self, error);
  lk_agent_context_tidy_soon (self);
  lk_agent_context_replay_when_ready (self);
  g_task_return_boolean (task, TRUE);
}

static void
programs_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *self = LK_AGENT_CONTEXT (source);

  lk_agent_programs_load_finish (self->programs, result);
  lk_agent_context_opened (self, task, NULL);
}

/* Remedies that cannot be read take nothing else away. */
static void
remedies_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = lk_ledger_list_remedies_finish (LK_LEDGER (source), result,
                                                                 &error);

  self->loaded = TRUE;
  if (records == NULL)
    g_message ("the remedies under way cannot be read: %s", error->message);
  else
    lk_agent_remedies_take (self->remedies, records);
  lk_agent_programs_load_async (self->programs, programs_loaded_cb, g_object_ref (task));
}

static void
connections_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = lk_ledger_list_connections_finish (LK_LEDGER (source), result,
                                                                    &error);

  if (records == NULL)
    {
      lk_agent_context_opened (self, task, g_steal_pointer (&error));
      return;
    }
  lk_agent_connections_take (self->connections, records);
  lk_ledger_list_remedies_async (self->ledger, NULL, remedies_listed_cb, g_object_ref (task));
}

static void
clients_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = lk_ledger_list_clients_finish (LK_LEDGER (source), result,
                                                                &error);

  if (records == NULL)
    {
      lk_agent_context_opened (self, task, g_steal_pointer (&error));
      return;
    }
  lk_agent_clients_take (self->clients, records);
  lk_ledger_list_connections_async (self->ledger, NULL, connections_listed_cb,
                                    g_object_ref (task));
}

static void
ledger_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  self->ledger = lk_ledger_open_finish (result, &error);
  if (self->ledger == NULL)
    {
      lk_agent_context_opened (self, task, g_steal_pointer (&error));
      return;
    }
  lk_ledger_list_clients_async (self->ledger, NULL, clients_listed_cb, g_object_ref (task));
}

static void
lk_agent_context_open_journal (LkAgentContext *self)
{
  g_autofree char *path = g_build_filename (self->data_dir, "journal", NULL);

  self->journal = lk_journal_new (path, &self->journal_error);
  if (self->journal == NULL)
    {
      g_message ("the journal cannot be used: %s", self->journal_error->message);
      return;
    }
  self->renewer = lk_renewer_new (self->http, self->vault, self->journal, self->clock);
}

void
lk_agent_context_forget_kept (LkAgentContext *self, const char *connection)
{
  if (self->renewer != NULL)
    lk_renewer_forget (self->renewer, connection);
}

static void
vault_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_vault_check_finish (LK_VAULT (source), result, &error))
    g_debug ("the keyring is not ready: %s", error->message);
}

/**
 * lk_agent_context_open_async:
 *
 * Opens ledger and journal and looks at the keyring. Replies when the state of the ledger is known,
 * good or bad; the keyring may take longer.
 */
void
lk_agent_context_open_async (LkAgentContext *self, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *path = g_build_filename (self->data_dir, "ledger.db", NULL);

  g_task_set_source_tag (task, lk_agent_context_open_async);
  if (g_mkdir_with_parents (self->data_dir, 0700) != 0)
    g_message ("the data folder cannot be made");
  lk_agent_context_open_journal (self);
  lk_vault_check_async (self->vault, NULL, vault_checked_cb, g_object_ref (self));
  lk_ledger_open_async (path, NULL, ledger_opened_cb, g_object_ref (task));
}

void
lk_agent_context_open_finish (LkAgentContext *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

/**
 * lk_agent_context_get_renewer:
 *
 * Returns: (transfer none) (nullable): the renewer, %NULL with an error of the bus when there is no
 *   journal to renew with
 */
LkRenewer *
lk_agent_context_get_renewer (LkAgentContext *self, GError **error)
{
  if (self->renewer == NULL)
    g_propagate_error (error, lk_agent_error_translate (self->journal_error, NULL));
  return self->renewer;
}

LkTokenSet *
lk_agent_context_dup_kept_reply (LkAgentContext *self, const char *id)
{
  g_autoptr(GPtrArray) open = self->journal != NULL ? lk_journal_get_open (self->journal, NULL)
                                                    : NULL;

  for (guint i = 0; open != NULL && i < open->len; i++)
    {
      const LkJournalOpen *entry = open->pdata[i];

      if (entry->tokens != NULL && g_str_equal (entry->connection, id))
        return lk_token_set_ref (entry->tokens);
    }
  return NULL;
}

/* What an end in the middle of a renewal left behind. */

static void
apply_replayed (LkAgentContext *self, const LkReplayed *replayed)
{
  LkAgentConnection *connection = lk_agent_connections_lookup (self->connections,
                                                               replayed->connection);

  if (connection == NULL)
    return;
  if (replayed->tokens != NULL)
    lk_agent_connection_recovered (connection, replayed->tokens);
  else if (replayed->reply_lost)
    lk_agent_connection_fail (connection, "renewal-failed",
                              lk_fault_new_local (LK_CLASS_TRANSIENT, "refresh-lost", NULL));
}

static gboolean
replay_again_cb (gpointer user_data)
{
  LkAgentContext *self = user_data;

  self->replay_id = 0;
  lk_agent_context_replay_when_ready (self);
  return G_SOURCE_REMOVE;
}

static void
replayed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) self = user_data;
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->replays);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) replayed = lk_renewer_replay_finish (LK_RENEWER (source), result, &error);

  if (replayed == NULL)
    g_message ("the journal was not replayed: %s", error->message);
  else
    self->replayed = TRUE;
  for (guint i = 0; replayed != NULL && self->connections != NULL && i < replayed->len; i++)
    apply_replayed (self, replayed->pdata[i]);
  if (self->scheduler != NULL)
    {
      lk_agent_scheduler_set_ready (self->scheduler, replayed != NULL);
      lk_agent_monitor_set_ready (self->monitor, replayed != NULL);
    }
  /* A full disk, for one. The keyring's state does not tell when that is over. */
  if (replayed == NULL && self->closing == NULL && self->replay_id == 0)
    self->replay_id = g_timeout_add_seconds (VAULT_CHECK_S, replay_again_cb, self);
  for (guint i = 0; i < waiting->len; i++)
    {
      if (error != NULL)
        g_task_return_error (waiting->pdata[i], lk_agent_error_translate (error, NULL));
      else
        g_task_return_boolean (waiting->pdata[i], TRUE);
    }
  lk_agent_context_release (self);
}

/* Puts what the journal kept into the keyring; then the scheduler may work. @task: (transfer full)
 * (nullable): who waits for it. */
static void
lk_agent_context_replay (LkAgentContext *self, GTask *task)
{
  gboolean first = self->replays == NULL;

  if (first)
    self->replays = g_ptr_array_new_with_free_func (g_object_unref);
  if (task != NULL)
    g_ptr_array_add (self->replays, task);
  if (!first)
    return;
  lk_agent_context_hold (self);
  lk_renewer_replay_async (self->renewer, NULL, replayed_cb, g_object_ref (self));
}

static void
lk_agent_context_replay_when_ready (LkAgentContext *self)
{
  if (self->loaded && self->renewer != NULL && lk_vault_get_state (self->vault) == LK_VAULT_READY)
    {
      lk_agent_restore_clean (self);
      lk_agent_context_replay (self, NULL);
    }
}

void
lk_agent_context_settle_async (LkAgentContext *self, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, lk_agent_context_settle_async);
  if (self->replayed || self->renewer == NULL)
    g_task_return_boolean (task, TRUE);
  else
    lk_agent_context_replay (self, g_steal_pointer (&task));
}

gboolean
lk_agent_context_settle_finish (LkAgentContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The keyring. */

static gboolean
vault_check_cb (gpointer user_data)
{
  LkAgentContext *self = user_data;

  lk_vault_check_async (self->vault, NULL, vault_checked_cb, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static void
vault_state_cb (LkAgentContext *self)
{
  LkVaultState state = lk_vault_get_state (self->vault);

  g_info ("the keyring is %s", lk_vault_state_to_string (state));
  lk_dbus_agent1_set_vault_state (self->agent, lk_vault_state_to_string (state));
  if (state == LK_VAULT_READY)
    {
      g_clear_handle_id (&self->vault_check_id, g_source_remove);
      lk_agent_context_replay_when_ready (self);
      return;
    }
  lk_agent_scheduler_set_ready (self->scheduler, FALSE);
  lk_agent_monitor_set_ready (self->monitor, FALSE);
  if (self->vault_check_id == 0)
    self->vault_check_id = g_timeout_add_seconds (VAULT_CHECK_S, vault_check_cb, self);
}

/**
 * lk_agent_context_watch_vault:
 *
 * Keeps VaultState right, and starts and stops renewals with it.
 */
void
lk_agent_context_watch_vault (LkAgentContext *self)
{
  g_signal_connect_object (self->vault, "notify::state", G_CALLBACK (vault_state_cb), self,
                           G_CONNECT_SWAPPED);
}
