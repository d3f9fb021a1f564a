/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-sleep.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "lk-agent-scheduler.h"

#define LOGIN_NAME "org.freedesktop.login1"
#define LOGIN_PATH "/org/freedesktop/login1"
#define LOGIN_MANAGER "org.freedesktop.login1.Manager"

/* Who announces a sleep and never its end has not slept. Counted while awake alone. */
#define SLEEP_ANNOUNCED_MAX_S 60

struct _LkAgentSleep
{
  LkAgentContext  *context;    /* outlives us */
  GCancellable    *cancel;     /* (owned) */
  GDBusConnection *bus;        /* (owned) (nullable): while there is one */
  guint            signal_id;
  guint            watch_id;
  guint            announced_id;
  int              lock;       /* (owned): -1 for none; while it is open, a sleep is delayed */
  gboolean         asleep;
};

static void
lk_agent_sleep_unlock (LkAgentSleep *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result,
                                                       &error);
  LkAgentSleep *self;
  gint32 handle = -1;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  if (reply == NULL)
    {
      g_debug ("a sleep cannot be delayed: %s", error->message);
      return;
    }
  g_variant_get (reply, "(h)", &handle);
  lk_agent_sleep_unlock (self);
  if (fds != NULL)
    self->lock = g_unix_fd_list_get (fds, handle, NULL);
  /* It was announced before the lock came, and would wait for us in vain. */
  if (self->asleep)
    lk_agent_sleep_unlock (self);
}

static void
lk_agent_sleep_take_lock (LkAgentSleep *self)
{
  g_dbus_connection_call_with_unix_fd_list (self->bus, LOGIN_NAME, LOGIN_PATH, LOGIN_MANAGER,
                                            "Inhibit",
                                            g_variant_new ("(ssss)", "sleep", "Latchkey",
                                                           "A token is being renewed", "delay"),
                                            G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                                            self->cancel, locked_cb, self);
}

static void
lk_agent_sleep_wake (LkAgentSleep *self)
{
  g_clear_handle_id (&self->announced_id, g_source_remove);
  if (!self->asleep)
    return;
  g_info ("the computer is awake");
  self->asleep = FALSE;
  lk_agent_scheduler_set_asleep (lk_agent_context_get_scheduler (self->context), FALSE);
  lk_corrected_clock_look (LK_CORRECTED_CLOCK (lk_agent_context_get_clock (self->context)));
  lk_agent_context_clock_changed (self->context);
}

static gboolean
announced_cb (gpointer user_data)
{
  LkAgentSleep *self = user_data;

  self->announced_id = 0;
  lk_agent_sleep_wake (self);
  if (self->bus != NULL)
    lk_agent_sleep_take_lock (self);
  return G_SOURCE_REMOVE;
}

static void
prepare_for_sleep_cb (GDBusConnection *bus, const char *sender, const char *path,
                      const char *interface, const char *name, GVariant *parameters,
                      gpointer user_data)
{
  LkAgentSleep *self = user_data;
  gboolean start = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &start);
  if (!start)
    {
      lk_agent_sleep_wake (self);
      lk_agent_sleep_take_lock (self);
      return;
    }
  g_info ("the computer is about to sleep");
  self->asleep = TRUE;
  lk_agent_scheduler_set_asleep (lk_agent_context_get_scheduler (self->context), TRUE);
  g_clear_handle_id (&self->announced_id, g_source_remove);
  self->announced_id = g_timeout_add_seconds (SLEEP_ANNOUNCED_MAX_S, announced_cb, self);
  if (!lk_agent_context_is_busy (self->context))
    lk_agent_sleep_unlock (self);
}

void
lk_agent_sleep_settled (LkAgentSleep *self)
{
  if (self->asleep)
    lk_agent_sleep_unlock (self);
}

/* The login manager restarts without forgetting who is logged in; our lock is gone then. */
static void
login_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  LkAgentSleep *self = user_data;

  if (!self->asleep)
    lk_agent_sleep_take_lock (self);
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, &error);
  LkAgentSleep *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  if (bus == NULL)
    {
      g_info ("there is no system bus, so sleep is seen only after it: %s", error->message);
      return;
    }
  /* A system bus that goes away is no reason to end. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = g_steal_pointer (&bus);
  self->signal_id
    = g_dbus_connection_signal_subscribe (self->bus, LOGIN_NAME, LOGIN_MANAGER, "PrepareForSleep",
                                          LOGIN_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                          prepare_for_sleep_cb, self, NULL);
  self->watch_id = g_bus_watch_name_on_connection (self->bus, LOGIN_NAME,
                                                   G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                   login_appeared_cb, NULL, self, NULL);
}

LkAgentSleep *
lk_agent_sleep_new (LkAgentContext *context)
{
  LkAgentSleep *self = g_new0 (LkAgentSleep, 1);

  self->context = context;
  self->lock = -1;
  self->cancel = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancel, bus_cb, self);
  return self;
}

void
lk_agent_sleep_free (LkAgentSleep *self)
{
  g_cancellable_cancel (self->cancel);
  g_clear_object (&self->cancel);
  g_clear_handle_id (&self->announced_id, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (self->signal_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signal_id);
  g_clear_object (&self->bus);
  lk_agent_sleep_unlock (self);
  g_free (self);
}
