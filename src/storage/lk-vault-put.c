/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "lk-vault-private.h"

/* How an item is written. CreateItem with replacement makes gnome-keyring write its whole file
 * twice, for the attributes and for the secret; SetSecret of an item that is there only once, and
 * so has nothing in between where a kill could leave it. Either keeps what was there when the disk
 * refuses. */

typedef struct
{
  const SecretSchema *schema;
  GHashTable         *attributes; /* (owned) */
  char               *label;      /* (owned) */
  LkSecret           *value;      /* (owned) */
} Put;

static void
put_free (Put *put)
{
  g_hash_table_unref (put->attributes);
  g_free (put->label);
  lk_secret_unref (put->value);
  g_free (put);
}

static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED,
                             "The keyring is locked");
}

static void
create (GTask *task)
{
  Put *put = g_task_get_task_data (task);

  secret_password_storev (put->schema, put->attributes, SECRET_COLLECTION_DEFAULT, put->label,
                          lk_secret_open (put->value), g_task_get_cancellable (task), created_cb,
                          g_object_ref (task));
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (secret_item_set_secret_finish (SECRET_ITEM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
set_in_place (GTask      *task,
              SecretItem *item)
{
  Put *put = g_task_get_task_data (task);
  const char *text = lk_secret_open (put->value);
  SecretValue *value = secret_value_new (text, (gssize) strlen (text), "text/plain");

  secret_item_set_secret (item, value, g_task_get_cancellable (task), set_cb, g_object_ref (task));
  secret_value_unref (value);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Put *put = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretItem) item = lk_vault_find_finish (LK_VAULT (source), result, &error);
  g_autofree char *label = item != NULL ? secret_item_get_label (item) : NULL;

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (item != NULL && !secret_item_get_locked (item) && g_strcmp0 (label, put->label) == 0)
    set_in_place (task, item);
  else
    create (task);
}

/**
 * lk_vault_put_async:
 * @attributes: that tell the item from all others
 * @in_place: whether to look first for the item, and when it is there, unlocked and so labelled,
 *   to replace only its value
 *
 * Writes one item whole. Whatever is not as @in_place wants it is made anew, by the one call that
 * also replaces. An item that goes away meanwhile is an error: try again without @in_place.
 */
void
lk_vault_put_async (LkVault            *self,
                    const SecretSchema *schema,
                    GHashTable         *attributes,
                    const char         *label,
                    LkSecret           *value,
                    gboolean            in_place,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Put *put = g_new0 (Put, 1);

  put->schema = schema;
  put->attributes = g_hash_table_ref (attributes);
  put->label = g_strdup (label);
  put->value = lk_secret_ref (value);
  g_task_set_source_tag (task, lk_vault_put_async);
  g_task_set_task_data (task, put, (GDestroyNotify) put_free);
  /* What was stored is stored, whatever the caller wanted meanwhile. */
  g_task_set_check_cancellable (task, FALSE);

  if (in_place && !lk_vault_uses_file (self))
    lk_vault_find_async (self, schema, attributes, cancellable, found_cb, g_steal_pointer (&task));
  else
    create (task);
}

/**
 * lk_vault_put_finish:
 *
 * Returns: %FALSE with an error of libsecret's, or %LK_STORAGE_ERROR_LOCKED when somebody closed a
 *   question
 */
gboolean
lk_vault_put_finish (LkVault      *self,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
