/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include "lk-ipc.h"

/* The interface as documented, from where the tests are. */
#define AGENT_XML TEST_DATA "/../../data/dbus/io.github.latchkey_app.Latchkey.Agent1.xml"

/* Every code crosses the bus and comes back as itself, under a documented name of its own. */
static void
test_error_names (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *xml = NULL;

  g_assert_true (g_file_get_contents (AGENT_XML, &xml, NULL, NULL));
  for (int code = 0; code < LK_N_AGENT_ERRORS; code++)
    {
      g_autoptr(GError) error = g_error_new (LK_AGENT_ERROR, code, "detail");
      g_autofree char *name = g_dbus_error_encode_gerror (error);
      g_autoptr(GError) back = g_dbus_error_new_for_dbus_error (name, "detail");
      const char *word = strrchr (name, '.') + 1;

      g_assert_true (g_str_has_prefix (name, "io.github.latchkey_app.Latchkey.Error."));
      g_assert_nonnull (strstr (xml, word));
      g_assert_error (back, LK_AGENT_ERROR, code);
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&name)));
    }
}

/* Every code has a sentence of its own: it starts with a capital and ends with a full stop. */
static void
test_sentences (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *none = lk_agent_error_to_sentence (NULL);

  g_assert_nonnull (none);
  for (int code = 0; code < LK_N_AGENT_ERRORS; code++)
    {
      g_autoptr(GError) error = g_error_new (LK_AGENT_ERROR, code, "canary");
      g_autofree char *sentence = lk_agent_error_to_sentence (error);

      g_assert_true (g_ascii_isupper (sentence[0]));
      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_null (strstr (sentence, "canary"));
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&sentence)));
    }
}

/* Errors of the bus itself also become sentences, and say which trouble it is. */
static void
test_bus_sentences (void)
{
  const struct
  {
    GQuark      domain;
    int         code;
    const char *part;
  } rows[] = {
    { G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN, "not installed" },
    { G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY, "stopped" },
    { G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_FAILED, "could not be started" },
    { G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT, "not there any more" },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled" },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "too long" },
    { G_IO_ERROR, G_IO_ERROR_FAILED, "went wrong" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (rows[i].domain, rows[i].code, "detail");
      g_autofree char *sentence = lk_agent_error_to_sentence (error);

      g_assert_nonnull (strstr (sentence, rows[i].part));
    }
}

static void
secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static LkSecret *
read_async (int fd, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lk_secret_from_fd_async (fd, secret_read_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return lk_secret_from_fd_finish (result, error);
}

/* What goes in comes out, for no, short and the longest secrets, and no child inherits it. */
static void
test_secret_round_trip (void)
{
  const size_t lengths[] = { 0, 1, 100, 4096, 60000 };

  for (size_t i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int way = 0; way < 2; way++)
      {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strnfill (lengths[i], 'x');
        g_autoptr(LkSecret) secret = lk_secret_new (text);
        g_autoptr(LkSecret) back = NULL;
        int fd = lk_secret_to_fd (secret, &error);

        g_assert_no_error (error);
        g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
        back = way == 0 ? lk_secret_from_fd (fd, &error) : read_async (fd, &error);
        g_assert_no_error (error);
        g_assert_true (lk_secret_equal (secret, back));
        g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
      }
}

/* Too long, and not text, are errors; neither hangs. */
static void
test_secret_refused (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strnfill (70000, 'x');
  g_autoptr(LkSecret) secret = lk_secret_new (text);
  int ends[2];

  g_assert_cmpint (lk_secret_to_fd (secret, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], "a\0b", 3), ==, 3);
  close (ends[1]);
  g_assert_null (lk_secret_from_fd (ends[0], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], "\xff\xfe", 2), ==, 2);
  close (ends[1]);
  g_assert_null (read_async (ends[0], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static gboolean
tick_cb (gpointer user_data)
{
  guint *ticks = user_data;

  (*ticks)++;
  return G_SOURCE_CONTINUE;
}

/* A sender that never ends the secret does not hold the main loop up, and is given up on. */
static void
test_secret_never_ends (void)
{
  g_autoptr(GError) error = NULL;
  guint ticks = 0;
  guint tick_id = g_timeout_add (100, tick_cb, &ticks);
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], "half", 4), ==, 4);
  g_assert_null (read_async (ends[0], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (ticks, >, 10);
  g_source_remove (tick_id);
  close (ends[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipc/error/names", test_error_names);
  g_test_add_func ("/ipc/error/sentences", test_sentences);
  g_test_add_func ("/ipc/error/bus-sentences", test_bus_sentences);
  g_test_add_func ("/ipc/secret/round-trip", test_secret_round_trip);
  g_test_add_func ("/ipc/secret/refused", test_secret_refused);
  g_test_add_func ("/ipc/secret/never-ends", test_secret_never_ends);
  return g_test_run ();
}
