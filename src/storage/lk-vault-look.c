/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-vault"

#include "config.h"

#include <libsecret/secret.h>

#include "lk-vault-private.h"

#define SERVICE_NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"

static const char *
message_for (LkStorageError code)
{
  switch (code)
    {
    case LK_STORAGE_ERROR_LOCKED:
      return "The keyring is locked";
    case LK_STORAGE_ERROR_CANCELLED:
      return "The keyring was not unlocked";
    case LK_STORAGE_ERROR_ABSENT:
      return "No program answers for the keyring";
    case LK_STORAGE_ERROR_NOT_FOUND:
      return "The keyring has no such item";
    case LK_STORAGE_ERROR_BROKEN:
    case LK_STORAGE_ERROR_NEWER:
    case LK_STORAGE_ERROR_DAMAGED:
    case LK_STORAGE_ERROR_READ_ONLY:
    case LK_STORAGE_ERROR_FULL:
    case LK_STORAGE_ERROR_EXISTS:
    case LK_STORAGE_ERROR_FAILED:
    default:
      return "The keyring answers with errors";
    }
}

/* What a bus answers when there is nobody to answer and nobody could be started. */
static const GDBusError absences[] = {
  G_DBUS_ERROR_SERVICE_UNKNOWN,
  G_DBUS_ERROR_NAME_HAS_NO_OWNER,
  G_DBUS_ERROR_NO_SERVER,
  G_DBUS_ERROR_SPAWN_EXEC_FAILED,
  G_DBUS_ERROR_SPAWN_FORK_FAILED,
  G_DBUS_ERROR_SPAWN_CHILD_EXITED,
  G_DBUS_ERROR_SPAWN_CHILD_SIGNALED,
  G_DBUS_ERROR_SPAWN_FAILED,
  G_DBUS_ERROR_SPAWN_SETUP_FAILED,
  G_DBUS_ERROR_SPAWN_CONFIG_INVALID,
  G_DBUS_ERROR_SPAWN_SERVICE_INVALID,
  G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
  G_DBUS_ERROR_SPAWN_PERMISSIONS_INVALID,
  G_DBUS_ERROR_SPAWN_FILE_INVALID,
  G_DBUS_ERROR_SPAWN_NO_MEMORY,
};

static gboolean
means_absent (const GError *error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (absences); i++)
    if (g_error_matches (error, G_DBUS_ERROR, (int) absences[i]))
      return TRUE;

  return FALSE;
}

GError *
lk_vault_translate_error (const GError *error)
{
  LkStorageError code = LK_STORAGE_ERROR_BROKEN;

  if (error->domain == LK_STORAGE_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  if (means_absent (error))
    code = LK_STORAGE_ERROR_ABSENT;
  else if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    code = LK_STORAGE_ERROR_LOCKED;

  if (code != LK_STORAGE_ERROR_BROKEN)
    return g_error_new_literal (LK_STORAGE_ERROR, code, message_for (code));

  return g_error_new (LK_STORAGE_ERROR, code, "%s (%s, %d)", message_for (code),
                      g_quark_to_string (error->domain), error->code);
}

static void
return_code (GTask          *task,
             LkStorageError  code)
{
  g_task_return_new_error (task, LK_STORAGE_ERROR, (int) code, "%s", message_for (code));
}

static void
return_translated (GTask        *task,
                   const GError *error)
{
  g_task_return_error (task, lk_vault_translate_error (error));
}

static void
call (GTask              *task,
      GDBusConnection    *bus,
      const char         *path,
      const char         *interface,
      const char         *method,
      GVariant           *parameters,
      const char         *reply,
      GAsyncReadyCallback callback)
{
  LkVault *self = g_task_get_source_object (task);

  g_dbus_connection_call (bus, SERVICE_NAME, path, interface, method, parameters,
                          G_VARIANT_TYPE (reply), G_DBUS_CALL_FLAGS_NONE,
                          (int) MAX (lk_vault_get_deadline (self) / 2, 1),
                          g_task_get_cancellable (task), callback, g_object_ref (task));
}

static void
locked_received_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) locked = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);

  if (reply == NULL)
    {
      return_translated (task, error);
      return;
    }

  g_variant_get (reply, "(v)", &locked);
  if (!g_variant_is_of_type (locked, G_VARIANT_TYPE_BOOLEAN))
    return_code (task, LK_STORAGE_ERROR_BROKEN);
  else if (g_variant_get_boolean (locked))
    return_code (task, LK_STORAGE_ERROR_LOCKED);
  else
    g_task_return_boolean (task, TRUE);
}

static void
default_received_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const char *collection;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);

  if (reply == NULL)
    {
      return_translated (task, error);
      return;
    }

  /* Storing in a default collection that does not exist yet would raise the keyring's question. */
  g_variant_get (reply, "(&o)", &collection);
  if (g_str_equal (collection, "/"))
    return_code (task, LK_STORAGE_ERROR_LOCKED);
  else
    call (task, G_DBUS_CONNECTION (source), collection, "org.freedesktop.DBus.Properties", "Get",
          g_variant_new ("(ss)", "org.freedesktop.Secret.Collection", "Locked"), "(v)",
          locked_received_cb);
}

static void
bus_received_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus != NULL)
    call (task, bus, SERVICE_PATH, "org.freedesktop.Secret.Service", "ReadAlias",
          g_variant_new ("(s)", "default"), "(o)", default_received_cb);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return_translated (task, error);
  else
    return_code (task, LK_STORAGE_ERROR_ABSENT);
}

void
lk_vault_look_async (LkVault            *self,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_vault_look_async);
  /* The file is opened by the operation itself; nothing can be locked. */
  if (lk_vault_uses_file (self))
    g_task_return_boolean (task, TRUE);
  else
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_received_cb, g_steal_pointer (&task));
}

gboolean
lk_vault_look_finish (LkVault      *self,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
