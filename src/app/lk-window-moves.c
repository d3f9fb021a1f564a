/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-window-moves.h"

#include <glib/gi18n.h>

#include "lk-backup-dialog.h"
#include "lk-restore-dialog.h"
#include "lk-window-private.h"

static LkDBusConnection1 *
find (LkWindow *self, GVariant *id)
{
  LkAgentClient *client = lk_app_context_get_client (lk_window_get_context (self));

  return lk_agent_client_find_connection (client, g_variant_get_string (id, NULL));
}

static void
back_up_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_backup_dialog_present (GTK_WINDOW (widget), lk_window_get_context (LK_WINDOW (widget)), NULL);
}

static void
back_up_one_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);

  if (connection != NULL)
    lk_backup_dialog_present (GTK_WINDOW (widget), lk_window_get_context (LK_WINDOW (widget)),
                              connection);
}

static void
restore_backup_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_restore_dialog_choose (GTK_WINDOW (widget), lk_window_get_context (LK_WINDOW (widget)));
}

/* Taking back. */

typedef struct
{
  LkWindow          *window;     /* (owned) */
  LkDBusConnection1 *connection; /* (owned) */
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->window);
  g_object_unref (question->connection);
  g_free (question);
}

static void
taken_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_dbus_agent1_call_take_back_finish (LK_DBUS_AGENT1 (source), NULL, result, &error))
    lk_window_toast (window, _("The connection is used here again."));
  else
    lk_window_toast_error (window, error);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (question->window));
  const char *ids[] = { lk_dbus_connection1_get_id (question->connection), NULL };

  if (g_strcmp0 (response, "take") == 0 && agent != NULL)
    lk_dbus_agent1_call_take_back (agent, ids, NULL, taken_back_cb,
                                   g_object_ref (question->window));
}

static void
take_back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkDBusConnection1 *connection = find (LK_WINDOW (widget), parameter);
  gboolean moved = connection != NULL
                   && g_strcmp0 (lk_dbus_connection1_get_parked (connection), "moved") == 0;
  g_autofree char *title = NULL;
  GtkWidget *dialog;
  Question *question;

  if (connection == NULL)
    return;
  /* Translators: %s is a connection's name. */
  title = g_strdup_printf (moved ? _("Take “%s” Back?") : _("Use “%s” Here?"),
                           lk_dbus_connection1_get_name (connection));
  dialog = adw_message_dialog_new (GTK_WINDOW (widget), title, NULL);
  adw_message_dialog_set_body (
    ADW_MESSAGE_DIALOG (dialog),
    moved ? _("Only if the other computer does not use it: if nobody restored the file, or it was "
              "removed there. Two computers that renew the same connection end it for each other, "
              "and you would have to sign in again. Delete the file afterwards.")
          : _("Only if the computer that the backup came from uses it no more. Two computers that "
              "renew the same connection end it for each other, and you would have to sign in "
              "again."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "take",
                                    moved ? _("_Take Back") : _("_Use Here"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "take",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  question = g_new0 (Question, 1);
  question->window = g_object_ref (LK_WINDOW (widget));
  question->connection = g_object_ref (connection);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
lk_window_install_moves (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.back-up", NULL, back_up_action);
  gtk_widget_class_install_action (widget_class, "win.back-up-one", "s", back_up_one_action);
  gtk_widget_class_install_action (widget_class, "win.restore-backup", NULL,
                                   restore_backup_action);
  gtk_widget_class_install_action (widget_class, "win.take-back", "s", take_back_action);
}
