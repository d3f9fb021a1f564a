/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-token-copy.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>

#include "lk-window-private.h"

#define SECONDS_DEFAULT 30
/* Time to paste it and send the call. */
#define MIN_VALID 60

/* One copied token, until it is off the clipboard. */
typedef struct
{
  GdkClipboard       *clipboard; /* (owned) */
  GdkContentProvider *content;   /* (owned): what we put there */
  guint               clear_id;
  gulong              changed_id;
  gulong              destroy_id;
  gulong              shutdown_id;
  GtkWidget          *window;      /* (nullable): weak */
  GApplication       *application; /* (nullable): weak */
} TokenCopy;

static void
token_copy_free (TokenCopy *self)
{
  g_clear_handle_id (&self->clear_id, g_source_remove);
  g_clear_signal_handler (&self->changed_id, self->clipboard);
  if (self->window != NULL)
    g_clear_signal_handler (&self->destroy_id, self->window);
  if (self->application != NULL)
    g_clear_signal_handler (&self->shutdown_id, self->application);
  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->application);
  g_object_unref (self->clipboard);
  g_object_unref (self->content);
  g_free (self);
}

static gboolean
token_copy_is_there (TokenCopy *self)
{
  return gdk_clipboard_get_content (self->clipboard) == self->content;
}

static void
token_copy_end (TokenCopy *self)
{
  g_clear_signal_handler (&self->changed_id, self->clipboard);
  if (token_copy_is_there (self))
    gdk_clipboard_set_content (self->clipboard, NULL);
  gdk_display_flush (gdk_clipboard_get_display (self->clipboard));
  token_copy_free (self);
}

static gboolean
clear_cb (gpointer user_data)
{
  TokenCopy *self = user_data;

  self->clear_id = 0;
  token_copy_end (self);
  return G_SOURCE_REMOVE;
}

/* Somebody copied something else; the token goes from memory at once. */
static void
changed_cb (TokenCopy *self)
{
  if (!token_copy_is_there (self))
    token_copy_free (self);
}

/* The hint keeps it out of the histories of clipboard managers that know of passwords. GDK names
 * it, but gives out no target without a slash, so it serves those that only look for the name. */
static GdkContentProvider *
new_content (LkSecret *token)
{
  /* The bytes are the secret's own, so that nothing else has to be wiped. */
  g_autoptr(GBytes) bytes
    = g_bytes_new_with_free_func (lk_secret_open (token), lk_secret_get_length (token),
                                  (GDestroyNotify) lk_secret_unref, lk_secret_ref (token));
  g_autoptr(GBytes) hint = g_bytes_new_static ("secret", strlen ("secret"));
  GdkContentProvider *providers[] = {
    gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes),
    gdk_content_provider_new_for_bytes ("x-kde-passwordManagerHint", hint),
  };

  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* @seconds: 0 to leave it there while the window lives */
static void
put (LkWindow *window, LkSecret *token, guint seconds)
{
  TokenCopy *self = g_new0 (TokenCopy, 1);
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));

  self->clipboard = g_object_ref (gtk_widget_get_clipboard (GTK_WIDGET (window)));
  self->content = new_content (token);
  gdk_clipboard_set_content (self->clipboard, self->content);
  self->changed_id = g_signal_connect_swapped (self->clipboard, "changed",
                                               G_CALLBACK (changed_cb), self);
  g_set_weak_pointer (&self->window, GTK_WIDGET (window));
  self->destroy_id = g_signal_connect_swapped (window, "destroy", G_CALLBACK (token_copy_end),
                                               self);
  /* GTK gives the clipboard to a manager when the program ends; this comes before. */
  g_set_weak_pointer (&self->application, application);
  if (application != NULL)
    self->shutdown_id = g_signal_connect_swapped (application, "shutdown",
                                                  G_CALLBACK (token_copy_end), self);
  if (seconds > 0)
    self->clear_id = g_timeout_add_seconds (seconds, clear_cb, self);
}

static guint
get_seconds (LkWindow *window)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (lk_window_get_context (window));
  GVariant *settings = agent != NULL ? lk_dbus_agent1_get_settings (agent) : NULL;
  guint seconds = SECONDS_DEFAULT;

  if (settings != NULL)
    g_variant_lookup (settings, "clipboard-seconds", "u", &seconds);
  return seconds;
}

static LkSecret *
take_token (GVariant *handle, GUnixFDList *fds, GError **error)
{
  int fd = fds != NULL ? g_unix_fd_list_get (fds, g_variant_get_handle (handle), error) : -1;

  if (fds == NULL)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED, "no token in the reply");
  return fd >= 0 ? lk_secret_from_fd (fd, error) : NULL;
}

static void
token_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkWindow) window = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GVariant) handle = NULL;
  g_autoptr(LkSecret) token = NULL;
  g_autofree char *text = NULL;
  guint seconds;

  if (lk_dbus_connection1_call_get_token_finish (LK_DBUS_CONNECTION1 (source), &handle, NULL, &fds,
                                                 result, &error))
    token = take_token (handle, fds, &error);
  /* A window that was closed meanwhile gets no token. */
  if (lk_window_get_context (window) == NULL)
    return;
  if (token == NULL)
    {
      lk_window_toast_error (window, error);
      return;
    }

  seconds = get_seconds (window);
  put (window, token, seconds);
  if (seconds == 0)
    text = g_strdup (_("Copied. It stays there until you copy something else."));
  else
    text = g_strdup_printf (ngettext ("Copied. It is cleared in %u second.",
                                      "Copied. It is cleared in %u seconds.", seconds), seconds);
  lk_window_toast (window, text);
}

void
lk_token_copy (LkWindow *window, LkDBusConnection1 *connection)
{
  lk_dbus_connection1_call_get_token (connection, MIN_VALID, "latchkey", NULL, NULL, token_cb,
                                      g_object_ref (window));
}
