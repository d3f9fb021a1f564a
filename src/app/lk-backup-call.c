/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-backup-call.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GVariant *reply = g_dbus_proxy_call_with_unix_fd_list_finish (G_DBUS_PROXY (source), NULL,
                                                                result, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
lk_backup_call_async (LkDBusAgent1 *agent, const char *method, int fd, const char *passphrase,
                      GVariant *options, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (agent, cancellable, callback, user_data);
  g_autoptr(GVariant) owned = g_variant_ref_sink (options);
  g_autoptr(GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr(LkSecret) secret = lk_secret_new (passphrase);
  g_autoptr(GError) error = NULL;
  int pipe = lk_secret_to_fd (secret, &error);
  gboolean ready = pipe >= 0 && g_unix_fd_list_append (fds, fd, &error) == 0
                   && g_unix_fd_list_append (fds, pipe, &error) == 1;

  if (pipe >= 0)
    g_close (pipe, NULL);
  if (!ready)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_dbus_proxy_call_with_unix_fd_list (G_DBUS_PROXY (agent), method,
                                       g_variant_new ("(hh@a{sv})", 0, 1, owned),
                                       G_DBUS_CALL_FLAGS_NONE, G_MAXINT, fds, cancellable,
                                       called_cb, g_steal_pointer (&task));
}

GVariant *
lk_backup_call_finish (LkDBusAgent1 *agent, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, agent), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
