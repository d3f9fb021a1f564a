/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

/* The pages that stand for TikTok's: what a person presses there is what the API then says. */

#define OUTDOOR "7000000000000000001"
#define HARBOUR "7000000000000000003"
#define HARBOUR_BC "7000000000000000901"
#define FERNHILL_BC "7000000000000000900"
#define AGENCY_BC "7000000000000000902"
#define PAGES "/_simulator/pages/"

static gint64
read_code (Fixture    *fixture,
           Answer     *tokens,
           const char *path)
{
  g_autofree char *full = g_strconcat (API, path, NULL);
  g_autoptr(Answer) answer = fixture_send (fixture, "GET", full, "Access-Token",
                                           answer_string (tokens, "data.access_token"), NULL,
                                           NULL);

  return answer_int (answer, "code");
}

static gint64
update_code (Fixture    *fixture,
             Answer     *tokens,
             const char *advertiser)
{
  g_autofree char *body = g_strdup_printf ("{\"advertiser_id\":\"%s\",\"campaign_id\":\"1\"}",
                                           advertiser);
  g_autoptr(Answer) answer = fixture_send (fixture, "POST", API "/campaign/update/",
                                           "Access-Token",
                                           answer_string (tokens, "data.access_token"), JSON,
                                           body);

  return answer_int (answer, "code");
}

static void
press (Fixture    *fixture,
       const char *page,
       const char *form)
{
  g_autofree char *path = g_strconcat (PAGES, page, NULL);
  g_autoptr(Answer) answer = fixture_post (fixture, path, FORM, form);

  g_assert_cmpuint (answer->status, ==, 302);
  g_assert_true (g_str_has_prefix (answer->location, path));
}

/* Every page opens, and has the buttons that tests and people press. */
static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  static const char *const pages[][2] = {
    { "members", "id=\"center-" FERNHILL_BC "\"" },
    { "members?org_id=" FERNHILL_BC, "id=\"accept-2\"" },
    { "members?org_id=" FERNHILL_BC, "id=\"save\"" },
    { "members?org_id=" FERNHILL_BC, "id=\"invite\"" },
    { "members?org_id=" FERNHILL_BC, "id=\"add-partner\"" },
    { "apps", ADS_ID },
    { "apps?app_id=" ADS_ID, "id=\"scope-17020000\">" },
    { "apps?app_id=" ADS_ID, "id=\"scope-150\" checked>" },
    { "apps?app_id=" ADS_ID, "id=\"approve\"" },
    { "apps?app_id=sim-login-key", "at each sign-in" },
    { "accounts", "id=\"set-" OUTDOOR "\"" },
    { "accounts?aadvid=" HARBOUR, "id=\"set-" HARBOUR "\"" },
    { "connections", "No app has access." },
    { "status", "No incidents." },
    { "ticket", "request id" },
  };
  g_autoptr(Answer) one = fixture_get (fixture, PAGES "accounts?aadvid=" HARBOUR);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *path = g_strconcat (PAGES, pages[i][0], NULL);
      g_autoptr(Answer) answer = fixture_get (fixture, path);

      g_test_message ("%s: %s", pages[i][0], pages[i][1]);
      g_assert_cmpuint (answer->status, ==, 200);
      g_assert_nonnull (strstr (answer->body, pages[i][1]));
    }
  g_assert_null (strstr (one->body, OUTDOOR));
}

/* The admin's clicks: a role, an invitation and its answer, a partner and the end of it. */
static void
test_members (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) mira = fixture_ads (fixture, "");
  g_autoptr(Answer) sam = NULL;
  g_autoptr(Answer) jonas = fixture_ads (fixture, "&user=2");

  g_assert_cmpint (update_code (fixture, mira, HARBOUR), ==, 40001);
  press (fixture, "members", "org_id=" HARBOUR_BC "&do=assign&user=1&advertiser=" HARBOUR
         "&role=OPERATOR");
  g_assert_cmpint (update_code (fixture, mira, HARBOUR), ==, 0);

  press (fixture, "members", "org_id=" HARBOUR_BC "&do=invite&user=3&role=STANDARD");
  press (fixture, "members", "org_id=" HARBOUR_BC "&do=assign&user=3&advertiser=" HARBOUR
         "&role=ADMIN");
  sam = fixture_ads (fixture, "&user=3");
  g_assert_cmpint (read_code (fixture, sam, "/campaign/get/?advertiser_id=" HARBOUR), ==, 40001);
  press (fixture, "members", "org_id=" HARBOUR_BC "&do=member&value=3&answer=BOUND");
  answer_free (g_steal_pointer (&sam));
  sam = fixture_ads (fixture, "&user=3");
  g_assert_cmpint (read_code (fixture, sam, "/campaign/get/?advertiser_id=" HARBOUR), ==, 0);

  g_assert_cmpint (update_code (fixture, jonas, HARBOUR), ==, 40001);
  press (fixture, "members", "org_id=" AGENCY_BC "&do=assign&user=2&advertiser=" HARBOUR
         "&role=ADMIN");
  press (fixture, "members", "org_id=" HARBOUR_BC "&do=partner&partner=" AGENCY_BC "&advertiser="
         HARBOUR "&role=OPERATOR");
  g_assert_cmpint (update_code (fixture, jonas, HARBOUR), ==, 0);
  press (fixture, "members", "org_id=" HARBOUR_BC "&do=partner&partner=" AGENCY_BC "&advertiser="
         HARBOUR "&role=none");
  g_assert_cmpint (read_code (fixture, jonas, "/campaign/get/?advertiser_id=" HARBOUR), ==, 40001);
}

/* Forms that lack something change nothing. */
static void
test_bad_forms (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const forms[][2] = {
    { "members", "org_id=1&do=assign" },
    { "members", "org_id=" HARBOUR_BC },
    { "members", "org_id=" HARBOUR_BC "&do=assign&user=3&advertiser=" HARBOUR "&role=ADMIN" },
    { "members", "org_id=" HARBOUR_BC "&do=assign&user=1&advertiser=" OUTDOOR "&role=ADMIN" },
    { "members", "org_id=" HARBOUR_BC "&do=assign&user=1&advertiser=" HARBOUR "&role=KING" },
    { "members", "org_id=" HARBOUR_BC "&do=member&value=1&answer=MAYBE" },
    { "members", "org_id=" AGENCY_BC "&do=partner&partner=" FERNHILL_BC "&advertiser=" HARBOUR
      "&role=ADMIN" },
    { "apps", "app_id=1" },
    { "accounts", "aadvid=1&status=STATUS_LIMIT" },
  };
  g_autoptr(Answer) before = fixture_get (fixture, "/_simulator/centers");
  g_autoptr(Answer) after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *path = g_strconcat (PAGES, forms[i][0], NULL);
      g_autoptr(Answer) answer = fixture_post (fixture, path, FORM, forms[i][1]);

      g_test_message ("%s", forms[i][1]);
      g_assert_cmpuint (answer->status, ==, 400);
    }
  after = fixture_get (fixture, "/_simulator/centers");
  g_assert_cmpstr (before->body, ==, after->body);
}

/* A ticked permission reaches the next token; a new secret and a block are felt at once. */
static void
test_apps (Fixture       *fixture,
           gconstpointer  data)
{
  const char *rules = "/optimizer/rule/list/?advertiser_id=" OUTDOOR;
  const char *reach = "/oauth2/advertiser/get/?app_id=" ADS_ID "&secret=sim-ads-secret";
  g_autoptr(Answer) before = fixture_ads (fixture, "");
  g_autoptr(Answer) after = NULL;

  press (fixture, "apps", "app_id=" ADS_ID "&scope%3A100=on&scope%3A17020000=on");
  after = fixture_ads (fixture, "");
  g_assert_cmpint (read_code (fixture, before, rules), ==, 40001);
  g_assert_cmpint (read_code (fixture, after, rules), ==, 0);
  g_assert_cmpint (read_code (fixture, after, "/bc/get/"), ==, 40001);
  g_assert_cmpint (read_code (fixture, after, reach), ==, 0);
  press (fixture, "apps", "app_id=" ADS_ID "&do=secret");
  g_assert_cmpint (read_code (fixture, after, reach), ==, 40101);
  press (fixture, "apps", "app_id=" ADS_ID "&do=block");
  g_assert_cmpint (read_code (fixture, after, "/user/info/"), ==, 40113);
  press (fixture, "apps", "app_id=" ADS_ID "&do=unblock");
  g_assert_cmpint (read_code (fixture, after, "/user/info/"), ==, 0);
}

static void
test_accounts (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");

  press (fixture, "accounts", "aadvid=" OUTDOOR "&status=STATUS_LIMIT");
  g_assert_cmpint (update_code (fixture, tokens, OUTDOOR), ==, 40001);
  press (fixture, "accounts", "aadvid=" OUTDOOR "&status=STATUS_ENABLE");
  g_assert_cmpint (update_code (fixture, tokens, OUTDOOR), ==, 0);
}

/* Removing an app ends its token; the page names it without showing it. */
static void
test_connections (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  const char *token = answer_string (tokens, "data.access_token");
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
  g_autofree char *form = g_strconcat ("grant=", name, NULL);
  g_autoptr(Answer) page = fixture_get (fixture, PAGES "connections");

  g_assert_nonnull (strstr (page->body, name));
  g_assert_null (strstr (page->body, token));
  press (fixture, "connections", form);
  g_assert_cmpint (read_code (fixture, tokens, "/user/info/"), ==, 40105);
}

#define add(name, function) \
  g_test_add ("/simulator/pages/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("open", test_open);
  add ("members", test_members);
  add ("bad-forms", test_bad_forms);
  add ("apps", test_apps);
  add ("accounts", test_accounts);
  add ("connections", test_connections);
  return g_test_run ();
}
