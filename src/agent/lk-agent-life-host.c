/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-life-host.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define SYSTEMD      "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define MANAGER      "org.freedesktop.systemd1.Manager"
#define UNIT         "latchkey-agent.service"
#define DEADLINE_MS  (10 * 1000)
#define ENTRY        "io.github.latchkey_app.Latchkey.Agent.desktop"

/* The file. */

static char *
dup_own_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", ENTRY, NULL);
}

/* One that whoever looks after the machine put there for everybody. */
static gboolean
is_for_everybody (void)
{
  const char * const *folders = g_get_system_config_dirs ();

  for (size_t i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "autostart", ENTRY, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_on_by_file (void)
{
  g_autofree char *path = dup_own_path ();
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *enabled = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return is_for_everybody ();
  enabled = g_key_file_get_string (file, G_KEY_FILE_DESKTOP_GROUP, "X-GNOME-Autostart-enabled",
                                   NULL);
  return !g_key_file_get_boolean (file, G_KEY_FILE_DESKTOP_GROUP, "Hidden", NULL)
         && g_strcmp0 (enabled, "false") != 0;
}

static gboolean
write_entry (gboolean on, GError **error)
{
  g_autofree char *path = dup_own_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *quoted
    = g_shell_quote (program != NULL ? program : LK_LIBEXECDIR "/latchkey-agent");
  g_autofree char *command = g_strconcat (quoted, " --activate", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", folder,
                   g_strerror (saved));
      return FALSE;
    }
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Type", "Application");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Name", "Latchkey");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Comment",
                         _("Keeps your connections alive"));
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Icon", LK_APP_ID);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Exec", command);
  g_key_file_set_boolean (file, G_KEY_FILE_DESKTOP_GROUP, "NoDisplay", TRUE);
  if (!on)
    g_key_file_set_boolean (file, G_KEY_FILE_DESKTOP_GROUP, "Hidden", TRUE);
  return g_key_file_save_to_file (file, path, error);
}

/* @on: by the file alone. A file for everybody is turned off by one of the person's own. */
static gboolean
set_by_file (gboolean on, GError **error)
{
  g_autofree char *path = dup_own_path ();

  if (on != is_for_everybody ())
    return write_entry (on, error);
  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  return FALSE;
}

/* Setting. */

static void
reloaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("systemd did not look at its units again: %s", error->message);
}

/* No such unit, or no systemd for the person's programs. */
static void
unit_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusConnection *bus = G_DBUS_CONNECTION (source);
  g_autoptr(GTask) task = user_data;
  gboolean on = GPOINTER_TO_INT (g_task_get_task_data (task));
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (bus, result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (reply != NULL)
    g_dbus_connection_call (bus, SYSTEMD, SYSTEMD_PATH, MANAGER, "Reload", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS,
                            g_task_get_cancellable (task), reloaded_cb, NULL);
  else
    g_debug ("no unit to start with the session: %s", error->message);
  g_clear_error (&error);
  if (!set_by_file (on && reply == NULL, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
lk_agent_life_host_set_async (GDBusConnection *bus, gboolean on, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  static const char * const units[] = { UNIT, NULL };
  g_autoptr(GTask) task = g_task_new (bus, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_agent_life_host_set_async);
  g_task_set_task_data (task, GINT_TO_POINTER (on), NULL);
  g_dbus_connection_call (bus, SYSTEMD, SYSTEMD_PATH, MANAGER,
                          on ? "EnableUnitFiles" : "DisableUnitFiles",
                          on ? g_variant_new ("(^asbb)", units, FALSE, FALSE)
                             : g_variant_new ("(^asb)", units, FALSE),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, cancellable,
                          unit_set_cb, g_object_ref (task));
}

gboolean
lk_agent_life_host_set_finish (GDBusConnection *bus, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, bus), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Getting. */

static void
unit_got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *state = "";

  if (g_task_return_error_if_cancelled (task))
    return;
  if (reply != NULL)
    g_variant_get (reply, "(&s)", &state);
  g_task_return_int (task, g_str_has_prefix (state, "enabled") || is_on_by_file ());
}

void
lk_agent_life_host_get_async (GDBusConnection *bus, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (bus, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_agent_life_host_get_async);
  g_dbus_connection_call (bus, SYSTEMD, SYSTEMD_PATH, MANAGER, "GetUnitFileState",
                          g_variant_new ("(s)", UNIT), G_VARIANT_TYPE ("(s)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, cancellable, unit_got_cb,
                          g_object_ref (task));
}

gboolean
lk_agent_life_host_get_finish (GDBusConnection *bus, GAsyncResult *result, gboolean *on,
                               GError **error)
{
  gssize found;

  g_return_val_if_fail (g_task_is_valid (result, bus), FALSE);

  found = g_task_propagate_int (G_TASK (result), error);
  *on = found > 0;
  return found >= 0;
}
