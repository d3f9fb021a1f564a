/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-show-file.h"

#include <glib/gi18n.h>

#include "lk-window-private.h"

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  /* Nothing is lost: the file is where the person put it. */
  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    g_info ("The folder is not shown: %s", error->message);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GFile) file = user_data;
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autofree char *uri = NULL;

  /* Not every desktop has such a file manager; each can open a folder. */
  if (reply != NULL || folder == NULL)
    return;
  uri = g_file_get_uri (folder);
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, shown_cb, NULL);
}

static void
clicked_cb (GFile *file)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autofree char *uri = g_file_get_uri (file);
  const char *uris[] = { uri, NULL };

  if (bus == NULL)
    return;
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, asked_cb, g_object_ref (file));
}

void
lk_show_file_toast (LkWindow *window, const char *text, GFile *file)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _("_Show in Files"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (clicked_cb), g_object_ref (file),
                         (GClosureNotify) (void (*) (void)) g_object_unref, G_CONNECT_SWAPPED);
  lk_window_add_toast (window, toast);
}
