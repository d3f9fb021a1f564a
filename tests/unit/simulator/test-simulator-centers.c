/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

/* Accounts and Business Centers: who may see and do what, and each refusal in its exact words. */

#define OUTDOOR "7000000000000000001"
#define HARBOUR "7000000000000000003"
#define FERNHILL_BC "7000000000000000900"
#define HARBOUR_BC "7000000000000000901"
#define AGENCY_BC "7000000000000000902"
#define MIRA "7100000000000000001"
#define JONAS "7100000000000000002"

static Answer *
call (Fixture    *fixture,
      Answer     *tokens,
      const char *path)
{
  g_autofree char *full = g_strconcat (API, path, NULL);

  return fixture_send (fixture, "GET", full, "Access-Token",
                       answer_string (tokens, "data.access_token"), NULL, NULL);
}

static Answer *
send (Fixture    *fixture,
      Answer     *tokens,
      const char *path,
      const char *body)
{
  g_autofree char *full = g_strconcat (API, path, NULL);

  return fixture_send (fixture, "POST", full, "Access-Token",
                       answer_string (tokens, "data.access_token"), JSON, body);
}

static void
assert_refused (Answer     *answer,
                gint64      code,
                const char *message)
{
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpint (answer_int (answer, "code"), ==, code);
  g_assert_cmpstr (answer_string (answer, "message"), ==, message);
}

static guint
count_of (Answer *answer)
{
  g_assert_cmpint (answer_int (answer, "code"), ==, 0);
  return json_array_get_length (json_object_get_array_member (
    json_object_get_object_member (answer->json, "data"), "list"));
}

static JsonObject *
item_of (Answer *answer,
         guint   place)
{
  g_assert_cmpuint (count_of (answer), >, place);
  return json_array_get_object_element (json_object_get_array_member (
    json_object_get_object_member (answer->json, "data"), "list"), place);
}

typedef struct
{
  const char *path;
  gint64      code;
  const char *message; /* (nullable) when it is no refusal */
} Row;

#define INFO "/advertiser/info/?advertiser_ids="
#define ASSETS "/bc/asset/get/?asset_type=ADVERTISER&bc_id="
#define NOT_GRANTED(path) "advertiser does not grant you " path ":GET permission"

/* As Mira, who runs Fernhill and is a plain member at Harbour Coffee. */
static const Row rows[] = {
  { INFO "%5B%22" OUTDOOR "%22%5D", 0, NULL },
  { "/advertiser/info/", 40002, "Missing required field(s): advertiser_ids." },
  { INFO "%5B%227000000000000000004%22%5D", 40001,
    "No permission to operate advertiser 7000000000000000004" },
  { INFO "%5B%2299%22%5D", 40001, "The advertiser 99 doesn't exist or has been deleted." },
  { INFO "%5B%22" OUTDOOR "%22%5D&fields=name", 40002,
    "Invalid Param(s): 'fields'. The fields should be a list." },
  { INFO "%5B%22" OUTDOOR "%22%5D&fields=%5B%22shoe_size%22%5D", 40002,
    "Invalid Param(s): 'fields'. The field 'shoe_size' is not supported." },
  { "/bc/get/", 0, NULL },
  { "/bc/get/?page_size=51", 40002,
    "Invalid Param(s): 'page_size'. The page_size should be between 1 and 50." },
  { ASSETS FERNHILL_BC, 0, NULL },
  { ASSETS HARBOUR_BC, 0, NULL },
  { ASSETS AGENCY_BC, 40001, "No permission to operate Business Center " AGENCY_BC },
  { "/bc/asset/get/?asset_type=ADVERTISER", 40002, "Missing required field(s): bc_id." },
  { "/bc/asset/get/?bc_id=" FERNHILL_BC, 40002, "Missing required field(s): asset_type." },
  { "/bc/asset/get/?asset_type=SHOE&bc_id=" FERNHILL_BC, 40002,
    "Invalid Param(s): 'asset_type'. The asset_type only supports 'ADVERTISER', 'CATALOG', "
    "'TIKTOK_SHOP', 'PIXEL', 'LEAD', 'TT_ACCOUNT', 'MANAGED_BUSINESS_ACCOUNT'." },
  { "/bc/asset/admin/get/?asset_type=ADVERTISER&bc_id=" FERNHILL_BC, 0, NULL },
  { "/bc/asset/admin/get/?asset_type=ADVERTISER&bc_id=" HARBOUR_BC, 40001,
    "No permission to operate Business Center " HARBOUR_BC },
  { "/bc/member/get/?bc_id=" FERNHILL_BC, 0, NULL },
  { "/bc/member/get/?bc_id=" HARBOUR_BC, 40001,
    "No permission to operate Business Center " HARBOUR_BC },
  { "/bc/member/get/?page_size=21&bc_id=" FERNHILL_BC, 40002,
    "Invalid Param(s): 'page_size'. The page_size should be between 1 and 20." },
  { "/bc/asset/member/get/?asset_type=ADVERTISER&asset_id=" OUTDOOR "&bc_id=" FERNHILL_BC, 0,
    NULL },
  { "/bc/asset/member/get/?asset_type=ADVERTISER&asset_id=" HARBOUR "&bc_id=" FERNHILL_BC, 40007,
    "The operation/object does not exist." },
  { "/bc/asset/partner/get/?asset_type=ADVERTISER&asset_id=" OUTDOOR "&bc_id=" FERNHILL_BC, 0,
    NULL },
  { "/bc/partner/get/?bc_id=" FERNHILL_BC, 40001, NOT_GRANTED ("/bc/partner/get/") },
  { "/campaign/get/?advertiser_id=%ff", 40001,
    "The advertiser \357\277\275 doesn't exist or has been deleted." },
  { "/adgroup/get/?advertiser_id=" OUTDOOR, 0, NULL },
  { "/ad/get/?advertiser_id=" OUTDOOR, 0, NULL },
  { "/pixel/list/?advertiser_id=" OUTDOOR, 40001, NOT_GRANTED ("/pixel/list/") },
  { "/dmp/custom_audience/list/?advertiser_id=" OUTDOOR, 40001,
    NOT_GRANTED ("/dmp/custom_audience/list/") },
  { "/file/image/ad/search/?advertiser_id=" OUTDOOR, 40001,
    NOT_GRANTED ("/file/image/ad/search/") },
  { "/optimizer/rule/list/?advertiser_id=" OUTDOOR, 40001, NOT_GRANTED ("/optimizer/rule/list/") },
  { "/report/integrated/get/?advertiser_id=" OUTDOOR, 40002,
    "Missing required field(s): report_type." },
  { "/report/integrated/get/?report_type=BASIC&dimensions=%5B%22stat_time_day%22%5D"
    "&start_date=2026-10-01&end_date=2026-11-15&advertiser_id=" OUTDOOR, 40002,
    "max time span is 30 days when use stat_time_day" },
  { "/report/integrated/get/?report_type=BASIC&dimensions=%5B%22stat_time_day%22%5D"
    "&start_date=2026-10-01&end_date=2026-10-15&advertiser_id=" OUTDOOR, 0, NULL },
};

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Answer) answer = call (fixture, tokens, rows[i].path);

      g_test_message ("%s", rows[i].path);
      assert_refused (answer, rows[i].code, rows[i].message != NULL ? rows[i].message : "OK");
    }
}

/* Each read, once its permission is there; a parent permission covers its children. */
static void
test_scopes (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const paths[][2] = {
    { "10", INFO "%5B%22" OUTDOOR "%22%5D" },
    { "15", "/bc/get/" },
    { "153", ASSETS FERNHILL_BC },
    { "155", "/bc/partner/get/?bc_id=" FERNHILL_BC },
    { "1", "/bc/member/get/?bc_id=" FERNHILL_BC },
    { "20", "/campaign/get/?advertiser_id=" OUTDOOR },
    { "2", "/adgroup/get/?advertiser_id=" OUTDOOR },
    { "8", "/pixel/list/?advertiser_id=" OUTDOOR },
    { "30", "/dmp/custom_audience/list/?advertiser_id=" OUTDOOR },
    { "17000000", "/optimizer/rule/list/?advertiser_id=" OUTDOOR },
    { "6", "/file/video/ad/search/?advertiser_id=" OUTDOOR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *with = g_strdup_printf ("{\"family\":\"ads\",\"id\":\"" ADS_ID "\","
                                               "\"scopes\":[%s]}", paths[i][0]);
      g_autoptr(Answer) able = NULL;
      g_autoptr(Answer) unable = NULL;
      g_autoptr(Answer) yes = NULL;
      g_autoptr(Answer) no = NULL;

      fixture_control (fixture, "apps", with);
      able = fixture_ads (fixture, "");
      fixture_control (fixture, "apps",
                       "{\"family\":\"ads\",\"id\":\"" ADS_ID "\",\"scopes\":[120]}");
      unable = fixture_ads (fixture, "");
      yes = call (fixture, able, paths[i][1]);
      no = call (fixture, unable, paths[i][1]);
      g_test_message ("%s %s", paths[i][0], paths[i][1]);
      g_assert_cmpint (answer_int (yes, "code"), ==, 0);
      g_assert_cmpint (answer_int (no, "code"), ==, 40001);
      g_assert_true (g_str_has_prefix (answer_string (no, "message"),
                                       "advertiser does not grant you /"));
    }
}

/* What the account says of itself; its "role" is no one's permission. */
static void
test_info (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) some = NULL;
  JsonObject *account = NULL;

  fixture_control (fixture, "advertisers", "{\"advertiser\":\"" HARBOUR "\","
                   "\"status\":\"STATUS_CONFIRM_FAIL\",\"reason\":\"The licence has expired\"}");
  some = call (fixture, tokens, INFO "%5B%22" HARBOUR "%22%5D&fields=%5B%22name%22,%22status%22,"
               "%22role%22,%22rejection_reason%22,%22owner_bc_id%22%5D");
  account = item_of (some, 0);
  g_assert_cmpstr (json_object_get_string_member (account, "advertiser_id"), ==, HARBOUR);
  g_assert_cmpstr (json_object_get_string_member (account, "status"), ==, "STATUS_CONFIRM_FAIL");
  g_assert_cmpstr (json_object_get_string_member (account, "rejection_reason"), ==,
                   "The licence has expired");
  g_assert_cmpstr (json_object_get_string_member (account, "role"), ==, "ROLE_ADVERTISER");
  g_assert_cmpstr (json_object_get_string_member (account, "owner_bc_id"), ==, HARBOUR_BC);
  g_assert_false (json_object_has_member (account, "balance"));
}

/* Accounts that are not fine can be read, not changed; deleted ones are gone. */
static void
test_status (Fixture       *fixture,
             gconstpointer  data)
{
  const char *body = "{\"advertiser_id\":\"" OUTDOOR "\",\"campaign_id\":\"1\"}";
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) fine = send (fixture, tokens, "/campaign/update/", body);
  g_autoptr(Answer) read = NULL;
  g_autoptr(Answer) refused = NULL;
  g_autoptr(Answer) gone = NULL;
  g_autoptr(Answer) listed = NULL;

  g_assert_cmpint (answer_int (fine, "code"), ==, 0);
  fixture_control (fixture, "advertisers",
                   "{\"advertiser\":\"" OUTDOOR "\",\"status\":\"STATUS_LIMIT\"}");
  read = call (fixture, tokens, "/campaign/get/?advertiser_id=" OUTDOOR);
  refused = send (fixture, tokens, "/campaign/update/", body);
  g_assert_cmpint (answer_int (read, "code"), ==, 0);
  assert_refused (refused, 40001, "No permission to operate advertiser " OUTDOOR);
  fixture_control (fixture, "advertisers",
                   "{\"advertiser\":\"" OUTDOOR "\",\"deleted\":true}");
  gone = call (fixture, tokens, "/campaign/get/?advertiser_id=" OUTDOOR);
  assert_refused (gone, 40001, "The advertiser " OUTDOOR " doesn't exist or has been deleted.");
  listed = call (fixture, tokens, "/oauth2/advertiser/get/?app_id=" ADS_ID
                 "&secret=sim-ads-secret");
  g_assert_cmpuint (count_of (listed), ==, 2);
}

/* An account that was not ticked at consent: not listed, refused, and yet in the center's list. */
static void
test_not_ticked (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "&advertisers=" HARBOUR);
  g_autoptr(Answer) listed = call (fixture, tokens, "/oauth2/advertiser/get/?app_id=" ADS_ID
                                   "&secret=sim-ads-secret");
  g_autoptr(Answer) refused = call (fixture, tokens, "/campaign/get/?advertiser_id=" OUTDOOR);
  g_autoptr(Answer) found = call (fixture, tokens, ASSETS FERNHILL_BC
                                  "&filtering=%7B%22keyword%22:%22" OUTDOOR "%22%7D");

  g_assert_cmpuint (count_of (listed), ==, 1);
  assert_refused (refused, 40001, "No permission to operate advertiser " OUTDOOR);
  g_assert_cmpuint (count_of (found), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (item_of (found, 0), "advertiser_role"), ==,
                   "ADMIN");
  g_assert_cmpstr (json_object_get_string_member (item_of (found, 0), "relation_status"), ==,
                   "BOUND");
}

/* Lists: whose they are, filters and pages. */
static void
test_lists (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) centers = call (fixture, tokens, "/bc/get/");
  g_autoptr(Answer) one = call (fixture, tokens, "/bc/get/?bc_id=" HARBOUR_BC);
  g_autoptr(Answer) page = call (fixture, tokens, ASSETS FERNHILL_BC "&page=2&page_size=1");
  g_autoptr(Answer) kids = call (fixture, tokens, ASSETS FERNHILL_BC
                                 "&filtering=%7B%22keyword%22:%22kIDS%22%7D");
  g_autoptr(Answer) jonas = call (fixture, tokens, ASSETS FERNHILL_BC
                                  "&filtering=%7B%22user_id%22:%22" JONAS "%22%7D");
  g_autoptr(Answer) mail = call (fixture, tokens, ASSETS FERNHILL_BC
                                 "&filtering=%7B%22user_email%22:%22M.Holt@fernhill.example%22%7D");
  g_autoptr(Answer) pending = call (fixture, tokens, "/bc/member/get/?bc_id=" FERNHILL_BC
                                    "&filtering=%7B%22relation_status%22:%22PENDING%22%7D");
  g_autoptr(Answer) bad = call (fixture, tokens, ASSETS FERNHILL_BC "&filtering=kids");

  g_assert_cmpuint (count_of (centers), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (item_of (centers, 0), "user_role"), ==, "ADMIN");
  g_assert_cmpstr (json_object_get_string_member (item_of (one, 0), "user_role"), ==, "STANDARD");
  g_assert_cmpuint (count_of (page), ==, 1);
  g_assert_cmpint (answer_int (page, "data.page_info.total_number"), ==, 2);
  g_assert_cmpint (answer_int (page, "data.page_info.total_page"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (item_of (kids, 0), "asset_name"), ==,
                   "Fernhill Kids");
  g_assert_cmpuint (count_of (jonas), ==, 0);
  g_assert_cmpuint (count_of (mail), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (item_of (pending, 0), "user_id"), ==, JONAS);
  assert_refused (bad, 40002, "Invalid Param(s): 'filtering'. The filtering should be an object.");
}

/* A partner's center reaches an account while the relation is bound, and no further than shared. */
static void
test_partner (Fixture       *fixture,
              gconstpointer  data)
{
  const char *path = "/campaign/get/?advertiser_id=" HARBOUR;
  const char *body = "{\"advertiser_id\":\"" HARBOUR "\",\"campaign_id\":\"1\"}";
  g_autoptr(Answer) tokens = fixture_ads (fixture, "&user=2");
  g_autoptr(Answer) admin = NULL;
  g_autoptr(Answer) partners = NULL;
  g_autoptr(Answer) read = call (fixture, tokens, path);
  g_autoptr(Answer) capped = NULL;
  g_autoptr(Answer) refused = NULL;
  g_autoptr(Answer) listed = NULL;
  g_autoptr(Answer) raised = NULL;

  g_assert_cmpint (answer_int (read, "code"), ==, 0);
  fixture_control (fixture, "members", "{\"center\":\"" AGENCY_BC "\",\"user\":2,"
                   "\"advertiser\":\"" HARBOUR "\",\"advertiser_role\":\"ADMIN\"}");
  capped = send (fixture, tokens, "/campaign/update/", body);
  assert_refused (capped, 40001, "No permission to operate advertiser " HARBOUR);
  fixture_control (fixture, "centers", "{\"id\":\"" AGENCY_BC "\",\"advertiser\":\"" HARBOUR "\","
                   "\"role\":\"OPERATOR\",\"relation\":\"PENDING\"}");
  refused = call (fixture, tokens, path);
  assert_refused (refused, 40001, "No permission to operate advertiser " HARBOUR);
  listed = call (fixture, tokens, ASSETS AGENCY_BC);
  g_assert_cmpstr (json_object_get_string_member (item_of (listed, 0), "relation_status"), ==,
                   "PENDING");
  g_assert_cmpstr (json_object_get_string_member (item_of (listed, 0), "relation_type"), ==,
                   "OWNER_PARTNER");
  fixture_control (fixture, "centers", "{\"id\":\"" AGENCY_BC "\",\"advertiser\":\"" HARBOUR "\","
                   "\"role\":\"OPERATOR\"}");
  raised = send (fixture, tokens, "/campaign/update/", body);
  g_assert_cmpint (answer_int (raised, "code"), ==, 0);
  admin = fixture_ads (fixture, "&user=4");
  partners = call (fixture, admin, "/bc/asset/partner/get/?asset_type=ADVERTISER&asset_id=" HARBOUR
                   "&bc_id=" HARBOUR_BC);
  g_assert_cmpstr (json_object_get_string_member (item_of (partners, 0), "bc_id"), ==, AGENCY_BC);
}

/* An invitation gives nothing until it is accepted, and nothing after it was turned down. */
static void
test_relation (Fixture       *fixture,
               gconstpointer  data)
{
  static const char *const relations[] = { "PENDING", "REJECTED", "BOUND" };
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");

  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"center\":\"" HARBOUR_BC "\",\"user\":1,"
                                               "\"relation\":\"%s\"}", relations[i]);
      g_autoptr(Answer) read = NULL;
      g_autoptr(Answer) centers = NULL;
      gboolean bound = g_str_equal (relations[i], "BOUND");

      fixture_control (fixture, "members", body);
      read = call (fixture, tokens, "/campaign/get/?advertiser_id=" HARBOUR);
      centers = call (fixture, tokens, "/bc/get/");
      g_assert_cmpint (answer_int (read, "code"), ==, bound ? 0 : 40001);
      g_assert_cmpuint (count_of (centers), ==, bound ? 2 : 1);
    }
}

/* An admin assigns; the role is there at once, without a new sign-in. */
static void
test_assign (Fixture       *fixture,
             gconstpointer  data)
{
  const char *assign = "{\"bc_id\":\"" HARBOUR_BC "\",\"user_id\":\"" MIRA "\","
                       "\"asset_type\":\"ADVERTISER\",\"asset_id\":\"" HARBOUR "\","
                       "\"advertiser_role\":\"%s\"}";
  g_autoptr(GString) good = g_string_new (assign);
  g_autoptr(GString) bad = g_string_new (assign);
  const char *body = "{\"advertiser_id\":\"" HARBOUR "\",\"campaign_id\":\"1\"}";
  g_autoptr(Answer) mira = fixture_ads (fixture, "");
  g_autoptr(Answer) anna = fixture_ads (fixture, "&user=4");
  g_autoptr(Answer) before = send (fixture, mira, "/campaign/update/", body);
  g_autoptr(Answer) own = NULL;
  g_autoptr(Answer) unknown = NULL;
  g_autoptr(Answer) done = NULL;
  g_autoptr(Answer) after = NULL;
  g_autoptr(Answer) stranger = NULL;

  g_string_replace (good, "%s", "OPERATOR", 1);
  g_string_replace (bad, "%s", "KING", 1);
  assert_refused (before, 40001, "No permission to operate advertiser " HARBOUR);
  own = send (fixture, mira, "/bc/asset/assign/", good->str);
  assert_refused (own, 40001, "No permission to operate Business Center " HARBOUR_BC);
  unknown = send (fixture, anna, "/bc/asset/assign/", bad->str);
  assert_refused (unknown, 40002, "Invalid Param(s): 'advertiser_role'. The advertiser_role only "
                  "supports 'ADMIN', 'OPERATOR', 'ANALYST'.");
  done = send (fixture, anna, "/bc/asset/assign/", good->str);
  assert_refused (done, 0, "OK");
  after = send (fixture, mira, "/campaign/update/", body);
  g_assert_cmpint (answer_int (after, "code"), ==, 0);
  g_string_replace (good, MIRA, JONAS, 1);
  stranger = send (fixture, anna, "/bc/asset/assign/", good->str);
  assert_refused (stranger, 40002, "Invalid Param(s): 'user_id'. The user is not a member of the "
                  "Business Center.");
}

#define APP "{\"family\":\"ads\",\"id\":\"" ADS_ID "\","

/* What the app and its developer lack, switched on and off. */
static void
test_app (Fixture       *fixture,
          gconstpointer  data)
{
  static const struct
  {
    const char *on;
    const char *off;
    const char *path;
    gint64      code;
    const char *message;
  } cases[] = {
    { "\"blocked\":true}", "\"blocked\":false}", "/user/info/", 40113,
      "The app has been blocked or does not exist." },
    { "\"developer\":\"unapproved\"}", "\"developer\":\"approved\"}", "/user/info/", 40124,
      "The developer profile is not filled in and approved." },
    { "\"developer\":\"no-permission\"}", "\"developer\":\"approved\"}",
      "/campaign/get/?advertiser_id=" OUTDOOR, 40125,
      "The developer doesn't have the permission." },
    { "\"center_listed\":false}", "\"center_listed\":true}", "/bc/get/", 40118,
      "The app or advertiser is not on the allowlist for accessing the feature." },
    { "\"secret\":\"rotated\"}", "\"secret\":\"sim-ads-secret\"}",
      "/oauth2/advertiser/get/?app_id=" ADS_ID "&secret=sim-ads-secret", 40101,
      "Invalid parameter values for authentication: app_id or secret is incorrect." },
  };
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(Answer) other = call (fixture, tokens, "/oauth2/advertiser/get/?app_id=1&secret=x");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *on = g_strconcat (APP, cases[i].on, NULL);
      g_autofree char *off = g_strconcat (APP, cases[i].off, NULL);
      g_autoptr(Answer) refused = NULL;
      g_autoptr(Answer) fine = NULL;

      fixture_control (fixture, "apps", on);
      refused = call (fixture, tokens, cases[i].path);
      fixture_control (fixture, "apps", off);
      fine = call (fixture, tokens, cases[i].path);
      g_test_message ("%s", cases[i].on);
      assert_refused (refused, cases[i].code, cases[i].message);
      assert_refused (fine, 0, "OK");
    }
  assert_refused (other, 40000, "The app_id is inconsistent with the token's app information. "
                  "Please retry after correcting it.");
}

#define add(name, function) \
  g_test_add ("/simulator/centers/" name, Fixture, NULL, fixture_set_up, function, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("rows", test_rows);
  add ("scopes", test_scopes);
  add ("info", test_info);
  add ("status", test_status);
  add ("not-ticked", test_not_ticked);
  add ("lists", test_lists);
  add ("partner", test_partner);
  add ("relation", test_relation);
  add ("assign", test_assign);
  add ("app", test_app);
  return g_test_run ();
}
