/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lk-connection-list.h"
#include "lk-connection-words.h"
#include "lk-time-words.h"

struct _LkConnectionRow
{
  GtkWidget          parent_instance;

  LkAppContext      *context;    /* (owned) */
  LkDBusConnection1 *connection; /* (owned) (nullable) */
  GSignalGroup      *changes;    /* (owned): of the connection */
  guint              refresh_id;
  gboolean           narrow;

  GtkBox            *heading_box;
  GtkLabel          *section;
  GtkLabel          *count;
  GtkBox            *card;
  AdwAvatar         *avatar;
  GtkBox            *body;
  GtkBox            *heading;
  GtkLabel          *name;
  GtkLabel          *subtitle;
  GtkImage          *status_icon;
  GtkLabel          *status;
  GtkBox            *left;
  GtkProgressBar    *bar;
  GtkLabel          *left_label;
  GtkButton         *action;
  GtkMenuButton     *menu;
};

G_DEFINE_FINAL_TYPE (LkConnectionRow, lk_connection_row, GTK_TYPE_WIDGET)

static void
append (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static gboolean
has_token (LkDBusConnection1 *connection)
{
  const char *fingerprint = lk_dbus_connection1_get_fingerprint (connection);

  return fingerprint != NULL && *fingerprint != '\0';
}

/**
 * lk_connection_menu_new:
 * @with_buttons: whether to include what the connection's page has as buttons
 *
 * Returns: (transfer full): everything that can be done with the connection
 */
GMenuModel *
lk_connection_menu_new (LkDBusConnection1 *connection, gboolean with_buttons)
{
  const char *id = lk_dbus_connection1_get_id (connection);
  const char *parked = lk_dbus_connection1_get_parked (connection);
  gboolean is_parked = parked != NULL && *parked != '\0';
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) now = g_menu_new ();
  g_autoptr(GMenu) name = g_menu_new ();
  g_autoptr(GMenu) end = g_menu_new ();

  if (with_buttons && lk_dbus_connection1_get_can_renew (connection))
    append (now, _("Re_new Now"), "win.renew", id);
  if (is_parked)
    append (now, g_str_equal (parked, "moved") ? _("_Take Back…") : _("_Use Here…"),
            "win.take-back", id);
  else
    append (now, _("_Verify"), "win.verify", id);
  if (with_buttons)
    append (now, _("_Reconnect"), "win.reconnect", id);
  if (has_token (connection) && !is_parked)
    append (now, _("_Copy Access Token"), "win.copy-token", id);
  append (name, _("Rena_me…"), "win.rename", id);
  if (!is_parked)
    append (name, _("_Back Up or Move…"), "win.back-up-one", id);
  if (lk_dbus_connection1_get_can_revoke (connection) && !is_parked)
    append (end, _("_Withdraw Access…"), "win.revoke", id);
  append (end, _("Remove From _Latchkey"), "win.remove", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (now));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (name));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  LkConnectionRow *self = user_data;
  g_autoptr(GMenuModel) menu = NULL;

  if (self->connection == NULL || lk_connection_is_placeholder (self->connection))
    return;
  menu = lk_connection_menu_new (self->connection, TRUE);
  gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (menu));
}

static void
lk_connection_row_refresh_left (LkConnectionRow *self, gint64 now)
{
  double left = lk_connection_words_get_left (self->connection, now);
  gint64 ends = lk_dbus_connection1_get_authorization_ends (self->connection);
  g_autofree char *text = NULL, *spoken = NULL, *absolute = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->left), left >= 0);
  if (left < 0)
    return;
  text = lk_time_words_dup_short (ends, now);
  spoken = lk_time_words_dup_left (ends, now);
  absolute = lk_time_words_dup_absolute (ends);
  gtk_progress_bar_set_fraction (self->bar, left);
  gtk_label_set_label (self->left_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->left), absolute);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Time until you have to sign in again"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, spoken, -1);
}

static void
lk_connection_row_refresh_action (LkConnectionRow *self)
{
  LkConnectionAction action = lk_connection_words_get_action (self->connection);

  gtk_widget_set_visible (GTK_WIDGET (self->action), action != LK_CONNECTION_ACTION_NONE);
  if (action == LK_CONNECTION_ACTION_NONE)
    return;
  gtk_button_set_label (self->action, lk_connection_words_get_label (action));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->action), "s",
                                    lk_dbus_connection1_get_id (self->connection));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->action),
                                  lk_connection_words_get_detailed (action));
}

static char *
lk_connection_row_dup_tooltip (LkConnectionRow *self)
{
  gint64 next = lk_dbus_connection1_get_next_renewal (self->connection);

  if (lk_connection_words_get_health (self->connection) == LK_HEALTH_ENDING)
    return lk_time_words_dup_absolute (
        lk_dbus_connection1_get_authorization_ends (self->connection));
  if (next == 0)
    next = lk_dbus_connection1_get_last_verified (self->connection);
  return lk_time_words_dup_absolute (next);
}

/* The list's own item is what a screen reader finds, and the row is what has the focus. */
static void
lk_connection_row_set_spoken (LkConnectionRow *self, const char *spoken)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                    -1);
}

/* Room for a connection whose page is on its way. */
static void
lk_connection_row_show_placeholder (LkConnectionRow *self)
{
  adw_avatar_set_text (self->avatar, "");
  gtk_label_set_label (self->name, "…");
  gtk_label_set_label (self->subtitle, "");
  gtk_label_set_label (self->status, "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->status_icon), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->left), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->action), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->menu), FALSE);
  lk_connection_row_set_spoken (self, _("Loading…"));
}

static void
lk_connection_row_refresh_menu (LkConnectionRow *self, const char *name)
{
  g_autofree char *text = NULL;

  /* Translators: accessible name and tooltip of a row's menu; %s is a connection's name. */
  text = g_strdup_printf (_("More for %s"), name);
  gtk_widget_set_visible (GTK_WIDGET (self->menu), TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
lk_connection_row_show_status (LkConnectionRow *self, const char *status)
{
  g_autofree char *tooltip = lk_connection_row_dup_tooltip (self);
  gboolean needs = lk_connection_words_get_health (self->connection) == LK_HEALTH_ATTENTION;

  gtk_label_set_label (self->status, status);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), tooltip);
  gtk_widget_set_visible (GTK_WIDGET (self->status_icon), needs);
  if (needs)
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->status), "dim-label");
}

static void
lk_connection_row_refresh (LkConnectionRow *self)
{
  gint64 now = lk_app_context_get_now (self->context);
  const char *name;
  g_autofree char *subtitle = NULL, *status = NULL, *letter = NULL, *spoken = NULL;

  if (self->connection == NULL)
    return;
  name = lk_dbus_connection1_get_name (self->connection);
  if (lk_connection_is_placeholder (self->connection) || name == NULL)
    {
      lk_connection_row_show_placeholder (self);
      return;
    }
  subtitle = lk_connection_words_dup_subtitle (self->connection);
  status = lk_connection_words_dup_status (self->connection,
                                           lk_app_context_get_diagnosis (self->context), now);
  letter
    = lk_connection_words_dup_letter (lk_dbus_connection1_get_provider_name (self->connection));
  adw_avatar_set_text (self->avatar, letter);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->subtitle, subtitle);
  lk_connection_row_show_status (self, status);
  lk_connection_row_refresh_left (self, now);
  lk_connection_row_refresh_action (self);
  lk_connection_row_refresh_menu (self, name);
  /* Translators: a row for screen readers: name, provider and accounts, status. */
  spoken = g_strdup_printf (_("%s, %s, %s"), name, subtitle, status);
  lk_connection_row_set_spoken (self, spoken);
}

static gboolean
refresh_idle_cb (gpointer user_data)
{
  LkConnectionRow *self = user_data;

  self->refresh_id = 0;
  lk_connection_row_refresh (self);
  return G_SOURCE_REMOVE;
}

/* A renewal changes ten properties at once; the row is filled once. */
static void
lk_connection_row_queue_refresh (LkConnectionRow *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, refresh_idle_cb, self, NULL);
}

static void
now_cb (LkConnectionRow *self)
{
  if (self->connection != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lk_connection_row_queue_refresh (self);
}

/* The heading and the room between sections belong to the row, but a click there opens nothing. */
static void
pressed_cb (GtkGesture *gesture, int n_press, double x, double y, LkConnectionRow *self)
{
  double card_x, card_y;

  gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (self->card), x, y, &card_x,
                                    &card_y);
  if (!gtk_widget_contains (GTK_WIDGET (self->card), card_x, card_y))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
lk_connection_row_dispose (GObject *object)
{
  LkConnectionRow *self = LK_CONNECTION_ROW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->changes);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_connection_row_parent_class)->dispose (object);
}

static void
lk_connection_row_class_init (LkConnectionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_connection_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/latchkey_app/Latchkey/lk-connection-row.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "connectionrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, heading_box);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, section);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, count);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, card);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, body);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, heading);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, name);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, status);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, left);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, bar);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, left_label);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, action);
  gtk_widget_class_bind_template_child (widget_class, LkConnectionRow, menu);
}

static void
lk_connection_row_init (LkConnectionRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* The list's item gives the focus to what is in it: first the row, then its buttons. */
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_menu_button_set_create_popup_func (self->menu, create_menu_cb, self, NULL);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  self->changes = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->changes, "notify",
                                  G_CALLBACK (lk_connection_row_queue_refresh), self);
}

GtkWidget *
lk_connection_row_new (LkAppContext *context)
{
  LkConnectionRow *self = g_object_new (LK_TYPE_CONNECTION_ROW, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (context, "notify::now", G_CALLBACK (now_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
lk_connection_row_set_connection (LkConnectionRow *self, LkDBusConnection1 *connection)
{
  if (!g_set_object (&self->connection, connection))
    return;
  /* A menu that is open belongs to the one before. */
  gtk_menu_button_set_popover (self->menu, NULL);
  gtk_menu_button_set_create_popup_func (self->menu, create_menu_cb, self, NULL);
  g_signal_group_set_target (self->changes, connection);
  lk_connection_row_refresh (self);
}

LkDBusConnection1 *
lk_connection_row_get_connection (LkConnectionRow *self)
{
  return self->connection;
}

static void
set_css_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

void
lk_connection_row_set_place (LkConnectionRow *self, const char *heading, guint count,
                             gboolean last)
{
  g_autofree char *number = NULL, *spoken = NULL;

  set_css_class (GTK_WIDGET (self->card), "first", heading != NULL);
  set_css_class (GTK_WIDGET (self->card), "last", last);
  gtk_widget_set_visible (GTK_WIDGET (self->heading_box), heading != NULL);
  if (heading == NULL)
    return;
  number = g_strdup_printf ("%u", count);
  /* Translators: a section's heading for screen readers, such as "Needs You, 2 connections". */
  spoken = g_strdup_printf (ngettext ("%s, %u connection", "%s, %u connections", count), heading,
                            count);
  gtk_label_set_label (self->section, heading);
  gtk_label_set_label (self->count, number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->section), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

void
lk_connection_row_popup_menu (LkConnectionRow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->menu)))
    gtk_menu_button_popup (self->menu);
}

/**
 * lk_connection_row_set_narrow:
 *
 * One column for a narrow window, so that the words keep their room.
 */
void
lk_connection_row_set_narrow (LkConnectionRow *self, gboolean narrow)
{
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->body), orientation);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->heading), orientation);
  gtk_box_set_spacing (self->body, narrow ? 6 : 12);
  gtk_box_set_spacing (self->heading, narrow ? 0 : 9);
  gtk_widget_set_halign (GTK_WIDGET (self->action), narrow ? GTK_ALIGN_START : GTK_ALIGN_END);
}
