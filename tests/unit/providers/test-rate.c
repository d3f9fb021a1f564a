/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "lk-test-calls.h"

static const struct
{
  const char *profile;
  const char *code;
  const char *message;
  int         status;
  guint       seconds;
  guint       again;
  const char *limit;
  const char *slowed;
} rows[] = {
  { "tiktok-ads", "40100", "App reaches the QPS limit.", 200, 1, 300, "second", "app" },
  { "tiktok-ads", "40100", "App reaches the QPM limit.", 200, 300, 0, "minute", "app" },
  { "tiktok-ads", "40100", "App reaches the QPD limit.", 200, 0, 0, "day", "app" },
  { "tiktok-ads", "40100",
    "Due to too many requests, requests from App 7 are temporarily restricted.", 200, 1, 300,
    "unknown", "app" },
  { "tiktok-ads", "40016", "Requests made too frequently", 200, 1, 300, "unknown", "app" },
  { "tiktok-ads", "40133",
    "Advertiser (7)'s QPS (11) reaches QPS limit 10 for current path, request is temporarily "
    "restricted.", 200, 1, 300, "second", "account" },
  { "tiktok-ads", "40133", "Advertiser (7)'s QPM (11) reaches QPM limit 10", 200, 300, 0, "minute",
    "account" },
  { "tiktok-ads", "40133", "Advertiser (7)'s QPD (11) reaches QPD limit 10", 200, 0, 0, "day",
    "account" },
  { "tiktok-ads", "40133", NULL, 200, 1, 300, "unknown", "account" },
  { "tiktok-ads", "40132", "The request QPS is limited by pixel_code's value.", 200, 1, 300,
    "second", "value" },
  { "tiktok-ads", "99999", NULL, 429, 60, 0, "unknown", "app" },
  { "tiktok-account", "40100", "App reaches the QPS limit.", 200, 1, 300, "second", "app" },
  { "tiktok-login", "rate_limit_exceeded", NULL, 429, 60, 0, "minute", "path" },
  { "tiktok-login", NULL, NULL, 429, 60, 0, "minute", "path" },
  { "tiktok-login", "spam_risk_too_many_posts", NULL, 403, 86400, 0, "day", "account" },
  { "tiktok-shop", "36009002", "Too many requests", 429, 60, 0, "unknown", "app" },
  { "tiktok-shop", NULL, NULL, 429, 60, 0, "unknown", "app" },
  { "tiktok-shop", "45101004", NULL, 429, 0, 0, "day", "app" },
};

static void
test_waits (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_RATE);
      LkRateWait wait;

      fault->code = g_strdup (rows[i].code);
      fault->message = g_strdup (rows[i].message);
      fault->http_status = rows[i].status;
      lk_profile_get_rate_wait (get_profile (rows[i].profile), fault, NULL, NOW, &wait);
      g_test_message ("%s %s", rows[i].code, rows[i].message);
      g_assert_cmpuint (wait.seconds, ==, rows[i].seconds);
      g_assert_cmpuint (wait.again, ==, rows[i].again);
      g_assert_cmpstr (wait.limit, ==, rows[i].limit);
      g_assert_cmpstr (wait.slowed, ==, rows[i].slowed);
    }
}

static LkProfile *
load (const char  *rate,
      GError     **error)
{
  g_autofree char *dir = g_dir_make_tmp ("latchkey-rate-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "own.json", NULL);
  g_autofree char *text = g_strconcat ("{\"schema\":1,\"id\":\"own\",\"extends\":\"tiktok-shop\","
                                       "\"name\":\"Own\",\"rate\":", rate, "}", NULL);
  LkProfile *profile;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  profile = lk_profile_set_check_file (get_profiles (), path, NULL, error);
  g_remove (path);
  g_rmdir (dir);

  return profile;
}

static const struct
{
  const char *header;
  const char *value;
  guint       seconds;
} headers[] = {
  { "Retry-After", "7", 7 },
  { "retry-after", "0", 60 },
  { "Retry-After", "Sat, 21 Nov 2026 08:02:00 GMT", 120 },
  { "Retry-After", "Sat, 21 Nov 2026 07:02:00 GMT", 60 },
  { "Retry-After", "Sat, 21 Nov 2026 09:02:00 +0100", 120 },
  { "Retry-After", "99999999999999999999", 60 },
  { "Retry-After", "100000000", 86400 },
  { "Retry-After", "-5", 60 },
  { "Retry-After", "nan", 60 },
  { "Retry-After", "soon", 60 },
  { "Retry-After", "", 60 },
  { "Retry-After", "32 Nov 2026 08:02:00 GMT", 60 },
  { "X-Ratelimit-Reset", "12.5", 13 },
  { "x-ratelimit-reset", "12, 13", 12 },
  { "x-rate-limit-reset", "1795248030", 30 },
  { "x-rate-limit-reset", "1795248030000", 30 },
  { "x-rate-limit-reset", "1795247000", 60 },
  { "x-regain", "3", 180 },
  { "x-other", "9", 60 },
};

static void
test_headers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkProfile) profile = load ("{\"headers\":{\"retry-after\":\"after\","
                                        "\"x-ratelimit-reset\":\"seconds\","
                                        "\"x-rate-limit-reset\":\"unix\","
                                        "\"x-regain\":\"minutes\"}}", &error);

  g_assert_no_error (error);
  for (size_t i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (LkReply) reply = make_reply (429, "");
      g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_RATE);
      LkRateWait wait;

      fault->http_status = 429;
      lk_reply_set_header (reply, headers[i].header, headers[i].value);
      lk_profile_get_rate_wait (profile, fault, reply, NOW, &wait);
      g_test_message ("%s: %s", headers[i].header, headers[i].value);
      g_assert_cmpuint (wait.seconds, ==, headers[i].seconds);
    }
}

static void
test_reply_headers (void)
{
  g_autoptr (LkReply) reply = make_reply (200, "{}");

  g_assert_null (lk_reply_get_header (reply, "A"));
  lk_reply_set_header (reply, "A", "1");
  lk_reply_set_header (reply, "a", "2");
  g_assert_cmpstr (lk_reply_get_header (reply, "A"), ==, "1, 2");
  g_assert_null (lk_reply_get_header (reply, "b"));
}

static void
test_limits (void)
{
  GPtrArray *ads = lk_profile_get_rate_limits (get_profile ("tiktok-ads"));
  const LkRateLimit *first = g_ptr_array_index (ads, 0);
  gboolean found = FALSE;

  g_assert_cmpuint (first->seconds, ==, 1);
  g_assert_cmpuint (first->calls, ==, 10);
  g_assert_cmpstr (first->per, ==, "app");
  g_assert_null (first->path);
  for (guint i = 0; i < ads->len; i++)
    {
      const LkRateLimit *limit = g_ptr_array_index (ads, i);

      if (limit->path == NULL && limit->seconds == 0)
        {
          g_assert_cmpuint (limit->calls, ==, 864000);
          found = TRUE;
        }
    }
  g_assert_true (found);
  g_assert_cmpuint (lk_profile_get_rate_limits (get_profile ("tiktok-shop"))->len, ==, 0);
}

static void
test_bad (void)
{
  static const char * const bad[] = {
    "[]", "{\"limits\":{}}", "{\"limits\":[1]}", "{\"limits\":[{\"calls\":0}]}",
    "{\"limits\":[{\"calls\":1,\"seconds\":\"week\"}]}",
    "{\"limits\":[{\"calls\":1,\"seconds\":-1}]}", "{\"limits\":[{\"calls\":1,\"per\":\"x\"}]}",
    "{\"waits\":[{\"seconds\":100000}]}", "{\"waits\":[{\"limit\":\"x\"}]}",
    "{\"waits\":[{\"slowed\":\"x\"}]}", "{\"waits\":[{\"msg\":1}]}",
    "{\"headers\":{\"a\":\"x\"}}", "{\"headers\":{\"a\":1}}", "{\"wait_s\":0}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      LkProfile *profile = load (bad[i], &error);

      g_test_message ("%s", bad[i]);
      g_assert_null (profile);
      g_assert_true (error->domain == LK_PROVIDER_ERROR);
      g_assert_nonnull (strstr (error->message, "own.json:1: rate"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/waits", test_waits);
  g_test_add_func ("/rate/headers", test_headers);
  g_test_add_func ("/rate/reply-headers", test_reply_headers);
  g_test_add_func ("/rate/limits", test_limits);
  g_test_add_func ("/rate/bad", test_bad);

  return g_test_run ();
}
