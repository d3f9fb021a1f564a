/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <gio/gio.h>

#include "lk-http.h"

#define DEADLINE_MS 15000
#define DATE        "Sat, 21 Nov 2026 05:35:33 GMT"
#define DATE_UNIX   1795239333
#define HEAD        "HTTP/1.1 200 OK\r\nDate: " DATE "\r\n"

/* A server that misbehaves, one thread per connection. What it does is the path's last word. */
typedef struct
{
  GSocketService *service;
  guint16         port;
  LkHttp         *http;
  int             requests; /* (atomic) */
  int             written;  /* (atomic): KiB of an endless reply */
  GMutex          lock;
  GCond           idle;
  int             active;   /* (lock): connections being served */
  char           *head;     /* (lock): of the last request */
} Fixture;

static void
say (GOutputStream *out,
     const char    *text)
{
  g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
  g_output_stream_flush (out, NULL, NULL);
}

static char *
read_head (GInputStream *in)
{
  GString *head = g_string_new (NULL);
  const char *length = NULL;
  char byte;

  while (strstr (head->str, "\r\n\r\n") == NULL
         && g_input_stream_read (in, &byte, 1, NULL, NULL) == 1)
    g_string_append_c (head, byte);

  /* The body too: a socket that is closed with unread bytes resets, and the reply is gone. */
  length = strstr (head->str, "Content-Length: ");
  for (guint64 left = length != NULL ? g_ascii_strtoull (strchr (length, ' '), NULL, 10) : 0;
       left > 0 && g_input_stream_read (in, &byte, 1, NULL, NULL) == 1;
       left--)
    ;

  return g_string_free (head, FALSE);
}

static void
say_without_end (Fixture       *fixture,
                 GOutputStream *out)
{
  g_autofree char *block = g_strnfill (1024, 'x');

  say (out, HEAD "Content-Type: text/plain\r\n\r\n");
  for (int i = 0; i < 256 * 1024; i++)
    {
      if (!g_output_stream_write_all (out, block, 1024, NULL, NULL, NULL))
        return;
      g_atomic_int_inc (&fixture->written);
    }
}

/* Some that mean something, one that is too long, one that is nobody's business, and too many. */
static void
say_headers (GOutputStream *out)
{
  g_autofree char *block = g_strnfill (5000, 'x');
  g_autofree char *large = g_strdup_printf ("X-Large: %s\r\n", block);

  say (out, HEAD "Content-Length: 2\r\nRetry-After: 7\r\nX-RateLimit-Reset: 1\r\n"
                 "x-ratelimit-reset: 2\r\nSet-Cookie: a=b\r\n");
  say (out, large);
  for (int i = 0; i < 150; i++)
    {
      g_autofree char *line = g_strdup_printf ("X-Filler-%d: y\r\n", i);

      say (out, line);
    }
  say (out, "\r\nok");
}

static void
wait_for_the_end (GInputStream *in)
{
  char byte;

  while (g_input_stream_read (in, &byte, 1, NULL, NULL) > 0)
    ;
}

static void
serve (Fixture       *fixture,
       const char    *head,
       GInputStream  *in,
       GOutputStream *out)
{
  if (strstr (head, " /ok ") != NULL)
    say (out, HEAD "Content-Type: text/html; charset=utf-8\r\nX-Tt-Logid: 2026ABC\r\n"
                   "Content-Length: 5\r\n\r\nhello");
  else if (strstr (head, " /unauthorized ") != NULL)
    say (out, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
              "Content-Length: 2\r\n\r\nno");
  else if (strstr (head, " /headers ") != NULL)
    say_headers (out);
  else if (strstr (head, " /redirect ") != NULL)
    say (out, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
  else if (strstr (head, " /truncated ") != NULL)
    say (out, HEAD "Content-Length: 100\r\n\r\n{\"access");
  else if (strstr (head, " /truncated-chunk ") != NULL)
    say (out, HEAD "Transfer-Encoding: chunked\r\n\r\n64\r\n{\"access");
  else if (strstr (head, " /endless ") != NULL)
    say_without_end (fixture, out);
  else if (strstr (head, " /silent ") != NULL)
    wait_for_the_end (in);
  else if (strstr (head, " /stuck ") != NULL)
    {
      say (out, HEAD "Content-Length: 100\r\n\r\n{");
      wait_for_the_end (in);
    }
  else if (strstr (head, " /garbage ") != NULL)
    say (out, "this is not HTTP at all\r\n\r\n");
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  Fixture *fixture = user_data;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autofree char *head = NULL;

  g_mutex_lock (&fixture->lock);
  fixture->active++;
  g_mutex_unlock (&fixture->lock);

  head = read_head (in);
  g_atomic_int_inc (&fixture->requests);
  g_mutex_lock (&fixture->lock);
  g_free (fixture->head);
  fixture->head = g_strdup (head);
  g_mutex_unlock (&fixture->lock);

  serve (fixture, head, in, out);

  g_mutex_lock (&fixture->lock);
  fixture->active--;
  g_cond_signal (&fixture->idle);
  g_mutex_unlock (&fixture->lock);

  return TRUE;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->idle);
  fixture->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), address,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective,
                                 &error);
  g_assert_no_error (error);
  fixture->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (fixture->service, "run", G_CALLBACK (run_cb), fixture);
  g_socket_service_start (fixture->service);
  fixture->http = lk_http_new ();
}

/* No connection outlives its exchange: one that the client kept would keep its thread here. */
static void
wait_until_idle (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;

  g_mutex_lock (&fixture->lock);
  while (fixture->active > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_cond_wait_until (&fixture->idle, &fixture->lock, g_get_monotonic_time () + 10000);
      g_mutex_unlock (&fixture->lock);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_mutex_lock (&fixture->lock);
    }
  g_mutex_unlock (&fixture->lock);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->http);
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  wait_until_idle (fixture);
  g_clear_object (&fixture->service);
  g_free (fixture->head);
  g_cond_clear (&fixture->idle);
  g_mutex_clear (&fixture->lock);
}

typedef struct
{
  GMainLoop *loop;
  LkReply   *reply;
  GError    *error;
} Wait;

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Wait *wait = user_data;

  wait->reply = lk_http_send_finish (LK_HTTP (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static LkReply *
send_request (Fixture       *fixture,
              LkRequest     *request,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Wait wait = { loop, NULL, NULL };
  guint id = g_timeout_add (DEADLINE_MS, too_late_cb, NULL);

  lk_http_send_async (fixture->http, request, cancellable, sent_cb, &wait);
  g_main_loop_run (loop);
  g_source_remove (id);
  g_assert_true ((wait.reply == NULL) == (wait.error != NULL));
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);

  return wait.reply;
}

static LkReply *
fetch (Fixture     *fixture,
       const char  *method,
       const char  *scheme,
       const char  *path,
       GError     **error)
{
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, (guint) fixture->port,
                                          path);
  g_autoptr(LkRequest) request = lk_request_new (method, url);

  if (g_str_equal (method, "POST"))
    {
      g_autoptr(GBytes) body = g_bytes_new_static ("a=b", 3);

      lk_request_set_body (request, "application/x-www-form-urlencoded", body);
    }

  return send_request (fixture, request, NULL, error);
}

static void
test_ok (Fixture       *fixture,
         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = fetch (fixture, "POST", "http", "/ok", &error);
  size_t size = 0;
  const char *body = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (reply->status, ==, 200);
  g_assert_cmpint (reply->date, ==, DATE_UNIX);
  g_assert_cmpstr (reply->trace_id, ==, "2026ABC");
  g_assert_cmpstr (reply->content_type, ==, "text/html");
  body = g_bytes_get_data (reply->body, &size);
  g_assert_cmpmem (body, size, "hello", 5);

  g_mutex_lock (&fixture->lock);
  g_assert_nonnull (strstr (fixture->head, "User-Agent: Latchkey/"));
  g_assert_nonnull (strstr (fixture->head, "application/x-www-form-urlencoded"));
  g_assert_null (strstr (fixture->head, "Cookie"));
  g_mutex_unlock (&fixture->lock);
}

/* Replies, whatever they say, are replies. */
static void
test_status (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) refused = fetch (fixture, "GET", "http", "/unauthorized", &error);
  g_autoptr(LkReply) moved = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (refused->status, ==, 401);
  g_assert_cmpint (refused->date, ==, 0);
  g_assert_null (refused->trace_id);

  moved = fetch (fixture, "GET", "http", "/redirect", &error);
  g_assert_no_error (error);
  g_assert_cmpint (moved->status, ==, 302);
  g_assert_cmpint (g_atomic_int_get (&fixture->requests), ==, 2);
}

static void
test_headers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = fetch (fixture, "GET", "http", "/headers", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lk_reply_get_header (reply, "retry-after"), ==, "7");
  g_assert_cmpstr (lk_reply_get_header (reply, "X-RateLimit-Reset"), ==, "1, 2");
  g_assert_null (lk_reply_get_header (reply, "Set-Cookie"));
  g_assert_null (lk_reply_get_header (reply, "X-Large"));
  g_assert_cmpuint (g_hash_table_size (reply->headers), <=, 100);
}

/* A gigabyte is not read to find out that it is too much. */
static void
test_endless (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = fetch (fixture, "GET", "http", "/endless", &error);

  g_assert_null (reply);
  g_assert_error (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TOO_LARGE);
  g_assert_cmpint (g_atomic_int_get (&fixture->written), <, 32 * 1024);
}

/* Each of these may have been carried out, and is sent exactly once. */
static void
test_lost (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const paths[] = { "/truncated", "/truncated-chunk", "/close", "/garbage" };

  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      static const char * const methods[] = { "POST", "GET" };

      for (size_t j = 0; j < G_N_ELEMENTS (methods); j++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(LkReply) reply = NULL;

          g_atomic_int_set (&fixture->requests, 0);
          reply = fetch (fixture, methods[j], "http", paths[i], &error);
          g_test_message ("%s %s: %s", methods[j], paths[i], error != NULL ? error->message : "-");
          g_assert_null (reply);
          g_assert_error (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_LOST);
          g_assert_cmpint (g_atomic_int_get (&fixture->requests), ==, 1);
        }
    }
}

static void
test_slow (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const paths[] = { "/silent", "/stuck" };

  lk_http_set_deadline (fixture->http, 1);
  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(LkReply) reply = fetch (fixture, "POST", "http", paths[i], &error);

      g_assert_null (reply);
      g_assert_error (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TIMED_OUT);
    }
}

static void
test_not_sent (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) refused = NULL;
  g_autoptr(GError) no_name = NULL;
  g_autoptr(LkRequest) unknown = lk_request_new ("GET", "https://nowhere.invalid/");

  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_assert_null (fetch (fixture, "POST", "http", "/ok", &refused));
  g_assert_error (refused, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE);

  g_assert_null (send_request (fixture, unknown, NULL, &no_name));
  g_assert_error (no_name, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE);
}

/* A server that does not speak TLS gets nothing of the request. */
static void
test_no_tls (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  lk_http_set_deadline (fixture->http, 2);
  g_assert_null (fetch (fixture, "POST", "https", "/ok", &error));
  g_test_message ("%s", error->message);
  g_assert_true (g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TLS)
                 || g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE));
}

static void
test_insecure (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const urls[] = {
    "http://example.com/", "http://127.0.0.1.example.com/", "http://localhost.example.com/",
    "http://192.168.1.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "//127.0.0.1/", "", "https:",
    "https://", "http://example.com@/",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(LkRequest) request = lk_request_new ("GET", urls[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (send_request (fixture, request, NULL, &error));
      g_assert_error (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_INSECURE);
    }
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/silent", (guint) fixture->port);
  g_autoptr(LkRequest) request = lk_request_new ("GET", url);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;

  g_timeout_add (50, cancel_cb, cancellable);
  g_assert_null (send_request (fixture, request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (send_request (fixture, request, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_faults (void)
{
  static const char * const codes[] = {
    "offline", "tls", "timed-out", "reply-lost", "reply-too-large", "insecure",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (LK_TRANSPORT_ERROR, (int) i, "why");
      g_autoptr(LkFault) fault = lk_transport_error_to_fault (error);

      g_assert_true (lk_fault_is_local (fault, codes[i]));
      g_assert_cmpint (fault->klass, !=, LK_CLASS_TOKEN_EXPIRED);
      g_assert_cmpint (fault->klass, !=, LK_CLASS_TOKEN_REVOKED);
      g_assert_cmpint (fault->klass, !=, LK_CLASS_REFRESH_DEAD);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/transport/http/ok", test_ok);
  ADD ("/transport/http/status", test_status);
  ADD ("/transport/http/headers", test_headers);
  ADD ("/transport/http/endless", test_endless);
  ADD ("/transport/http/lost", test_lost);
  ADD ("/transport/http/slow", test_slow);
  ADD ("/transport/http/not-sent", test_not_sent);
  ADD ("/transport/http/no-tls", test_no_tls);
  ADD ("/transport/http/insecure", test_insecure);
  ADD ("/transport/http/cancel", test_cancel);
  g_test_add_func ("/transport/http/faults", test_faults);

  return g_test_run ();
}
