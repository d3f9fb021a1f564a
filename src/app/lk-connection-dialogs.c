/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-dialogs.h"

#include <glib/gi18n.h>

#include "lk-window-private.h"

/* Accounts named in the question before the rest is only counted. */
#define NAMED_ACCOUNTS 5

/* The agent takes 200 bytes; in every script this many characters fit. */
#define MAX_NAME_LENGTH 50

typedef struct
{
  LkWindow          *window;     /* (owned) */
  LkDBusConnection1 *connection; /* (owned) */
  GtkEditable       *entry;      /* (nullable): in the dialog */
} Question;

static Question *
question_new (LkWindow *window, LkDBusConnection1 *connection)
{
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (window);
  question->connection = g_object_ref (connection);
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->window);
  g_object_unref (question->connection);
  g_free (question);
}

static void
question_closed (gpointer data, GClosure *closure)
{
  question_free (data);
}

static void
renamed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_connection1_call_rename_finish (LK_DBUS_CONNECTION1 (source), result, &error))
    lk_window_toast_error (window, error);
}

static void
rename_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (question->entry)));

  if (g_strcmp0 (response, "rename") == 0 && *name != '\0')
    lk_dbus_connection1_call_rename (question->connection, name, NULL, renamed_cb,
                                     g_object_ref (question->window));
}

static void
rename_text_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "rename", *name != '\0');
}

void
lk_connection_dialogs_rename (LkWindow *window, LkDBusConnection1 *connection)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), _("Rename Connection"), NULL);
  GtkWidget *entry = gtk_entry_new ();
  Question *question = question_new (window, connection);
  const char *name = lk_dbus_connection1_get_name (connection);

  question->entry = GTK_EDITABLE (entry);
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_NAME_LENGTH);
  gtk_editable_set_text (GTK_EDITABLE (entry), name != NULL ? name : "");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("New name"), -1);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _("Programs that ask for it by its name need the new one."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename",
                                    _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (entry, "changed", G_CALLBACK (rename_text_cb), dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (rename_response_cb), question,
                         question_closed, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_dbus_connection1_call_revoke_finish (LK_DBUS_CONNECTION1 (source), result, &error))
    lk_window_toast (window, _("Access was withdrawn at the provider."));
  else
    lk_window_toast_error (window, error);
}

static void
revoke_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;

  if (g_strcmp0 (response, "revoke") == 0)
    lk_dbus_connection1_call_revoke (question->connection, NULL, revoked_cb,
                                     g_object_ref (question->window));
}

static void
append_accounts (GString *text, GVariant *accounts)
{
  gulong n = accounts != NULL ? g_variant_n_children (accounts) : 0;

  for (gulong i = 0; i < MIN (n, NAMED_ACCOUNTS); i++)
    {
      const char *id, *name;

      g_variant_get_child (accounts, i, "(&s&s)", &id, &name);
      g_string_append_c (text, '\n');
      /* Translators: one account in a list of what stops. */
      g_string_append_printf (text, _("• access to %s"), *name != '\0' ? name : id);
    }
  if (n > NAMED_ACCOUNTS)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, ngettext ("• access to %lu more account",
                                              "• access to %lu more accounts",
                                              n - NAMED_ACCOUNTS), n - NAMED_ACCOUNTS);
    }
}

static char *
dup_consequences (LkDBusConnection1 *connection)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("• every program that uses the token of “%s”"),
                          lk_dbus_connection1_get_name (connection));
  g_string_append_c (text, '\n');
  g_string_append (text, _("• renewals by Latchkey"));
  append_accounts (text, lk_dbus_connection1_get_accounts (connection));
  return g_string_free (text, FALSE);
}

/* The platform can't give it back, so this one asks, and lists what stops. */
void
lk_connection_dialogs_revoke (LkWindow *window, LkDBusConnection1 *connection)
{
  g_autofree char *consequences = dup_consequences (connection);
  GtkWidget *list = g_object_new (GTK_TYPE_LABEL, "label", consequences, "xalign", 0.0f, "wrap",
                                  TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  g_autofree char *heading
    = g_strdup_printf (_("Withdraw Access of “%s”?"), lk_dbus_connection1_get_name (connection));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _("The provider ends this access for good; to have it back, "
                                 "somebody signs in again. This stops:"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), list);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "revoke",
                                    _("_Withdraw Access"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "revoke",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (revoke_response_cb),
                         question_new (window, connection), question_closed, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
