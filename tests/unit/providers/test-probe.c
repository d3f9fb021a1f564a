/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each probe's request, and its documented reply. */

#include "lk-test-calls.h"

#define ADS   "https://business-api.tiktok.com/open_api/v1.3/"
#define LOGIN "https://open.tiktokapis.com/v2/"
#define PAGE  "\"page_info\":{\"page\":1,\"page_size\":50,\"total_number\":1,\"total_page\":1}"

static const struct
{
  const char *profile;
  const char *probe;
  gboolean    token;
  const char *url;
  const char *body;  /* (nullable): of the request */
  const char *reply;
  const char *row;   /* (nullable): columns of the last row, by name; %NULL for no rows */
} rows[] = {
  { "tiktok-ads", "identity", TRUE, ADS "user/info/", NULL,
    "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r-1\",\"data\":{\"display_name\":\"Anna\","
    "\"email\":\"a***@example.com\",\"core_user_id\":7000000000000000009,\"create_time\":1}}",
    "email=a***@example.com id=7000000000000000009 name=Anna" },
  { "tiktok-ads", "reach", TRUE, ADS "oauth2/advertiser/get/?app_id=id&secret=s%26c", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"advertiser_id\":\"7\","
    "\"advertiser_name\":\"Shoes\"}]}}", "id=7 name=Shoes" },
  { "tiktok-ads", "account", TRUE,
    ADS "advertiser/info/?advertiser_ids=%5B%22adv%22%5D&fields=%5B%22advertiser_id%22%2C%22name%22"
    "%2C%22status%22%2C%22rejection_reason%22%2C%22role%22%2C%22owner_bc_id%22%5D", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"advertiser_id\":\"7\",\"name\":"
    "\"A\","
    "\"status\":\"STATUS_LIMIT\",\"rejection_reason\":\"1:x\",\"role\":\"ROLE_ADVERTISER\","
    "\"owner_bc_id\":\"9\"}]}}",
    "center=9 id=7 name=A reason=1:x role=ROLE_ADVERTISER status=STATUS_LIMIT" },
  { "tiktok-ads", "centers", TRUE, ADS "bc/get/?page_size=50", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"bc_info\":{\"bc_id\":\"9\",\"name\":"
    "\"B\",\"type\":\"AGENCY\",\"status\":\"ENABLE\"},\"user_role\":\"STANDARD\","
    "\"ext_user_role\":{\"finance_role\":\"ANALYST\"}}]," PAGE "}}",
    "id=9 kind=AGENCY name=B role=STANDARD status=ENABLE" },
  { "tiktok-ads", "center-assets", TRUE,
    ADS "bc/asset/get/?bc_id=bc&asset_type=ADVERTISER&filtering=%7B%22keyword%22%3A%22adv%22%7D"
    "&page_size=50", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"asset_id\":\"7\",\"asset_name\":"
    "\"A\",\"asset_type\":\"ADVERTISER\",\"relation_type\":\"OWNER_PARTNER\",\"relation_status\":"
    "\"PENDING\",\"advertiser_role\":\"ANALYST\",\"owner_bc_name\":\"Other\"}]," PAGE "}}",
    "id=7 name=A owner=Other relation=OWNER_PARTNER role=ANALYST state=PENDING" },
  { "tiktok-ads", "center-members", TRUE, ADS "bc/member/get/?bc_id=bc&page_size=20", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"user_id\":\"5\",\"user_name\":"
    "\"Ben\",\"user_email\":\"b@example.com\",\"user_role\":\"ADMIN\",\"relation_status\":"
    "\"BOUND\"}]," PAGE "}}",
    "email=b@example.com id=5 name=Ben role=ADMIN state=BOUND" },
  { "tiktok-ads", "asset-members", TRUE,
    ADS "bc/asset/member/get/?bc_id=bc&asset_type=ADVERTISER&asset_id=adv", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"user_id\":\"5\",\"user_name\":"
    "\"Ben\",\"user_email\":\"b@example.com\",\"advertiser_role\":\"OPERATOR\"}]}}",
    "email=b@example.com id=5 name=Ben role=OPERATOR" },
  { "tiktok-ads", "asset-partners", TRUE,
    ADS "bc/asset/partner/get/?bc_id=bc&asset_type=ADVERTISER&asset_id=adv", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"bc_id\":\"8\",\"bc_name\":\"P\"}]}}",
    "id=8 name=P" },
  { "tiktok-ads", "partners", TRUE, ADS "bc/partner/get/?bc_id=bc", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"bc_id\":\"8\",\"bc_name\":\"P\"}],"
    PAGE "}}", "id=8 name=P" },
  { "tiktok-ads", "secret", TRUE, ADS "oauth2/advertiser/get/?app_id=id&secret=s%26c", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[]}}", NULL },
  { "tiktok-ads", "video", TRUE,
    ADS "file/video/ad/info/?advertiser_id=adv&video_ids=%5B%22v1%22%5D", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"video_id\":\"v1\",\"displayable\":"
    "false}]}}", "id=v1 state=processing" },
  { "tiktok-ads", "video", TRUE,
    ADS "file/video/ad/info/?advertiser_id=adv&video_ids=%5B%22v1%22%5D", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"list\":[{\"video_id\":\"v1\",\"displayable\":"
    "true}]}}", "id=v1 state=ready" },
  { "tiktok-account", "identity", TRUE, ADS "tt_user/token_info/get/",
    "{\"app_id\":\"id\",\"access_token\":\"act.1\"}",
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"app_id\":\"id\",\"creator_id\":\"c-1\","
    "\"scope\":\"user.info.basic,video.list\"}}", "id=c-1" },
  { "tiktok-account", "granted", TRUE, ADS "tt_user/token_info/get/",
    "{\"app_id\":\"id\",\"access_token\":\"act.1\"}",
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"app_id\":\"id\",\"creator_id\":\"c-1\","
    "\"scope\":\"user.info.basic, video.list\"}}", "scope=video.list" },
  { "tiktok-account", "secret", FALSE, ADS "tt_user/oauth2/token/",
    "{\"client_id\":\"id\",\"client_secret\":\"s&c\",\"grant_type\":\"authorization_code\","
    "\"auth_code\":\"latchkey-asks-only-about-the-secret\","
    "\"redirect_uri\":\"http://127.0.0.1:17818/callback/\"}",
    "{\"code\":40110,\"message\":\"The auth_code is canceled. Please re-authorize and try again "
    "with a new auth_code.\",\"request_id\":\"r-1\",\"data\":{}}", NULL },
  { "tiktok-account", "video", TRUE,
    ADS "business/publish/status/?business_id=adv&publish_id=v1", NULL,
    "{\"code\":0,\"request_id\":\"r-1\",\"data\":{\"status\":\"FAILED\",\"reason\":"
    "\"duration_check_failed\"}}", "reason=duration_check_failed state=failed" },
  { "tiktok-login", "identity", TRUE,
    LOGIN "user/info/?fields=open_id%2Cunion_id%2Cavatar_url%2Cdisplay_name", NULL,
    "{\"data\":{\"user\":{\"open_id\":\"o-1\",\"display_name\":\"安娜\"}},\"error\":{\"code\":"
    "\"ok\",\"message\":\"\",\"log_id\":\"r-1\"}}", "id=o-1 name=安娜" },
  { "tiktok-login", "secret", FALSE, LOGIN "oauth/token/",
    "client_key=id&client_secret=s%26c&grant_type=authorization_code"
    "&code=latchkey-asks-only-about-the-secret"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A17816%2Fcallback%2F"
    "&code_verifier=latchkey-asks-only-whether-the-secret-fits-the-key",
    "{\"error\":\"invalid_grant\",\"error_description\":\"Authorization code is expired.\","
    "\"log_id\":\"r-1\"}", NULL },
  { "tiktok-login", "video", TRUE, LOGIN "post/publish/status/fetch/", "{\"publish_id\":\"v1\"}",
    "{\"data\":{\"status\":\"PROCESSING_UPLOAD\"},\"error\":{\"code\":\"ok\",\"message\":\"\","
    "\"log_id\":\"r-1\"}}", "state=processing" },
  { "tiktok-shop", "secret", FALSE,
    "https://auth.tiktok-shops.com/api/v2/token/get?app_key=id&app_secret=s%26c"
    "&auth_code=latchkey-asks-only-about-the-secret&grant_type=authorized_code", NULL,
    "{\"code\":36004004,\"message\":\"Invalid auth code.\",\"request_id\":\"r-1\"}", NULL },
  { "tiktok-shop", "identity", TRUE, NULL, NULL,
    "{\"code\":0,\"message\":\"Success\",\"request_id\":\"r-1\",\"data\":{\"shops\":[{\"id\":\"3\","
    "\"name\":\"S\",\"cipher\":\"c\",\"region\":\"GB\",\"seller_type\":\"LOCAL\"}]}}", NULL },
  { "tiktok-shop", "reach", TRUE, NULL, NULL,
    "{\"code\":0,\"message\":\"Success\",\"request_id\":\"r-1\",\"data\":{\"shops\":[{\"id\":\"3\","
    "\"name\":\"S\",\"cipher\":\"c\",\"region\":\"GB\",\"seller_type\":\"LOCAL\"}]}}",
    "cipher=c id=3 kind=LOCAL name=S region=GB" },
};

static LkProbeAnswer *
read_answer (const char *profile,
             const char *probe,
             int         status,
             const char *text)
{
  g_autoptr (LkReply) reply = make_reply (status, text);
  LkProbeAnswer *answer = lk_probe_answer_new (probe, NULL, "adv");

  lk_profile_read_probe (get_profile (profile), reply, answer);

  return answer;
}

static LkValues *
make_probe_values (void)
{
  LkValues *values = make_values ("id", "s&c");

  lk_values_set (values, "call.account", "adv");
  lk_values_set (values, "call.center", "bc");
  lk_values_set (values, "call.media", "v1");

  return values;
}

static char *
dup_last_row (const LkProbeAnswer *answer)
{
  GHashTable *row = g_ptr_array_index (answer->rows, answer->rows->len - 1);
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (row), (GCompareFunc) strcmp);
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *key = keys; key != NULL; key = key->next)
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", (const char *) key->data,
                            (const char *) g_hash_table_lookup (row, key->data));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_requests (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkProfile *profile = get_profile (rows[i].profile);
      g_autoptr (LkValues) values = make_probe_values ();
      g_autoptr (GError) error = NULL;
      g_autoptr (LkRequest) request = lk_profile_build_probe (profile, rows[i].probe, values, NOW,
                                                              &error);
      GBytes *body;

      g_test_message ("%s %s", rows[i].profile, rows[i].probe);
      g_assert_no_error (error);
      g_assert_true (lk_profile_has_probe (profile, rows[i].probe));
      g_assert_cmpint (lk_profile_probe_needs_token (profile, rows[i].probe), ==, rows[i].token);
      if (rows[i].url != NULL)
        g_assert_cmpstr (lk_request_get_url (request), ==, rows[i].url);

      body = lk_request_get_body (request);
      g_assert_cmpint (body != NULL, ==, rows[i].body != NULL);
      if (body != NULL)
        g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), rows[i].body,
                         strlen (rows[i].body));
      g_assert_cmpstr (lk_request_get_method (request), ==, rows[i].body != NULL ? "POST" : "GET");
    }
}

static void
test_replies (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkProbeAnswer) answer = read_answer (rows[i].profile, rows[i].probe, 200,
                                                      rows[i].reply);
      g_autofree char *row = answer->rows->len > 0 ? dup_last_row (answer) : NULL;

      g_test_message ("%s %s", rows[i].profile, rows[i].probe);
      g_assert_null (answer->fault);
      g_assert_cmpint (answer->http_status, ==, 200);
      g_assert_cmpstr (answer->trace_id, ==, "r-1");
      g_assert_cmpstr (row, ==, rows[i].row);
      g_assert_false (answer->cut);
    }
}

/* Every probe of every shipped profile can be built without a token when it says so. */
static void
test_all_are_here (void)
{
  GPtrArray *profiles = lk_profile_set_get_profiles (get_profiles ());
  guint n = 0;

  for (guint i = 0; i < profiles->len; i++)
    {
      LkProfile *profile = g_ptr_array_index (profiles, i);
      g_auto (GStrv) names = lk_profile_dup_probe_names (profile);

      for (char **name = names; *name != NULL; name++, n++)
        {
          g_autoptr (LkValues) values = make_probe_values ();
          g_autoptr (LkRequest) request = NULL;
          gboolean covered = strcmp (*name, "status") == 0;

          lk_values_set (values, "token.access", NULL);
          request = lk_profile_build_probe (profile, *name, values, NOW, NULL);
          g_assert_cmpint (request != NULL, ==, !lk_profile_probe_needs_token (profile, *name));
          for (size_t j = 0; j < G_N_ELEMENTS (rows); j++)
            covered = covered || (strcmp (rows[j].profile, lk_profile_get_id (profile)) == 0 &&
                                  strcmp (rows[j].probe, *name) == 0);
          g_assert_true (covered);
        }
    }
  g_assert_cmpuint (n, ==, 23);
}

static void
test_all_assets (void)
{
  g_autoptr (LkValues) values = make_probe_values ();
  g_autoptr (LkRequest) request = NULL;
  g_autoptr (LkRequest) odd = NULL;
  g_autoptr (GError) error = NULL;

  lk_values_set (values, "call.account", NULL);
  request = lk_profile_build_probe (get_profile ("tiktok-ads"), "center-assets", values, NOW, NULL);
  g_assert_cmpstr (lk_request_get_url (request), ==,
                   ADS "bc/asset/get/?bc_id=bc&asset_type=ADVERTISER&page_size=50");

  /* What would end the text that it stands in stays in it. */
  lk_values_set (values, "call.account", "7\"],\"x");
  odd = lk_profile_build_probe (get_profile ("tiktok-ads"), "account", values, NOW, NULL);
  g_assert_nonnull (strstr (lk_request_get_url (odd),
                            "advertiser_ids=%5B%227%5C%22%5D%2C%5C%22x%22%5D"));

  lk_values_set (values, "call.center", NULL);
  g_assert_null (lk_profile_build_probe (get_profile ("tiktok-ads"), "partners", values, NOW,
                                         &error));
  g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE);
  g_clear_error (&error);
  g_assert_null (lk_profile_build_probe (get_profile ("tiktok-ads"), "nothing", values, NOW,
                                         &error));
  g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP);
  g_assert_false (lk_profile_has_probe (get_profile ("tiktok-ads"), "nothing"));
}

static const struct
{
  const char *profile;
  const char *probe;
  int         status;
  const char *text;
  LkClass     klass;
  const char *code;
} refused[] = {
  { "tiktok-ads", "identity", 200,
    "{\"code\":40105,\"message\":\"Access token is incorrect or has been revoked.\"}",
    LK_CLASS_TOKEN_REVOKED, "40105" },
  { "tiktok-ads", "centers", 200, "{\"code\":40001,\"message\":\"No permission\"}",
    LK_CLASS_PERMISSION, "40001" },
  { "tiktok-ads", "centers", 200, "{\"code\":0,\"data\":{}}", LK_CLASS_UNKNOWN, "unreadable" },
  { "tiktok-ads", "centers", 200, "{\"code\":0,\"data\":{\"list\":{}}}", LK_CLASS_UNKNOWN,
    "unreadable" },
  { "tiktok-ads", "centers", 200, "{\"code\":0,\"data\":{\"list\":\"x\"}}", LK_CLASS_UNKNOWN,
    "unreadable" },
  { "tiktok-ads", "centers", 200, "{\"code\":0,\"data\":{\"list\":[{\"a\":1}]}}", LK_CLASS_UNKNOWN,
    "unreadable" },
  { "tiktok-ads", "reach", 200,
    "{\"code\":0,\"data\":{\"list\":[{\"advertiser_id\":\"7\"},7,null,[]]}}", LK_CLASS_UNKNOWN,
    "unreadable" },
  { "tiktok-ads", "identity", 200, "{\"code\":0,\"data\":[]}", LK_CLASS_UNKNOWN, "unreadable" },
  { "tiktok-ads", "identity", 200, "<html>Sign in to Wi-Fi</html>", LK_CLASS_TRANSIENT,
    "not-json" },
  { "tiktok-ads", "identity", 200, "", LK_CLASS_TRANSIENT, "not-json" },
  { "tiktok-ads", "identity", 502, "<html>Bad gateway</html>", LK_CLASS_TRANSIENT, "not-json" },
  { "tiktok-ads", "secret", 200,
    "{\"code\":40000,\"message\":\"The app_id is inconsistent with the token's app information.\"}",
    LK_CLASS_APP_CONFIG, "40000" },
  { "tiktok-ads", "secret", 200, "{\"code\":40101,\"message\":\"Invalid secret\"}",
    LK_CLASS_APP_CONFIG, "40101" },
  { "tiktok-account", "secret", 200,
    "{\"code\":40101,\"message\":\"Invalid parameter values for authentication\"}",
    LK_CLASS_APP_CONFIG, "40101" },
  { "tiktok-login", "secret", 401,
    "{\"error\":\"invalid_client\",\"error_description\":\"Client key or secret is incorrect.\"}",
    LK_CLASS_APP_CONFIG, "invalid_client" },
  { "tiktok-login", "secret", 500, "{\"error\":\"server_error\"}", LK_CLASS_TRANSIENT,
    "server_error" },
  { "tiktok-shop", "secret", 200,
    "{\"code\":36009004,\"message\":\"Invalid credentials. The app_secret is invalid\"}",
    LK_CLASS_APP_CONFIG, "36009004" },
  { "tiktok-shop", "reach", 401,
    "{\"code\":36009004,\"message\":\"The `timestamp` query parameter is too old\"}",
    LK_CLASS_CLOCK_SKEW, "36009004" },
};

static void
test_refused (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (LkProbeAnswer) answer = read_answer (refused[i].profile, refused[i].probe,
                                                      refused[i].status, refused[i].text);

      g_test_message ("%s %s", refused[i].probe, refused[i].text);
      g_assert_nonnull (answer->fault);
      g_assert_cmpstr (lk_class_to_string (answer->fault->klass), ==,
                       lk_class_to_string (refused[i].klass));
      g_assert_cmpstr (answer->fault->code, ==, refused[i].code);
      g_assert_cmpstr (answer->fault->account, ==, "adv");
      g_assert_cmpuint (answer->rows->len, ==, 0);
    }
}

static void
test_empty (void)
{
  g_autoptr (LkProbeAnswer) none = read_answer ("tiktok-ads", "centers", 200,
                                                "{\"code\":0,\"data\":{\"list\":[]}}");
  g_autoptr (LkProbeAnswer) null = read_answer ("tiktok-ads", "centers", 200,
                                                "{\"code\":0,\"data\":{\"list\":null}}");

  g_assert_null (none->fault);
  g_assert_cmpuint (none->rows->len, ==, 0);
  g_assert_null (null->fault);
}

static void
test_cut (void)
{
  g_autoptr (GString) many = g_string_new ("{\"code\":0,\"data\":{\"list\":[");
  g_autoptr (LkProbeAnswer) paged = NULL;
  g_autoptr (LkProbeAnswer) long_one = NULL;

  paged = read_answer ("tiktok-ads", "partners", 200,
                       "{\"code\":0,\"data\":{\"list\":[{\"bc_id\":\"1\"}],"
                       "\"page_info\":{\"total_number\":51}}}");
  g_assert_cmpuint (paged->rows->len, ==, 1);
  g_assert_true (paged->cut);

  for (int i = 0; i < 1500; i++)
    g_string_append_printf (many, "%s{\"advertiser_id\":\"%d\"}", i > 0 ? "," : "", i);
  g_string_append (many, "]}}");
  long_one = read_answer ("tiktok-ads", "reach", 200, many->str);
  g_assert_null (long_one->fault);
  g_assert_cmpuint (long_one->rows->len, ==, 1000);
  g_assert_true (long_one->cut);
}

static void
test_odd_values (void)
{
  g_autofree char *long_name = g_strnfill (100000, 'x');
  g_autofree char *text = g_strdup_printf (
    "{\"code\":0,\"data\":{\"list\":[{\"asset_id\":9223372036854775807,\"asset_name\":\"%s\","
    "\"advertiser_role\":[\"A\",\"B\",{}],\"relation_type\":{},\"owner_bc_name\":\"\"}]}}",
    long_name);
  g_autoptr (LkProbeAnswer) answer = read_answer ("tiktok-ads", "center-assets", 200, text);
  g_autoptr (GString) deep = g_string_new ("{\"code\":0,\"data\":");
  g_autoptr (LkProbeAnswer) nested = NULL;

  g_assert_null (answer->fault);
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "id"), ==, "9223372036854775807");
  g_assert_cmpuint (strlen (lk_probe_answer_get (answer, 0, "name")), <=, 2000);
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "role"), ==, "A,B");
  g_assert_null (lk_probe_answer_get (answer, 0, "relation"));
  g_assert_null (lk_probe_answer_get (answer, 0, "owner"));

  for (int i = 0; i < 10000; i++)
    g_string_append (deep, "{\"list\":");
  nested = read_answer ("tiktok-ads", "centers", 200, deep->str);
  g_assert_nonnull (nested->fault);
  g_assert_cmpuint (nested->rows->len, ==, 0);
}

static void
test_links (void)
{
  g_autoptr (LkValues) values = make_probe_values ();
  g_autofree char *members = NULL;
  g_autofree char *billing = NULL;
  g_autofree char *home = NULL;
  LkProfile *ads = get_profile ("tiktok-ads");

  lk_values_set (values, "call.center", "9&x");
  members = lk_profile_dup_link (ads, "center-members", values);
  g_assert_cmpstr (members, ==,
                   "https://business.tiktok.com/manage/users/members?org_id=9%26x");
  billing = lk_profile_dup_link (ads, "billing", values);
  g_assert_cmpstr (billing, ==, "https://ads.tiktok.com/i18n/account/payment?aadvid=adv");
  g_assert_null (lk_profile_dup_link (ads, "nothing", values));

  lk_values_set (values, "call.center", NULL);
  lk_values_set (values, "call.account", NULL);
  home = lk_profile_dup_link (ads, "center-members", values);
  g_assert_cmpstr (home, ==, "https://business.tiktok.com/");
  g_assert_null (lk_profile_dup_link (ads, "billing", values));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/requests", test_requests);
  g_test_add_func ("/probe/replies", test_replies);
  g_test_add_func ("/probe/all-are-here", test_all_are_here);
  g_test_add_func ("/probe/all-assets", test_all_assets);
  g_test_add_func ("/probe/refused", test_refused);
  g_test_add_func ("/probe/empty", test_empty);
  g_test_add_func ("/probe/cut", test_cut);
  g_test_add_func ("/probe/odd-values", test_odd_values);
  g_test_add_func ("/probe/links", test_links);

  return g_test_run ();
}
