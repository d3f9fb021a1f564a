/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-backup.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

LkSecret *
lk_ctl_read_passphrase (LkCtl    *self,
                        gboolean  from_stdin,
                        gboolean  twice,
                        GError  **error)
{
  g_autoptr(LkSecret) first = NULL;
  g_autoptr(LkSecret) second = NULL;

  if (!from_stdin && !isatty (STDIN_FILENO))
    {
      g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                           _("There is no terminal to ask for the passphrase. Add "
                             "--passphrase-stdin to read it from the standard input."));
      return NULL;
    }

  first = lk_ctl_read_secret (self, _("Passphrase:"), error);
  if (first == NULL || from_stdin || !twice)
    return g_steal_pointer (&first);

  second = lk_ctl_read_secret (self, _("The same again:"), error);
  if (second == NULL)
    return NULL;
  if (!lk_secret_equal (first, second))
    {
      g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                           _("The two passphrases differ. Nothing was done."));
      return NULL;
    }

  return g_steal_pointer (&first);
}

/* Written over by the next one. */
static void
progress_cb (GDBusConnection *bus,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  const char *cookie = user_data;
  const char *told = NULL;
  guint32 done = 0;
  guint32 total = 0;

  g_variant_get (parameters, "(&suu)", &told, &done, &total);
  if (g_strcmp0 (told, cookie) == 0 && total > 1)
    {
      g_printerr ("\r");
      /* Translators: how many connections are done, and how many there are. */
      g_printerr (_("%u of %u"), done, total);
    }
  if (g_strcmp0 (told, cookie) == 0 && total > 1 && done == total)
    g_printerr ("\n");
}

static int
append_fd (GUnixFDList  *fds,
           int           fd,
           GError      **error)
{
  return g_unix_fd_list_append (fds, fd, error);
}

GVariant *
lk_ctl_call_with_file (LkCtl            *self,
                       const char       *method,
                       int               fd,
                       LkSecret         *passphrase,
                       GVariantBuilder  *options,
                       const char       *reply_type,
                       GError          **error)
{
  g_autoptr(GUnixFDList) fds = g_unix_fd_list_new ();
  g_autofree char *cookie = g_uuid_string_random ();
  GVariant *reply = NULL;
  guint watch = 0;
  int pipe = lk_secret_to_fd (passphrase, error);
  gboolean ready = pipe >= 0 && append_fd (fds, fd, error) == 0
                   && append_fd (fds, pipe, error) == 1 && lk_ctl_open_bus (self, error);

  if (pipe >= 0)
    g_close (pipe, NULL);
  if (!ready)
    {
      g_variant_builder_clear (options);
      return NULL;
    }

  if (isatty (STDERR_FILENO) && !self->json)
    watch = g_dbus_connection_signal_subscribe (self->bus, LK_AGENT_NAME, LK_AGENT_INTERFACE,
                                                "BackupProgress", LK_AGENT_MANAGER_PATH, NULL,
                                                G_DBUS_SIGNAL_FLAGS_NONE, progress_cb, cookie,
                                                NULL);
  g_variant_builder_add (options, "{sv}", "cookie", g_variant_new_string (cookie));
  reply = lk_ctl_call_with_fds (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, method,
                                g_variant_new ("(hha{sv})", 0, 1, options), fds, reply_type, NULL,
                                error);
  if (watch != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, watch);
  return reply;
}
