/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

#define INFO API "/user/info/"
#define CAMPAIGNS API "/campaign/get/?advertiser_id="

/* One request after a jump of the clock, and what it is answered with; 0 is any answer but a
 * refusal by the limit. */
typedef struct
{
  gint64      wait;
  gint64      code;
  const char *message;
} Step;

typedef struct
{
  const char *limit;
  Step        steps[6];
} Row;

/* 1800000000 is 08:00 UTC: the day has 57600 seconds left. A step of -1 ends the row. */
static const Row rows[] = {
  { "{\"family\":\"ads\",\"mode\":\"qps\",\"limit\":1}",
    { { 0, 0, NULL },
      { 0, 40100, "App reaches the QPS limit." },
      { 1, 0, NULL },
      { 0, 40100, "App reaches the QPS limit." },
      { -1, 0, NULL } } },
  { "{\"family\":\"ads\",\"mode\":\"qpm\",\"limit\":1}",
    { { 0, 0, NULL },
      { 0, 40100, "App reaches the QPM limit." },
      { 61, 40100, "App reaches the QPM limit." },
      { 238, 40100, "App reaches the QPM limit." },
      { 1, 0, NULL },
      { -1, 0, NULL } } },
  { "{\"family\":\"ads\",\"mode\":\"qpd\",\"limit\":1}",
    { { 0, 0, NULL },
      { 0, 40100, "App reaches the QPD limit." },
      { 57599, 40100, "App reaches the QPD limit." },
      { 1, 0, NULL },
      { 0, 40100, "App reaches the QPD limit." },
      { -1, 0, NULL } } },
  { "{\"family\":\"ads\",\"mode\":\"qpm\",\"limit\":0,\"restricted\":\"" ADS_ID "\"}",
    { { 0, 40100, "Due to too many requests, requests from App " ADS_ID " are temporarily "
                  "restricted." },
      { -1, 0, NULL } } },
  { "{\"family\":\"ads\",\"mode\":\"qpm\",\"limit\":0,\"path\":\"/open_api/v1.3/ad/get/\"}",
    { { 0, 0, NULL }, { -1, 0, NULL } } },
};

/* Each window with its message and its own way back: the next second, five minutes, 00:00 UTC. */
static void
test_windows (Fixture       *fixture,
              gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fixture_control (fixture, "reset", "{}");
      /* Each row begins at 08:00 of another day. */
      lk_manual_clock_advance (fixture->clock,
                               86400 - (lk_clock_get_now (fixture->clock) - 1800000000) % 86400);
      fixture_control (fixture, "limits", rows[i].limit);
      for (const Step *step = rows[i].steps; step->wait >= 0; step++)
        {
          g_autoptr(Answer) answer = NULL;

          lk_manual_clock_advance (fixture->clock, step->wait);
          answer = fixture_get (fixture, INFO);
          g_test_message ("%s, after %d", rows[i].limit, (int) step->wait);
          g_assert_cmpuint (answer->status, ==, 200);
          g_assert_cmpint (answer_int (answer, "code"), ==,
                           step->code != 0 ? step->code : 40104);
          if (step->message != NULL)
            g_assert_cmpstr (answer_string (answer, "message"), ==, step->message);
        }
    }
}

/* One advertiser or one value is slowed, and no other. */
static void
test_levels (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) first = NULL;
  g_autoptr(Answer) second = NULL;
  g_autoptr(Answer) other = NULL;
  g_autoptr(Answer) value = NULL;
  g_autoptr(Answer) free = NULL;

  fixture_control (fixture, "limits",
                   "{\"family\":\"ads\",\"mode\":\"qps\",\"limit\":1,\"level\":\"advertiser\"}");
  fixture_control (fixture, "limits",
                   "{\"family\":\"ads\",\"mode\":\"qps\",\"limit\":0,\"level\":\"value\","
                   "\"only\":\"CABC\"}");
  first = fixture_get (fixture, CAMPAIGNS "7000000000000000001");
  second = fixture_get (fixture, CAMPAIGNS "7000000000000000001");
  other = fixture_get (fixture, CAMPAIGNS "7000000000000000002");
  value = fixture_get (fixture, API "/pixel/list/?pixel_code=CABC");
  free = fixture_get (fixture, API "/pixel/list/?pixel_code=CDEF");
  g_assert_cmpint (answer_int (first, "code"), ==, 40104);
  g_assert_cmpint (answer_int (second, "code"), ==, 40133);
  g_assert_cmpstr (answer_string (second, "message"), ==,
                   "Advertiser (7000000000000000001)'s QPS (2) reaches QPS limit 1 for current "
                   "path, request is temporarily restricted.");
  g_assert_cmpint (answer_int (other, "code"), ==, 40104);
  g_assert_cmpint (answer_int (value, "code"), ==, 40132);
  g_assert_cmpstr (answer_string (value, "message"), ==,
                   "The request QPS is limited by pixel_code's value.");
  g_assert_cmpint (answer_int (free, "code"), ==, 40104);
}

/* The v2 API's minute slides: a place is free 60 seconds after each request. */
static void
test_sliding (Fixture       *fixture,
              gconstpointer  data)
{
  const char *path = "/v2/user/info/?fields=open_id";
  const guint expected[] = { 401, 401, 429, 401, 429, 401 };
  const gint64 waits[] = { 0, 30, 0, 31, 0, 30 };

  fixture_control (fixture, "limits", "{\"family\":\"login\",\"mode\":\"qpm\",\"limit\":2}");
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(Answer) answer = NULL;

      lk_manual_clock_advance (fixture->clock, waits[i]);
      answer = fixture_get (fixture, path);
      g_test_message ("request %u", i);
      g_assert_cmpuint (answer->status, ==, expected[i]);
      if (expected[i] == 429)
        g_assert_cmpstr (answer_string (answer, "error.code"), ==, "rate_limit_exceeded");
    }
}

/* Limits add up, "off" takes all of a family's away, and other families know nothing of them. */
static void
test_off (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(Answer) shut = NULL;
  g_autoptr(Answer) account = NULL;
  g_autoptr(Answer) open = NULL;

  fixture_control (fixture, "limits", "{\"family\":\"ads\",\"mode\":\"qpd\",\"limit\":0}");
  shut = fixture_get (fixture, INFO);
  account = fixture_get (fixture, API "/business/get/?business_id=1");
  fixture_control (fixture, "limits", "{\"family\":\"ads\",\"mode\":\"off\"}");
  open = fixture_get (fixture, INFO);
  g_assert_cmpint (answer_int (shut, "code"), ==, 40100);
  g_assert_cmpint (answer_int (account, "code"), ==, 40104);
  g_assert_cmpint (answer_int (open, "code"), ==, 40104);
}

/* Everything is away in maintenance, and back when it ends by itself or by hand. */
static void
test_maintenance (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Answer) ads = NULL;
  g_autoptr(Answer) account = NULL;
  g_autoptr(Answer) login = NULL;
  g_autoptr(Answer) oauth = NULL;
  g_autoptr(Answer) shop = NULL;
  g_autoptr(Answer) back = NULL;
  g_autoptr(Answer) again = NULL;
  g_autoptr(Answer) off = NULL;

  fixture_control (fixture, "maintenance", "{\"seconds\":600}");
  ads = fixture_get (fixture, INFO);
  account = fixture_get (fixture, API "/business/get/?business_id=1");
  login = fixture_get (fixture, "/v2/user/info/?fields=open_id");
  oauth = fixture_post (fixture, "/v2/oauth/token/", FORM, LOGIN_CLIENT);
  shop = fixture_get (fixture, "/authorization/202309/shops");
  g_assert_cmpuint (shop->status, ==, 503);
  g_assert_cmpint (answer_int (shop, "code"), ==, 36009003);
  g_assert_cmpint (answer_int (ads, "code"), ==, 60001);
  g_assert_cmpstr (answer_string (ads, "message"), ==, "The system is in maintenance.");
  g_assert_cmpuint (ads->status, ==, 200);
  g_assert_cmpint (answer_int (account, "code"), ==, 60001);
  g_assert_cmpuint (login->status, ==, 503);
  g_assert_cmpstr (answer_string (login, "error.code"), ==, "internal_error");
  g_assert_cmpstr (answer_string (oauth, "error"), ==, "temporarily_unavailable");
  lk_manual_clock_advance (fixture->clock, 600);
  back = fixture_get (fixture, INFO);
  g_assert_cmpint (answer_int (back, "code"), ==, 40104);
  fixture_control (fixture, "maintenance", "{}");
  lk_manual_clock_advance (fixture->clock, 864000);
  again = fixture_get (fixture, INFO);
  g_assert_cmpint (answer_int (again, "code"), ==, 60001);
  fixture_control (fixture, "maintenance", "{\"on\":false}");
  off = fixture_get (fixture, INFO);
  g_assert_cmpint (answer_int (off, "code"), ==, 40104);
}

/* The feed of incidents: newest first, escaped, and told as over. */
static void
test_feed (Fixture       *fixture,
           gconstpointer  data)
{
  const char *path = "/marketing_api/api/status_page/incident/rss/";
  g_autoptr(Answer) empty = fixture_get (fixture, path);
  g_autoptr(Answer) full = NULL;
  g_autoptr(Answer) over = NULL;
  g_autoptr(Answer) page = NULL;
  g_autoptr(Answer) cleared = NULL;

  fixture_control (fixture, "incident", "{\"title\":\"Old\",\"text\":\"gone\",\"at\":1799990000}");
  fixture_control (fixture, "incident", "{\"title\":\"Reporting is slow & late\","
                   "\"text\":\"We look into <it>.\",\"at\":1799999000}");
  full = fixture_get (fixture, path);
  g_assert_null (strstr (empty->body, "<item>"));
  g_assert_nonnull (strstr (full->body, "<title>Reporting is slow &amp; late</title>"));
  g_assert_nonnull (strstr (full->body, "We look into &lt;it&gt;."));
  g_assert_nonnull (strstr (full->body, "<pubDate>Fri, 15 Jan 2027 07:43:20 GMT</pubDate>"));
  g_assert_true (strstr (full->body, "Reporting") < strstr (full->body, "Old"));
  fixture_control (fixture, "incident", "{\"title\":\"Old\",\"resolved\":true}");
  over = fixture_get (fixture, path);
  page = fixture_get (fixture, "/_simulator/pages/status");
  g_assert_nonnull (strstr (over->body, "[Resolved] Old"));
  g_assert_nonnull (strstr (page->body, "Reporting is slow &amp; late"));
  cleared = fixture_send (fixture, "DELETE", "/_simulator/incident", NULL, NULL, NULL, NULL);
  g_assert_cmpuint (cleared->status, ==, 200);
}

/* Trouble on TikTok's side is a fault on all paths. */
static void
test_trouble (Fixture       *fixture,
              gconstpointer  data)
{
  const gint64 codes[] = { 50000, 50002 };
  const char *messages[] = { "System error.", "Error processing request on TikTok side. Please see "
                             "error message for details." };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"path\":\"/open_api/*\",\"code\":%d}",
                                                (int) codes[i]);
      g_autoptr(Answer) refused = NULL;
      g_autoptr(Answer) fine = NULL;

      fixture_control (fixture, "faults", fault);
      refused = fixture_get (fixture, INFO);
      fine = fixture_get (fixture, INFO);
      g_assert_cmpint (answer_int (refused, "code"), ==, codes[i]);
      g_assert_cmpstr (answer_string (refused, "message"), ==, messages[i]);
      g_assert_cmpuint (refused->status, ==, 200);
      g_assert_cmpint (answer_int (fine, "code"), ==, 40104);
    }
}

#define add(name, function) \
  g_test_add ("/simulator/limits/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("windows", test_windows);
  add ("levels", test_levels);
  add ("sliding", test_sliding);
  add ("off", test_off);
  add ("maintenance", test_maintenance);
  add ("feed", test_feed);
  add ("trouble", test_trouble);
  return g_test_run ();
}
