/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-client-private.h"

#define CONNECTION_INTERFACE "io.github.latchkey_app.Latchkey.Connection1"

/**
 * lk_agent_client_find_connection:
 * @id_or_name: id or name of a connection; an id wins
 *
 * Returns: (transfer none) (nullable): the connection, if it is loaded
 */
LkDBusConnection1 *
lk_agent_client_find_connection (LkAgentClient *self, const char *id_or_name)
{
  LkConnectionCache *cache;

  g_return_val_if_fail (LK_IS_AGENT_CLIENT (self), NULL);
  g_return_val_if_fail (id_or_name != NULL, NULL);

  cache = lk_agent_client_get_cache (self);
  return cache != NULL ? lk_connection_cache_lookup (cache, id_or_name) : NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkConnectionCache *cache = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);
  g_autoptr(GVariant) facts = NULL;
  LkDBusConnection1 *connection;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  facts = g_variant_get_child_value (reply, 0);
  connection = lk_connection_cache_take (cache, facts);
  if (connection == NULL)
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                             "the connection went away");
  else
    g_task_return_pointer (task, connection, g_object_unref);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkConnectionCache *cache = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  if (!lk_dbus_agent1_call_find_connection_finish (LK_DBUS_AGENT1 (source), &path, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_dbus_connection_call (lk_connection_cache_get_bus (cache),
                          lk_connection_cache_get_owner (cache), path,
                          "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", CONNECTION_INTERFACE), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, g_task_get_cancellable (task), read_cb,
                          g_object_ref (task));
}

/**
 * lk_agent_client_get_connection_async:
 * @id_or_name: id or name of a connection; an id wins
 *
 * Replies at once when it is loaded; else the agent is asked. Errors: %LK_AGENT_ERROR_NOT_FOUND,
 * %G_DBUS_ERROR_NAME_HAS_NO_OWNER while the agent is away.
 */
void
lk_agent_client_get_connection_async (LkAgentClient *self, const char *id_or_name,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  LkDBusConnection1 *known = lk_agent_client_find_connection (self, id_or_name);
  LkDBusAgent1 *agent = lk_agent_client_get_agent (self);

  g_task_set_source_tag (task, lk_agent_client_get_connection_async);
  if (known != NULL)
    {
      g_task_return_pointer (task, g_object_ref (known), g_object_unref);
      return;
    }
  if (agent == NULL)
    {
      g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                               "the agent is not there");
      return;
    }
  g_task_set_task_data (task, g_object_ref (lk_agent_client_get_cache (self)), g_object_unref);
  lk_dbus_agent1_call_find_connection (agent, id_or_name, cancellable, found_cb,
                                       g_object_ref (task));
}

/**
 * lk_agent_client_get_connection_finish:
 *
 * Returns: (transfer full) (nullable): the connection
 */
LkDBusConnection1 *
lk_agent_client_get_connection_finish (LkAgentClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
