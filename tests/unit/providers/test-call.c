/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-test-calls.h"

#define ADS "https://business-api.tiktok.com"

static const struct
{
  const char *profile;
  const char *target;
  const char *pairs;
  const char *url;
} good[] = {
  { "tiktok-ads", "campaign/get", NULL, ADS "/open_api/v1.3/campaign/get/" },
  { "tiktok-ads", "campaign/get/", "advertiser_id=7\npage=1",
    ADS "/open_api/v1.3/campaign/get/?advertiser_id=7&page=1" },
  { "tiktok-ads", "/open_api/v1.2/user/info", NULL, ADS "/open_api/v1.2/user/info/" },
  { "tiktok-ads", "open_api/v1.3/user/info/", NULL, ADS "/open_api/v1.3/user/info/" },
  { "tiktok-ads", ADS "/open_api/v1.3/user/info/", NULL, ADS "/open_api/v1.3/user/info/" },
  { "tiktok-ads", "HTTPS://Business-API.TikTok.com/open_api/v1.3/user/info/", NULL,
    ADS "/open_api/v1.3/user/info/" },
  { "tiktok-ads", ADS ":443/open_api/v1.3/user/info/", NULL, ADS "/open_api/v1.3/user/info/" },
  { "tiktok-ads", ADS "?a=b", NULL, ADS "/?a=b" },
  { "tiktok-ads", "advertiser/info?advertiser_ids=[\"7\"]", "a=b c&d=e",
    ADS "/open_api/v1.3/advertiser/info/?advertiser_ids=%5B%227%22%5D&a=b%20c%26d%3De" },
  { "tiktok-ads", "x?a=%C3%A9&&b&c=1+2", NULL,
    ADS "/open_api/v1.3/x/?a=%C3%A9&b=&c=1%202" },
  { "tiktok-ads", "x", "a=", ADS "/open_api/v1.3/x/?a=" },
  { "tiktok-ads", "x", "a=\r\nHost: evil", NULL },
  { "tiktok-login", "v2/user/info/", "fields=open_id,union_id",
    "https://open.tiktokapis.com/v2/user/info/?fields=open_id%2Cunion_id" },
  { "tiktok-login", "/v2/x", NULL, "https://open.tiktokapis.com/v2/x" },
};

static void
test_targets (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (LkCallRequest) call = make_call ("GET", good[i].target, good[i].pairs, NULL);
      g_autoptr (LkValues) values = make_values ("id", "secret");
      g_autoptr (GError) error = NULL;
      g_autoptr (LkRequest) request = lk_profile_build_call (get_profile (good[i].profile), call,
                                                             values, NOW, &error);

      /* The pairs of this row were split at the line break: its second half is no pair. */
      if (good[i].url == NULL)
        {
          g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpstr (lk_request_get_url (request), ==, good[i].url);
      g_assert_null (lk_request_get_body (request));
    }
}

static void
test_elsewhere (void)
{
  static const char * const targets[] = {
    "https://evil.example/open_api/v1.3/user/info/",
    "http://business-api.tiktok.com/open_api/v1.3/user/info/",
    "https://business-api.tiktok.com:8443/x",
    "https://business-api.tiktok.com@evil.example/x",
    "https://business-api.tiktok.com:x@evil.example/x",
    "https://user@business-api.tiktok.com/x",
    "https://business-api.tiktok.com.evil.example/x",
    "https://evil.example\\@business-api.tiktok.com/x",
    "//evil.example/x", "///evil.example/x", "\\\\evil.example\\x", "/\\evil.example/x",
    "https:evil.example/x", "https:/evil.example/x", "https:///evil.example/x", "javascript:x",
    "file:///etc/passwd", "data:text/plain,x",
    "../../../x", "/open_api/../../x", "/open_api/v1.3/%2e%2e/x", "/a/%2E./x", "/a/..%2fx",
    "/a/%252e%252e/x", "/a/./b", "..", ".", "/a/%5c..%5cx", "x%00y", "x%zz",
    "x\r\nHost: evil", "x y", "x#y", "x?a=b#c", "x?a=\nb", "", "{client.secret}",
    "x/{token.access}", "ä", "x/\xff",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LkCallRequest) call = make_call ("GET", targets[i], NULL, NULL);
      g_autoptr (LkValues) values = make_values ("id", "secret");
      g_autoptr (GError) error = NULL;
      g_autofree char *path = NULL;
      LkRequest *request = lk_profile_build_call (get_profile ("tiktok-ads"), call, values, NOW,
                                                  &error);

      g_test_message ("target %" G_GSIZE_FORMAT, i);
      g_assert_null (request);
      g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE);
      path = lk_profile_dup_call_path (get_profile ("tiktok-ads"), call);
      g_assert_null (path);
    }
}

static void
test_message_names_the_host (void)
{
  g_autoptr (LkCallRequest) call = make_call ("GET", "https://evil.example/x", NULL, NULL);
  g_autoptr (LkValues) values = make_values ("id", "secret");
  g_autoptr (GError) error = NULL;

  g_assert_null (lk_profile_build_call (get_profile ("tiktok-ads"), call, values, NOW, &error));
  g_assert_nonnull (strstr (error->message, ADS " only"));
}

static void
test_body_and_headers (void)
{
  g_autoptr (LkCallRequest) call = make_call ("POST", "campaign/create", NULL, "{\"a\": 1}");
  g_autoptr (LkValues) values = make_values ("id", "secret");
  g_autoptr (LkRequest) request = lk_profile_build_call (get_profile ("tiktok-ads"), call, values,
                                                         NOW, NULL);
  g_autoptr (LkRequest) other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (lk_request_get_method (request), ==, "POST");
  g_assert_cmpstr (lk_request_get_content_type (request), ==, "application/json");
  g_assert_cmpmem (g_bytes_get_data (lk_request_get_body (request), NULL),
                   g_bytes_get_size (lk_request_get_body (request)), "{\"a\": 1}", 8);
  g_assert_cmpstr (find_header (request, "Access-Token"), ==, "act.1");

  call->content_type = g_strdup ("text/csv");
  other = lk_profile_build_call (get_profile ("tiktok-ads"), call, values, NOW, NULL);
  g_assert_cmpstr (lk_request_get_content_type (other), ==, "text/csv");

  g_free (call->content_type);
  call->content_type = g_strdup ("text/csv\r\nX-Evil: 1");
  g_assert_null (lk_profile_build_call (get_profile ("tiktok-ads"), call, values, NOW, &error));
  g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE);
}

static void
test_bad_calls (void)
{
  static const struct
  {
    const char      *method;
    const char      *pairs;
    const char      *token;
    LkProviderError  code;
  } bad[] = {
    { "GET\r\nX: y", NULL, "act.1", LK_PROVIDER_ERROR_UNKNOWN_WORD },
    { "CONNECT", NULL, "act.1", LK_PROVIDER_ERROR_UNKNOWN_WORD },
    { "", NULL, "act.1", LK_PROVIDER_ERROR_UNKNOWN_WORD },
    { "GET", "novalue", "act.1", LK_PROVIDER_ERROR_SYNTAX },
    { "GET", "=x", "act.1", LK_PROVIDER_ERROR_SYNTAX },
    { "GET", NULL, "", LK_PROVIDER_ERROR_MISSING_VALUE },
    { "GET", NULL, "act.1\r\nX: y", LK_PROVIDER_ERROR_MISSING_VALUE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (LkCallRequest) call = make_call (bad[i].method, "user/info", bad[i].pairs, NULL);
      g_autoptr (LkValues) values = make_values ("id", "secret");
      g_autoptr (GError) error = NULL;

      lk_values_set (values, "token.access", bad[i].token);
      g_assert_null (lk_profile_build_call (get_profile ("tiktok-ads"), call, values, NOW, &error));
      g_assert_error (error, LK_PROVIDER_ERROR, (int) bad[i].code);
    }
}

static const struct
{
  const char *profile;
  const char *target;
  const char *pairs;
  const char *body;
  const char *account;
  const char *path;
} accounts[] = {
  { "tiktok-ads", "campaign/get", "advertiser_id=7", NULL, "7", "/open_api/v1.3/campaign/get/" },
  { "tiktok-ads", "campaign/get?advertiser_id=8", NULL, NULL, "8",
    "/open_api/v1.3/campaign/get/" },
  { "tiktok-ads", "/x?a=1", "advertiser_ids=[\"7000000000000000001\"]", NULL,
    "7000000000000000001", "/x/" },
  { "tiktok-ads", "x", "advertiser_ids=[\"7\",\"8\"]", NULL, NULL, "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", "advertiser_ids=[", NULL, "[", "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", NULL, "{\"advertiser_id\":\"9\"}", "9", "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", NULL, "{\"advertiser_id\":9007199254740993}", "9007199254740993",
    "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", NULL, "{\"advertiser_ids\":[\"9\"]}", "9", "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", "advertiser_id=1", "{\"advertiser_id\":\"9\"}", "1", "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", "advertiser_id=", "{\"advertiser_id\":{}}", NULL, "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", NULL, "advertiser_id=9", NULL, "/open_api/v1.3/x/" },
  { "tiktok-ads", "x", NULL, "[1,2]", NULL, "/open_api/v1.3/x/" },
  { "tiktok-account", "business/get", "business_id=b-1", NULL, "b-1",
    "/open_api/v1.3/business/get/" },
  { "tiktok-shop", "order/202309/orders", "shop_cipher=c\nshop_id=3", NULL, "3",
    "/order/202309/orders" },
  { "tiktok-shop", "order/202309/orders", "shop_cipher=c", NULL, NULL, "/order/202309/orders" },
  { "tiktok-login", "v2/user/info/", "advertiser_id=7", NULL, NULL, "/v2/user/info/" },
};

static void
test_accounts (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      g_autoptr (LkCallRequest) call = make_call ("POST", accounts[i].target, accounts[i].pairs,
                                                  accounts[i].body);
      LkProfile *profile = get_profile (accounts[i].profile);
      g_autofree char *account = lk_profile_dup_call_account (profile, call);
      g_autofree char *path = lk_profile_dup_call_path (profile, call);

      g_assert_cmpstr (account, ==, accounts[i].account);
      g_assert_cmpstr (path, ==, accounts[i].path);
    }
}

static void
test_deep_body (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"advertiser_id\":");
  g_autoptr (LkCallRequest) call = NULL;

  for (int i = 0; i < 10000; i++)
    g_string_append_c (deep, '[');
  call = make_call ("POST", "x", NULL, deep->str);
  g_assert_null (lk_profile_dup_call_account (get_profile ("tiktok-ads"), call));
}

static void
test_untouched (void)
{
  static const struct
  {
    LkClass  klass;
    int      status;
    gboolean proves;
  } rows[] = {
    { LK_CLASS_TOKEN_EXPIRED, 401, TRUE }, { LK_CLASS_RATE, 429, TRUE },
    { LK_CLASS_RATE, 200, TRUE }, { LK_CLASS_SCOPE, 200, TRUE },
    { LK_CLASS_PERMISSION, 200, TRUE }, { LK_CLASS_TRANSIENT, 200, FALSE },
    { LK_CLASS_TRANSIENT, 500, FALSE }, { LK_CLASS_MAINTENANCE, 200, FALSE },
    { LK_CLASS_UNKNOWN, 200, FALSE }, { LK_CLASS_BAD_REQUEST, 200, FALSE },
    { LK_CLASS_RATE, 503, FALSE }, { LK_CLASS_TOKEN_EXPIRED, 0, FALSE },
    { LK_CLASS_CLOCK_SKEW, 401, TRUE },
  };
  g_autoptr (LkFault) local = lk_fault_new_local (LK_CLASS_TRANSIENT, "reply-lost", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkFault) fault = lk_fault_new (rows[i].klass);

      fault->provider = g_strdup ("tiktok-ads");
      fault->http_status = rows[i].status;
      g_assert_cmpint (lk_profile_proves_untouched (get_profile ("tiktok-ads"), fault), ==,
                       rows[i].proves);
    }

  local->http_status = 429;
  local->klass = LK_CLASS_RATE;
  g_assert_false (lk_profile_proves_untouched (get_profile ("tiktok-ads"), local));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call/targets", test_targets);
  g_test_add_func ("/call/elsewhere", test_elsewhere);
  g_test_add_func ("/call/message-names-the-host", test_message_names_the_host);
  g_test_add_func ("/call/body-and-headers", test_body_and_headers);
  g_test_add_func ("/call/bad-calls", test_bad_calls);
  g_test_add_func ("/call/accounts", test_accounts);
  g_test_add_func ("/call/deep-body", test_deep_body);
  g_test_add_func ("/call/untouched", test_untouched);

  return g_test_run ();
}
