/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SECRET_MAX (64 * 1024)
#define SECRET_DEADLINE_MS (5 * 1000)

/**
 * lk_secret_to_fd:
 * @secret: what to hand over
 *
 * Returns: the read end of a close-on-exec pipe that holds @secret and then ends, or -1. The caller
 *   closes it.
 */
int
lk_secret_to_fd (LkSecret *secret, GError **error)
{
  const char *value = lk_secret_open (secret);
  size_t length = lk_secret_get_length (secret);
  size_t written = 0;
  int ends[2];

  g_return_val_if_fail (secret != NULL, -1);

  if (length > SECRET_MAX)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           "the secret is over 64 KiB");
      return -1;
    }
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return -1;
  if (!g_unix_set_fd_nonblocking (ends[1], TRUE, error))
    {
      close (ends[0]);
      close (ends[1]);
      return -1;
    }

  while (written < length)
    {
      ssize_t n = write (ends[1], value + written, length - written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       "cannot write to a pipe: %s", g_strerror (code));
          close (ends[0]);
          close (ends[1]);
          return -1;
        }
      written += n;
    }

  close (ends[1]);
  return ends[0];
}

typedef struct
{
  /* input */
  int fd; /* (owned) */

  /* in progress */
  GSource *readable; /* (owned) */
  GSource *deadline; /* (owned) */
  char    *buffer; /* (owned), wiped */
  size_t   used;
} ReadData;

static void
read_data_free (ReadData *data)
{
  if (data->readable != NULL)
    g_source_destroy (data->readable);
  if (data->deadline != NULL)
    g_source_destroy (data->deadline);
  g_clear_pointer (&data->readable, g_source_unref);
  g_clear_pointer (&data->deadline, g_source_unref);
  lk_wipe (data->buffer, SECRET_MAX + 2);
  g_free (data->buffer);
  if (data->fd >= 0)
    close (data->fd);
  g_free (data);
}

static ReadData *
read_data_new (int fd)
{
  ReadData *data = g_new0 (ReadData, 1);

  data->fd = fd;
  data->buffer = g_malloc0 (SECRET_MAX + 2);
  return data;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReadData, read_data_free)

/* One read. *@done is set at the end of the file. */
static gboolean
read_some (ReadData *data, gboolean *done, GError **error)
{
  ssize_t n = read (data->fd, data->buffer + data->used, SECRET_MAX + 1 - data->used);

  *done = FALSE;
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (n < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "cannot read the secret: %s", g_strerror (code));
      return FALSE;
    }
  if (n == 0)
    {
      *done = TRUE;
      return TRUE;
    }

  data->used += n;
  if (data->used > SECRET_MAX)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           "the secret is over 64 KiB");
      return FALSE;
    }
  return TRUE;
}

static LkSecret *
read_take (ReadData *data, GError **error)
{
  if (memchr (data->buffer, 0, data->used) != NULL
      || !g_utf8_validate (data->buffer, data->used, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the secret is not text");
      return NULL;
    }
  data->buffer[data->used] = '\0';
  return lk_secret_new (data->buffer);
}

/**
 * lk_secret_from_fd:
 * @fd: (transfer full): read end of a pipe
 *
 * Reads until the end, at most 64 KiB and at most five seconds. For clients; the agent must not
 * wait for others and uses lk_secret_from_fd_async().
 *
 * Returns: (transfer full): the secret
 */
LkSecret *
lk_secret_from_fd (int fd, GError **error)
{
  g_autoptr(ReadData) data = read_data_new (fd);
  gint64 until = g_get_monotonic_time () + SECRET_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  gboolean done = FALSE;

  while (!done)
    {
      gint64 left = (until - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
      GPollFD poll_fd = { .fd = fd, .events = G_IO_IN | G_IO_HUP | G_IO_ERR };

      if (left <= 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                               "the secret did not arrive in time");
          return NULL;
        }
      if (g_poll (&poll_fd, 1, (int) left) <= 0)
        continue;
      if (!read_some (data, &done, error))
        return NULL;
    }
  return read_take (data, error);
}

static void
read_data_stop (ReadData *data)
{
  g_source_destroy (data->readable);
  g_source_destroy (data->deadline);
}

static gboolean
secret_readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  GTask *task = user_data;
  ReadData *data = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkSecret *secret = NULL;
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
  secret = read_take (data, &error);
  if (secret == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) lk_secret_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
secret_deadline_cb (gpointer user_data)
{
  GTask *task = user_data;

  read_data_stop (g_task_get_task_data (task));
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "the secret did not arrive in time");
  return G_SOURCE_REMOVE;
}

/**
 * lk_secret_from_fd_async:
 * @fd: (transfer full): read end of a pipe
 *
 * As lk_secret_from_fd(), without waiting in the caller's main loop.
 */
void
lk_secret_from_fd_async (int fd, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  ReadData *data = read_data_new (fd);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_secret_from_fd_async);
  g_task_set_task_data (task, data, (GDestroyNotify) read_data_free);
  if (fd < 0 || !g_unix_set_fd_nonblocking (fd, TRUE, &error))
    {
      if (error == NULL)
        g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             "no file descriptor");
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data->readable = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  data->deadline = g_timeout_source_new (SECRET_DEADLINE_MS);
  g_source_set_callback (data->readable, G_SOURCE_FUNC (secret_readable_cb),
                         g_object_ref (task), g_object_unref);
  g_source_set_callback (data->deadline, secret_deadline_cb, g_object_ref (task), g_object_unref);
  g_source_attach (data->readable, g_task_get_context (task));
  g_source_attach (data->deadline, g_task_get_context (task));
}

/**
 * lk_secret_from_fd_finish:
 *
 * Returns: (transfer full): the secret
 */
LkSecret *
lk_secret_from_fd_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
