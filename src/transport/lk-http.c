/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-http.h"

#include <libsoup/soup.h>

#include "lk-clock.h"
#include "lk-http-exchange-private.h"

/* What waits for a connection spends its deadline on it; a renewal must not wait behind calls. */
#define MAX_CONNECTIONS          64
#define MAX_CONNECTIONS_PER_HOST 32

struct _LkHttp
{
  GObject      parent_instance;

  SoupSession *session; /* (owned) */
  LkClock     *clock;   /* (owned) */
  guint        deadline;
};

G_DEFINE_FINAL_TYPE (LkHttp, lk_http, G_TYPE_OBJECT)

static guint dated;

/* What one sending is called in the log, and who answers it. */
typedef struct
{
  char  *what;  /* (owned) */
  char  *host;  /* (owned): with the port */
  gint64 begun; /* microseconds since boot */
} Sending;

static void
sending_free (Sending *sending)
{
  g_free (sending->what);
  g_free (sending->host);
  g_free (sending);
}

static void
lk_http_dispose (GObject *object)
{
  LkHttp *self = LK_HTTP (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lk_http_parent_class)->dispose (object);
}

static void
lk_http_class_init (LkHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_http_dispose;
  dated = g_signal_new ("dated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                        G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_INT64);
}

static void
lk_http_init (LkHttp *self)
{
  self->deadline = LK_HTTP_DEADLINE;
  self->clock = lk_system_clock_new ();
  /* Our own deadline covers an exchange from end to end; the session's would only cover gaps. */
  self->session = soup_session_new_with_options ("timeout", 0,
                                                 "idle-timeout", 1,
                                                 "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS_PER_HOST,
                                                 "user-agent", "Latchkey/" LK_VERSION,
                                                 NULL);
  /* Nobody is asked for a password here: a 401 is an answer. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  /* Replies are small, and their length is checked against what was announced. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
is_secure (GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0')
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "https"))
    return TRUE;

  return g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback (host);
}

static void
copy_headers (LkRequest   *request,
              SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  for (size_t i = 0; i < lk_request_get_n_headers (request); i++)
    {
      const char *name = NULL;
      const char *value = NULL;

      lk_request_get_header (request, i, &name, &value);
      soup_message_headers_replace (headers, name, value);
    }
}

static SoupMessage *
make_message (LkRequest  *request,
              GError    **error)
{
  g_autoptr(GUri) uri = g_uri_parse (lk_request_get_url (request), SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(SoupMessage) message = NULL;
  GBytes *body = lk_request_get_body (request);

  if (uri == NULL || !is_secure (uri))
    {
      g_set_error_literal (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_INSECURE,
                           "the address is neither https nor http on this computer");
      return NULL;
    }

  message = soup_message_new_from_uri (lk_request_get_method (request), uri);
  /* On a kept connection that turns out to be closed, the library sends a request again by itself.
   * Nothing here may be sent twice without our knowing. */
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Connection", "close");
  copy_headers (request, message);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, lk_request_get_content_type (request), body);

  return g_steal_pointer (&message);
}

/* A computer that sleeps while a reply is on its way reads hours later what time it was then. The
 * deadline counts only what it was awake. */
static gboolean
was_asleep (LkHttp        *self,
            const Sending *sending,
            gint64         boot)
{
  return boot - sending->begun > (self->deadline + 1) * G_USEC_PER_SEC;
}

static void
exchange_done_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_exchange_finish (result, &error);
  LkHttp *self = g_task_get_source_object (task);
  const Sending *sending = g_task_get_task_data (task);
  gint64 boot;

  if (reply == NULL)
    {
      g_debug ("%s: %s", sending->what, error->message);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_debug ("%s: %d", sending->what, reply->status);
  boot = self->clock != NULL ? lk_clock_get_boot (self->clock) : G_MAXINT64;
  if (reply->date != 0 && sending->host != NULL && lk_reply_get_header (reply, "Age") == NULL
      && !was_asleep (self, sending, boot))
    g_signal_emit (self, dated, 0, sending->host, reply->date, boot);
  g_task_return_pointer (task, g_steal_pointer (&reply), (GDestroyNotify) lk_reply_free);
}

LkHttp *
lk_http_new (void)
{
  return g_object_new (LK_TYPE_HTTP, NULL);
}

/**
 * lk_http_set_deadline:
 * @seconds: for a whole exchange, from the look-up of the name to the last byte
 */
void
lk_http_set_deadline (LkHttp *self,
                      guint   seconds)
{
  g_return_if_fail (LK_IS_HTTP (self));
  g_return_if_fail (seconds > 0);

  self->deadline = seconds;
}

/**
 * lk_http_send_async:
 * @request: sent once, on a connection of its own
 *
 * Sends and reads to the end. Any HTTP status is a reply, not an error; a redirect is handed back
 * unfollowed.
 */
void
lk_http_send_async (LkHttp              *self,
                    LkRequest           *request,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  Sending *sending;
  GUri *uri;

  g_return_if_fail (LK_IS_HTTP (self));
  g_return_if_fail (request != NULL);

  g_task_set_source_tag (task, lk_http_send_async);
  g_task_set_check_cancellable (task, FALSE);
  sending = g_new0 (Sending, 1);
  sending->what = g_strdup_printf ("%s %s", lk_request_get_method (request),
                                   lk_request_get_path (request));
  sending->begun = lk_clock_get_boot (self->clock);
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);

  message = make_message (request, &error);
  if (message == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  uri = soup_message_get_uri (message);
  sending->host = g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
  lk_http_exchange_async (self->session, message, self->deadline, cancellable, exchange_done_cb,
                          g_steal_pointer (&task));
}

/**
 * lk_http_send_finish:
 *
 * Returns: (transfer full): the reply. Errors: LK_TRANSPORT_ERROR, G_IO_ERROR_CANCELLED
 */
LkReply *
lk_http_send_finish (LkHttp        *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_http_send_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
