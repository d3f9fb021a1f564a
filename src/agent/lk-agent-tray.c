/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-tray.h"

#include "lk-agent-tray-item.h"

/* Most panels answer for the first alone; one icon is enough where both are there. */
static const char * const watchers[] = {
  "org.kde.StatusNotifierWatcher",
  "org.freedesktop.StatusNotifierWatcher",
};

struct _LkAgentTray
{
  LkAgentContext  *context;                         /* outlives us */
  GDBusConnection *bus;                             /* (owned) (nullable) */
  guint            watch_ids[G_N_ELEMENTS (watchers)];
  gboolean         present[G_N_ELEMENTS (watchers)];
  LkAgentTrayItem *item;                            /* (owned) (nullable) */
  const char      *shown_by;                        /* (nullable): who has the item */
};

/* One that comes back has forgotten the item. */
static void
lk_agent_tray_follow (LkAgentTray *self)
{
  const char *panel = NULL;

  for (size_t i = 0; panel == NULL && i < G_N_ELEMENTS (watchers); i++)
    if (self->present[i])
      panel = watchers[i];
  if (panel == self->shown_by)
    return;
  self->shown_by = panel;
  g_clear_pointer (&self->item, lk_agent_tray_item_free);
  if (panel != NULL)
    self->item = lk_agent_tray_item_new (self->context, self->bus, panel);
}

static void
lk_agent_tray_set_present (LkAgentTray *self, const char *name, gboolean present)
{
  for (size_t i = 0; i < G_N_ELEMENTS (watchers); i++)
    if (g_str_equal (watchers[i], name))
      self->present[i] = present;
  lk_agent_tray_follow (self);
}

static void
panel_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  g_debug ("%s shows icons", name);
  lk_agent_tray_set_present (user_data, name, TRUE);
}

static void
panel_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  lk_agent_tray_set_present (user_data, name, FALSE);
}

static void
lk_agent_tray_set_wanted (LkAgentTray *self, gboolean wanted)
{
  for (size_t i = 0; i < G_N_ELEMENTS (watchers); i++)
    if (wanted && self->watch_ids[i] == 0)
      self->watch_ids[i]
        = g_bus_watch_name_on_connection (self->bus, watchers[i], G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          panel_appeared_cb, panel_vanished_cb, self, NULL);
    else if (!wanted)
      {
        g_clear_handle_id (&self->watch_ids[i], g_bus_unwatch_name);
        self->present[i] = FALSE;
      }
  lk_agent_tray_follow (self);
}

static void
wanted_changed_cb (LkAgentTray *self)
{
  lk_agent_tray_set_wanted (self,
                            g_settings_get_boolean (lk_agent_context_get_settings (self->context),
                                                    "tray"));
}

LkAgentTray *
lk_agent_tray_new (LkAgentContext *context)
{
  LkAgentTray *self = g_new0 (LkAgentTray, 1);

  self->context = context;
  self->bus = g_dbus_object_manager_server_get_connection (lk_agent_context_get_server (context));
  if (self->bus == NULL)
    return self;
  g_signal_connect_swapped (lk_agent_context_get_settings (context), "changed::tray",
                            G_CALLBACK (wanted_changed_cb), self);
  wanted_changed_cb (self);
  return self;
}

void
lk_agent_tray_free (LkAgentTray *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  lk_agent_tray_set_wanted (self, FALSE);
  g_clear_object (&self->bus);
  g_free (self);
}
