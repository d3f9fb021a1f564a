/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <libsoup/soup.h>

#include "lk-loopback-private.h"

#define DEADLINE_MS 10000

/* What the next request is told, and what the handler saw. */
typedef struct
{
  LkLoopback        *loopback;
  SoupSession       *session;
  LkLoopbackVerdict  verdict;
  LkPage             page;
  int                calls;
  char              *query;
} Fixture;

static LkLoopbackVerdict
handle (const char *query,
        LkPage     *page,
        gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->calls++;
  g_free (fixture->query);
  fixture->query = g_strdup (query);
  *page = fixture->page;

  return fixture->verdict;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->session = soup_session_new ();
  fixture->loopback = lk_loopback_new (0, "/callback/", handle, fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lk_loopback_get_port (fixture->loopback), >, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->loopback);
  g_clear_object (&fixture->session);
  g_free (fixture->query);
}

typedef struct
{
  GMainLoop *loop;
  GBytes    *body;
  GError    *error;
} Wait;

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Wait *wait = user_data;

  wait->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_assert_not_reached ();

  return G_SOURCE_REMOVE;
}

static SoupMessage *
make_message (Fixture    *fixture,
              const char *method,
              const char *rest)
{
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s",
                                          (guint) lk_loopback_get_port (fixture->loopback), rest);

  return soup_message_new (method, uri);
}

static char *
fetch (Fixture     *fixture,
       SoupMessage *message)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Wait wait = { loop, NULL, NULL };
  guint id = g_timeout_add (DEADLINE_MS, too_late_cb, NULL);
  char *text = NULL;

  soup_session_send_and_read_async (fixture->session, message, 0, NULL, replied_cb, &wait);
  g_main_loop_run (loop);
  g_source_remove (id);
  g_clear_error (&wait.error);
  if (wait.body != NULL)
    text = g_strndup (g_bytes_get_data (wait.body, NULL), g_bytes_get_size (wait.body));
  g_clear_pointer (&wait.body, g_bytes_unref);

  return text;
}

static void
test_ways_in (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct
  {
    const char *method;
    const char *rest;
    const char *host; /* "%u": with the port */
    guint       status;
  } rows[] = {
    { "GET", "/callback/?code=a", NULL, 400 },
    { "GET", "/callback/?code=a", "localhost:%u", 400 },
    { "GET", "/callback/?code=a", "[::1]:%u", 400 },
    { "GET", "/callback/?code=a", "evil.example:%u", 403 },
    { "GET", "/callback/?code=a", "127.0.0.1", 403 },
    { "GET", "/callback/?code=a", "127.0.0.1:1", 403 },
    { "GET", "/callback/?code=a", "127.0.0.1.evil.example:%u", 403 },
    { "GET", "/callback?code=a", NULL, 404 },
    { "GET", "/callback/more?code=a", NULL, 404 },
    { "GET", "/favicon.ico", NULL, 404 },
    { "GET", "/", NULL, 404 },
    { "POST", "/callback/?code=a", NULL, 405 },
    { "HEAD", "/callback/?code=a", NULL, 405 },
    { "OPTIONS", "/callback/?code=a", NULL, 405 },
  };
  int calls = 0;

  fixture->verdict = LK_LOOPBACK_ANSWER;
  fixture->page = LK_PAGE_WRONG_STATE;
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(SoupMessage) message = make_message (fixture, rows[i].method, rows[i].rest);
      g_autofree char *text = NULL;

      if (rows[i].host != NULL)
        {
          g_auto(GStrv) parts = g_strsplit (rows[i].host, "%u", 2);
          guint number = lk_loopback_get_port (fixture->loopback);
          g_autofree char *port = g_strdup_printf ("%u", number);
          g_autofree char *host = g_strjoinv (port, parts);

          soup_message_headers_replace (soup_message_get_request_headers (message), "Host", host);
        }
      text = fetch (fixture, message);
      g_assert_cmpuint (soup_message_get_status (message), ==, rows[i].status);
      if (rows[i].status == 400)
        calls++;
    }

  g_assert_cmpint (fixture->calls, ==, calls);
  g_assert_cmpstr (fixture->query, ==, "code=a");
}

static void
check_headers (SoupMessage *message,
               const char  *text)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *policy = soup_message_headers_get_one (headers, "Content-Security-Policy");

  g_assert_nonnull (strstr (policy, "default-src 'none'"));
  g_assert_null (strstr (policy, "unsafe"));
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Referrer-Policy"), ==, "no-referrer");
  g_assert_null (strstr (text, "<script"));
  g_assert_nonnull (strstr (text, "<html lang=\"en\">"));
  g_assert_nonnull (strstr (text, "prefers-color-scheme: dark"));
}

static gboolean
release_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  static const char * const details[] = { "<b>Ann & Co</b> %%TEXT%%", NULL };

  if (!lk_loopback_is_held (fixture->loopback))
    return G_SOURCE_CONTINUE;

  lk_loopback_release (fixture->loopback, LK_PAGE_DONE, details);

  return G_SOURCE_REMOVE;
}

/* The browser waits for the outcome; then the port is closed by itself. */
static void
test_held (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(SoupMessage) message = make_message (fixture, "GET", "/callback/?code=a&state=b");
  g_autoptr(SoupMessage) late = make_message (fixture, "GET", "/callback/?code=a&state=b");
  g_autofree char *text = NULL;
  g_autofree char *nothing = NULL;

  fixture->verdict = LK_LOOPBACK_HOLD;
  g_timeout_add (20, release_cb, fixture);
  text = fetch (fixture, message);

  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  check_headers (message, text);
  g_assert_nonnull (strstr (text, "You are signed in"));
  g_assert_nonnull (strstr (text, "&lt;b&gt;Ann &amp; Co&lt;/b&gt;"));
  /* Nothing of a detail is taken for a placeholder. */
  g_assert_nonnull (strstr (text, "%%TEXT%%"));
  g_assert_null (strstr (text, "code=a"));

  while (g_main_context_iteration (NULL, FALSE))
    ;
  nothing = fetch (fixture, late);
  g_assert_null (nothing);
  g_assert_cmpint (fixture->calls, ==, 1);
}

static gboolean
repeat_cb (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(SoupMessage) message = NULL;
  g_autofree char *text = NULL;

  if (!lk_loopback_is_held (fixture->loopback))
    return G_SOURCE_CONTINUE;

  message = make_message (fixture, "GET", "/callback/?code=a&state=b");
  text = fetch (fixture, message);
  g_assert_cmpuint (soup_message_get_status (message), ==, 409);
  g_assert_nonnull (strstr (text, "used already"));
  lk_loopback_release (fixture->loopback, LK_PAGE_FAILED, NULL);

  return G_SOURCE_REMOVE;
}

static void
test_repeated (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(SoupMessage) message = make_message (fixture, "GET", "/callback/?code=a&state=b");
  g_autofree char *text = NULL;

  fixture->verdict = LK_LOOPBACK_HOLD;
  g_timeout_add (20, repeat_cb, fixture);
  text = fetch (fixture, message);
  g_assert_nonnull (strstr (text, "did not work"));
  g_assert_cmpint (fixture->calls, ==, 1);
}

/* Whoever made the listener may go as soon as the page is released. */
static gboolean
release_and_drop_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  if (!lk_loopback_is_held (fixture->loopback))
    return G_SOURCE_CONTINUE;

  lk_loopback_release (fixture->loopback, LK_PAGE_DONE, NULL);
  lk_loopback_close (fixture->loopback);
  g_clear_object (&fixture->loopback);

  return G_SOURCE_REMOVE;
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(SoupMessage) message = make_message (fixture, "GET", "/callback/?code=a&state=b");
  g_autofree char *text = NULL;

  fixture->verdict = LK_LOOPBACK_HOLD;
  g_timeout_add (20, release_and_drop_cb, fixture);
  text = fetch (fixture, message);
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "You are signed in"));
}

static void
test_taken_port (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLoopback) second = NULL;

  second = lk_loopback_new (lk_loopback_get_port (fixture->loopback), "/callback/", handle, fixture,
                            &error);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
test_every_page (void)
{
  for (int page = LK_PAGE_DONE; page <= LK_PAGE_WRONG_HOST; page++)
    {
      g_autofree char *html = lk_page_render ((LkPage) page, NULL, "nonce");

      g_assert_null (strstr (html, "%%"));
      g_assert_nonnull (strstr (html, "<h1>"));
      g_assert_nonnull (strstr (html, "close this tab"));
      g_assert_cmpuint (lk_page_get_status ((LkPage) page), >=, 200);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/oauth/loopback/ways-in", test_ways_in);
  ADD ("/oauth/loopback/held", test_held);
  ADD ("/oauth/loopback/repeated", test_repeated);
  ADD ("/oauth/loopback/dropped", test_dropped);
  ADD ("/oauth/loopback/taken-port", test_taken_port);
  g_test_add_func ("/oauth/loopback/every-page", test_every_page);

  return g_test_run ();
}
