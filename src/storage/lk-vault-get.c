/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

/* The calls by path, which libsecret has kept as they are since its beginning. */
#define SECRET_API_SUBJECT_TO_CHANGE

#include "lk-vault-private.h"

/* How an item is found and read. libsecret 0.20 keeps the reply of each secret_password_lookup()
 * for good, two kilobytes a time, and unlocks what is locked, with the keyring's question. An
 * object for the item does neither, but takes four times as long; so it is asked for by path. */

typedef struct
{
  const SecretSchema *schema;
  GHashTable         *attributes; /* (owned) */
  SecretService      *service;    /* (owned) (nullable) */
} Search;

static Search *
search_new (const SecretSchema *schema,
            GHashTable         *attributes)
{
  Search *search = g_new0 (Search, 1);

  search->schema = schema;
  search->attributes = g_hash_table_ref (attributes);

  return search;
}

static void
search_free (Search *search)
{
  g_clear_object (&search->service);
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

  g_task_set_source_tag (task, lk_vault_find_async);
  g_task_set_task_data (task, search_new (schema, attributes), (GDestroyNotify) search_free);
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
value_received_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) encoded = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);
  SecretValue *value;
  const char *text;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  encoded = g_variant_get_child_value (reply, 0);
  value = secret_service_decode_dbus_secret (search->service, encoded);
  text = value != NULL ? secret_value_get_text (value) : NULL;
  if (value == NULL)
    g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN,
                             "The keyring's answer cannot be read");
  else
    g_task_return_pointer (task, text != NULL ? lk_secret_new (text) : NULL,
                           (GDestroyNotify) lk_secret_unref);
  g_clear_pointer (&value, secret_value_unref);
}

static void
paths_received_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  SecretService *service = SECRET_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) unlocked = NULL;
  g_auto(GStrv) locked = NULL;

  if (!secret_service_search_for_dbus_paths_finish (service, result, &unlocked, &locked, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (unlocked != NULL && unlocked[0] != NULL)
    g_dbus_connection_call (g_dbus_proxy_get_connection (G_DBUS_PROXY (service)),
                            g_dbus_proxy_get_name (G_DBUS_PROXY (service)), unlocked[0],
                            "org.freedesktop.Secret.Item", "GetSecret",
                            g_variant_new ("(o)", secret_service_get_session_dbus_path (service)),
                            G_VARIANT_TYPE ("((oayays))"), G_DBUS_CALL_FLAGS_NONE, -1,
                            g_task_get_cancellable (task), value_received_cb, g_object_ref (task));
  else if (locked != NULL && locked[0] != NULL)
    g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED,
                             "The keyring is locked");
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
session_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  search->service = secret_service_get_finish (result, &error);
  if (search->service != NULL)
    secret_service_search_for_dbus_paths (search->service, search->schema, search->attributes,
                                          g_task_get_cancellable (task), paths_received_cb,
                                          g_object_ref (task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
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
  g_task_set_task_data (task, search_new (schema, attributes), (GDestroyNotify) search_free);
  if (lk_vault_uses_file (self))
    secret_password_lookupv (schema, attributes, cancellable, looked_up_cb,
                             g_steal_pointer (&task));
  else
    secret_service_get (SECRET_SERVICE_OPEN_SESSION, cancellable, session_opened_cb,
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
