/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-set.h"

/* TikTok's table of return codes (business-api.tiktok.com/portal/docs?id=1737172488964097, extract
 * of 2026-08-13): every code must have a class, and those that are often confused the right one. */
static const int documented[] = {
  40000, 40001, 40002, 40006, 40007, 40008, 40009, 40010, 40011, 40013, 40014, 40016, 40051, 40053,
  40065, 40100, 40101, 40102, 40103, 40104, 40105, 40106, 40107, 40108, 40110, 40113, 40115, 40116,
  40117, 40118, 40119, 40121, 40122, 40124, 40125, 40132, 40133, 40201, 40202, 40300, 40301, 40502,
  40700, 40900, 40901, 40902, 40903, 40904, 40905, 40906, 40907, 40908, 40909, 40910, 40911, 40912,
  40913, 40914, 40915, 41000, 41001, 41002, 50000, 50002, 51305, 60001, 40003, 40012, 40061, 40062,
  40063, 40114, 40120, 40126, 40129, 40130, 40131, 40302, 40309, 40400, 40916, 41013, 51010, 51035,
  51065, 52000, 52204, 53102, 61000, 70001, 2200006, 40050, 40052, 40112, 40200,
};

static LkClass
classify (LkProfile  *profile,
          const char *code,
          const char *step,
          int         status,
          const char *message)
{
  g_autoptr (LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);

  fault->code = g_strdup (code);
  fault->step = g_strdup (step);
  fault->http_status = status;
  fault->message = g_strdup (message);
  lk_profile_classify (profile, fault);

  return fault->klass;
}

static void
test_documented (void)
{
  static const char * const ids[] = { "tiktok-ads", "tiktok-account" };
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      for (size_t j = 0; j < G_N_ELEMENTS (documented); j++)
        {
          g_autofree char *code = g_strdup_printf ("%d", documented[j]);
          LkClass klass = classify (lk_profile_set_lookup (set, ids[i]), code, "api", 200, NULL);

          g_test_message ("%s %s", ids[i], code);
          g_assert_cmpint (klass, !=, LK_CLASS_UNKNOWN);
          g_assert_cmpint (klass, !=, LK_CLASS_OK);
        }
    }
}

static const struct
{
  const char *profile;
  const char *code;
  const char *step;
  int         status;
  const char *message;
  LkClass     klass;
} rows[] = {
  { "tiktok-ads", "0", "api", 200, "OK", LK_CLASS_OK },
  { "tiktok-ads", "20001", "api", 200, NULL, LK_CLASS_OK },
  { "tiktok-ads", "40016", "api", 200, NULL, LK_CLASS_RATE },
  { "tiktok-ads", "40100", NULL, 0, "invalid access token", LK_CLASS_RATE },
  { "tiktok-ads", "40001", "api", 200, "Permission error: lacks the required scope",
    LK_CLASS_SCOPE },
  { "tiktok-ads", "40001", "api", 200, "No Permission to operate advertiser 1",
    LK_CLASS_PERMISSION },
  { "tiktok-ads", "40002", "api", 200, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-ads", "40002", "api", 200, "No permission to operate pixel code", LK_CLASS_PERMISSION },
  { "tiktok-ads", "40002", "token", 200, "auth_code invalid", LK_CLASS_CODE_DEAD },
  { "tiktok-ads", "40118", "api", 200, NULL, LK_CLASS_PERMISSION },
  { "tiktok-ads", "40907", "api", 200, NULL, LK_CLASS_MEDIA_INVALID },
  { "tiktok-ads", "58888", "api", 200, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-ads", "50002", "api", 200, "Processing error", LK_CLASS_TRANSIENT },
  { "tiktok-ads", "53102", "api", 200, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-ads", "60001", "api", 200, NULL, LK_CLASS_MAINTENANCE },
  { "tiktok-ads", "60002", "api", 200, NULL, LK_CLASS_UNKNOWN },
  { "tiktok-ads", "61000", "api", 200, NULL, LK_CLASS_RATE },
  { "tiktok-ads", "40050", "api", 200, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-ads", "40112", "api", 200, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-ads", "40127", "api", 200, NULL, LK_CLASS_SCOPE },
  { "tiktok-ads", "40200", "api", 200, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-account", "invalid_grant", "refresh", 400, NULL, LK_CLASS_REFRESH_DEAD },
  { "tiktok-account", "invalid_grant", "token", 400, NULL, LK_CLASS_CODE_DEAD },
  { "tiktok-login", "40000123", "api", 400, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-login", "50020001", "api", 500, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-ads", "2200006", "api", 200, NULL, LK_CLASS_MEDIA_PROCESSING },
  { "tiktok-ads", NULL, "api", 429, NULL, LK_CLASS_RATE },
  { "tiktok-ads", NULL, "api", 503, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-ads", NULL, "api", 401, NULL, LK_CLASS_TOKEN_REVOKED },
  { "tiktok-login", NULL, "api", 401, NULL, LK_CLASS_TOKEN_EXPIRED },
  { "tiktok-login", NULL, "token", 401, NULL, LK_CLASS_APP_CONFIG },
  { "tiktok-login", NULL, NULL, 0, NULL, LK_CLASS_UNKNOWN },
  { "tiktok-account", "40131", "token", 200, NULL, LK_CLASS_CODE_DEAD },
  { "tiktok-account", "access_denied", "authorize", 0, NULL, LK_CLASS_DENIED },
  { "tiktok-login", "access_denied", "authorize", 0, NULL, LK_CLASS_DENIED },
  { "tiktok-login", "invalid_scope", "authorize", 0, NULL, LK_CLASS_SCOPE },
  { "tiktok-login", "unauthorized_client", "token", 400, NULL, LK_CLASS_APP_CONFIG },
  { "tiktok-login", "unsupported_grant_type", "token", 400, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-login", "server_error", "token", 500, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-login", "invalid_grant", NULL, 400, "Refresh token is revoked.",
    LK_CLASS_REFRESH_DEAD },
  { "tiktok-login", "invalid_params", "api", 400, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-login", "invalid_param", "api", 400, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-login", "invalid_file_upload", "api", 400, NULL, LK_CLASS_MEDIA_INVALID },
  { "tiktok-login", "app_version_check_failed", "api", 400, NULL, LK_CLASS_USER_ACTION },
  { "tiktok-login", "spam_risk_too_many_posts", "api", 403, NULL, LK_CLASS_QUOTA },
  { "tiktok-login", "spam_risk_user_banned_from_posting", "api", 403, NULL,
    LK_CLASS_ACCOUNT_STATUS },
  { "tiktok-login", "spam_risk_too_many_pending_share", "api", 403, NULL, LK_CLASS_QUOTA },
  { "tiktok-login", "unaudited_client_can_only_post_to_private_accounts", "api", 403, NULL,
    LK_CLASS_APP_CONFIG },
  { "tiktok-login", "url_ownership_unverified", "api", 403, NULL, LK_CLASS_APP_CONFIG },
  { "tiktok-login", "privacy_level_option_mismatch", "api", 403, NULL, LK_CLASS_BAD_REQUEST },
  { "tiktok-login", "auth_removed", "api", 200, NULL, LK_CLASS_TOKEN_REVOKED },
  { "tiktok-login", "spam_risk_text", "api", 200, NULL, LK_CLASS_POLICY },
  { "tiktok-login", "video_pull_failed", "api", 200, NULL, LK_CLASS_TRANSIENT },
  { "tiktok-login", "something_new", "api", 403, NULL, LK_CLASS_PERMISSION },
};

static void
test_table (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkClass klass = classify (lk_profile_set_lookup (set, rows[i].profile), rows[i].code,
                                rows[i].step, rows[i].status, rows[i].message);

      g_test_message ("%s %s %s", rows[i].profile, rows[i].code, rows[i].message);
      g_assert_cmpstr (lk_class_to_string (klass), ==, lk_class_to_string (rows[i].klass));
    }
}

static void
test_shapes (void)
{
  static const struct
  {
    const char *json;
    const char *code;
  } shapes[] = {
    { "{\"code\":\"access_token_invalid\",\"log_id\":\"l\"}", "access_token_invalid" },
    { "{\"error\":\"scope_not_authorized\",\"message\":\"m\"}", "scope_not_authorized" },
    { "{\"data\":{\"error_code\":20002,\"error_msg\":\"m\"},\"extra\":{\"logid\":\"l\"}}",
      "20002" },
    { "{\"data\":{\"status\":\"PROCESSING_DOWNLOAD\"},\"error\":{\"code\":\"ok\"}}",
      "PROCESSING_DOWNLOAD" },
    { "{\"data\":{\"status\":\"other\"},\"error\":{\"code\":\"ok\"}}", "ok" },
    { "{\"error\":{\"code\":{\"deep\":1}}}", NULL },
    { "{\"error\":\"two words\"}", NULL },
    { "{\"access_token\":\"act.x\"}", NULL },
    { "no json", NULL },
  };
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  LkProfile *login = lk_profile_set_lookup (set, "tiktok-login");

  for (size_t i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (LkFault) fault = lk_profile_read_fault (login, shapes[i].json, -1, NULL, 0);

      g_test_message ("%s", shapes[i].json);
      g_assert_cmpstr (fault != NULL ? fault->code : NULL, ==, shapes[i].code);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/documented", test_documented);
  g_test_add_func ("/rules/table", test_table);
  g_test_add_func ("/rules/shapes", test_shapes);

  return g_test_run ();
}
