/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* memfd_create() and seals */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lk-ipc.h"

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static GBytes *
read_async (int fd, size_t max, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lk_bytes_from_fd_async (fd, max, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return lk_bytes_from_fd_finish (result, error);
}

/* What goes in comes out, up to the longest body and with zeros in it; no child inherits it, and
 * nobody can change it after it was handed over. */
static void
test_round_trip (void)
{
  const size_t lengths[] = { 0, 1, 65536, 65537, LK_BODY_MAX };

  for (size_t i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int way = 0; way < 2; way++)
      {
        g_autoptr(GError) error = NULL;
        g_autofree char *data = g_malloc0 (lengths[i] + 1);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GBytes) back = NULL;
        int fd;

        if (lengths[i] > 0)
          data[lengths[i] - 1] = 'x';
        bytes = g_bytes_new (data, lengths[i]);
        fd = lk_bytes_to_fd (bytes, &error);
        g_assert_no_error (error);
        g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
        g_assert_cmpint (write (fd, "y", 1), ==, -1);
        g_assert_cmpint (ftruncate (fd, 0), ==, lengths[i] == 0 ? 0 : -1);
        back = way == 0 ? lk_bytes_from_fd (fd, LK_BODY_MAX, &error)
                        : read_async (fd, LK_BODY_MAX, &error);
        g_assert_no_error (error);
        g_assert_true (g_bytes_equal (bytes, back));
        g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
      }
}

/* One byte over the limit is refused, from a memfd and from a pipe. */
static void
test_too_long (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *data = g_malloc0 (1001);
  g_autoptr(GBytes) bytes = g_bytes_new (data, 1001);
  int ends[2];

  g_assert_null (read_async (lk_bytes_to_fd (bytes, NULL), 1000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], data, 1001), ==, 1001);
  close (ends[1]);
  g_assert_null (lk_bytes_from_fd (ends[0], 1000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* Devices, folders and files on a disk could make us wait or never end. */
static void
test_wrong_kinds (void)
{
  const char * const paths[] = { "/dev/zero", "/dev/null", "/", "/proc/self/status" };

  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;
      int fd = g_open (paths[i], O_RDONLY | O_CLOEXEC, 0);

      g_assert_cmpint (fd, >=, 0);
      g_assert_null (read_async (fd, LK_BODY_MAX, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
    }
  for (int way = 0; way < 2; way++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (way == 0 ? lk_bytes_from_fd (-1, 10, &error) : read_async (-1, 10, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

/* A file that its sender shrinks while we read cannot end us: it just ends sooner. */
static void
test_shrinking (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *data = g_malloc0 (500000);
  int fd = memfd_create ("test", MFD_CLOEXEC);
  int mine = dup (fd);

  g_assert_cmpint (write (fd, data, 500000), ==, 500000);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  lk_bytes_from_fd_async (fd, LK_BODY_MAX, result_cb, &result);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (ftruncate (mine, 10), ==, 0);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  bytes = lk_bytes_from_fd_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 500000);
  close (mine);
}

static gboolean
tick_cb (gpointer user_data)
{
  guint *ticks = user_data;

  (*ticks)++;
  return G_SOURCE_CONTINUE;
}

/* A sender that never ends does not hold the main loop up, and is given up on. */
static void
test_never_ends (void)
{
  g_autoptr(GError) error = NULL;
  guint ticks = 0;
  guint tick_id = g_timeout_add (100, tick_cb, &ticks);
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (ends[1], "half", 4), ==, 4);
  g_assert_null (read_async (ends[0], LK_BODY_MAX, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (ticks, >, 10);
  g_source_remove (tick_id);
  close (ends[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipc/bytes/round-trip", test_round_trip);
  g_test_add_func ("/ipc/bytes/too-long", test_too_long);
  g_test_add_func ("/ipc/bytes/wrong-kinds", test_wrong_kinds);
  g_test_add_func ("/ipc/bytes/shrinking", test_shrinking);
  g_test_add_func ("/ipc/bytes/never-ends", test_never_ends);
  return g_test_run ();
}
