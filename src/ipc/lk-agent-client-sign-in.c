/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-client-private.h"

#define SIGN_IN_WAIT_MS (5 * 1000)

typedef struct
{
  /* input */
  char *path; /* (owned) */

  /* in progress */
  GDBusObjectManager *manager; /* (owned) */
  gulong              added_id;
  guint               deadline_id;
} SignInWait;

static void
sign_in_wait_free (SignInWait *wait)
{
  g_free (wait->path);
  g_clear_object (&wait->manager);
  g_free (wait);
}

static LkDBusSignIn1 *
dup_sign_in (GDBusObjectManager *manager, const char *path)
{
  GDBusInterface *interface
    = g_dbus_object_manager_get_interface (manager, path,
                                           "io.github.latchkey_app.Latchkey.SignIn1");

  return interface != NULL ? LK_DBUS_SIGN_IN1 (interface) : NULL;
}

static void
sign_in_wait_stop (GTask *task)
{
  SignInWait *wait = g_task_get_task_data (task);

  g_clear_signal_handler (&wait->added_id, wait->manager);
  g_clear_handle_id (&wait->deadline_id, g_source_remove);
}

static void
sign_in_added_cb (GDBusObjectManager *manager, GDBusObject *object, gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  SignInWait *wait = g_task_get_task_data (task);
  LkDBusSignIn1 *sign_in;

  if (g_strcmp0 (g_dbus_object_get_object_path (object), wait->path) != 0)
    return;
  sign_in = lk_dbus_object_get_sign_in1 (LK_DBUS_OBJECT (object));
  if (sign_in == NULL)
    return;
  sign_in_wait_stop (task);
  g_task_return_pointer (task, sign_in, g_object_unref);
}

static gboolean
sign_in_deadline_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  SignInWait *wait = g_task_get_task_data (task);

  wait->deadline_id = 0;
  sign_in_wait_stop (task);
  g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "no sign-in at %s", wait->path);
  return G_SOURCE_REMOVE;
}

/**
 * lk_agent_client_get_sign_in_async:
 * @path: what Connect or Paste returned
 *
 * Waits at most five seconds until the attempt's object is known.
 */
void
lk_agent_client_get_sign_in_async (LkAgentClient *self, const char *path,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  SignInWait *wait;
  GDBusObjectManager *manager = lk_agent_client_get_manager (self);
  LkDBusSignIn1 *sign_in;

  g_return_if_fail (path != NULL);

  g_task_set_source_tag (task, lk_agent_client_get_sign_in_async);
  if (manager == NULL)
    {
      g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                               "the agent is not there");
      return;
    }
  sign_in = dup_sign_in (manager, path);
  if (sign_in != NULL)
    {
      g_task_return_pointer (task, sign_in, g_object_unref);
      return;
    }

  wait = g_new0 (SignInWait, 1);
  wait->path = g_strdup (path);
  g_task_set_task_data (task, wait, (GDestroyNotify) sign_in_wait_free);
  wait->manager = g_object_ref (manager);
  wait->added_id = g_signal_connect_data (manager, "object-added",
                                          G_CALLBACK (sign_in_added_cb), g_object_ref (task),
                                          (GClosureNotify) (GCallback) g_object_unref, 0);
  wait->deadline_id = g_timeout_add_full (G_PRIORITY_DEFAULT, SIGN_IN_WAIT_MS,
                                          sign_in_deadline_cb, g_object_ref (task),
                                          g_object_unref);
}

LkDBusSignIn1 *
lk_agent_client_get_sign_in_finish (LkAgentClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
