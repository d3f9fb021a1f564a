/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-tray-item.h"

#include <unistd.h>

#include "lk-agent-connection.h"
#include "lk-agent-sandbox.h"
#include "lk-agent-tray-facts.h"
#include "lk-agent-tray-menu.h"
#include "lk-agent-window.h"
#include "lk-tray-generated.h"

#define ITEM_PATH    "/StatusNotifierItem"
#define WATCHER_PATH "/StatusNotifierWatcher"
#define AGENT_INTERFACE "io.github.latchkey_app.Latchkey.Agent1"
#define DEADLINE_MS  (10 * 1000)
/* Many connections that change together are one change. */
#define REFRESH_MS   200

struct _LkAgentTrayItem
{
  LkAgentContext              *context;  /* outlives us */
  GDBusConnection             *bus;      /* (owned): the agent's */
  char                        *panel;    /* (owned) */
  GCancellable                *end;      /* (owned) */
  GDBusConnection             *line;     /* (owned) (nullable): our own, once it is there */
  guint                        name_id;
  LkTrayStatusNotifierItem    *skeleton; /* (owned) */
  LkAgentTrayMenu             *menu;     /* (owned) */
  LkTrayFacts                 *facts;    /* (owned) (nullable) */
  GHashTable                  *numbers;  /* (owned) id of a connection → number in the menu */
  int                          last_number;
  char                        *token;    /* (owned) (nullable): lets the window come to the front */
  guint                        refresh_id;
};

static void
open_window (LkAgentTrayItem *self, const char *action, GVariant *target)
{
  g_autofree char *token = g_steal_pointer (&self->token);

  lk_agent_window_open (self->bus, action, target, token);
}

/* What is shown. */

static void
lk_agent_tray_item_number (LkAgentTrayItem *self)
{
  for (guint i = 0; i < self->facts->needs->len; i++)
    {
      LkTrayNeed *need = self->facts->needs->pdata[i];

      if (!g_hash_table_contains (self->numbers, need->id))
        g_hash_table_insert (self->numbers, g_strdup (need->id),
                             GINT_TO_POINTER (++self->last_number));
      need->item = GPOINTER_TO_INT (g_hash_table_lookup (self->numbers, need->id));
    }
}

/* Panels that draw a tooltip read it as markup. */
static GVariant *
tooltip_of (const LkTrayFacts *facts)
{
  g_autofree char *text = lk_tray_facts_dup_text (facts);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return g_variant_new ("(sa(iiay)ss)", "", NULL, lk_tray_facts_get_title (facts), escaped);
}

static void
lk_agent_tray_item_show_tooltip (LkAgentTrayItem *self)
{
  g_autoptr(GVariant) tooltip = g_variant_ref_sink (tooltip_of (self->facts));
  GVariant *before = lk_tray_status_notifier_item_get_tool_tip (self->skeleton);

  if (before != NULL && g_variant_equal (before, tooltip))
    return;
  lk_tray_status_notifier_item_set_tool_tip (self->skeleton, tooltip);
  lk_tray_status_notifier_item_emit_new_tool_tip (self->skeleton);
}

/* Older panels follow these signals, newer ones the change of the property. */
static void
lk_agent_tray_item_show_state (LkAgentTrayItem *self)
{
  const char *status = lk_tray_facts_get_status (self->facts);
  const char *icon = lk_tray_facts_get_icon (self->facts);
  const char *title = lk_tray_facts_get_title (self->facts);

  if (g_strcmp0 (lk_tray_status_notifier_item_get_icon_name (self->skeleton), icon) != 0)
    {
      lk_tray_status_notifier_item_set_icon_name (self->skeleton, icon);
      lk_tray_status_notifier_item_emit_new_icon (self->skeleton);
    }
  if (g_strcmp0 (lk_tray_status_notifier_item_get_title (self->skeleton), title) != 0)
    {
      lk_tray_status_notifier_item_set_title (self->skeleton, title);
      lk_tray_status_notifier_item_emit_new_title (self->skeleton);
    }
  if (g_strcmp0 (lk_tray_status_notifier_item_get_status (self->skeleton), status) != 0)
    {
      lk_tray_status_notifier_item_set_status (self->skeleton, status);
      lk_tray_status_notifier_item_emit_new_status (self->skeleton, status);
    }
}

static void
lk_agent_tray_item_refresh (LkAgentTrayItem *self)
{
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->facts, lk_tray_facts_free);
  self->facts = lk_agent_tray_facts_gather (self->context);
  lk_agent_tray_item_number (self);
  lk_agent_tray_item_show_state (self);
  lk_agent_tray_item_show_tooltip (self);
  lk_agent_tray_menu_set_items (self->menu, lk_tray_facts_list_items (self->facts));
}

static gboolean
refresh_cb (gpointer user_data)
{
  LkAgentTrayItem *self = user_data;

  self->refresh_id = 0;
  lk_agent_tray_item_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (LkAgentTrayItem *self)
{
  if (self->line != NULL && self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

static void
about_to_show_cb (LkAgentTrayItem *self)
{
  if (self->refresh_id != 0)
    lk_agent_tray_item_refresh (self);
}

/* What is chosen. */

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("not all could be renewed: %s", error->message);
}

static void
window_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;

  lk_agent_window_quit_finish (G_DBUS_CONNECTION (source), result);
  lk_agent_context_quit (context);
}

/* The window first: it would call the agent back. */
static void
quit (LkAgentTrayItem *self)
{
  lk_agent_window_quit_async (self->bus, window_ended_cb, g_object_ref (self->context));
}

static void
toggle_paused (LkAgentTrayItem *self)
{
  GSettings *settings = lk_agent_context_get_settings (self->context);

  g_settings_set_boolean (settings, "paused", !g_settings_get_boolean (settings, "paused"));
}

static void
help (LkAgentTrayItem *self, const LkTrayNeed *need)
{
  gboolean sign_in = need->action == LK_CONNECTION_ACTION_RECONNECT
                     || need->action == LK_CONNECTION_ACTION_SIGN_IN_AGAIN;

  open_window (self, sign_in ? "reconnect" : "show-connection", g_variant_new_string (need->id));
}

static void
clicked_cb (LkAgentTrayItem *self, int id)
{
  switch (id)
    {
    case LK_TRAY_ITEM_RENEW_ALL:
      g_dbus_connection_call (self->line, g_dbus_connection_get_unique_name (self->bus),
                              LK_AGENT_MANAGER_PATH, AGENT_INTERFACE, "RenewAll", NULL, NULL,
                              G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, self->end, renewed_cb, NULL);
      return;
    case LK_TRAY_ITEM_PAUSE:
      toggle_paused (self);
      return;
    case LK_TRAY_ITEM_MORE:
    case LK_TRAY_ITEM_OPEN:
      open_window (self, NULL, NULL);
      return;
    case LK_TRAY_ITEM_QUIT:
      quit (self);
      return;
    default:
      break;
    }
  for (guint i = 0; i < self->facts->needs->len; i++)
    if (((const LkTrayNeed *) self->facts->needs->pdata[i])->item == id)
      {
        help (self, self->facts->needs->pdata[i]);
        return;
      }
}

static gboolean
handle_activate (LkAgentTrayItem *self, GDBusMethodInvocation *invocation, int x, int y)
{
  lk_tray_status_notifier_item_complete_activate (self->skeleton, invocation);
  open_window (self, NULL, NULL);
  return TRUE;
}

/* The panel draws the menu. */
static gboolean
handle_context_menu (LkAgentTrayItem *self, GDBusMethodInvocation *invocation, int x, int y)
{
  lk_tray_status_notifier_item_complete_context_menu (self->skeleton, invocation);
  return TRUE;
}

static gboolean
handle_secondary_activate (LkAgentTrayItem *self, GDBusMethodInvocation *invocation, int x, int y)
{
  lk_tray_status_notifier_item_complete_secondary_activate (self->skeleton, invocation);
  return TRUE;
}

static gboolean
handle_scroll (LkAgentTrayItem *self, GDBusMethodInvocation *invocation, int delta,
               const char *orientation)
{
  lk_tray_status_notifier_item_complete_scroll (self->skeleton, invocation);
  return TRUE;
}

static gboolean
handle_token (LkAgentTrayItem *self, GDBusMethodInvocation *invocation, const char *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
  lk_tray_status_notifier_item_complete_provide_xdg_activation_token (self->skeleton, invocation);
  return TRUE;
}

/* Getting there. */

static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_info ("the panel does not take the icon: %s", error->message);
}

static void
lk_agent_tray_item_register (LkAgentTrayItem *self, const char *service)
{
  g_dbus_connection_call (self->line, self->panel, WATCHER_PATH, self->panel,
                          "RegisterStatusNotifierItem", g_variant_new ("(s)", service), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, self->end, registered_cb,
                          NULL);
}

static void
named_cb (GDBusConnection *line, const char *name, gpointer user_data)
{
  lk_agent_tray_item_register (user_data, name);
}

/* A sandbox does not let us have the name; panels take a path as well. */
static void
not_named_cb (GDBusConnection *line, const char *name, gpointer user_data)
{
  LkAgentTrayItem *self = user_data;

  if (line != NULL && !g_dbus_connection_is_closed (line))
    lk_agent_tray_item_register (self, ITEM_PATH);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) line = g_dbus_connection_new_for_address_finish (result, &error);
  g_autofree char *name = g_strdup_printf ("org.kde.StatusNotifierItem-%d-1", (int) getpid ());
  LkAgentTrayItem *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  if (line == NULL
      || !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), line,
                                            ITEM_PATH, &error)
      || !lk_agent_tray_menu_export (self->menu, line, &error))
    {
      g_message ("the icon in the panel cannot be shown: %s", error->message);
      return;
    }
  self->line = g_steal_pointer (&line);
  lk_agent_tray_item_refresh (self);
  if (lk_agent_sandbox_is_flatpak ())
    lk_agent_tray_item_register (self, ITEM_PATH);
  else
    self->name_id = g_bus_own_name_on_connection (self->line, name,
                                                  G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, named_cb,
                                                  not_named_cb, self, NULL);
}

static void
lk_agent_tray_item_connect (LkAgentTrayItem *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, &error);

  if (address == NULL)
    {
      g_message ("the icon in the panel cannot be shown: %s", error->message);
      return;
    }
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                     | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
                                     self->end, connected_cb, self);
}

static LkTrayStatusNotifierItem *
make_skeleton (void)
{
  LkTrayStatusNotifierItem *skeleton = lk_tray_status_notifier_item_skeleton_new ();
  g_autoptr(GVariant) none = g_variant_ref_sink (g_variant_new ("a(iiay)", NULL));

  lk_tray_status_notifier_item_set_category (skeleton, "Communications");
  lk_tray_status_notifier_item_set_id (skeleton, "latchkey");
  lk_tray_status_notifier_item_set_icon_theme_path (skeleton, lk_agent_sandbox_get_icon_dir ());
  lk_tray_status_notifier_item_set_icon_pixmap (skeleton, none);
  lk_tray_status_notifier_item_set_overlay_icon_name (skeleton, "");
  lk_tray_status_notifier_item_set_overlay_icon_pixmap (skeleton, none);
  lk_tray_status_notifier_item_set_attention_icon_name (skeleton, LK_APP_ID "-attention-symbolic");
  lk_tray_status_notifier_item_set_attention_icon_pixmap (skeleton, none);
  lk_tray_status_notifier_item_set_attention_movie_name (skeleton, "");
  lk_tray_status_notifier_item_set_item_is_menu (skeleton, FALSE);
  lk_tray_status_notifier_item_set_menu (skeleton, LK_AGENT_TRAY_MENU_PATH);
  return skeleton;
}

LkAgentTrayItem *
lk_agent_tray_item_new (LkAgentContext *context, GDBusConnection *bus, const char *panel)
{
  LkAgentTrayItem *self = g_new0 (LkAgentTrayItem, 1);
  GSettings *settings = lk_agent_context_get_settings (context);

  self->context = context;
  self->bus = g_object_ref (bus);
  self->panel = g_strdup (panel);
  self->end = g_cancellable_new ();
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->last_number = LK_TRAY_ITEM_FIRST_NEED;
  self->menu = lk_agent_tray_menu_new ();
  self->skeleton = make_skeleton ();
  g_object_connect (self->skeleton,
                    "swapped-signal::handle-activate", handle_activate, self,
                    "swapped-signal::handle-context-menu", handle_context_menu, self,
                    "swapped-signal::handle-secondary-activate", handle_secondary_activate, self,
                    "swapped-signal::handle-scroll", handle_scroll, self,
                    "swapped-signal::handle-provide-xdg-activation-token", handle_token, self,
                    NULL);
  g_signal_connect_swapped (self->menu, "clicked", G_CALLBACK (clicked_cb), self);
  g_signal_connect_swapped (self->menu, "about-to-show", G_CALLBACK (about_to_show_cb), self);
  g_signal_connect_swapped (context, "connection-changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (settings, "changed::paused", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (settings, "changed::tray-when-fine", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (lk_agent_context_get_agent (context), "notify::ledger-state",
                            G_CALLBACK (changed_cb), self);
  lk_agent_tray_item_connect (self);
  return self;
}

void
lk_agent_tray_item_free (LkAgentTrayItem *self)
{
  g_cancellable_cancel (self->end);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  g_signal_handlers_disconnect_by_data (self->menu, self);
  g_signal_handlers_disconnect_by_data (self->skeleton, self);
  g_clear_handle_id (&self->name_id, g_bus_unown_name);
  if (g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_object_run_dispose (G_OBJECT (self->menu));
  g_clear_object (&self->menu);
  g_clear_object (&self->skeleton);
  if (self->line != NULL)
    g_dbus_connection_close (self->line, NULL, NULL, NULL);
  g_clear_object (&self->line);
  g_clear_object (&self->bus);
  g_clear_object (&self->end);
  g_clear_pointer (&self->facts, lk_tray_facts_free);
  g_hash_table_unref (self->numbers);
  g_free (self->token);
  g_free (self->panel);
  g_free (self);
}
