/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-backup.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-settings.h"

#define BATCH 64

/* What the file's thread does next. */
typedef enum
{
  STEP_OPEN,
  STEP_ADD,
  STEP_SETTLE,
  STEP_FINISH,
  STEP_DISCARD,
} Step;

typedef struct
{
  /* input */
  int             fd;          /* (owned): until there is a writer */
  LkSecret       *passphrase;  /* (owned) */
  gboolean        moves;
  gboolean        whole;       /* all connections, so the settings, too */
  char           *cookie;      /* (owned) (nullable) */

  /* in progress */
  char           *id;          /* (owned) */
  gint64          made;
  GPtrArray      *connections; /* (owned) (element-type LkAgentConnection) */
  GPtrArray      *clients;     /* (owned) (element-type LkClientRecord) */
  GPtrArray      *left_out;    /* (owned) (element-type utf8): names */
  LkBackupWriter *writer;      /* (owned) (nullable) */
  GPtrArray      *items;       /* (owned) (element-type LkBackupItem): for the thread */
  Step            step;
  guint           client;
  guint           connection;
  guint           renewals;    /* under way when the move began */
  guint           rules;
  guint           settings;
  gboolean        settings_done;
  gint64          told;
  GError         *failure;     /* (owned) (nullable) */
} Write;

static void
write_free (Write *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->writer, lk_backup_writer_free);
  g_clear_pointer (&self->passphrase, lk_secret_unref);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->left_out);
  g_ptr_array_unref (self->items);
  g_clear_error (&self->failure);
  g_free (self->cookie);
  g_free (self->id);
  g_free (self);
}

static void write_go_on (GTask *task);

/* In the thread. */

static gboolean
add_items (Write *self, GError **error)
{
  for (guint i = 0; i < self->items->len; i++)
    if (!lk_backup_writer_add (self->writer, self->items->pdata[i], error))
      return FALSE;
  g_ptr_array_set_size (self->items, 0);
  return TRUE;
}

static gboolean
do_step (Write *self, GError **error)
{
  switch (self->step)
    {
    case STEP_OPEN:
      self->writer = lk_backup_writer_new (g_steal_fd (&self->fd), self->passphrase,
                                           LK_BACKUP_COST, error);
      return self->writer != NULL;
    case STEP_ADD:
      return add_items (self, error);
    case STEP_SETTLE:
      return add_items (self, error) && lk_backup_writer_settle (self->writer, error);
    case STEP_FINISH:
      return add_items (self, error) && lk_backup_writer_finish (self->writer, error);
    case STEP_DISCARD:
    default:
      if (lk_backup_writer_discard (self->writer))
        return TRUE;
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_LOST,
                           "the file could not be made empty");
      return FALSE;
    }
}

static void
step_thread (GTask *step, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Write *self = task_data;
  g_autoptr(GError) error = NULL;

  if (do_step (self, &error))
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, g_steal_pointer (&error));
}

/* @task: (transfer none): for the callback, whose data it is (transfer full) */
static void
write_run (GTask *task, Step what, GAsyncReadyCallback callback)
{
  Write *self = g_task_get_task_data (task);
  g_autoptr(GTask) step = g_task_new (NULL, NULL, callback, g_object_ref (task));

  self->step = what;
  g_task_set_task_data (step, self, NULL);
  g_task_run_in_thread (step, step_thread);
}

/* The end. */

static void
write_end (GTask *task, const GError *error)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Write *self = g_task_get_task_data (task);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  lk_agent_backup_end (context);
  lk_agent_context_tidy_soon (context);
  lk_agent_context_release (context);
  if (error != NULL)
    {
      g_task_return_error (task, lk_agent_error_translate (error, NULL));
      return;
    }
  g_variant_dict_insert (&dict, "id", "s", self->id);
  g_variant_dict_insert (&dict, "kind", "s", self->moves ? "move" : "copy");
  g_variant_dict_insert (&dict, "made", "x", self->made);
  g_variant_dict_insert (&dict, "clients", "u", self->clients->len);
  g_variant_dict_insert (&dict, "connections", "u", self->connections->len);
  g_variant_dict_insert (&dict, "rules", "u", self->rules);
  g_variant_dict_insert (&dict, "settings", "u", self->settings);
  g_variant_dict_insert_value (&dict, "left-out",
                               g_variant_new_strv ((const char * const *) self->left_out->pdata,
                                                   self->left_out->len));
  g_task_return_pointer (task, g_variant_ref_sink (g_variant_dict_end (&dict)),
                         (GDestroyNotify) g_variant_unref);
}

static gboolean
is_ours (Write *self, const LkConnectionRecord *record)
{
  return record->parked == LK_PARKED_MOVED && g_strcmp0 (record->parked_file, self->id) == 0;
}

/* Nobody can read the file: this computer goes on as before. */
static void
write_undo (GTask *task)
{
  Write *self = g_task_get_task_data (task);

  for (guint i = 0; self->moves && i < self->connections->len; i++)
    {
      LkAgentConnection *connection = self->connections->pdata[i];

      if (!is_ours (self, lk_agent_connection_get_record (connection)))
        continue;
      lk_agent_connection_park (connection, LK_PARKED_NOT, NULL);
      lk_agent_connection_save (connection, NULL, NULL);
    }
  write_end (task, self->failure);
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      write_undo (task);
      return;
    }
  /* It may still be read one day: what was to be moved stays moved. */
  for (guint i = 0; self->moves && i < self->connections->len; i++)
    lk_agent_connection_save (self->connections->pdata[i], NULL, NULL);
  write_end (task, error);
}

static void
write_fail (GTask *task, const GError *error)
{
  Write *self = g_task_get_task_data (task);

  self->failure = g_error_copy (error);
  if (self->writer != NULL)
    write_run (task, STEP_DISCARD, discarded_cb);
  else
    write_undo (task);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      write_fail (task, error);
      return;
    }
  for (guint i = 0; self->moves && i < self->connections->len; i++)
    lk_agent_connection_forget_tokens (self->connections->pdata[i]);
  write_end (task, NULL);
}

static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    write_run (task, STEP_FINISH, finished_cb);
  else
    write_fail (task, error);
}

/* That they are moved is on the disk before the chunk is without which nobody can read the file. */
static void
settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Write *self = g_task_get_task_data (task);
  g_autoptr(LkLedgerBatch) batch = lk_ledger_batch_new ();
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    ledger = lk_agent_context_get_ledger (context, &error);
  if (ledger == NULL)
    {
      write_fail (task, error);
      return;
    }
  for (guint i = 0; i < self->connections->len; i++)
    {
      const LkConnectionRecord *record
        = lk_agent_connection_get_record (self->connections->pdata[i]);
      LkEvent *event;

      if (!is_ours (self, record))
        continue;
      event = lk_event_new (record->id, self->made, "moved-away", NULL);
      g_ptr_array_add (batch->connections, lk_connection_record_copy (record));
      g_ptr_array_add (batch->events, event);
      lk_agent_context_event_added (context, event);
    }
  lk_ledger_apply_async (ledger, batch, NULL, moved_cb, g_object_ref (task));
}

/* What goes into it. */

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    write_go_on (task);
  else
    write_fail (task, error);
}

static void
write_add_connection (Write *self, LkAgentContext *context, LkTokenSet *tokens)
{
  const LkConnectionRecord *record
    = lk_agent_connection_get_record (self->connections->pdata[self->connection++]);
  g_autoptr(GPtrArray) rules = lk_agent_programs_list_rules (context, record->id);
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_CONNECTION);

  item->connection = lk_connection_record_copy (record);
  item->tokens = tokens != NULL ? lk_token_set_ref (tokens) : NULL;
  g_ptr_array_add (self->items, item);
  for (guint i = 0; i < rules->len; i++)
    {
      item = lk_backup_item_new (LK_BACKUP_RULE);
      item->owner = g_strdup (record->id);
      item->values = g_variant_ref (rules->pdata[i]);
      g_ptr_array_add (self->items, item);
      self->rules++;
    }
  lk_agent_backup_tell (context, self->cookie, self->connection, self->connections->len,
                        &self->told);
}

static void
tokens_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, &error);

  if (tokens == NULL && !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    {
      write_fail (task, error);
      return;
    }
  write_add_connection (g_task_get_task_data (task), context, tokens);
  write_go_on (task);
}

static void
secret_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret
    = lk_agent_clients_dup_secret_finish (LK_AGENT_CONTEXT (source), result, &error);
  LkBackupItem *item;

  if (error != NULL)
    {
      write_fail (task, error);
      return;
    }
  item = lk_backup_item_new (LK_BACKUP_CLIENT);
  item->client = lk_client_record_copy (self->clients->pdata[self->client++]);
  item->secret = g_steal_pointer (&secret);
  g_ptr_array_add (self->items, item);
  write_go_on (task);
}

static void
write_add_settings (Write *self, LkAgentContext *context)
{
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_SETTINGS);

  item->values = lk_agent_settings_dup_portable (lk_agent_context_get_settings (context));
  self->settings = g_variant_n_children (item->values);
  g_ptr_array_add (self->items, item);
}

/* The next thing that is missing: apps, connections, settings, the end. */
static void
write_go_on (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Write *self = g_task_get_task_data (task);

  if (self->client < self->clients->len)
    {
      const LkClientRecord *client = self->clients->pdata[self->client];

      lk_agent_clients_dup_secret_async (lk_agent_context_get_clients (context), client->name,
                                         secret_found_cb, g_object_ref (task));
      return;
    }
  while (self->connection < self->connections->len)
    {
      LkAgentConnection *connection = self->connections->pdata[self->connection];
      LkTokenSet *tokens = lk_agent_connection_get_tokens (connection);

      if (self->items->len >= BATCH)
        {
          write_run (task, STEP_ADD, added_cb);
          return;
        }
      if (tokens == NULL)
        {
          lk_vault_lookup_tokens_async (lk_agent_context_get_vault (context),
                                        lk_agent_connection_get_id (connection), NULL,
                                        tokens_found_cb, g_object_ref (task));
          return;
        }
      write_add_connection (self, context, tokens);
    }
  if (self->whole && !self->settings_done)
    write_add_settings (self, context);
  self->settings_done = TRUE;
  if (self->moves)
    write_run (task, STEP_SETTLE, settled_cb);
  else
    write_run (task, STEP_FINISH, finished_cb);
}

/* The beginning. */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  LkBackupItem *item = lk_backup_item_new (LK_BACKUP_INFO);
  g_autoptr(GError) error = NULL;

  item->info = g_new0 (LkBackupInfo, 1);
  item->info->id = g_strdup (self->id);
  item->info->moves = self->moves;
  item->info->made = self->made;
  item->info->made_on = g_strdup (g_get_host_name ());
  item->info->made_by = g_strdup (LK_VERSION);
  item->info->clients = self->clients->len;
  item->info->connections = self->connections->len;
  g_ptr_array_add (self->items, item);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    write_go_on (task);
  else
    write_fail (task, error);
}

static void
renewal_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens
    = lk_agent_connection_renew_finish (LK_AGENT_CONNECTION (source), result, &error);

  if (--self->renewals == 0)
    write_run (task, STEP_OPEN, opened_cb);
}

/* No renewal begins from here on; those that run bring the tokens that are moved. */
static void
write_park (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  LkAgentConnections *connections = lk_agent_context_get_connections (context);
  Write *self = g_task_get_task_data (task);

  self->renewals = 1;
  for (guint i = 0; i < self->connections->len; i++)
    {
      LkAgentConnection *connection = self->connections->pdata[i];

      lk_agent_connection_park (connection, LK_PARKED_MOVED, self->id);
      if (!lk_agent_connections_is_renewing (connections,
                                             lk_agent_connection_get_id (connection)))
        continue;
      self->renewals++;
      lk_agent_connection_renew_async (connection, renewal_ended_cb, g_object_ref (task));
    }
  if (--self->renewals == 0)
    write_run (task, STEP_OPEN, opened_cb);
}

static void
journal_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Write *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_agent_context_settle_finish (LK_AGENT_CONTEXT (source), result, &error))
    write_fail (task, error);
  else if (self->moves)
    write_park (task);
  else
    write_run (task, STEP_OPEN, opened_cb);
}

static void
choose_clients (Write *self, LkAgentContext *context)
{
  LkAgentClients *clients = lk_agent_context_get_clients (context);
  g_autoptr(GHashTable) needed = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(GStrv) names = lk_agent_clients_dup_names (clients);

  for (guint i = 0; i < self->connections->len; i++)
    g_hash_table_add (needed, lk_agent_connection_get_record (self->connections->pdata[i])->client);
  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    if (self->whole || g_hash_table_contains (needed, names[i]))
      g_ptr_array_add (self->clients,
                       lk_client_record_copy (lk_agent_clients_lookup (clients, names[i])));
}

/* A copy may hold what is on hold, which stays so; a move would have it used. */
static gboolean
may_go (Write *self, LkAgentConnection *connection, GError **error)
{
  LkParked parked = lk_agent_connection_get_record (connection)->parked;

  if (parked == LK_PARKED_NOT || (parked == LK_PARKED_HELD && !self->moves))
    return TRUE;
  lk_agent_connection_is_parked (connection, error);
  return FALSE;
}

static gboolean
choose_all (Write *self, LkAgentContext *context)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (context));

  for (guint i = 0; i < all->len; i++)
    {
      LkAgentConnection *connection = all->pdata[i];

      if (!lk_agent_connection_is_published (connection))
        continue;
      if (may_go (self, connection, NULL))
        g_ptr_array_add (self->connections, g_object_ref (connection));
      else
        g_ptr_array_add (self->left_out,
                         g_strdup (lk_agent_connection_get_record (connection)->name));
    }
  return TRUE;
}

static gboolean
choose (Write *self, LkAgentContext *context, const char * const *ids, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (self->whole)
    return choose_all (self, context);
  for (size_t i = 0; ids[i] != NULL; i++)
    {
      LkAgentConnection *connection
        = lk_agent_connections_lookup (lk_agent_context_get_connections (context), ids[i]);

      if (connection == NULL || !lk_agent_connection_is_published (connection))
        {
          g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                               "there is no connection with this id");
          return FALSE;
        }
      if (!may_go (self, connection, error))
        return FALSE;
      if (g_hash_table_add (seen, (gpointer) ids[i]))
        g_ptr_array_add (self->connections, g_object_ref (connection));
    }
  return TRUE;
}

static gboolean
write_prepare (Write *self, LkAgentContext *context, const char * const *ids, GError **error)
{
  if (lk_agent_context_get_ledger (context, error) == NULL
      || !choose (self, context, ids, error))
    return FALSE;
  choose_clients (self, context);
  if (self->connections->len > 0 || (!self->moves && self->clients->len > 0))
    return TRUE;
  g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                       "there is nothing to put into the file");
  return FALSE;
}

void
lk_agent_backup_write_async (LkAgentContext *context, int fd, LkSecret *passphrase,
                             gboolean moves, const char * const *ids, const char *cookie,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  Write *self = g_new0 (Write, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_backup_write_async);
  g_task_set_task_data (task, self, (GDestroyNotify) write_free);
  self->fd = fd;
  self->passphrase = lk_secret_ref (passphrase);
  self->moves = moves;
  self->whole = ids == NULL || ids[0] == NULL;
  self->cookie = g_strdup (cookie);
  self->id = g_strdelimit (g_uuid_string_random (), "-", 'x');
  self->made = lk_agent_context_get_now (context);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_client_record_free);
  self->left_out = g_ptr_array_new_with_free_func (g_free);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_backup_item_free);
  if (!lk_agent_backup_begin (context, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  lk_agent_context_hold (context);
  if (!write_prepare (self, context, ids, &error))
    write_end (task, error);
  else
    lk_agent_context_settle_async (context, journal_settled_cb, g_object_ref (task));
}

GVariant *
lk_agent_backup_write_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
