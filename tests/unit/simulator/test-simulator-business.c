/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

#define EXCHANGE API "/oauth2/access_token/"
#define ACCOUNT "\"client_id\":\"sim-account-id\",\"client_secret\":\"sim-account-secret\""

typedef struct
{
  const char *type;
  const char *body; /* the code is put in for %s */
  gint64      code;
} Row;

static const Row ads_rows[] = {
  { JSON, "{\"app_id\":\"" ADS_ID "\",\"secret\":\"wrong\",\"auth_code\":\"%s\"}", 40101 },
  { JSON, "{\"app_id\":\"1\",\"secret\":\"sim-ads-secret\",\"auth_code\":\"%s\"}", 40101 },
  { JSON, "{\"app_id\":\"" ADS_ID "\",\"secret\":\"sim-ads-secret\"}", 40002 },
  { JSON, "{\"app_id\":7000000000000000101,\"secret\":\"sim-ads-secret\",\"auth_code\":\"%s\"}",
    40002 },
  { JSON, "not json", 40002 },
  { FORM, "app_id=" ADS_ID "&secret=sim-ads-secret&auth_code=%s", 40002 },
  { JSON, "{\"app_id\":\"" ADS_ID "\",\"secret\":\"sim-ads-secret\",\"auth_code\":\"x%s\"}",
    40110 },
  { JSON, "{\"app_id\":\"" ADS_ID "\",\"secret\":\"sim-ads-secret\",\"auth_code\":\"%s\"}", 0 },
  { JSON, "{\"app_id\":\"" ADS_ID "\",\"secret\":\"sim-ads-secret\",\"auth_code\":\"%s\"}",
    40110 },
};

static char *
put (const char *format,
     const char *code)
{
  g_autoptr(GString) text = g_string_new (format);

  g_string_replace (text, "%s", code, 1);
  return g_strdup (text->str);
}

/* One code all along: a refused request does not use it up, a granted one does. */
static void
test_exchange (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *code = fixture_code (fixture, ADS_ASK "&auto_consent=1", "auth_code");

  for (guint i = 0; i < G_N_ELEMENTS (ads_rows); i++)
    {
      g_autofree char *body = put (ads_rows[i].body, code);
      g_autoptr(Answer) answer = fixture_post (fixture, EXCHANGE, ads_rows[i].type, body);

      g_test_message ("%s", ads_rows[i].body);
      g_assert_cmpuint (answer->status, ==, 200);
      g_assert_cmpint (answer_int (answer, "code"), ==, ads_rows[i].code);
      g_assert_nonnull (answer_string (answer, "request_id"));
      g_assert_nonnull (answer->log_id);
    }
}

static void
test_slash (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) answer = fixture_post (fixture, API "/oauth2/access_token", JSON, "{}");
  g_autoptr(Answer) method = fixture_get (fixture, EXCHANGE);

  g_assert_cmpuint (answer->status, ==, 404);
  g_assert_cmpstr (answer->body, ==, "404 page not found");
  g_assert_cmpuint (method->status, ==, 405);
}

/* The words of the portal's page; the redirect is exact, without any "*". */
static void
test_portal (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) id = fixture_get (fixture, "/portal/auth?app_id=1&state=s");
  g_autoptr(Answer) redirect =
    fixture_get (fixture, "/portal/auth?app_id=" ADS_ID "&state=s&auto_consent=1"
                 "&redirect_uri=http%3A%2F%2F127.0.0.1%3A17899%2Fcallback%2F");
  g_autofree char *denied = fixture_code (fixture, ADS_ASK "&auto_consent=1&deny=1", "error");

  g_assert_nonnull (strstr (id->body, "<li>app_id</li>"));
  g_assert_nonnull (strstr (redirect->body, "<li>redirect_uri</li>"));
  g_assert_cmpstr (denied, ==, "access_denied");
}

static Answer *
call (Fixture    *fixture,
      Answer     *tokens,
      const char *path)
{
  g_autofree char *full = g_strconcat (API, path, NULL);

  return fixture_send (fixture, "GET", full, "Access-Token",
                       answer_string (tokens, "data.access_token"), NULL, NULL);
}

static void
test_header (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  const char *token = answer_string (tokens, "data.access_token");
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autoptr(Answer) fine = call (fixture, tokens, "/user/info/");
  g_autoptr(Answer) none = fixture_get (fixture, API "/user/info/");
  g_autoptr(Answer) prefixed = fixture_send (fixture, "GET", API "/user/info/", "Access-Token",
                                             bearer, NULL, NULL);
  g_autoptr(Answer) other = fixture_send (fixture, "GET", API "/user/info/", "Authorization",
                                          bearer, NULL, NULL);

  g_assert_cmpint (answer_int (fine, "code"), ==, 0);
  g_assert_cmpint (answer_int (none, "code"), ==, 40104);
  g_assert_cmpstr (answer_string (none, "message"), ==,
                   "Access token is null, you should set it in http header with key Access-Token.");
  g_assert_cmpint (answer_int (prefixed, "code"), ==, 40105);
  g_assert_cmpint (answer_int (other, "code"), ==, 40104);
}

static guint
count_advertisers (Answer *answer)
{
  JsonObject *data = json_object_get_object_member (answer->json, "data");

  return json_array_get_length (json_object_get_array_member (data, "list"));
}

#define REACH "/oauth2/advertiser/get/?app_id=" ADS_ID "&secret="

/* What a token reaches: what was ticked, while the person still has a role there. */
static void
test_advertisers (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Answer) all = fixture_ads (fixture, "");
  g_autoptr(Answer) none = fixture_ads (fixture, "&advertisers=none");
  g_autoptr(Answer) three = call (fixture, all, REACH "sim-ads-secret");
  g_autoptr(Answer) empty = call (fixture, none, REACH "sim-ads-secret");
  g_autoptr(Answer) wrong = call (fixture, all, REACH "wrong");
  g_autoptr(Answer) other = call (fixture, all, "/oauth2/advertiser/get/?app_id=1&secret=x");
  g_autoptr(Answer) two = NULL;

  g_assert_cmpuint (count_advertisers (three), ==, 3);
  g_assert_cmpuint (count_advertisers (empty), ==, 0);
  g_assert_cmpint (answer_int (wrong, "code"), ==, 40101);
  g_assert_cmpint (answer_int (other, "code"), ==, 40000);
  fixture_control (fixture, "roles", "{\"advertiser\":\"7000000000000000001\",\"role\":\"none\"}");
  two = call (fixture, all, REACH "sim-ads-secret");
  g_assert_cmpuint (count_advertisers (two), ==, 2);
}

static Answer *
update (Fixture    *fixture,
        Answer     *tokens,
        const char *advertiser)
{
  g_autofree char *body = g_strdup_printf ("{\"advertiser_id\":\"%s\",\"campaign_id\":\"1\"}",
                                           advertiser);

  return fixture_send (fixture, "POST", API "/campaign/update/", "Access-Token",
                       answer_string (tokens, "data.access_token"), JSON, body);
}

/* An analyst reads and does not change; an admin who raises the role mends it without a sign-in. */
static void
test_roles (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) read = call (fixture, tokens,
                                 "/campaign/get/?advertiser_id=7000000000000000003");
  g_autoptr(Answer) refused = update (fixture, tokens, "7000000000000000003");
  g_autoptr(Answer) gone = update (fixture, tokens, "1");
  g_autoptr(Answer) mended = NULL;

  g_assert_cmpint (answer_int (read, "code"), ==, 0);
  g_assert_cmpint (answer_int (refused, "code"), ==, 40001);
  g_assert_cmpstr (answer_string (refused, "message"), ==,
                   "No permission to operate advertiser 7000000000000000003");
  g_assert_cmpstr (answer_string (gone, "message"), ==,
                   "The advertiser 1 doesn't exist or has been deleted.");
  fixture_control (fixture, "roles",
                   "{\"advertiser\":\"7000000000000000003\",\"role\":\"OPERATOR\"}");
  mended = update (fixture, tokens, "7000000000000000003");
  g_assert_cmpint (answer_int (mended, "code"), ==, 0);
}

/* A permission added to the app reaches only tokens of later sign-ins. */
static void
test_permission (Fixture       *fixture,
                 gconstpointer  data)
{
  const char *path = "/optimizer/rule/list/?advertiser_id=7000000000000000001";
  g_autoptr(Answer) before = fixture_ads (fixture, "");
  g_autoptr(Answer) refused = call (fixture, before, path);
  g_autoptr(Answer) after = NULL;
  g_autoptr(Answer) still = NULL;
  g_autoptr(Answer) listed = NULL;

  g_assert_cmpint (answer_int (refused, "code"), ==, 40001);
  g_assert_cmpstr (answer_string (refused, "message"), ==,
                   "advertiser does not grant you /optimizer/rule/list/:GET permission");
  fixture_control (fixture, "apps", "{\"family\":\"ads\",\"id\":\"" ADS_ID "\","
                   "\"scopes\":[100,17020000]}");
  still = call (fixture, before, path);
  g_assert_cmpint (answer_int (still, "code"), ==, 40001);
  after = fixture_ads (fixture, "");
  listed = call (fixture, after, path);
  g_assert_cmpint (answer_int (listed, "code"), ==, 0);
}

static void
test_revoke (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autofree char *body = put ("{\"app_id\":\"" ADS_ID "\",\"secret\":\"sim-ads-secret\","
                               "\"access_token\":\"%s\"}",
                               answer_string (tokens, "data.access_token"));
  g_autoptr(Answer) revoked = fixture_post (fixture, API "/oauth2/revoke_token/", JSON, body);
  g_autoptr(Answer) after = call (fixture, tokens, "/user/info/");

  g_assert_cmpint (answer_int (revoked, "code"), ==, 0);
  g_assert_cmpint (answer_int (after, "code"), ==, 40105);
}

static Answer *
account_renew (Fixture    *fixture,
               const char *refresh)
{
  g_autofree char *body = put ("{" ACCOUNT ",\"grant_type\":\"refresh_token\","
                               "\"refresh_token\":\"%s\"}", refresh);

  return fixture_post (fixture, API "/tt_user/oauth2/refresh_token/", JSON, body);
}

/* The account family: rotation, its ends, and codes of another family. */
static void
test_account (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) first = fixture_account (fixture);
  g_autoptr(Answer) second = account_renew (fixture,
                                            answer_string (first, "data.refresh_token"));
  g_autoptr(Answer) reused = account_renew (fixture,
                                            answer_string (first, "data.refresh_token"));
  g_autofree char *path = g_strconcat ("/business/get/?business_id=",
                                       answer_string (first, "data.open_id"), NULL);
  g_autoptr(Answer) profile = call (fixture, second, path);
  g_autofree char *body = put ("{\"app_id\":\"sim-account-id\",\"access_token\":\"%s\"}",
                               answer_string (second, "data.access_token"));
  g_autoptr(Answer) info = fixture_post (fixture, API "/tt_user/token_info/get/", JSON, body);
  g_autofree char *code = fixture_code (fixture, ACCOUNT_ASK, "code");
  g_autofree char *crossed = put (ads_rows[7].body, code);
  g_autoptr(Answer) mixed = fixture_post (fixture, EXCHANGE, JSON, crossed);
  g_autoptr(Answer) expired = NULL;
  g_autoptr(Answer) dead = NULL;

  g_assert_cmpint (answer_int (first, "data.refresh_token_expires_in"), ==, 31536000);
  g_assert_cmpint (answer_int (reused, "code"), ==, 40107);
  g_assert_false (json_object_has_member (reused->json, "data"));
  g_assert_cmpstr (answer_string (profile, "data.display_name"), ==, "Mira Holt");
  g_assert_cmpstr (answer_string (info, "data.scope"), ==, "user.info.basic,video.list");
  g_assert_cmpint (answer_int (mixed, "code"), ==, 40115);
  fixture_control (fixture, "expire", "{\"family\":\"account\"}");
  expired = call (fixture, second, path);
  g_assert_cmpint (answer_int (expired, "code"), ==, 40102);
  fixture_control (fixture, "expire", "{\"family\":\"account\",\"what\":\"refresh\"}");
  dead = account_renew (fixture, answer_string (second, "data.refresh_token"));
  g_assert_cmpint (answer_int (dead, "code"), ==, 40103);
}

/* What a TikTok account did not allow is refused, and its app can be blocked. */
static void
test_account_scope (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_account (fixture);
  g_autofree char *videos = g_strconcat ("/business/video/list/?business_id=",
                                         answer_string (tokens, "data.open_id"), NULL);
  g_autofree char *code = fixture_code (fixture, ACCOUNT_ASK "&scopes=user.info.basic", "code");
  g_autofree char *body = put ("{" ACCOUNT ",\"grant_type\":\"authorization_code\","
                               "\"auth_code\":\"%s\","
                               "\"redirect_uri\":\"http://127.0.0.1:17818/callback/\"}", code);
  g_autoptr(Answer) less = fixture_post (fixture, API "/tt_user/oauth2/token/", JSON, body);
  g_autoptr(Answer) good = call (fixture, tokens, videos);
  g_autoptr(Answer) refused = call (fixture, less, videos);
  g_autoptr(Answer) blocked = NULL;
  g_autoptr(Answer) renewed = NULL;

  g_assert_cmpint (answer_int (good, "code"), ==, 0);
  g_assert_cmpint (answer_int (refused, "code"), ==, 40130);
  g_assert_cmpstr (answer_string (refused, "message"), ==,
                   "The scope is not authorized by the TikTok account.");
  fixture_control (fixture, "apps", "{\"family\":\"account\",\"id\":\"sim-account-id\","
                   "\"blocked\":true}");
  blocked = call (fixture, tokens, videos);
  renewed = account_renew (fixture, answer_string (tokens, "data.refresh_token"));
  g_assert_cmpint (answer_int (blocked, "code"), ==, 40113);
  g_assert_cmpint (answer_int (renewed, "code"), ==, 40113);
}

#define add(name, function) \
  g_test_add ("/simulator/business/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("exchange", test_exchange);
  add ("slash", test_slash);
  add ("portal", test_portal);
  add ("header", test_header);
  add ("advertisers", test_advertisers);
  add ("roles", test_roles);
  add ("permission", test_permission);
  add ("revoke", test_revoke);
  add ("account", test_account);
  add ("account-scope", test_account_scope);
  return g_test_run ();
}
