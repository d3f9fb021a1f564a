/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-life-portal.h"

#include <glib/gi18n-lib.h>

#define PORTAL      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define BACKGROUND  "org.freedesktop.portal.Background"
#define REQUEST     "org.freedesktop.portal.Request"
#define DEADLINE_MS (30 * 1000)
/* A person may have to answer. */
#define ANSWER_S    (10 * 60)
/* The portal cuts what is longer. */
#define STATUS_MAX  96

typedef struct
{
  gboolean  autostart;
  guint     response_id; /* subscription */
  guint     deadline_id;
  gboolean  granted;
} Request;

static void
request_free (Request *self)
{
  g_free (self);
}

static GDBusConnection *
get_bus (GTask *task)
{
  return g_task_get_source_object (task);
}

/* Gives the reference that waiting for the answer held. */
static GTask *
end_waiting (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  g_dbus_connection_signal_unsubscribe (get_bus (task), request->response_id);
  request->response_id = 0;
  g_clear_handle_id (&request->deadline_id, g_source_remove);
  return task;
}

static void
response_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *signal, GVariant *parameters, gpointer user_data)
{
  g_autoptr(GTask) task = end_waiting (user_data);
  Request *request = g_task_get_task_data (task);
  g_autoptr(GVariant) results = NULL;
  gboolean autostart = FALSE;
  guint32 response = 2;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (results != NULL)
    g_variant_lookup (results, "autostart", "b", &autostart);
  request->granted = response == 0 && autostart == request->autostart;
  g_task_return_boolean (task, TRUE);
}

static gboolean
answer_deadline_cb (gpointer user_data)
{
  GTask *waiting = user_data;
  Request *request = g_task_get_task_data (waiting);
  g_autoptr(GTask) task = NULL;

  request->deadline_id = 0;
  task = end_waiting (waiting);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer");
  return G_SOURCE_REMOVE;
}

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && request->response_id != 0)
    {
      g_object_unref (end_waiting (task));
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static GVariant *
options_of (const char *token, gboolean autostart)
{
  static const char * const command[] = { LK_LIBEXECDIR "/latchkey-agent", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_("Latchkey renews access before it ends.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  return g_variant_builder_end (&options);
}

void
lk_agent_life_portal_request_async (GDBusConnection *bus, gboolean autostart,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (bus, cancellable, callback, user_data);
  g_autofree char *token = g_strdup_printf ("latchkey%u", g_random_int ());
  g_autofree char *sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (bus) + 1),
                                          ".", '_');
  g_autofree char *path = g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, lk_agent_life_portal_request_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request->autostart = autostart;
  /* The answer may be there before the call's own reply. */
  request->response_id
    = g_dbus_connection_signal_subscribe (bus, PORTAL, REQUEST, "Response", path, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, response_cb,
                                          g_object_ref (task), NULL);
  request->deadline_id = g_timeout_add_seconds (ANSWER_S, answer_deadline_cb, task);
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, BACKGROUND, "RequestBackground",
                          g_variant_new ("(s@a{sv})", "", options_of (token, autostart)),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, cancellable,
                          requested_cb, g_object_ref (task));
}

gboolean
lk_agent_life_portal_request_finish (GDBusConnection *bus, GAsyncResult *result,
                                     gboolean *granted, GError **error)
{
  const Request *request;

  g_return_val_if_fail (g_task_is_valid (result, bus), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  *granted = request->granted;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
status_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* Portals before the second version of this interface do not know it. */
  if (reply == NULL)
    g_debug ("the desktop shows no status: %s", error->message);
}

void
lk_agent_life_portal_set_status (GDBusConnection *bus, const char *text,
                                 GCancellable *cancellable)
{
  g_autofree char *cut = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), STATUS_MAX));
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "message", g_variant_new_string (cut));
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, BACKGROUND, "SetStatus",
                          g_variant_new ("(a{sv})", &options), NULL, G_DBUS_CALL_FLAGS_NONE,
                          DEADLINE_MS, cancellable, status_set_cb, NULL);
}
