/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-background-hint.h"

#include <glib/gi18n.h>

#define KEY "told-background"

static guint
count (GVariant *summary, const char *key)
{
  guint32 number = 0;

  g_variant_lookup (summary, key, "u", &number);
  return number;
}

static gboolean
is_needed (LkDBusAgent1 *agent)
{
  GVariant *settings = lk_dbus_agent1_get_settings (agent);
  GVariant *summary = lk_dbus_agent1_get_summary (agent);
  gboolean told = TRUE;

  if (settings == NULL || summary == NULL)
    return FALSE;
  g_variant_lookup (settings, KEY, "b", &told);
  return !told && count (summary, "attention") + count (summary, "ending")
                  + count (summary, "fine") > 0;
}

static void
remembered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_set_settings_finish (LK_DBUS_AGENT1 (source), result, &error))
    g_message ("it will be said again: %s", error->message);
}

static void
remember (LkDBusAgent1 *agent)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", KEY, g_variant_new_boolean (TRUE));
  lk_dbus_agent1_call_set_settings (agent, g_variant_builder_end (&builder), NULL, remembered_cb,
                                    NULL);
}

static void
response_cb (GtkWindow *window, const char *response, AdwMessageDialog *dialog)
{
  if (g_strcmp0 (response, "preferences") == 0)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "app.preferences", NULL);
      return;
    }
  /* The dialog lives a moment longer than the window, and would still listen to it. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (window);
}

gboolean
lk_background_hint_show (GtkWindow *window, LkAppContext *context)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (context);
  GtkWidget *dialog;

  if (agent == NULL || !is_needed (agent))
    return FALSE;
  remember (agent);
  dialog = adw_message_dialog_new (window, _("Latchkey Keeps Working"), NULL);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _("It looks after your connections without this window, and tells "
                                 "you when you are needed. You find it in the panel, where there "
                                 "is one for such things, and among your applications."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "preferences", _("_Preferences"),
                                    "close", _("_Close Window"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), window,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
