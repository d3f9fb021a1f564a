/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-window.h"

#include <gio/gdesktopappinfo.h>

#define WINDOW_NAME "io.github.latchkey_app.Latchkey"
#define WINDOW_PATH "/io/github/latchkey_app/Latchkey"
#define APPLICATION "org.freedesktop.Application"
#define DEADLINE_MS (5 * 1000)
#define START_DEADLINE_S 30

/* Opening, while it is under way. */
typedef struct
{
  char     *action;    /* (owned) (nullable) */
  GVariant *target;    /* (owned) (nullable) */
  char     *token;     /* (owned) (nullable) */
  guint     watch_id;  /* for a window that starts */
  guint     timeout_id;
} Opening;

static void
opening_free (Opening *self)
{
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->target, g_variant_unref);
  g_free (self->action);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static GVariant *
platform_data (const char *token)
{
  GVariantBuilder data;

  g_variant_builder_init (&data, G_VARIANT_TYPE_VARDICT);
  if (token != NULL)
    {
      g_variant_builder_add (&data, "{sv}", "activation-token", g_variant_new_string (token));
      g_variant_builder_add (&data, "{sv}", "desktop-startup-id", g_variant_new_string (token));
    }
  return g_variant_builder_end (&data);
}

static void
opening_send (Opening *self, GDBusConnection *bus, GAsyncReadyCallback callback,
              gpointer user_data)
{
  GVariantBuilder targets;
  GVariant *parameters;

  if (self->action == NULL)
    parameters = g_variant_new ("(@a{sv})", platform_data (self->token));
  else
    {
      g_variant_builder_init (&targets, G_VARIANT_TYPE ("av"));
      if (self->target != NULL)
        g_variant_builder_add (&targets, "v", self->target);
      parameters = g_variant_new ("(sav@a{sv})", self->action, &targets,
                                  platform_data (self->token));
    }
  g_dbus_connection_call (bus, WINDOW_NAME, WINDOW_PATH, APPLICATION,
                          self->action == NULL ? "Activate" : "ActivateAction", parameters, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, NULL, callback, user_data);
}

static gboolean
start_program (const char *token)
{
  g_autoptr(GDesktopAppInfo) entry = g_desktop_app_info_new (WINDOW_NAME ".desktop");
  g_autoptr(GAppLaunchContext) launch = g_app_launch_context_new ();
  g_autoptr(GAppInfo) program = NULL;
  g_autoptr(GError) error = NULL;

  if (entry != NULL)
    program = G_APP_INFO (g_steal_pointer (&entry));
  else
    program = g_app_info_create_from_commandline (LK_BINDIR "/latchkey", "Latchkey",
                                                  G_APP_INFO_CREATE_NONE, &error);
  if (token != NULL)
    {
      g_app_launch_context_setenv (launch, "XDG_ACTIVATION_TOKEN", token);
      g_app_launch_context_setenv (launch, "DESKTOP_STARTUP_ID", token);
    }
  if (program != NULL && g_app_info_launch (program, NULL, launch, &error))
    return TRUE;
  g_message ("the window could not be opened: %s", error->message);
  return FALSE;
}

static void
started_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  Opening *self = user_data;

  opening_send (self, bus, NULL, NULL);
  opening_free (self);
}

static gboolean
start_deadline_cb (gpointer user_data)
{
  Opening *self = user_data;

  self->timeout_id = 0;
  g_message ("the window did not start in time");
  opening_free (self);
  return G_SOURCE_REMOVE;
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Opening) self = user_data;
  GDBusConnection *bus = G_DBUS_CONNECTION (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (bus, result, &error);

  if (reply != NULL || g_dbus_connection_is_closed (bus) || !start_program (self->token)
      || self->action == NULL)
    return;
  self->timeout_id = g_timeout_add_seconds (START_DEADLINE_S, start_deadline_cb, self);
  self->watch_id = g_bus_watch_name_on_connection (bus, WINDOW_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                   started_cb, NULL, self, NULL);
  g_steal_pointer (&self);
}

void
lk_agent_window_open (GDBusConnection *bus, const char *action, GVariant *target,
                      const char *token)
{
  Opening *self = g_new0 (Opening, 1);

  self->action = g_strdup (action);
  self->target = target != NULL ? g_variant_ref_sink (target) : NULL;
  self->token = g_strdup (token);
  opening_send (self, bus, asked_cb, self);
}

void
lk_agent_window_quit_async (GDBusConnection *bus, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_dbus_connection_call (bus, WINDOW_NAME, WINDOW_PATH, APPLICATION, "ActivateAction",
                          g_variant_new ("(sav@a{sv})", "quit", NULL, platform_data (NULL)), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, NULL, callback, user_data);
}

void
lk_agent_window_quit_finish (GDBusConnection *bus, GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (bus, result, &error);

  if (reply == NULL)
    g_debug ("no window was open: %s", error->message);
}
