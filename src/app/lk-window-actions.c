/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-window-private.h"

#include <glib/gi18n.h>

#include "lk-assistant.h"
#include "lk-connection-dialogs.h"
#include "lk-help-window.h"
#include "lk-token-copy.h"
#include "lk-window-moves.h"

/* Borrowed; NULL when it went away between the click and now. */
static LkDBusConnection1 *
find (LkWindow *self, GVariant *id)
{
  LkAgentClient *client = lk_app_context_get_client (lk_window_get_context (self));

  return lk_agent_client_find_connection (client, g_variant_get_string (id, NULL));
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkWindow *self = LK_WINDOW (widget);

  lk_assistant_present_new (GTK_WINDOW (self), lk_window_get_context (self));
}

static void
try_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkWindow *self = LK_WINDOW (widget);

  lk_assistant_present_trial (GTK_WINDOW (self), lk_window_get_context (self));
}

static void
reconnect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkWindow *self = LK_WINDOW (widget);
  LkDBusConnection1 *connection = find (self, parameter);

  if (connection != NULL)
    lk_assistant_present_reconnect (GTK_WINDOW (self), lk_window_get_context (self), connection,
                                    NULL);
}

/* With one scope more than was asked for before. */
static void
reconnect_with_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkWindow *self = LK_WINDOW (widget);
  g_autoptr(GVariant) id = g_variant_get_child_value (parameter, 0);
  LkDBusConnection1 *connection = find (self, id);
  const char *scope;

  g_variant_get_child (parameter, 1, "&s", &scope);
  if (connection != NULL)
    lk_assistant_present_reconnect (GTK_WINDOW (self), lk_window_get_context (self), connection,
                                    *scope != '\0' ? scope : NULL);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_window_toggle_search (LK_WINDOW (widget));
}

static void
diagnose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_window_show_diagnose (LK_WINDOW (widget));
}

static void
activity_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_window_show_activity (LK_WINDOW (widget));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_window_go_back (LK_WINDOW (widget));
}

static void
help_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_help_window_present (lk_window_get_page (LK_WINDOW (widget)));
}

static void
start_agent_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_app_context_start (lk_window_get_context (LK_WINDOW (widget)));
}

static void
quit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_quit_finish (LK_DBUS_AGENT1 (source), result, &error))
    lk_window_toast_error (self, error);
}

/* The ledger is opened when the agent starts; the client starts it as soon as it is gone. */
static void
restart_agent_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (LK_WINDOW (widget)));

  if (agent != NULL)
    lk_dbus_agent1_call_quit (agent, NULL, quit_cb, g_object_ref (widget));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_window_show_connection (LK_WINDOW (widget), connection);
}

static void
matrix_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_window_show_matrix (LK_WINDOW (widget), connection);
}

static void
go_on_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_window_show_remedy (LK_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (!lk_dbus_connection1_call_renew_finish (LK_DBUS_CONNECTION1 (source), result, &error))
    {
      lk_window_toast_error (self, error);
      return;
    }
  /* Translators: %s is a connection's name. */
  text = g_strdup_printf (_("“%s” was renewed. The new token is in the keyring."),
                          lk_dbus_connection1_get_name (LK_DBUS_CONNECTION1 (source)));
  lk_window_toast (self, text);
}

static void
renew_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_dbus_connection1_call_renew (connection, NULL, renewed_cb, g_object_ref (widget));
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (!lk_dbus_connection1_call_verify_finish (LK_DBUS_CONNECTION1 (source), result, &error))
    {
      lk_window_toast_error (self, error);
      return;
    }
  /* Translators: %s is a connection's name. */
  text = g_strdup_printf (_("“%s” is alive: the provider just accepted its token."),
                          lk_dbus_connection1_get_name (LK_DBUS_CONNECTION1 (source)));
  lk_window_toast (self, text);
}

static void
verify_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_dbus_connection1_call_verify (connection, NULL, verified_cb, g_object_ref (widget));
}

static void
copy_token_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_token_copy (LK_WINDOW (widget), connection);
}

static void
rename_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_connection_dialogs_rename (LK_WINDOW (widget), connection);
}

static void
revoke_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_connection_dialogs_revoke (LK_WINDOW (widget), connection);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL, *escaped = NULL;
  const char *id = lk_dbus_connection1_get_id (LK_DBUS_CONNECTION1 (source));
  AdwToast *toast;

  if (!lk_dbus_connection1_call_remove_finish (LK_DBUS_CONNECTION1 (source), result, &error))
    {
      lk_window_toast_error (self, error);
      return;
    }
  /* Translators: %s is a connection's name. */
  text = g_strdup_printf (_("“%s” removed"),
                          lk_dbus_connection1_get_name (LK_DBUS_CONNECTION1 (source)));
  escaped = g_markup_escape_text (text, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "win.restore");
  adw_toast_set_action_target (toast, "s", id);
  /* The agent keeps it for a minute. */
  adw_toast_set_timeout (toast, 50);
  lk_window_add_toast (self, toast);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_dbus_connection1_call_remove (connection, NULL, removed_cb, g_object_ref (widget));
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_restore_connection_finish (LK_DBUS_AGENT1 (source), result, &error))
    lk_window_toast_error (self, error);
}

static void
restore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (LK_WINDOW (widget)));

  if (agent != NULL)
    lk_dbus_agent1_call_restore_connection (agent, g_variant_get_string (parameter, NULL), NULL,
                                            restored_cb, g_object_ref (widget));
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_unlock_keyring_finish (LK_DBUS_AGENT1 (source), result, &error))
    lk_window_toast_error (self, error);
}

/* Also behind a row's button; the row's id does not matter, the keyring is one for all. */
static void
unlock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (LK_WINDOW (widget)));

  if (agent != NULL)
    lk_dbus_agent1_call_unlock_keyring (agent, NULL, unlocked_cb, g_object_ref (widget));
}

static void
reloaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_dbus_agent1_call_reload_profiles_finish (LK_DBUS_AGENT1 (source), result, &error))
    {
      lk_app_context_reload_profiles (lk_window_get_context (self));
      lk_window_toast (self, _("The provider files were read again."));
    }
  else
    lk_window_toast_error (self, error);
}

static void
reload_profiles_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (LK_WINDOW (widget)));

  if (agent != NULL)
    lk_dbus_agent1_call_reload_profiles (agent, NULL, reloaded_cb, g_object_ref (widget));
}

/* "s": the id of a connection; of win.go-on, the path of a remedy. */
void
lk_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                  *name;
    const char                  *parameter;
    GtkWidgetActionActivateFunc  activate;
  } actions[] = {
    { "win.connect", NULL, connect_action },
    { "win.try", NULL, try_action },
    { "win.search", NULL, search_action },
    { "win.activity", NULL, activity_action },
    { "win.diagnose", NULL, diagnose_action },
    { "win.back", NULL, back_action },
    { "win.help", NULL, help_action },
    { "win.start-agent", NULL, start_agent_action },
    { "win.restart-agent", NULL, restart_agent_action },
    { "win.unlock-keyring", NULL, unlock_action },
    { "win.reload-profiles", NULL, reload_profiles_action },
    { "win.open", "s", open_action },
    { "win.matrix", "s", matrix_action },
    { "win.go-on", "s", go_on_action },
    { "win.reconnect-with", "(ss)", reconnect_with_action },
    { "win.renew", "s", renew_action },
    { "win.verify", "s", verify_action },
    { "win.reconnect", "s", reconnect_action },
    { "win.copy-token", "s", copy_token_action },
    { "win.rename", "s", rename_action },
    { "win.revoke", "s", revoke_action },
    { "win.remove", "s", remove_action },
    { "win.restore", "s", restore_action },
    { "win.unlock", "s", unlock_action },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
  lk_window_install_moves (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Back, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "win.help", NULL);
}
