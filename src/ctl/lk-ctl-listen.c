/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <glib-unix.h>

/* One at a time: a command listens to one thing, until it is told to end. */
typedef struct
{
  GMainLoop  *loop;
  LkCtlHeard  heard;
  gpointer    user_data;
  int         status;
  gboolean    away;  /* nobody has the agent's name */
} Listener;

static Listener *listener;

static gboolean
interrupted_cb (gpointer user_data)
{
  g_main_loop_quit (listener->loop);
  return G_SOURCE_CONTINUE;
}

static void
signal_cb (GDBusConnection *bus,
           const char      *sender,
           const char      *path,
           const char      *interface,
           const char      *name,
           GVariant        *parameters,
           gpointer         user_data)
{
  listener->heard (listener->user_data);
}

/* It may end and start again; what happened meanwhile is asked for then. */
static void
agent_appeared_cb (GDBusConnection *bus,
                   const char      *name,
                   const char      *owner,
                   gpointer         user_data)
{
  if (listener->away)
    listener->heard (listener->user_data);
  listener->away = FALSE;
}

static void
agent_vanished_cb (GDBusConnection *bus,
                   const char      *name,
                   gpointer         user_data)
{
  listener->away = TRUE;
}

static void
bus_closed_cb (GDBusConnection *bus,
               gboolean         remote,
               GError          *error,
               gpointer         user_data)
{
  lk_ctl_stop_listening (user_data, LK_CTL_EXIT_FAILED);
}

/**
 * lk_ctl_listen:
 * @signal_name: of Agent1
 * @heard: called for each of them, and when the agent is back after it was gone
 *
 * Returns: the exit status; ending it is success
 */
int
lk_ctl_listen (LkCtl      *self,
               const char *signal_name,
               LkCtlHeard  heard,
               gpointer    user_data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Listener mine = { .loop = loop, .heard = heard, .user_data = user_data };
  guint interrupt, terminate, subscription, watch;
  gulong closed;

  listener = &mine;
  interrupt = g_unix_signal_add (SIGINT, interrupted_cb, NULL);
  terminate = g_unix_signal_add (SIGTERM, interrupted_cb, NULL);
  subscription = g_dbus_connection_signal_subscribe (
    self->bus, LK_AGENT_NAME, LK_AGENT_INTERFACE, signal_name, LK_AGENT_MANAGER_PATH, NULL,
    G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, NULL, NULL);
  watch = g_bus_watch_name_on_connection (self->bus, LK_AGENT_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          agent_appeared_cb, agent_vanished_cb, NULL, NULL);
  closed = g_signal_connect (self->bus, "closed", G_CALLBACK (bus_closed_cb), self);

  /* What came between the first look and the subscription. */
  heard (user_data);
  g_main_loop_run (loop);

  g_signal_handler_disconnect (self->bus, closed);
  g_bus_unwatch_name (watch);
  g_dbus_connection_signal_unsubscribe (self->bus, subscription);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  listener = NULL;

  return mine.status;
}

void
lk_ctl_stop_listening (LkCtl *self,
                       int    status)
{
  listener->status = status;
  g_main_loop_quit (listener->loop);
}
