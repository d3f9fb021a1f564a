/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-clients.h"

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-sign-in.h"
#include "lk-agent-text.h"

#define NAME_MAX_BYTES 200
#define FIELD_MAX_BYTES 2048

struct _LkAgentClients
{
  LkAgentContext *context; /* outlives us */
  GHashTable     *by_name; /* (owned) name → LkClientRecord */
  GHashTable     *adding;  /* (owned) set of names on their way into the keyring and the ledger */
};

LkAgentClients *
lk_agent_clients_new (LkAgentContext *context)
{
  LkAgentClients *self = g_new0 (LkAgentClients, 1);

  self->context = context;
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) lk_client_record_free);
  self->adding = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
lk_agent_clients_free (LkAgentClients *self)
{
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->adding);
  g_free (self);
}

static void
lk_agent_clients_insert (LkAgentClients *self, const LkClientRecord *record)
{
  LkClientRecord *copy = lk_client_record_copy (record);

  g_hash_table_replace (self->by_name, copy->name, copy);
}

void
lk_agent_clients_take (LkAgentClients *self, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    lk_agent_clients_insert (self, records->pdata[i]);
}

const LkClientRecord *
lk_agent_clients_lookup (LkAgentClients *self, const char *name)
{
  return name != NULL ? g_hash_table_lookup (self->by_name, name) : NULL;
}

char **
lk_agent_clients_dup_names (LkAgentClients *self)
{
  guint n;
  g_autofree char **keys = (char **) g_hash_table_get_keys_as_array (self->by_name, &n);

  return g_strdupv (keys);
}

static int
compare_records (gconstpointer a, gconstpointer b)
{
  const LkClientRecord *left = *(const LkClientRecord * const *) a;
  const LkClientRecord *right = *(const LkClientRecord * const *) b;

  return g_utf8_collate (left->name, right->name);
}

/* What the person has to register with the provider. */
static const char *
redirect_to_show (LkAgentClients *self, const LkClientRecord *record)
{
  LkProfile *profile = lk_profile_set_lookup (lk_agent_context_get_profiles (self->context),
                                              record->provider);
  const char *redirect = record->redirect;

  if (redirect == NULL && profile != NULL)
    redirect = lk_profile_get_redirect_register (profile);
  return redirect != NULL ? redirect : "";
}

/**
 * lk_agent_clients_to_variant:
 *
 * Returns: (transfer floating): what ListClients replies, sorted by name
 */
GVariant *
lk_agent_clients_to_variant (LkAgentClients *self)
{
  g_autoptr(GHashTable) counts
    = lk_agent_connections_count (lk_agent_context_get_connections (self->context));
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (sorted, value);
  g_ptr_array_sort (sorted, compare_records);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < sorted->len; i++)
    {
      const LkClientRecord *record = sorted->pdata[i];
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, record->name));
      g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

      g_variant_dict_insert (&dict, "name", "s", record->name);
      g_variant_dict_insert (&dict, "provider", "s", record->provider);
      g_variant_dict_insert (&dict, "client-id", "s", record->client_id);
      g_variant_dict_insert (&dict, "redirect", "s", redirect_to_show (self, record));
      g_variant_dict_insert (&dict, "created", "x", record->created);
      g_variant_dict_insert (&dict, "connections", "u", count);
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }
  return g_variant_builder_end (&builder);
}

/* Changes: each is one task on the context with the record and the secret. */

typedef struct
{
  /* input */
  LkClientRecord *record; /* (owned) */
  LkSecret       *secret; /* (owned) (nullable) */

  /* output */
  GError         *failure; /* (owned) (nullable) */
} Change;

static void
change_free (Change *change)
{
  g_clear_pointer (&change->record, lk_client_record_free);
  g_clear_pointer (&change->secret, lk_secret_unref);
  g_clear_error (&change->failure);
  g_free (change);
}

static GTask *
change_task (LkAgentClients *self, const LkClientRecord *record, LkSecret *secret,
             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->context, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->record = record != NULL ? lk_client_record_copy (record) : NULL;
  change->secret = secret != NULL ? lk_secret_ref (secret) : NULL;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  lk_agent_context_hold (self->context);
  return task;
}

static void
change_end (GTask *task, const GError *error)
{
  lk_agent_context_release (g_task_get_source_object (task));
  if (error != NULL)
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
lk_agent_clients_change_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
lk_agent_clients_check (LkAgentClients *self, const LkClientRecord *record, LkSecret *secret,
                        GError **error)
{
  LkProfile *profile = lk_profile_set_lookup (lk_agent_context_get_profiles (self->context),
                                              record->provider);
  g_autoptr(GError) detail = NULL;

  if (!lk_agent_text_check ("name", record->name, NAME_MAX_BYTES, error)
      || !lk_agent_text_check ("client id", record->client_id, FIELD_MAX_BYTES, error))
    return FALSE;
  if (profile == NULL)
    {
      g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                   "no provider \"%s\"", record->provider);
      return FALSE;
    }
  if (secret == NULL && lk_profile_get_secret_required (profile))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           "this provider's apps have a secret");
      return FALSE;
    }
  if (record->redirect != NULL
      && !lk_profile_check_redirect (profile, record->redirect, &detail))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           detail->message);
      return FALSE;
    }
  if (lk_agent_clients_lookup (self, record->name) != NULL
      || g_hash_table_contains (self->adding, record->name))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_EXISTS,
                           "there is an app by this name");
      return FALSE;
    }
  return TRUE;
}

static void
client_end (GTask *task, const GError *error)
{
  LkAgentClients *clients = lk_agent_context_get_clients (g_task_get_source_object (task));
  Change *change = g_task_get_task_data (task);

  g_hash_table_remove (clients->adding, change->record->name);
  change_end (task, error);
}

/* The secret of an app that is not in the ledger serves nobody. */
static void
client_undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_vault_remove_finish (LK_VAULT (source), result, &error))
    g_message ("the secret of an app that was not added stays: %s", error->message);
  client_end (task, change->failure);
}

static void
client_undo (GTask *task, GError *error)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);

  change->failure = error;
  if (change->secret == NULL)
    client_end (task, error);
  else
    lk_vault_remove_async (lk_agent_context_get_vault (context), "client-secret",
                           change->record->name, NULL, client_undone_cb, g_object_ref (task));
}

static void
client_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    {
      lk_agent_clients_insert (lk_agent_context_get_clients (context), change->record);
      lk_agent_connections_sync (lk_agent_context_get_connections (context));
      client_end (task, NULL);
      return;
    }
  if (!g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_EXISTS))
    lk_agent_context_ledger_failed (context, error);
  client_undo (task, g_steal_pointer (&error));
}

static void
client_write (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (context, &error);

  if (ledger == NULL)
    client_undo (task, g_steal_pointer (&error));
  else
    lk_ledger_add_client_async (ledger, change->record, NULL, client_written_cb,
                                g_object_ref (task));
}

static void
client_secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_vault_store_secret_finish (LK_VAULT (source), result, &error))
    client_write (task);
  else
    client_end (task, error);
}

static void
store_secret (LkAgentClients *self, GTask *task, GAsyncReadyCallback callback)
{
  Change *change = g_task_get_task_data (task);
  g_autofree char *label = g_strdup_printf ("Latchkey: developer app %s", change->record->name);

  lk_vault_store_secret_async (lk_agent_context_get_vault (self->context), "client-secret",
                               change->record->name, label, change->secret, NULL, callback,
                               g_object_ref (task));
}

void
lk_agent_clients_add_async (LkAgentClients *self, const LkClientRecord *record, LkSecret *secret,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = change_task (self, record, secret, callback, user_data);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_clients_add_async);
  if (lk_agent_context_get_ledger (self->context, &error) == NULL
      || !lk_agent_clients_check (self, record, secret, &error))
    {
      change_end (task, error);
      return;
    }
  g_hash_table_add (self->adding, g_strdup (record->name));
  if (secret == NULL)
    client_write (task);
  else
    store_secret (self, task, client_secret_stored_cb);
}

static void
secret_replaced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (lk_vault_store_secret_finish (LK_VAULT (source), result, &error))
    lk_agent_connections_retry_client (lk_agent_context_get_connections (context),
                                       change->record->name);
  change_end (task, error);
}

void
lk_agent_clients_set_secret_async (LkAgentClients *self, const char *name, LkSecret *secret,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  const LkClientRecord *record = lk_agent_clients_lookup (self, name);
  g_autoptr(GTask) task = change_task (self, record, secret, callback, user_data);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_clients_set_secret_async);
  if (lk_agent_context_get_ledger (self->context, &error) == NULL)
    change_end (task, error);
  else if (record == NULL || secret == NULL)
    {
      g_set_error_literal (&error, LK_AGENT_ERROR,
                           record == NULL ? LK_AGENT_ERROR_NOT_FOUND
                                          : LK_AGENT_ERROR_INVALID_ARGUMENT,
                           record == NULL ? "no app by this name" : "the secret is empty");
      change_end (task, error);
    }
  else
    store_secret (self, task, secret_replaced_cb);
}

static void
client_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    {
      lk_agent_connections_purge_client (lk_agent_context_get_connections (context),
                                         change->record->name);
      g_hash_table_remove (lk_agent_context_get_clients (context)->by_name,
                           change->record->name);
    }
  else
    lk_agent_context_ledger_failed (context, error);
  change_end (task, error);
}

static void
client_secret_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (context, &error);

  if (ledger == NULL || !lk_vault_remove_finish (LK_VAULT (source), result, &error))
    {
      change_end (task, error);
      return;
    }
  lk_ledger_remove_client_async (ledger, change->record->name, NULL, client_forgotten_cb,
                                 g_object_ref (task));
}

void
lk_agent_clients_remove_async (LkAgentClients *self, const char *name,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  const LkClientRecord *record = lk_agent_clients_lookup (self, name);
  g_autoptr(GTask) task = change_task (self, record, NULL, callback, user_data);
  g_autoptr(GHashTable) counts
    = lk_agent_connections_count (lk_agent_context_get_connections (self->context));
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_clients_remove_async);
  lk_agent_context_get_ledger (self->context, &error);
  if (error == NULL && record == NULL)
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND, "no app by this name");
  else if (error == NULL && g_hash_table_contains (counts, name))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE,
                         "a connection needs this app");
  else if (error == NULL
           && !lk_agent_sign_ins_end_client (lk_agent_context_get_sign_ins (self->context), name))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE,
                         "a sign-in through this app is under way");
  if (error != NULL)
    {
      change_end (task, error);
      return;
    }
  lk_vault_remove_async (lk_agent_context_get_vault (self->context), "client-secret", name, NULL,
                         client_secret_removed_cb, g_object_ref (task));
}

static void
secret_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  LkSecret *secret = lk_vault_lookup_secret_finish (LK_VAULT (source), result, &error);

  if (secret == NULL && !g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) lk_secret_unref);
}

void
lk_agent_clients_dup_secret_async (LkAgentClients *self, const char *name,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->context, NULL, callback, user_data);

  g_task_set_source_tag (task, lk_agent_clients_dup_secret_async);
  lk_vault_lookup_secret_async (lk_agent_context_get_vault (self->context), "client-secret", name,
                                NULL, secret_looked_up_cb, task);
}

LkSecret *
lk_agent_clients_dup_secret_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
