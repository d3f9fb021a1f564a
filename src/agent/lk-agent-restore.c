/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-backup.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-restore-plan.h"
#include "lk-agent-settings.h"

#define BATCH 64

/* Tokens that were replaced, until it is known that they may go. */
typedef struct
{
  char       *id;
  char       *label;
  LkTokenSet *tokens;
} Before;

typedef struct
{
  /* input */
  int             fd;         /* (owned): until there is a reader */
  LkSecret       *passphrase; /* (owned) */
  gboolean        preview;
  gboolean        use;
  char           *cookie;     /* (owned) (nullable) */

  /* in progress */
  LkBackupReader *reader;     /* (owned) (nullable) */
  LkRestorePlan  *plan;       /* (owned) */
  GVariant       *settings;   /* (owned) (nullable): that fit */
  GPtrArray      *items;      /* (owned) (element-type LkBackupItem): read, to be stored */
  gboolean        at_end;
  guint           item;
  guint           done;       /* connections */
  gint64          told;
  GPtrArray      *ids;        /* (owned) (element-type utf8): whose tokens are new here */
  GPtrArray      *clients;    /* (owned) (element-type utf8): whose secrets are */
  GPtrArray      *before;     /* (owned) (element-type Before) */
  LkLedgerBatch  *batch;      /* (owned) (nullable) */
  gboolean        marked;
  GError         *failure;    /* (owned) (nullable) */
} Restore;

static void
before_free (gpointer data)
{
  Before *self = data;

  lk_token_set_unref (self->tokens);
  g_free (self->id);
  g_free (self->label);
  g_free (self);
}

static void
restore_free (Restore *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->reader, lk_backup_reader_free);
  g_clear_pointer (&self->passphrase, lk_secret_unref);
  g_clear_pointer (&self->plan, lk_restore_plan_free);
  g_clear_pointer (&self->settings, g_variant_unref);
  g_clear_pointer (&self->batch, lk_ledger_batch_unref);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->before);
  g_clear_error (&self->failure);
  g_free (self->cookie);
  g_free (self);
}

static void restore_go_on (GTask *task);

/* In the thread. */

/* The whole file is looked through before anything is done with it. */
static gboolean
look_through (Restore *self, GError **error)
{
  self->reader = lk_backup_reader_new (g_steal_fd (&self->fd), self->passphrase, error);
  if (self->reader == NULL)
    return FALSE;
  for (;;)
    {
      g_autoptr(LkBackupItem) item = NULL;

      if (!lk_backup_reader_next (self->reader, &item, error))
        return FALSE;
      if (item == NULL)
        return lk_backup_reader_rewind (self->reader, error);
      lk_restore_plan_add (self->plan, item);
    }
}

static gboolean
read_batch (Restore *self, GError **error)
{
  while (self->items->len < BATCH && !self->at_end)
    {
      LkBackupItem *item = NULL;

      if (!lk_backup_reader_next (self->reader, &item, error))
        return FALSE;
      if (item == NULL)
        self->at_end = TRUE;
      else
        g_ptr_array_add (self->items, item);
    }
  return TRUE;
}

static void
step_thread (GTask *step, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Restore *self = task_data;
  g_autoptr(GError) error = NULL;

  if (self->reader == NULL ? look_through (self, &error) : read_batch (self, &error))
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, g_steal_pointer (&error));
}

static void
restore_run (GTask *task, GAsyncReadyCallback callback)
{
  g_autoptr(GTask) step = g_task_new (NULL, NULL, callback, g_object_ref (task));

  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (step, step_thread);
}

/* The end. */

static void
break_promises (Restore *self, LkAgentConnections *connections)
{
  for (guint i = 0; !self->preview && i < self->plan->connections->len; i++)
    {
      const LkRestoreConnection *connection = self->plan->connections->pdata[i];

      if (connection->action == LK_RESTORE_ADD)
        lk_agent_connections_break_promise (connections, connection->record->name);
    }
}

static void
restore_end (GTask *task, const GError *error)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);

  break_promises (self, lk_agent_context_get_connections (context));
  lk_agent_backup_end (context);
  lk_agent_context_tidy_soon (context);
  lk_agent_context_release (context);
  if (error != NULL)
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else
    g_task_return_pointer (task,
                           g_variant_ref_sink (lk_restore_plan_tell (
                             self->plan, lk_agent_context_get_profiles (context),
                             self->settings)),
                           (GDestroyNotify) g_variant_unref);
}

static void
unmarked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (g_task_get_source_object (task), error);
  restore_end (task, self->failure);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  Restore *self = g_task_get_task_data (task);
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);

  /* What could not be taken away now goes at the next start, as long as the ledger remembers it. */
  if (lk_agent_restore_undo_finish (context, result) && self->marked && ledger != NULL)
    lk_ledger_remove_state_async (ledger, LK_AGENT_RESTORING, self->plan->info->id, NULL,
                                  unmarked_cb, g_object_ref (task));
  else
    restore_end (task, self->failure);
}

static void
put_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (source != NULL && !lk_vault_store_tokens_finish (LK_VAULT (source), result, &error))
    g_message ("tokens of before a restore that failed were not put back: %s", error->message);
  if (self->before->len > 0)
    {
      Before *before = g_ptr_array_steal_index_fast (self->before, self->before->len - 1);

      lk_vault_store_tokens_async (lk_agent_context_get_vault (context), before->id, before->label,
                                   before->tokens, NULL, put_back_cb, g_object_ref (task));
      before_free (before);
      return;
    }
  lk_agent_restore_undo_async (context, self->ids, self->clients, undone_cb, g_object_ref (task));
}

static void
restore_fail (GTask *task, const GError *error)
{
  Restore *self = g_task_get_task_data (task);

  self->failure = g_error_copy (error);
  put_back_cb (NULL, NULL, g_object_ref (task));
}

/* It is in the ledger: now it is here. */

static void
replace_record (LkAgentConnection *connection, const LkConnectionRecord *record)
{
  LkConnectionRecord *own = lk_agent_connection_get_record (connection);
  LkConnectionRecord *copy = lk_connection_record_copy (record);
  LkConnectionRecord old = *own;

  *own = *copy;
  *copy = old;
  lk_connection_record_free (copy);
  lk_agent_connection_forget_tokens (connection);
  lk_agent_connection_retry_now (connection);
  lk_agent_connection_sync (connection);
}

static void
publish (Restore *self, LkAgentContext *context)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (context);

  lk_agent_clients_take (lk_agent_context_get_clients (context), self->batch->clients);
  for (guint i = 0; i < self->batch->connections->len; i++)
    {
      const LkConnectionRecord *record = self->batch->connections->pdata[i];
      LkAgentConnection *here = lk_agent_connections_lookup (connections, record->id);
      g_autoptr(LkAgentConnection) made = NULL;

      if (here != NULL)
        {
          lk_agent_context_forget_kept (context, record->id);
          replace_record (here, record);
          continue;
        }
      made = lk_agent_connection_new (context, lk_connection_record_copy (record));
      lk_agent_connections_add (connections, made);
      lk_agent_connection_publish (made);
    }
  for (guint i = 0; i < self->batch->states->len; i++)
    lk_agent_programs_take_rule (context, self->batch->states->pdata[i]);
  for (guint i = 0; i < self->batch->events->len; i++)
    lk_agent_context_event_added (context, self->batch->events->pdata[i]);
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    {
      restore_fail (task, error);
      return;
    }
  publish (self, context);
  if (!lk_agent_settings_apply (lk_agent_context_get_settings (context), self->settings, &error))
    {
      /* The connections are here; that the settings are not is told by what the answer lists. */
      g_message ("the settings of a backup were not taken: %s", error->message);
      g_clear_pointer (&self->settings, g_variant_unref);
      self->settings = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
    }
  restore_end (task, NULL);
}

static void
fill_batch (Restore *self, gint64 now)
{
  LkRestorePlan *plan = self->plan;
  LkLedgerBatch *batch = self->batch = lk_ledger_batch_new ();

  for (guint i = 0; i < plan->clients->len; i++)
    {
      const LkRestoreClient *client = plan->clients->pdata[i];

      if (client->add)
        g_ptr_array_add (batch->clients, lk_client_record_copy (client->record));
    }
  for (guint i = 0; i < plan->connections->len; i++)
    {
      const LkRestoreConnection *connection = plan->connections->pdata[i];

      if (connection->action == LK_RESTORE_SKIP)
        continue;
      g_ptr_array_add (batch->connections, lk_connection_record_copy (connection->record));
      g_ptr_array_add (batch->events, lk_event_new (connection->record->id, now,
                                                    "restored-backup", plan->info->made_on));
    }
  for (guint i = 0; i < plan->rules->len; i++)
    {
      const LkBackupItem *rule = plan->rules->pdata[i];
      const LkRestoreConnection *owner = g_hash_table_lookup (plan->by_id, rule->owner);
      LkStateRecord *state = NULL;

      if (owner != NULL && owner->action == LK_RESTORE_ADD)
        state = lk_agent_programs_read_rule (owner->record->id, rule->values);
      if (state != NULL)
        g_ptr_array_add (batch->states, state);
    }
  g_ptr_array_add (batch->forget, lk_state_record_new (LK_AGENT_RESTORING, plan->info->id, NULL,
                                                       g_variant_new ("a{sv}", NULL)));
}

static void
restore_apply (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (context, &error);

  if (ledger == NULL)
    {
      restore_fail (task, error);
      return;
    }
  fill_batch (self, lk_agent_context_get_now (context));
  lk_ledger_apply_async (ledger, self->batch, NULL, applied_cb, g_object_ref (task));
}

/* Into the keyring, item by item. */

static void
item_done (GTask *task, gboolean stored, const GError *error)
{
  if (stored)
    restore_go_on (task);
  else
    restore_fail (task, error);
}

static void
secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gboolean stored = lk_vault_store_secret_finish (LK_VAULT (source), result, &error);

  item_done (task, stored, error);
}

static void
tokens_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gboolean stored = lk_vault_store_tokens_finish (LK_VAULT (source), result, &error);

  item_done (task, stored, error);
}

/* The item that is being stored; it is behind us already. */
static LkBackupItem *
get_item (Restore *self)
{
  return self->items->pdata[self->item - 1];
}

static void
store_tokens (GTask *task, const LkRestoreConnection *connection)
{
  LkAgentContext *context = g_task_get_source_object (task);
  g_autofree char *label = g_strdup_printf ("Latchkey: %s", connection->record->name);

  lk_vault_store_tokens_async (lk_agent_context_get_vault (context), connection->record->id, label,
                               get_item (g_task_get_task_data (task))->tokens, NULL,
                               tokens_stored_cb, g_object_ref (task));
}

static void
before_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Restore *self = g_task_get_task_data (task);
  LkRestoreConnection *connection
    = g_hash_table_lookup (self->plan->by_id, get_item (self)->connection->id);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, &error);

  if (tokens == NULL && !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    {
      restore_fail (task, error);
      return;
    }
  if (tokens != NULL)
    {
      Before *before = g_new0 (Before, 1);

      before->id = g_strdup (connection->record->id);
      before->label = g_strdup_printf ("Latchkey: %s", connection->record->name);
      before->tokens = g_steal_pointer (&tokens);
      g_ptr_array_add (self->before, before);
    }
  store_tokens (task, connection);
}

/* TRUE when something is on its way into the keyring. */
static gboolean
store_connection (GTask *task, LkBackupItem *item)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  LkRestoreConnection *connection = g_hash_table_lookup (self->plan->by_id, item->connection->id);

  lk_agent_backup_tell (context, self->cookie, ++self->done, self->plan->connections->len,
                        &self->told);
  if (connection == NULL || connection->action == LK_RESTORE_SKIP || item->tokens == NULL)
    return FALSE;
  if (connection->action == LK_RESTORE_REPLACE)
    {
      lk_vault_lookup_tokens_async (lk_agent_context_get_vault (context), connection->record->id,
                                    NULL, before_found_cb, g_object_ref (task));
      return TRUE;
    }
  store_tokens (task, connection);
  return TRUE;
}

static gboolean
store_client (GTask *task, LkBackupItem *item)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  LkRestoreClient *client = g_hash_table_lookup (self->plan->by_name, item->client->name);
  g_autofree char *label = NULL;

  if (client == NULL || !client->add || item->secret == NULL)
    return FALSE;
  label = g_strdup_printf ("Latchkey: developer app %s", client->record->name);
  lk_vault_store_secret_async (lk_agent_context_get_vault (context), "client-secret",
                               client->record->name, label, item->secret, NULL, secret_stored_cb,
                               g_object_ref (task));
  return TRUE;
}

static void
batch_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    restore_go_on (task);
  else
    restore_fail (task, error);
}

static void
restore_go_on (GTask *task)
{
  Restore *self = g_task_get_task_data (task);

  while (self->item < self->items->len)
    {
      LkBackupItem *item = self->items->pdata[self->item++];

      if (item->type == LK_BACKUP_CONNECTION ? store_connection (task, item)
          : item->type == LK_BACKUP_CLIENT   ? store_client (task, item)
                                             : FALSE)
        return;
    }
  g_ptr_array_set_size (self->items, 0);
  self->item = 0;
  if (self->at_end)
    restore_apply (task);
  else
    restore_run (task, batch_read_cb);
}

/* The beginning. */

static void
marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    {
      g_ptr_array_set_size (self->ids, 0);
      g_ptr_array_set_size (self->clients, 0);
      restore_fail (task, error);
      return;
    }
  self->marked = TRUE;
  restore_go_on (task);
}

/* What will be new in the keyring is in the ledger first, so that an end in the middle leaves
 * nothing behind that nobody knows of. */
static void
restore_mark (GTask *task, LkLedger *ledger)
{
  LkAgentContext *context = g_task_get_source_object (task);
  LkAgentConnections *connections = lk_agent_context_get_connections (context);
  Restore *self = g_task_get_task_data (task);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(LkStateRecord) state = NULL;

  for (guint i = 0; i < self->plan->connections->len; i++)
    {
      const LkRestoreConnection *connection = self->plan->connections->pdata[i];

      if (connection->action != LK_RESTORE_ADD)
        continue;
      lk_agent_connections_promise_name (connections, connection->record->name);
      g_ptr_array_add (self->ids, g_strdup (connection->record->id));
    }
  for (guint i = 0; i < self->plan->clients->len; i++)
    {
      const LkRestoreClient *client = self->plan->clients->pdata[i];

      if (client->add)
        g_ptr_array_add (self->clients, g_strdup (client->record->name));
    }
  g_variant_dict_insert_value (&dict, "ids",
                               g_variant_new_strv ((const char * const *) self->ids->pdata,
                                                   self->ids->len));
  g_variant_dict_insert_value (&dict, "clients",
                               g_variant_new_strv ((const char * const *) self->clients->pdata,
                                                   self->clients->len));
  state = lk_state_record_new (LK_AGENT_RESTORING, self->plan->info->id, NULL,
                               g_variant_dict_end (&dict));
  lk_ledger_put_state_async (ledger, state, NULL, marked_cb, g_object_ref (task));
}

static void
vault_proven_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = NULL;

  if (lk_vault_probe_finish (LK_VAULT (source), result, &error))
    ledger = lk_agent_context_get_ledger (g_task_get_source_object (task), &error);
  if (ledger != NULL)
    restore_mark (task, ledger);
  else
    restore_end (task, error);
}

static void
decide (Restore *self, LkAgentContext *context)
{
  LkAgentClients *clients = lk_agent_context_get_clients (context);
  g_auto(GStrv) names = lk_agent_clients_dup_names (clients);
  g_autoptr(GPtrArray) apps = g_ptr_array_new ();
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (context));
  g_autoptr(GPtrArray) records = g_ptr_array_new ();
  g_autoptr(GVariant) none = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    g_ptr_array_add (apps, (gpointer) lk_agent_clients_lookup (clients, names[i]));
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (records, lk_agent_connection_get_record (all->pdata[i]));
  lk_restore_plan_decide (self->plan, apps, records, self->use,
                          lk_agent_context_get_now (context));
  self->settings = lk_agent_settings_dup_fitting (lk_agent_context_get_settings (context),
                                                  self->plan->settings != NULL
                                                    ? self->plan->settings : none);
}

static void
looked_through_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Restore *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      restore_end (task, error);
      return;
    }
  decide (self, context);
  if (self->preview)
    restore_end (task, NULL);
  else
    lk_vault_probe_async (lk_agent_context_get_vault (context), NULL, vault_proven_cb,
                          g_object_ref (task));
}

void
lk_agent_restore_async (LkAgentContext *context, int fd, LkSecret *passphrase, gboolean preview,
                        gboolean use, const char *cookie, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  Restore *self = g_new0 (Restore, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_restore_async);
  g_task_set_task_data (task, self, (GDestroyNotify) restore_free);
  self->fd = fd;
  self->passphrase = lk_secret_ref (passphrase);
  self->preview = preview;
  self->use = use;
  self->cookie = g_strdup (cookie);
  self->plan = lk_restore_plan_new ();
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_backup_item_free);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->clients = g_ptr_array_new_with_free_func (g_free);
  self->before = g_ptr_array_new_with_free_func (before_free);
  if (lk_agent_context_get_ledger (context, &error) == NULL
      || !lk_agent_backup_begin (context, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  lk_agent_context_hold (context);
  restore_run (task, looked_through_cb);
}

GVariant *
lk_agent_restore_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
