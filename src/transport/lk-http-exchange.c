/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-http-exchange-private.h"

#include <string.h>

#define CHUNK_SIZE       (16 * 1024)
#define MAX_HEADERS      100
#define MAX_HEADER_VALUE 4096 /* bytes */

typedef struct
{
  /* input */
  SoupMessage  *message; /* (owned) */
  guint         deadline;

  /* in progress */
  GCancellable *stop;      /* (owned): pulled by the deadline and by the caller */
  GSource      *timer;     /* (owned) */
  GCancellable *outer;     /* (owned) (nullable): the caller's */
  gulong        outer_id;
  GInputStream *stream;    /* (owned) (nullable) */
  gboolean      sent;      /* the head of the request went out whole */
  gboolean      timed_out;

  /* output */
  GByteArray   *body;      /* (owned) */
} LkExchange;

static void
lk_exchange_free (LkExchange *self)
{
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  /* A stream that was not read to its end keeps its connection, unless it is closed. */
  if (self->stream != NULL)
    g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->stop);

  if (self->body != NULL)
    {
      lk_wipe (self->body->data, self->body->len);
      g_byte_array_unref (self->body);
    }

  g_free (self);
}

static gboolean
deadline_passed_cb (gpointer user_data)
{
  LkExchange *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->stop);

  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static void
wrote_headers_cb (SoupMessage *message,
                  LkExchange  *self)
{
  self->sent = TRUE;
}

/* What the failure means for somebody who has to know whether the request was carried out. Before
 * the head of the request is out it cannot have been. */
static GError *
lk_exchange_explain (LkExchange   *self,
                     const GError *error)
{
  if (self->timed_out && self->sent)
    return g_error_new (LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TIMED_OUT,
                        "no reply within %u seconds", self->deadline);
  if (self->timed_out)
    return g_error_new (LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE,
                        "no connection within %u seconds", self->deadline);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (self->sent)
    return g_error_new (LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_LOST,
                        "the reply was cut off: %s", error->message);
  if (error->domain == G_TLS_ERROR)
    return g_error_new (LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TLS,
                        "no secure connection: %s", error->message);

  return g_error_new (LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE,
                      "nothing was sent: %s", error->message);
}

static gint64
read_date (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Date");
  g_autoptr(GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

/* TikTok's support asks for these (business-api.tiktok.com, common reply headers, 2026-11-21). */
static char *
read_trace_id (SoupMessageHeaders *headers)
{
  static const char * const names[] = { "x-tt-logid", "x-tt-trace-id", "x-request-id" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = soup_message_headers_get_one (headers, names[i]);

      if (value != NULL && *value != '\0' && strlen (value) <= 128
          && g_utf8_validate (value, -1, NULL))
        return g_strdup (value);
    }

  return NULL;
}

/* On a connection that is to be closed, libsoup takes an early end for the end. */
static gboolean
lk_exchange_is_cut (LkExchange *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  guint status = soup_message_get_status (self->message);

  if (g_str_equal (soup_message_get_method (self->message), "HEAD")
      || status == SOUP_STATUS_NO_CONTENT
      || status == SOUP_STATUS_NOT_MODIFIED)
    return FALSE;

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
         && soup_message_headers_get_content_length (headers) != (goffset) self->body->len;
}

/* For rate limits that headers tell of. What is too much or too long is left out: nobody that means
 * well sends it. */
static void
copy_headers (SoupMessageHeaders *headers,
              LkReply            *reply)
{
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;
  guint count = 0;

  soup_message_headers_iter_init (&iter, headers);
  while (count < MAX_HEADERS && soup_message_headers_iter_next (&iter, &name, &value))
    {
      if (strlen (value) > MAX_HEADER_VALUE || !g_utf8_validate (value, -1, NULL)
          || g_ascii_strcasecmp (name, "Set-Cookie") == 0)
        continue;
      lk_reply_set_header (reply, name, value);
      count++;
    }
}

static LkReply *
lk_exchange_make_reply (LkExchange *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  LkReply *reply = lk_reply_new ((int) soup_message_get_status (self->message), bytes);

  reply->date = read_date (headers);
  reply->trace_id = read_trace_id (headers);
  reply->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  copy_headers (headers, reply);

  return reply;
}

static void
chunk_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkExchange *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                              &error);

  if (chunk == NULL)
    {
      g_task_return_error (task, lk_exchange_explain (self, error));
      return;
    }

  if (g_bytes_get_size (chunk) == 0 && lk_exchange_is_cut (self))
    {
      g_task_return_new_error (task, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_LOST,
                               "the reply was cut off after %u bytes", self->body->len);
      return;
    }

  if (g_bytes_get_size (chunk) == 0)
    {
      g_task_return_pointer (task, lk_exchange_make_reply (self), (GDestroyNotify) lk_reply_free);
      return;
    }

  if (self->body->len + g_bytes_get_size (chunk) > LK_HTTP_MAX_REPLY)
    {
      g_cancellable_cancel (self->stop);
      g_task_return_new_error (task, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TOO_LARGE,
                               "the reply is over %d bytes", LK_HTTP_MAX_REPLY);
      return;
    }

  g_byte_array_append (self->body, g_bytes_get_data (chunk, NULL),
                       (guint) g_bytes_get_size (chunk));
  g_input_stream_read_bytes_async (self->stream, CHUNK_SIZE, G_PRIORITY_DEFAULT, self->stop,
                                   chunk_read_cb, g_steal_pointer (&task));
}

static void
message_sent_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkExchange *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL)
    {
      g_task_return_error (task, lk_exchange_explain (self, error));
      return;
    }

  g_input_stream_read_bytes_async (self->stream, CHUNK_SIZE, G_PRIORITY_DEFAULT, self->stop,
                                   chunk_read_cb, g_steal_pointer (&task));
}

static void
lk_exchange_start_timer (LkExchange *self)
{
  self->timer = g_timeout_source_new_seconds (self->deadline);
  g_source_set_callback (self->timer, deadline_passed_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

void
lk_http_exchange_async (SoupSession         *session,
                        SoupMessage         *message,
                        guint                deadline,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (session, cancellable, callback, user_data);
  LkExchange *self = g_new0 (LkExchange, 1);

  g_task_set_source_tag (task, lk_http_exchange_async);
  /* A reply that is here is handed over, even when the caller has just lost interest: it may hold
   * the only copy of a rotated token. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, (GDestroyNotify) lk_exchange_free);

  self->message = g_object_ref (message);
  self->deadline = deadline;
  self->stop = g_cancellable_new ();
  self->body = g_byte_array_new ();
  lk_exchange_start_timer (self);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers_cb), self);
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (self->stop), g_object_unref);
    }

  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, self->stop, message_sent_cb,
                           g_steal_pointer (&task));
}

LkReply *
lk_http_exchange_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_http_exchange_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
