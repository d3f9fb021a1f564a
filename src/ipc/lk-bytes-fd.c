/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* memfd_create() and seals */

#include "config.h"

#include "lk-ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE_MS (5 * 1000)
#define CHUNK       (64 * 1024)

static void
set_errno (GError **error, const char *doing)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot %s: %s", doing,
               g_strerror (code));
}

static gboolean
write_all (int fd, const char *data, size_t length, GError **error)
{
  for (size_t written = 0; written < length;)
    {
      ssize_t n = write (fd, data + written, length - written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_errno (error, "write to memory");
          return FALSE;
        }
      written += (size_t) n;
    }
  return TRUE;
}

/**
 * lk_bytes_to_fd:
 * @bytes: (nullable): what to hand over; %NULL for nothing
 *
 * For bodies, which do not fit a pipe.
 *
 * Returns: a sealed, close-on-exec memfd that holds @bytes and stands at its beginning, or -1. The
 *   caller closes it.
 */
int
lk_bytes_to_fd (GBytes *bytes, GError **error)
{
  size_t length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  int fd = memfd_create ("latchkey", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    {
      set_errno (error, "make a memory file");
      return -1;
    }
  if (!write_all (fd, data, length, error))
    {
      close (fd);
      return -1;
    }
  if (lseek (fd, 0, SEEK_SET) != 0
      || fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
    {
      set_errno (error, "seal a memory file");
      close (fd);
      return -1;
    }
  return fd;
}

typedef struct
{
  /* input */
  int    fd;  /* (owned) */
  size_t max;

  /* in progress */
  GSource    *readable; /* (owned) (nullable) */
  GSource    *deadline; /* (owned) (nullable) */
  GByteArray *buffer;   /* (owned) */
} ReadData;

static void
source_clear (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
read_data_free (ReadData *data)
{
  source_clear (&data->readable);
  source_clear (&data->deadline);
  /* A text that is searched for secrets may hold one. */
  lk_wipe (data->buffer->data, data->buffer->len);
  g_byte_array_unref (data->buffer);
  if (data->fd >= 0)
    close (data->fd);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReadData, read_data_free)

/* A file on a disk or a network may make its reader wait, and a device may do anything. */
static gboolean
is_of_a_good_kind (int fd)
{
  struct stat about;

  if (fstat (fd, &about) != 0)
    return FALSE;
  if (S_ISREG (about.st_mode))
    return fcntl (fd, F_GET_SEALS) >= 0;
  return S_ISFIFO (about.st_mode) || S_ISSOCK (about.st_mode);
}

static ReadData *
read_data_new (int fd, size_t max, GError **error)
{
  g_autoptr(ReadData) data = g_new0 (ReadData, 1);

  data->fd = fd;
  data->max = max;
  data->buffer = g_byte_array_new ();
  if (fd < 0 || !is_of_a_good_kind (fd))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "neither a pipe nor a memfd");
      return NULL;
    }
  if (!g_unix_set_fd_nonblocking (fd, TRUE, error))
    return NULL;
  return g_steal_pointer (&data);
}

/* One read. *@done is set at the end. */
static gboolean
read_some (ReadData *data, gboolean *done, GError **error)
{
  guint before = data->buffer->len;
  ssize_t n;

  *done = FALSE;
  g_byte_array_set_size (data->buffer, before + CHUNK);
  n = read (data->fd, data->buffer->data + before, CHUNK);
  g_byte_array_set_size (data->buffer, before + (guint) MAX (n, 0));
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (n < 0)
    {
      set_errno (error, "read what was handed over");
      return FALSE;
    }
  *done = n == 0;
  if (data->buffer->len > data->max)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "it is over %zu bytes",
                   data->max);
      return FALSE;
    }
  return TRUE;
}

static GBytes *
read_take (ReadData *data)
{
  GByteArray *buffer = g_steal_pointer (&data->buffer);

  data->buffer = g_byte_array_new ();
  return g_byte_array_free_to_bytes (buffer);
}

/**
 * lk_bytes_from_fd:
 * @fd: (transfer full): a memfd or the read end of a pipe
 * @max: the most bytes that are taken
 *
 * Reads until the end, for at most five seconds. For clients; the agent must not wait for others
 * and uses lk_bytes_from_fd_async().
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
lk_bytes_from_fd (int fd, size_t max, GError **error)
{
  g_autoptr(ReadData) data = read_data_new (fd, max, error);
  gint64 until = g_get_monotonic_time () + DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  gboolean done = FALSE;

  if (data == NULL)
    return NULL;
  while (!done)
    {
      gint64 left = (until - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
      GPollFD poll_fd = { .fd = fd, .events = G_IO_IN | G_IO_HUP | G_IO_ERR };

      if (left <= 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                               "it did not arrive in time");
          return NULL;
        }
      if (g_poll (&poll_fd, 1, (int) left) > 0 && !read_some (data, &done, error))
        return NULL;
    }
  return read_take (data);
}

static void
read_data_stop (ReadData *data)
{
  g_source_destroy (data->readable);
  g_source_destroy (data->deadline);
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  GTask *task = user_data;
  ReadData *data = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gboolean done;

  if (!read_some (data, &done, &error))
    {
      read_data_stop (data);
      g_task_return_error (task, g_steal_pointer (&error));
      return G_SOURCE_REMOVE;
    }
  if (!done)
    return G_SOURCE_CONTINUE;

  read_data_stop (data);
  g_task_return_pointer (task, read_take (data), (GDestroyNotify) g_bytes_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
deadline_cb (gpointer user_data)
{
  GTask *task = user_data;

  read_data_stop (g_task_get_task_data (task));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it did not arrive in time");
  return G_SOURCE_REMOVE;
}

/**
 * lk_bytes_from_fd_async:
 * @fd: (transfer full): a memfd or the read end of a pipe
 *
 * As lk_bytes_from_fd(), without waiting in the caller's main loop.
 */
void
lk_bytes_from_fd_async (int fd, size_t max, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;
  ReadData *data = read_data_new (fd, max, &error);

  g_task_set_source_tag (task, lk_bytes_from_fd_async);
  if (data == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, data, (GDestroyNotify) read_data_free);
  data->readable = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  data->deadline = g_timeout_source_new (DEADLINE_MS);
  g_source_set_callback (data->readable, G_SOURCE_FUNC (readable_cb), g_object_ref (task),
                         g_object_unref);
  g_source_set_callback (data->deadline, deadline_cb, g_object_ref (task), g_object_unref);
  g_source_attach (data->readable, g_task_get_context (task));
  g_source_attach (data->deadline, g_task_get_context (task));
}

/**
 * lk_bytes_from_fd_finish:
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
lk_bytes_from_fd_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_bytes_from_fd_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
