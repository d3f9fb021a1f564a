/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-vault"

#include "config.h"

#include <libsecret/secret.h>

#include "lk-vault-private.h"

static void
complete (GTask        *task,
          const GError *error)
{
  LkVault *self = g_task_get_source_object (task);
  g_autoptr(GError) translated = NULL;

  if (error == NULL)
    {
      lk_vault_learn (self, NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }

  translated = lk_vault_translate_error (error);
  /* A question that was taken back by the keyring, not by the caller. */
  if (g_error_matches (translated, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_clear_error (&translated);
      g_set_error (&translated, LK_STORAGE_ERROR, LK_STORAGE_ERROR_CANCELLED,
                   "The keyring was not unlocked");
    }
  lk_vault_learn (self, translated);
  g_task_return_error (task, g_steal_pointer (&translated));
}

static void
looked_after_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_vault_look_finish (LK_VAULT (source), result, &error) &&
      g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED))
    {
      g_clear_error (&error);
      g_set_error (&error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_CANCELLED,
                   "The keyring was not unlocked");
    }
  complete (task, error);
}

/* Keyrings differ in what they answer to a closed question; whether it is unlocked now is sure. */
static void
look_after (GTask        *task,
            const GError *error)
{
  if (error != NULL)
    complete (task, error);
  else
    lk_vault_look_async (g_task_get_source_object (task), g_task_get_cancellable (task),
                         looked_after_cb, g_object_ref (task));
}

static void
unlocked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);
  look_after (task, error);
}

static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_create_finish (result, &error);

  look_after (task, error);
}

static void
collection_received_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_for_alias_finish (result, &error);
  SecretService *service = g_task_get_task_data (task);

  if (error != NULL)
    complete (task, error);
  else if (collection == NULL)
    secret_collection_create (service, "Login", SECRET_COLLECTION_DEFAULT,
                              SECRET_COLLECTION_CREATE_NONE, g_task_get_cancellable (task),
                              created_cb, g_object_ref (task));
  else
    {
      g_autoptr(GList) collections = g_list_append (NULL, collection);

      secret_service_unlock (service, collections, g_task_get_cancellable (task), unlocked_cb,
                             g_object_ref (task));
    }
}

static void
service_received_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SecretService *service = secret_service_get_finish (result, &error);

  if (service == NULL)
    {
      complete (task, error);
      return;
    }

  g_task_set_task_data (task, service, g_object_unref);
  secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               g_task_get_cancellable (task), collection_received_cb,
                               g_object_ref (task));
}

static void
looked_before_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_vault_look_finish (LK_VAULT (source), result, &error))
    complete (task, NULL);
  else if (!g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED))
    complete (task, error);
  else
    secret_service_get (SECRET_SERVICE_NONE, g_task_get_cancellable (task), service_received_cb,
                        g_object_ref (task));
}

/**
 * lk_vault_unlock_async:
 *
 * Raises the keyring's own question, also the one for a first password where there is no keyring
 * yet. A person answers it, so there is no deadline but @cancellable, which takes it back.
 */
void
lk_vault_unlock_async (LkVault            *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (LK_IS_VAULT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_vault_unlock_async);
  lk_vault_look_async (self, cancellable, looked_before_cb, g_object_ref (task));
}

/**
 * lk_vault_unlock_finish:
 *
 * Returns: %TRUE when it is unlocked now; %LK_STORAGE_ERROR_CANCELLED when the person closed the
 *   question
 */
gboolean
lk_vault_unlock_finish (LkVault      *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_vault_unlock_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
