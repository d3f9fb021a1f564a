/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

/* To find out why the time was over. */
#define AFTER_DEADLINE_MS 1000

static gboolean
looks_like_id (const char *word)
{
  return strspn (word, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen (word);
}

static gboolean
is_not_there (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE);
}

static LkSecret *
call_once (LkCtl       *self,
           const char  *path,
           guint        min_valid,
           const char  *program,
           GError     **error)
{
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GVariant) reply = NULL;
  int remaining = lk_ctl_get_remaining (self);
  int handle = 0;
  int fd = -1;

  if (remaining == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no time is left");
      return NULL;
    }

  reply = g_dbus_connection_call_with_unix_fd_list_sync (
    self->bus, LK_AGENT_NAME, path, LK_CONNECTION_INTERFACE, "GetToken",
    g_variant_new ("(us)", min_valid, program), G_VARIANT_TYPE ("(hx)"), G_DBUS_CALL_FLAGS_NONE,
    remaining, NULL, &fds, NULL, error);
  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(hx)", &handle, NULL);
  if (fds == NULL)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED, "no token came along");
      return NULL;
    }
  fd = g_unix_fd_list_get (fds, handle, error);
  return fd >= 0 ? lk_secret_from_fd (fd, error) : NULL;
}

/* Asking for a token changes nothing, so an agent that died on it is asked once more. */
static LkSecret *
call_twice (LkCtl       *self,
            const char  *path,
            guint        min_valid,
            const char  *program,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  LkSecret *token = call_once (self, path, min_valid, program, &local_error);

  if (token != NULL)
    return token;
  if (g_error_matches (local_error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY))
    return call_once (self, path, min_valid, program, error);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * lk_ctl_get_token:
 * @word: id or name; an id costs one round trip, a name two
 * @program: for the connection's history
 */
LkSecret *
lk_ctl_get_token (LkCtl       *self,
                  const char  *word,
                  guint        min_valid,
                  const char  *program,
                  GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *found = NULL;

  if (!lk_ctl_open_bus (self, error))
    return NULL;

  if (looks_like_id (word))
    {
      g_autofree char *path = g_strconcat (LK_AGENT_CONNECTIONS, word, NULL);
      LkSecret *token = call_twice (self, path, min_valid, program, &local_error);

      if (token != NULL)
        return token;
      if (!is_not_there (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  found = lk_ctl_find_path (self, word, error);
  return found != NULL ? call_twice (self, found, min_valid, program, error) : NULL;
}

/* Whether the person is being asked if a program may have a token of @connection. */
static gboolean
is_being_asked (LkCtl      *self,
                const char *word)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) asking = NULL;
  gboolean found = FALSE;

  reply = g_dbus_connection_call_sync (
    self->bus, LK_AGENT_NAME, LK_AGENT_MANAGER_PATH, "org.freedesktop.DBus.Properties", "Get",
    g_variant_new ("(ss)", LK_AGENT_INTERFACE, "Asking"), G_VARIANT_TYPE ("(v)"),
    G_DBUS_CALL_FLAGS_NO_AUTO_START, AFTER_DEADLINE_MS, NULL, NULL);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(v)", &asking);
  for (size_t i = 0; i < g_variant_n_children (asking) && !found; i++)
    {
      g_autoptr(GVariant) question = g_variant_get_child_value (asking, i);
      const char *id = NULL;
      const char *name = NULL;

      g_variant_lookup (question, "connection", "&s", &id);
      g_variant_lookup (question, "connection-name", "&s", &name);
      found = g_strcmp0 (id, word) == 0 || g_strcmp0 (name, word) == 0;
    }
  return found;
}

/**
 * lk_ctl_fail_token:
 *
 * Says why there is no token: lk_ctl_fail_with(), and what holds it up when that is the person.
 */
int
lk_ctl_fail_token (LkCtl        *self,
                   const char   *word,
                   const GError *error)
{
  g_autoptr(GError) unanswered = NULL;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || self->bus == NULL ||
      !is_being_asked (self, word))
    return lk_ctl_fail_with (self, word, error);

  unanswered = g_error_new_literal (LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_ANSWERED, error->message);
  return lk_ctl_fail (self, unanswered);
}

/* Past stdio, whose buffers nobody wipes. */
static gboolean
write_all (const char *text,
           size_t      length)
{
  while (length > 0)
    {
      ssize_t n = write (STDOUT_FILENO, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      length -= (size_t) n;
    }

  return TRUE;
}

static int
print_token (LkCtl    *self,
             LkSecret *token)
{
  gboolean written;

  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();
      char *text = NULL;

      json_builder_begin_object (builder);
      lk_ctl_json_string (builder, "access_token", lk_secret_open (token));
      json_builder_end_object (builder);
      text = lk_ctl_json_dup (builder, FALSE);
      written = write_all (text, strlen (text));
      lk_wipe_string (text);
    }
  else
    {
      written = write_all (lk_secret_open (token), lk_secret_get_length (token));
    }

  if (!written || !write_all ("\n", 1))
    {
      lk_ctl_note (_("latchkeyctl: The token cannot be written: %s."), g_strerror (errno));
      return LK_CTL_EXIT_FAILED;
    }

  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_token (LkCtl  *self,
                  int     argc,
                  char  **argv)
{
  int min_valid = 0;
  const GOptionEntry entries[] = {
    { "min-valid", 0, 0, G_OPTION_ARG_INT, &min_valid,
      N_("Renew first if the token lives shorter than this"), N_("SECONDS") },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "token",
    .parameters = _("CONNECTION"),
    .summary = _("Prints the access token of a connection, renewed if need be, and nothing else."),
    .examples = "  latchkeyctl token acme\n"
                "  curl -H \"Authorization: Bearer $(latchkeyctl token acme)\" …\n"
                "  latchkeyctl token acme --min-valid 600\n",
    .notes = _("The id of a connection is the fastest way to name it. “latchkeyctl exec” keeps the "
               "token out of the command line."),
  };
  g_autoptr(LkSecret) token = NULL;
  g_autoptr(GError) error = NULL;
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;
  if (min_valid < 0)
    return lk_ctl_usage (self, "%s", _("--min-valid must not be negative"));

  lk_ctl_start_clock (self, 30);
  token = lk_ctl_get_token (self, word, (guint) min_valid, "latchkeyctl", &error);
  if (token == NULL)
    return lk_ctl_fail_token (self, word, error);

  return print_token (self, token);
}
