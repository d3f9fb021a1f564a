/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-vault-private.h"

/* How an item is found and read. libsecret 0.20 keeps the reply of each secret_password_lookup()
 * for good, two kilobytes a time, and unlocks what is locked, with the keyring's question; the
 * objects of items do neither. */

typedef struct
{
  const SecretSchema *schema;
  GHashTable         *attributes; /* (owned) */
} Search;

static void
search_free (Search *search)
{
  g_hash_table_unref (search->attributes);
  g_free (search);
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autolist(SecretItem) items = secret_service_search_finish (SECRET_SERVICE (source), result,
                                                               &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, items != NULL ? g_object_ref (items->data) : NULL,
                           g_object_unref);
}

static void
service_received_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_finish (result, &error);

  if (service != NULL)
    secret_service_search (service, search->schema, search->attributes, SECRET_SEARCH_NONE,
                           g_task_get_cancellable (task), searched_cb, g_object_ref (task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * lk_vault_find_async:
 * @attributes: that tell the item from all others
 *
 * Looks for an item of the Secret Service, without its value. Where there are several, an unlocked
 * one comes first.
 */
void
lk_vault_find_async (LkVault            *self,
                     const SecretSchema *schema,
                     GHashTable         *attributes,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->schema = schema;
  search->attributes = g_hash_table_ref (attributes);
  g_task_set_source_tag (task, lk_vault_find_async);
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  secret_service_get (SECRET_SERVICE_OPEN_SESSION, cancellable, service_received_cb,
                      g_steal_pointer (&task));
}

/**
 * lk_vault_find_finish:
 *
 * Returns: (transfer full) (nullable): the item; %NULL without an error when there is none
 */
SecretItem *
lk_vault_find_finish (LkVault      *self,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SecretValue *value = NULL;
  const char *text = NULL;

  if (!secret_item_load_secret_finish (SECRET_ITEM (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  value = secret_item_get_secret (SECRET_ITEM (source));
  if (value != NULL)
    text = secret_value_get_text (value);
  g_task_return_pointer (task, text != NULL ? lk_secret_new (text) : NULL,
                         (GDestroyNotify) lk_secret_unref);
  g_clear_pointer (&value, secret_value_unref);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretItem) item = lk_vault_find_finish (LK_VAULT (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (item == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else if (secret_item_get_locked (item))
    g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED,
                             "The keyring is locked");
  else
    secret_item_load_secret (item, g_task_get_cancellable (task), loaded_cb, g_object_ref (task));
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  char *text = secret_password_lookup_nonpageable_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, text != NULL ? lk_secret_new (text) : NULL,
                           (GDestroyNotify) lk_secret_unref);
  secret_password_free (text);
}

/**
 * lk_vault_get_async:
 * @attributes: that tell the item from all others
 *
 * Reads one item, and never asks the person.
 */
void
lk_vault_get_async (LkVault            *self,
                    const SecretSchema *schema,
                    GHashTable         *attributes,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_vault_get_async);
  if (lk_vault_uses_file (self))
    secret_password_lookupv (schema, attributes, cancellable, looked_up_cb,
                             g_steal_pointer (&task));
  else
    lk_vault_find_async (self, schema, attributes, cancellable, found_cb,
                         g_steal_pointer (&task));
}

/**
 * lk_vault_get_finish:
 *
 * Returns: (transfer full) (nullable): the value; %NULL without an error when there is no such item
 */
LkSecret *
lk_vault_get_finish (LkVault      *self,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
