/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-test-calls.h"

#define HOST   "https://open-api.tiktokglobalshop.com"
#define SECRET "e59af819cc"
#define KEY    "29a39d"
#define WHEN   G_GINT64_CONSTANT (1623812664)

static LkRequest *
build (LkCallRequest *call)
{
  g_autoptr (LkValues) values = make_values (KEY, SECRET);
  g_autoptr (GError) error = NULL;
  LkRequest *request = lk_profile_build_call (get_profile ("tiktok-shop"), call, values, WHEN,
                                              &error);

  g_assert_no_error (error);

  return request;
}

/* That the request is signed over the very text @over, between the secret and the secret. */
static void
check_signature (LkRequest  *request,
                 const char *over)
{
  g_autofree char *text = g_strconcat (SECRET, over, SECRET, NULL);
  g_autofree char *sign = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) SECRET,
                                                     strlen (SECRET), text, -1);
  g_autofree char *end = g_strconcat ("&sign=", sign, NULL);

  g_assert_true (g_str_has_suffix (lk_request_get_url (request), end));
}

static void
test_vector (void)
{
  g_autoptr (LkCallRequest) call = make_call ("GET", "/authorization/202309/shops", NULL, NULL);
  g_autoptr (LkRequest) request = build (call);

  g_assert_cmpstr (lk_request_get_url (request), ==,
                   HOST "/authorization/202309/shops?app_key=29a39d&timestamp=1623812664"
                   "&sign=b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
  g_assert_cmpstr (lk_request_get_path (request), ==, "/authorization/202309/shops");
  g_assert_cmpstr (find_header (request, "x-tts-access-token"), ==, "act.1");
  g_assert_null (strstr (lk_request_get_url (request), SECRET));
}

static void
test_sorted_and_decoded (void)
{
  g_autoptr (LkCallRequest) call = make_call ("GET", "order/x?b=2%26+%C3%A9",
                                              "zz=1\nshop_cipher=a/b=", NULL);
  g_autoptr (LkRequest) request = build (call);

  check_signature (request,
                   "/order/x" "app_key" KEY "b2& é" "shop_ciphera/b=" "timestamp1623812664" "zz1");
  g_assert_nonnull (strstr (lk_request_get_url (request), "b=2%26%20%C3%A9"));
}

static void
test_left_out (void)
{
  g_autoptr (LkCallRequest) call = make_call ("GET", "x", "sign=old\naccess_token=t\napp_key=no\n"
                                              "timestamp=1", NULL);
  g_autoptr (LkRequest) request = build (call);

  check_signature (request, "/x" "app_key" KEY "timestamp1623812664");
  g_assert_null (strstr (lk_request_get_url (request), "old"));
  g_assert_null (strstr (lk_request_get_url (request), "app_key=no"));
}

static void
test_body (void)
{
  static const char body[] = "{ \"b\":1,\n  \"a\": \"é\" }";
  g_autoptr (LkCallRequest) call = make_call ("POST", "x", NULL, body);
  g_autoptr (LkRequest) request = build (call);
  g_autoptr (LkRequest) file = NULL;
  GBytes *sent = lk_request_get_body (request);

  check_signature (request, "/x" "app_key" KEY "timestamp1623812664"
                   "{ \"b\":1,\n  \"a\": \"é\" }");
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), body, strlen (body));

  call->content_type = g_strdup ("Multipart/Form-Data; boundary=x");
  file = build (call);
  check_signature (file, "/x" "app_key" KEY "timestamp1623812664");
}

static void
test_steps (void)
{
  g_autoptr (LkValues) values = make_values (KEY, SECRET);
  g_autoptr (GError) error = NULL;
  g_autoptr (LkRequest) verify = NULL;
  g_autoptr (LkRequest) probe = NULL;
  LkProfile *shop = get_profile ("tiktok-shop");

  g_assert_null (lk_profile_build_request (shop, LK_STEP_VERIFY, values, &error));
  g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE);
  g_clear_error (&error);

  lk_values_set (values, "now", "1623812664");
  verify = lk_profile_build_request (shop, LK_STEP_VERIFY, values, &error);
  g_assert_no_error (error);
  check_signature (verify, "/authorization/202309/shops" "app_key" KEY "timestamp1623812664");

  probe = lk_profile_build_probe (shop, "reach", values, WHEN, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lk_request_get_url (probe), ==, lk_request_get_url (verify));

  lk_values_set (values, "client.secret", NULL);
  g_assert_null (lk_profile_build_probe (shop, "reach", values, WHEN, &error));
  g_assert_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE);
}

static void
test_token (void)
{
  g_autoptr (LkValues) values = make_values (KEY, SECRET);
  g_autoptr (LkRequest) token = NULL;
  g_autoptr (LkRequest) refresh = NULL;
  g_autofree char *page = NULL;
  LkProfile *shop = get_profile ("tiktok-shop");

  lk_values_set (values, "code", "ROW_c");
  lk_values_set (values, "token.refresh", "TTP_r");
  lk_values_set (values, "state", "s");
  lk_values_set (values, "redirect_uri", "http://127.0.0.1:17819/callback/");
  token = lk_profile_build_request (shop, LK_STEP_TOKEN, values, NULL);
  g_assert_cmpstr (lk_request_get_method (token), ==, "GET");
  g_assert_cmpstr (lk_request_get_url (token), ==,
                   "https://auth.tiktok-shops.com/api/v2/token/get?app_key=29a39d"
                   "&app_secret=e59af819cc&auth_code=ROW_c&grant_type=authorized_code");
  g_assert_cmpstr (lk_request_get_path (token), ==, "/api/v2/token/get");

  refresh = lk_profile_build_request (shop, LK_STEP_REFRESH, values, NULL);
  g_assert_cmpstr (lk_request_get_url (refresh), ==,
                   "https://auth.tiktok-shops.com/api/v2/token/refresh?app_key=29a39d"
                   "&app_secret=e59af819cc&refresh_token=TTP_r&grant_type=refresh_token");

  page = lk_profile_build_authorize_uri (shop, values, NULL);
  g_assert_cmpstr (page, ==,
                   "https://auth.tiktok-shops.com/oauth/authorize?app_key=29a39d&state=s");
}

static void
test_token_reply (void)
{
  g_autoptr (LkReply) reply = make_reply (200,
    "{\"code\":0,\"message\":\"success\",\"data\":{\"access_token\":\"TTP_a\","
    "\"access_token_expire_in\":1795852800,\"refresh_token\":\"TTP_r\","
    "\"refresh_token_expire_in\":4854384000,\"open_id\":\"o-1\",\"seller_name\":\"Shop\","
    "\"granted_scopes\":[\"seller.order.info\"]},\"request_id\":\"r-1\"}");
  g_autoptr (LkTokenSet) tokens = NULL;
  g_autoptr (LkFault) fault = NULL;
  g_autofree char *identity = NULL;
  g_autofree char *label = NULL;

  tokens = lk_profile_read_tokens (get_profile ("tiktok-shop"), LK_STEP_TOKEN, reply, NOW,
                                   &identity, &label, NULL, &fault);
  g_assert_null (fault);
  g_assert_cmpint (lk_token_set_get_access_ends (tokens), ==, 1795852800);
  /* The year 2123 means that it does not end. */
  g_assert_cmpint (lk_token_set_get_refresh_ends (tokens), ==, LK_END_NEVER);
  g_assert_cmpstr (lk_token_set_get_scopes (tokens)[0], ==, "seller.order.info");
  g_assert_cmpstr (identity, ==, "o-1");
  g_assert_cmpstr (label, ==, "Shop");
}

static const struct
{
  const char *code;
  const char *message;
  const char *step;
  int         status;
  LkClass     klass;
} refusals[] = {
  { "105002", "Expired credentials. The access_token or x-tts-access-token header has expired.",
    "api", 401, LK_CLASS_TOKEN_EXPIRED },
  { "105005", "Access denied", "api", 401, LK_CLASS_SCOPE },
  { "106001", "Invalid credentials. The 'sign' query parameter is invalid.", "api", 401,
    LK_CLASS_APP_CONFIG },
  { "36004004", "Invalid auth code.", "token", 200, LK_CLASS_CODE_DEAD },
  { "36004001", "rt has expired", "refresh", 200, LK_CLASS_REFRESH_DEAD },
  { "36004005", "can not find related auth record", "refresh", 200, LK_CLASS_REFRESH_DEAD },
  { "36009002", "Too many requests", "api", 429, LK_CLASS_RATE },
  { "36009003", "Internal error", "api", 500, LK_CLASS_TRANSIENT },
  { "36009004", "Invalid credentials. The `timestamp` query parameter is invalid: expired", "api",
    401, LK_CLASS_CLOCK_SKEW },
  { "36009004", "The 'timestamp' query is too far ahead", "api", 400, LK_CLASS_CLOCK_SKEW },
  { "36009004", "Invalid credentials. The 'x-tts-access-token' header is invalid", "api", 401,
    LK_CLASS_TOKEN_EXPIRED },
  { "36009004", "Invalid credentials. The 'app_key' query parameter is invalid", "api", 400,
    LK_CLASS_APP_CONFIG },
  { "36009004", "The shop_cipher is not required for this request", "api", 400,
    LK_CLASS_BAD_REQUEST },
  { "36009005", "The token header is invalid", "api", 401, LK_CLASS_TOKEN_EXPIRED },
  { "36009007", "Timeout", "api", 408, LK_CLASS_TRANSIENT },
  { "36009033", "IP not allowed", "api", 403, LK_CLASS_APP_CONFIG },
  { "36009022", "Content-Type", "api", 400, LK_CLASS_MEDIA_INVALID },
  { "12052700", "seller", "api", 403, LK_CLASS_PERMISSION },
  { "106013", "missing shop_cipher", "api", 400, LK_CLASS_BAD_REQUEST },
  { "45101004", "daily quota", "api", 429, LK_CLASS_QUOTA },
};

static void
test_refusals (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);

      fault->code = g_strdup (refusals[i].code);
      fault->message = g_strdup (refusals[i].message);
      fault->step = g_strdup (refusals[i].step);
      fault->http_status = refusals[i].status;
      lk_profile_classify (get_profile ("tiktok-shop"), fault);
      g_test_message ("%s %s", refusals[i].code, refusals[i].message);
      g_assert_cmpstr (lk_class_to_string (fault->klass), ==,
                       lk_class_to_string (refusals[i].klass));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sign/vector", test_vector);
  g_test_add_func ("/sign/sorted-and-decoded", test_sorted_and_decoded);
  g_test_add_func ("/sign/left-out", test_left_out);
  g_test_add_func ("/sign/body", test_body);
  g_test_add_func ("/sign/steps", test_steps);
  g_test_add_func ("/sign/token", test_token);
  g_test_add_func ("/sign/token-reply", test_token_reply);
  g_test_add_func ("/sign/refusals", test_refusals);

  return g_test_run ();
}
