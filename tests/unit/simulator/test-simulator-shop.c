/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

/* TikTok Shop. The signing here is written anew from the documentation, and shares nothing with the
 * simulator's or with Latchkey's. */

#define KEY "sim-shop-key"
#define SECRET "sim-shop-secret"
#define SHOPS "/authorization/202309/shops"
#define ORDERS "/order/202309/orders/search"
#define NOW 1800000000

static int
compare_params (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* @params: "key=value" with decoded values, in any order */
static char *
sign_by_hand (const char  *secret,
              const char  *path,
              char       **params,
              const char  *body)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret,
                                      strlen (secret));

  for (char **param = params; *param != NULL; param++)
    g_ptr_array_add (sorted, *param);
  g_ptr_array_sort (sorted, compare_params);
  g_hmac_update (hmac, (const guchar *) secret, -1);
  g_hmac_update (hmac, (const guchar *) path, -1);
  for (guint i = 0; i < sorted->len; i++)
    {
      g_auto(GStrv) pair = g_strsplit (g_ptr_array_index (sorted, i), "=", 2);

      g_hmac_update (hmac, (const guchar *) pair[0], -1);
      g_hmac_update (hmac, (const guchar *) pair[1], -1);
    }
  if (body != NULL)
    g_hmac_update (hmac, (const guchar *) body, -1);
  g_hmac_update (hmac, (const guchar *) secret, -1);
  return g_strdup (g_hmac_get_string (hmac));
}

/* The published vector. */
static void
test_vector (void)
{
  char *params[] = { (char *) "timestamp=1623812664", (char *) "app_key=29a39d", NULL };
  g_autofree char *sign = sign_by_hand ("e59af819cc", SHOPS, params, NULL);

  g_assert_cmpstr (sign, ==, "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
}

/* The simulator finds the same vector good: it is told the app of the vector, and its time. */
static void
test_vector_taken (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *clock = g_strdup_printf ("{\"skew\":%d}", 1623812664 - NOW);
  g_autoptr(Answer) good = NULL;
  g_autoptr(Answer) bad = NULL;

  fixture_control (fixture, "apps", "{\"family\":\"shop\",\"id\":\"29a39d\","
                   "\"secret\":\"e59af819cc\",\"redirects\":[\"http://127.0.0.1:1/\"]}");
  fixture_control (fixture, "clock", clock);
  good = fixture_get (fixture, SHOPS "?app_key=29a39d&timestamp=1623812664&sign="
                      "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
  bad = fixture_get (fixture, SHOPS "?app_key=29a39d&timestamp=1623812664&sign="
                     "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc9");
  g_assert_cmpint (answer_int (good, "code"), ==, 36009004);
  g_assert_cmpstr (answer_string (good, "message"), ==,
                   "Invalid credentials. The 'x-tts-access-token' header is invalid.");
  g_assert_cmpint (answer_int (bad, "code"), ==, 106001);
}

static Answer *
sign_in (Fixture    *fixture,
         const char *more)
{
  g_autofree char *ask = g_strconcat ("/oauth/authorize?app_key=" KEY "&state=s&auto_consent=1",
                                      more, NULL);
  g_autofree char *code = fixture_code (fixture, ask, "code");
  g_autofree char *escaped = g_uri_escape_string (code, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v2/token/get?app_key=" KEY "&app_secret=" SECRET
                                       "&grant_type=authorized_code&auth_code=", escaped, NULL);

  return fixture_get (fixture, path);
}

/* @extra: (nullable): one more "key=value" */
static Answer *
call_at (Fixture    *fixture,
         const char *method,
         const char *path,
         const char *token,
         const char *extra,
         const char *body,
         gint64      time)
{
  g_autofree char *timestamp = g_strdup_printf ("timestamp=%" G_GINT64_FORMAT, time);
  char *params[] = { timestamp, (char *) "app_key=" KEY, (char *) extra, NULL };
  g_autofree char *sign = sign_by_hand (SECRET, path, params, body);
  g_autofree char *query = g_strjoinv ("&", params);
  g_autofree char *full = g_strdup_printf ("%s?%s&sign=%s", path, query, sign);

  return fixture_send (fixture, method, full, token != NULL ? "x-tts-access-token" : NULL, token,
                       JSON, body);
}

static Answer *
call (Fixture    *fixture,
      Answer     *tokens,
      const char *path,
      const char *extra)
{
  gboolean search = g_str_has_suffix (path, "/search");

  return call_at (fixture, search ? "POST" : "GET", path,
                  answer_string (tokens, "data.access_token"), extra,
                  search ? "{\"page_size\": 10,  \"sort\":1}" : NULL, NOW);
}

static void
assert_refused (Answer     *answer,
                guint       status,
                gint64      code,
                const char *message)
{
  g_assert_cmpint (answer_int (answer, "code"), ==, code);
  g_assert_cmpstr (answer_string (answer, "message"), ==, message);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (answer_string (answer, "request_id"));
}

/* The page's answer carries what TikTok's does, and the ends are moments. */
static void
test_sign_in (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) page = fixture_get (fixture, "/open/authorize?service_id=7000000000000000301"
                                        "&state=x");
  g_autoptr(Answer) wrong = fixture_get (fixture, "/open/authorize?service_id=1&state=x");
  g_autoptr(Answer) back = fixture_get (fixture, "/open/authorize?service_id=7000000000000000301"
                                        "&state=a%2Fb&auto_consent=1");
  g_autoptr(Answer) tokens = sign_in (fixture, "");
  g_autofree char *state = answer_param (back, "state");
  g_autofree char *key = answer_param (back, "app_key");

  g_assert_nonnull (strstr (page->body, "id=\"allow\""));
  g_assert_nonnull (strstr (page->body, "Read orders"));
  g_assert_nonnull (strstr (wrong->body, "<li>service_id</li>"));
  g_assert_true (g_str_has_prefix (back->location, "http://127.0.0.1:17819/callback/?"));
  g_assert_cmpstr (state, ==, "a/b");
  g_assert_cmpstr (key, ==, KEY);
  g_assert_cmpint (answer_int (tokens, "data.access_token_expire_in"), ==, NOW + 604800);
  g_assert_cmpint (answer_int (tokens, "data.refresh_token_expire_in"), ==, NOW + 31536000);
  g_assert_cmpstr (answer_string (tokens, "data.seller_name"), ==, "Fernhill Store");
  g_assert_true (g_str_has_prefix (answer_string (tokens, "data.access_token"), "TTP_"));
}

/* Refusals of the token endpoints; the old refresh token is gone after a rotation. */
static void
test_tokens (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *query;
    gint64      code;
    const char *message;
  } cases[] = {
    { "get?app_key=1&app_secret=" SECRET "&grant_type=authorized_code&auth_code=x", 36009004,
      "Invalid credentials. Invalid 'app_key' query parameter." },
    { "get?app_key=" KEY "&app_secret=x&grant_type=authorized_code&auth_code=x", 36009004,
      "Invalid credentials. Invalid 'app_secret' query parameter." },
    { "get?app_key=" KEY "&app_secret=" SECRET "&grant_type=authorization_code&auth_code=x",
      36009004, "Invalid parameter. Invalid 'grant_type' query parameter." },
    { "get?app_key=" KEY "&app_secret=" SECRET "&grant_type=authorized_code&auth_code=x", 36004004,
      "Invalid auth code." },
    { "refresh?app_key=" KEY "&app_secret=" SECRET "&grant_type=refresh_token&refresh_token=x",
      36004005, "can not find related auth record" },
  };
  g_autoptr(Answer) first = sign_in (fixture, "");
  g_autofree char *path = g_strconcat ("/api/v2/token/refresh?app_key=" KEY "&app_secret=" SECRET
                                       "&grant_type=refresh_token&refresh_token=",
                                       answer_string (first, "data.refresh_token"), NULL);
  g_autoptr(Answer) second = fixture_get (fixture, path);
  g_autoptr(Answer) again = fixture_get (fixture, path);
  g_autofree char *next = g_strconcat ("/api/v2/token/refresh?app_key=" KEY "&app_secret=" SECRET
                                       "&grant_type=refresh_token&refresh_token=",
                                       answer_string (second, "data.refresh_token"), NULL);
  g_autoptr(Answer) expired = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *full = g_strconcat ("/api/v2/token/", cases[i].query, NULL);
      g_autoptr(Answer) answer = fixture_get (fixture, full);

      assert_refused (answer, 200, cases[i].code, cases[i].message);
    }
  g_assert_cmpint (answer_int (second, "code"), ==, 0);
  assert_refused (again, 200, 36004005, "can not find related auth record");
  fixture_control (fixture, "expire", "{\"family\":\"shop\",\"what\":\"refresh\"}");
  expired = fixture_get (fixture, next);
  assert_refused (expired, 200, 36004001, "rt has expired");
}

/* Old by five minutes and ahead by thirty seconds are still good, and no more. */
static void
test_clock (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    gint64      time;
    const char *message; /* (nullable) when it is good */
  } cases[] = {
    { NOW, NULL },
    { NOW - 300, NULL },
    { NOW + 30, NULL },
    { NOW - 301, "Invalid timestamp. The value of the 'timestamp' query parameter must not be "
                 "earlier than 5 minutes before the current time." },
    { NOW + 31, "Invalid timestamp. The value of the 'timestamp' query parameter must not be "
                "later than 30 seconds after the current time." },
    { -1, "Invalid timestamp. The value of the 'timestamp' query parameter must not be lesser "
          "than 0." },
  };
  g_autoptr(Answer) tokens = sign_in (fixture, "");
  const char *token = answer_string (tokens, "data.access_token");
  g_autoptr(Answer) drifted = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Answer) answer = call_at (fixture, "GET", SHOPS, token, NULL, NULL, cases[i].time);

      if (cases[i].message == NULL)
        assert_refused (answer, 200, 0, "Success");
      else
        assert_refused (answer, 400, 36009004, cases[i].message);
    }
  /* The clock that judges is the one that the Date header tells. */
  fixture_control (fixture, "clock", "{\"skew\":3600}");
  drifted = call (fixture, tokens, SHOPS, NULL);
  g_assert_cmpint (answer_int (drifted, "code"), ==, 36009004);
  g_assert_cmpstr (drifted->date, ==, "Fri, 15 Jan 2027 09:00:00 GMT");
}

static char *
first_cipher (Answer *answer)
{
  JsonArray *shops = json_object_get_array_member (
    json_object_get_object_member (answer->json, "data"), "shops");

  g_assert_cmpuint (json_array_get_length (shops), ==, 2);
  return g_strconcat ("shop_cipher=", json_object_get_string_member (
    json_array_get_object_element (shops, 0), "cipher"), NULL);
}

/* Calls: the cipher, the body that is signed as it was sent, scope, seller, ends, rate. */
static void
test_calls (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = sign_in (fixture, "");
  g_autoptr(Answer) shops = call (fixture, tokens, SHOPS, NULL);
  g_autofree char *cipher = first_cipher (shops);
  g_autoptr(Answer) orders = call (fixture, tokens, ORDERS, cipher);
  g_autoptr(Answer) none = call (fixture, tokens, ORDERS, NULL);
  g_autoptr(Answer) other = call (fixture, tokens, ORDERS, "shop_cipher=GCP_x");
  g_autoptr(Answer) needless = call (fixture, tokens, SHOPS, cipher);
  g_autoptr(Answer) scope = call (fixture, tokens, "/product/202502/products/search", cipher);
  g_autoptr(Answer) nowhere = fixture_get (fixture, "/order/202309/nothing");
  g_autoptr(Answer) unsigned_call = fixture_get (fixture, SHOPS "?app_key=" KEY
                                                 "&timestamp=1800000000");
  g_autoptr(Answer) app = fixture_get (fixture, SHOPS "?app_key=1&timestamp=1800000000&sign=x");
  g_autoptr(Answer) seller = NULL;
  g_autoptr(Answer) expired = NULL;
  g_autoptr(Answer) rate = NULL;

  assert_refused (orders, 200, 0, "Success");
  assert_refused (none, 400, 106013, "Missing identifier. The request does not include the "
                  "required 'shop_cipher' query parameter.");
  assert_refused (other, 400, 36009004, "Invalid identifier. The 'shop_cipher' query parameter is "
                  "invalid.");
  assert_refused (needless, 400, 36009004, "Unexpected identifier. The 'shop_cipher' query "
                  "parameter is not required for this request.");
  assert_refused (scope, 403, 105005, "Access denied. This app has not been granted any access "
                  "scope required by this endpoint.");
  assert_refused (nowhere, 404, 36009009, "Invalid path. The path does not exist.");
  assert_refused (unsigned_call, 400, 36009004, "Missing credentials. The request does not "
                  "include a required signature in the query.");
  assert_refused (app, 400, 36009004, "Invalid credentials. Invalid 'app_key' query parameter.");
  fixture_control (fixture, "shops", "{\"shop\":\"7495000000000000001\",\"refused\":true}");
  seller = call (fixture, tokens, ORDERS, cipher);
  assert_refused (seller, 403, 12052700, "Seller no permission.");
  fixture_control (fixture, "expire", "{\"family\":\"shop\"}");
  expired = call (fixture, tokens, SHOPS, NULL);
  assert_refused (expired, 401, 105002, "Expired credentials. The access_token or "
                  "x-tts-access-token header has expired.");
  fixture_control (fixture, "limits", "{\"family\":\"shop\",\"mode\":\"qps\",\"limit\":0}");
  rate = call (fixture, tokens, SHOPS, NULL);
  assert_refused (rate, 429, 36009002, "Too many requests. Please try again later.");
}

/* A parameter whose value has to be escaped is signed decoded; a changed body is noticed. */
static void
test_bytes (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = sign_in (fixture, "");
  const char *token = answer_string (tokens, "data.access_token");
  char *params[] = { (char *) "timestamp=1800000000", (char *) "app_key=" KEY,
                     (char *) "note=a b&c", NULL };
  g_autofree char *plain = sign_by_hand (SECRET, SHOPS, params, NULL);
  g_autofree char *path = g_strconcat (SHOPS "?app_key=" KEY "&timestamp=1800000000"
                                       "&note=a%20b%26c&sign=", plain, NULL);
  g_autofree char *with = sign_by_hand (SECRET, ORDERS, params, "{\"a\":1}");
  g_autofree char *other = g_strconcat (ORDERS "?app_key=" KEY "&timestamp=1800000000"
                                        "&note=a%20b%26c&sign=", with, NULL);
  g_autoptr(Answer) good = fixture_send (fixture, "GET", path, "x-tts-access-token", token, NULL,
                                         NULL);
  g_autoptr(Answer) bad = fixture_send (fixture, "POST", other, "x-tts-access-token", token, JSON,
                                        "{\"a\": 1}");

  assert_refused (good, 200, 0, "Success");
  assert_refused (bad, 401, 106001, "Invalid credentials. The 'sign' query parameter is invalid. "
                  "For more details: https://m.tiktok.shop/s/AIu6dbFhs2XW");
}

#define add(name, function) \
  g_test_add ("/simulator/shop/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/shop/vector", test_vector);
  add ("vector-taken", test_vector_taken);
  add ("sign-in", test_sign_in);
  add ("tokens", test_tokens);
  add ("clock", test_clock);
  add ("calls", test_calls);
  add ("bytes", test_bytes);
  return g_test_run ();
}
