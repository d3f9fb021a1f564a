/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-raw.h"

#include <string.h>

#define PIECE 65536

/* Writes an answer by hand on a connection taken from the HTTP library: too slowly, too short or
 * without an end. Holds one piece of the body at a time. */
typedef struct
{
  /* input */
  GIOStream *stream;
  GBytes    *body;
  gint64     total;    /* bytes of the body that are sent */
  gint64     slow_bps; /* 0 for as fast as it goes */

  /* in progress */
  char      *head;
  gint64     sent;
  char      *piece;
  GSource   *pause;    /* (owned) (nullable) */
} RawSend;

static void
raw_send_free (RawSend *self)
{
  if (self->pause != NULL)
    g_source_destroy (self->pause);
  g_clear_pointer (&self->pause, g_source_unref);
  g_object_unref (self->stream);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->head);
  g_free (self->piece);
  g_free (self);
}

static void send_piece (GTask *task);

static void
finish (GTask *task)
{
  RawSend *self = g_task_get_task_data (task);

  g_io_stream_close (self->stream, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  GTask *task = user_data;
  RawSend *self = g_task_get_task_data (task);

  g_clear_pointer (&self->pause, g_source_unref);
  send_piece (task);
  return G_SOURCE_REMOVE;
}

static gint64
piece_size (RawSend *self)
{
  gint64 size = MIN (self->total - self->sent, PIECE);

  /* Ten pieces a second. */
  return self->slow_bps > 0 ? MIN (size, MAX (1, self->slow_bps / 10)) : size;
}

static void
piece_sent_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RawSend *self = g_task_get_task_data (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL))
    {
      finish (task);
      return;
    }
  self->sent += piece_size (self);
  if (self->slow_bps <= 0)
    {
      send_piece (task);
      return;
    }
  self->pause = g_timeout_source_new (self->slow_bps < 10 ? (guint) (1000 / self->slow_bps) : 100);
  g_source_set_callback (self->pause, pause_over_cb, g_object_ref (task), g_object_unref);
  g_source_attach (self->pause, g_main_context_get_thread_default ());
}

/* The body, or letters when it is made up. */
static const void *
piece_data (RawSend *self)
{
  if (self->body != NULL)
    return (const char *) g_bytes_get_data (self->body, NULL) + self->sent;
  if (self->piece == NULL)
    self->piece = g_strnfill (PIECE, 'x');
  return self->piece;
}

static void
send_piece (GTask *task)
{
  RawSend *self = g_task_get_task_data (task);
  gint64 size = piece_size (self);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (size <= 0)
    {
      finish (task);
      return;
    }
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   piece_data (self), (gsize) size, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), piece_sent_cb,
                                   g_object_ref (task));
}

static void
head_sent_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL))
    send_piece (task);
  else
    finish (task);
}

/**
 * lk_sim_raw_send_async:
 *
 * Sends @reply as @fault spoils it, then closes @stream.
 */
void
lk_sim_raw_send_async (GIOStream           *stream,
                       const LkSimFault    *fault,
                       const LkSimReply    *reply,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);
  RawSend *self = g_new0 (RawSend, 1);
  gint64 announced = fault->huge_bytes;

  self->stream = g_object_ref (stream);
  if (fault->huge_bytes == 0)
    {
      self->body = reply->body != NULL ? g_bytes_ref (reply->body) : g_bytes_new (NULL, 0);
      announced = (gint64) g_bytes_get_size (self->body);
    }
  self->total = fault->truncate >= 0 ? MIN (fault->truncate, announced) : announced;
  self->slow_bps = fault->slow_bps;
  self->head = g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: %s\r\n"
                                "Content-Length: %" G_GINT64_FORMAT "\r\nConnection: close\r\n"
                                "\r\n",
                                reply->status, soup_status_get_phrase (reply->status),
                                reply->content_type != NULL ? reply->content_type : "text/plain",
                                announced);
  g_task_set_source_tag (task, lk_sim_raw_send_async);
  g_task_set_task_data (task, self, (GDestroyNotify) raw_send_free);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), self->head,
                                   strlen (self->head), G_PRIORITY_DEFAULT, cancellable,
                                   head_sent_cb, g_object_ref (task));
}

/* A reader that went away is no error here. */
void
lk_sim_raw_send_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
