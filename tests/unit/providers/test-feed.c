/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The status feed: written by others. */

#include "lk-test-calls.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel>" \
             "<title>Status</title><link>https://example.com/</link>"
#define TAIL "</channel></rss>"

static LkProbeAnswer *
read_feed (int         status,
           const char *text,
           gssize      length)
{
  g_autoptr (GBytes) body = g_bytes_new (text, length < 0 ? strlen (text) : (size_t) length);
  g_autoptr (LkReply) reply = lk_reply_new (status, body);
  LkProbeAnswer *answer = lk_probe_answer_new ("status", NULL, NULL);

  lk_profile_read_probe (get_profile ("tiktok-ads"), reply, answer);

  return answer;
}

static void
test_request (void)
{
  g_autoptr (LkValues) values = lk_values_new ();
  g_autoptr (LkRequest) request = lk_profile_build_probe (get_profile ("tiktok-ads"), "status",
                                                          values, NOW, NULL);

  g_assert_false (lk_profile_probe_needs_token (get_profile ("tiktok-ads"), "status"));
  g_assert_cmpstr (lk_request_get_url (request), ==,
                   "https://business-api.tiktok.com/marketing_api/api/status_page/incident/rss/");
  g_assert_cmpuint (lk_request_get_n_headers (request), ==, 0);
}

static void
test_items (void)
{
  g_autoptr (LkProbeAnswer) answer = read_feed (200,
    HEAD
    "<item><title>Slow &amp; late</title><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate>"
    "<description><![CDATA[<p>Reports\n <b>are</b> late</p>]]></description>"
    "<link>https://example.com/1</link></item>"
    "<item><title>Second</title><pubDate>yesterday</pubDate>"
    "<description>&lt;script&gt;x&lt;/script&gt; a &lt; b</description>"
    "<link>javascript:alert(1)</link><title>Not this</title></item>" TAIL, -1);

  g_assert_null (answer->fault);
  g_assert_cmpuint (answer->rows->len, ==, 2);
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "title"), ==, "Slow & late");
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "at"), ==, "1795248000");
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "text"), ==, "Reports are late");
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "link"), ==, "https://example.com/1");
  g_assert_cmpstr (lk_probe_answer_get (answer, 1, "title"), ==, "Second");
  g_assert_cmpstr (lk_probe_answer_get (answer, 1, "text"), ==, "x a < b");
  g_assert_null (lk_probe_answer_get (answer, 1, "at"));
  g_assert_null (lk_probe_answer_get (answer, 1, "link"));
}

static void
test_no_news (void)
{
  g_autoptr (LkProbeAnswer) answer = read_feed (200, HEAD TAIL, -1);

  g_assert_null (answer->fault);
  g_assert_cmpuint (answer->rows->len, ==, 0);
}

static void
test_not_a_feed (void)
{
  static const char * const texts[] = {
    "", "null", "{\"code\":0}", "<html><body>Sign in</body></html>", "<rss><channel>",
    "<rss><channel></rss></channel>", "<channel>&nbsp;</channel>", "<a", "</a>",
    "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss><channel><item><title>&b;"
    "</title></item></channel></rss>",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LkProbeAnswer) answer = read_feed (200, texts[i], -1);

      g_test_message ("%s", texts[i]);
      g_assert_nonnull (answer->fault);
      g_assert_cmpuint (answer->rows->len, ==, 0);
    }
}

static void
test_refused (void)
{
  g_autoptr (LkProbeAnswer) down = read_feed (503, HEAD TAIL, -1);
  g_autoptr (LkProbeAnswer) gone = read_feed (404, "404 page not found", -1);

  g_assert_cmpint (down->fault->klass, ==, LK_CLASS_TRANSIENT);
  g_assert_cmpint (gone->fault->klass, ==, LK_CLASS_BAD_REQUEST);
}

static void
test_huge (void)
{
  g_autoptr (GString) many = g_string_new (HEAD);
  g_autoptr (GString) deep = g_string_new ("<rss><channel>");
  g_autofree char *blank = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *title = g_strnfill (100000, 'x');
  g_autoptr (LkProbeAnswer) answer = NULL;
  g_autoptr (LkProbeAnswer) nested = NULL;
  g_autoptr (LkProbeAnswer) large = NULL;

  for (int i = 0; i < 60; i++)
    g_string_append_printf (many, "<item><title>%d</title></item>", i);
  g_string_append_printf (many, "<item><title>%s</title></item>" TAIL, title);
  answer = read_feed (200, many->str, (gssize) many->len);
  g_assert_null (answer->fault);
  g_assert_cmpuint (answer->rows->len, ==, 50);
  g_assert_true (answer->cut);

  for (int i = 0; i < 10000; i++)
    g_string_append (deep, "<item>");
  nested = read_feed (200, deep->str, (gssize) deep->len);
  g_assert_nonnull (nested->fault);
  g_assert_cmpuint (nested->rows->len, ==, 0);

  large = read_feed (200, blank, -1);
  g_assert_nonnull (large->fault);
}

static void
test_binary (void)
{
  static const char binary[] = "<rss><channel><item><title>\xff\xfe\0\x01</title></item>"
                               "</channel></rss>";
  g_autoptr (LkProbeAnswer) answer = read_feed (200, binary, sizeof binary - 1);

  for (guint i = 0; i < answer->rows->len; i++)
    {
      const char *title = lk_probe_answer_get (answer, i, "title");

      g_assert_true (title == NULL || g_utf8_validate (title, -1, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed/request", test_request);
  g_test_add_func ("/feed/items", test_items);
  g_test_add_func ("/feed/no-news", test_no_news);
  g_test_add_func ("/feed/not-a-feed", test_not_a_feed);
  g_test_add_func ("/feed/refused", test_refused);
  g_test_add_func ("/feed/huge", test_huge);
  g_test_add_func ("/feed/binary", test_binary);

  return g_test_run ();
}
