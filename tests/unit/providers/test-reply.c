/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-profile-set.h"

#define NOW G_GINT64_CONSTANT (1795000000)

static LkReply *
read_file (const char *name,
           int         status)
{
  g_autofree char *path = g_build_filename (TEST_DATA, "replies", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) body = NULL;
  size_t length = 0;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  body = g_bytes_new (text, length);

  return lk_reply_new (status, body);
}

static LkReply *
reply_of (const char *text,
          int         status)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return lk_reply_new (status, body);
}

static const struct
{
  const char *profile;
  LkStep      step;
  const char *file;
  const char *access;
  const char *refresh;
  gint64      access_life;
  gint64      refresh_life;
  const char *scopes;
  const char *identity;
  int         n_accounts;
} good[] = {
  { "tiktok-login", LK_STEP_TOKEN, "login-token.json", "act.sample-access", "rft.sample-refresh",
    7200, 15552000, "user.info.basic video.list", "open-1", -1 },
  { "tiktok-login", LK_STEP_TOKEN, "login-token-2024.json", "act.sample-access",
    "rft.sample-refresh", 86400, 31536000, "user.info.basic", "open-1", -1 },
  { "tiktok-login", LK_STEP_REFRESH, "login-refresh-kept.json", "act.sample-second", NULL, 7200, 0,
    NULL, "open-1", -1 },
  { "tiktok-ads", LK_STEP_TOKEN, "ads-token.json", "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", NULL,
    -1, 0, "4 100 610", NULL, 2 },
  { "tiktok-ads", LK_STEP_TOKEN, "ads-token-no-advertisers.json",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", NULL, -1, 0, "4", NULL, 0 },
  { "tiktok-account", LK_STEP_TOKEN, "account-token.json", "act.sample-access",
    "rft.sample-refresh", 86400, 31536000, "user.info.basic video.list", "business-1", -1 },
  { "tiktok-account", LK_STEP_REFRESH, "account-token.json", "act.sample-access",
    "rft.sample-refresh", 86400, 31536000, "user.info.basic video.list", "business-1", -1 },
};

static void
check_good (LkProfileSet *set,
            size_t        i)
{
  g_autoptr (LkReply) reply = read_file (good[i].file, 200);
  g_autoptr (LkTokenSet) tokens = NULL;
  g_autoptr (LkFault) fault = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autofree char *identity = NULL;
  g_autofree char *scopes = NULL;
  LkSecret *refresh;

  g_test_message ("%s", good[i].file);
  tokens = lk_profile_read_tokens (lk_profile_set_lookup (set, good[i].profile), good[i].step,
                                   reply, NOW, &identity, NULL, &accounts, &fault);
  g_assert_null (fault);
  g_assert_nonnull (tokens);
  g_assert_cmpstr (lk_secret_open (lk_token_set_get_access (tokens)), ==, good[i].access);
  refresh = lk_token_set_get_refresh (tokens);
  g_assert_cmpstr (refresh != NULL ? lk_secret_open (refresh) : NULL, ==, good[i].refresh);
  g_assert_cmpint (lk_token_set_get_access_ends (tokens), ==,
                   good[i].access_life < 0 ? LK_END_NEVER : NOW + good[i].access_life);
  if (refresh != NULL)
    g_assert_cmpint (lk_token_set_get_refresh_ends (tokens), ==, NOW + good[i].refresh_life);
  g_assert_cmpint (lk_token_set_get_obtained (tokens), ==, NOW);
  g_assert_cmpuint (lk_token_set_get_generation (tokens), ==, 0);
  g_assert_cmpstr (identity, ==, good[i].identity);
  if (lk_token_set_get_scopes (tokens) != NULL)
    scopes = g_strjoinv (" ", (char **) lk_token_set_get_scopes (tokens));
  g_assert_cmpstr (scopes, ==, good[i].scopes);
  g_assert_cmpint (accounts != NULL ? (int) accounts->len : -1, ==, good[i].n_accounts);
}

static void
test_tokens (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (good); i++)
    check_good (set, i);
}

#define LOGIN_LOG "202206221854370101130062072500FFA2"
#define API_LOG   "20250920002050100115989EF4EE2405DD"
#define ADS_LOG   "20261101000000AABBCCDDEEFF00112233"

static const struct
{
  const char *profile;
  LkStep      step;
  const char *file;
  int         status;
  LkClass     klass;
  const char *code;
  const char *trace;
} bad[] = {
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-grant.json", 400, LK_CLASS_CODE_DEAD,
    "invalid_grant", "20260611203344AABBCCDDEEFF00112233" },
  /* TikTok's sandbox was seen to answer this with 200. */
  { "tiktok-login", LK_STEP_REFRESH, "login-invalid-grant.json", 200, LK_CLASS_REFRESH_DEAD,
    "invalid_grant", "20260611203344AABBCCDDEEFF00112233" },
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-request-pkce.json", 400, LK_CLASS_BAD_REQUEST,
    "invalid_request", LOGIN_LOG },
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-request-redirect.json", 400,
    LK_CLASS_REDIRECT_MISMATCH, "invalid_request", LOGIN_LOG },
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-request-secret.json", 400, LK_CLASS_APP_CONFIG,
    "invalid_request", LOGIN_LOG },
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-request-malformed.json", 400,
    LK_CLASS_BAD_REQUEST, "invalid_request", LOGIN_LOG },
  { "tiktok-login", LK_STEP_TOKEN, "login-invalid-client.json", 401, LK_CLASS_APP_CONFIG,
    "invalid_client", NULL },
  { "tiktok-login", LK_STEP_VERIFY, "login-access-token-invalid.json", 401, LK_CLASS_TOKEN_EXPIRED,
    "access_token_invalid", API_LOG },
  { "tiktok-login", LK_STEP_VERIFY, "login-scope-not-authorized.json", 401, LK_CLASS_SCOPE,
    "scope_not_authorized", API_LOG },
  { "tiktok-login", LK_STEP_VERIFY, "login-scope-permission-missed.json", 400, LK_CLASS_SCOPE,
    "scope_permission_missed", API_LOG },
  { "tiktok-login", LK_STEP_API, "login-rate-limit.json", 429, LK_CLASS_RATE,
    "rate_limit_exceeded", API_LOG },
  { "tiktok-login", LK_STEP_API, "login-internal-error.json", 500, LK_CLASS_TRANSIENT,
    "internal_error", API_LOG },
  { "tiktok-login", LK_STEP_API, "login-publish-failed.json", 200, LK_CLASS_MEDIA_INVALID,
    "picture_size_check_failed", API_LOG },
  { "tiktok-login", LK_STEP_API, "login-creator-cap.json", 200, LK_CLASS_QUOTA,
    "reached_active_user_cap", API_LOG },
  { "tiktok-ads", LK_STEP_TOKEN, "ads-token-missing.json", 200, LK_CLASS_UNKNOWN, "0", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40104.json", 200, LK_CLASS_BAD_REQUEST, "40104",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_VERIFY, "business-40105.json", 200, LK_CLASS_TOKEN_REVOKED, "40105",
    ADS_LOG },
  { "tiktok-account", LK_STEP_VERIFY, "business-40105.json", 200, LK_CLASS_TOKEN_EXPIRED, "40105",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40102.json", 200, LK_CLASS_TOKEN_REVOKED, "40102",
    ADS_LOG },
  { "tiktok-account", LK_STEP_API, "business-40102.json", 200, LK_CLASS_TOKEN_EXPIRED, "40102",
    ADS_LOG },
  { "tiktok-account", LK_STEP_REFRESH, "business-40107.json", 200, LK_CLASS_REFRESH_DEAD, "40107",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40100.json", 200, LK_CLASS_RATE, "40100", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40132.json", 200, LK_CLASS_RATE, "40132", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40133.json", 200, LK_CLASS_RATE, "40133", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40001-scope.json", 200, LK_CLASS_SCOPE, "40001", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40001-permission.json", 200, LK_CLASS_PERMISSION, "40001",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40001-catalog.json", 200, LK_CLASS_PERMISSION, "40001",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40001-deleted.json", 200, LK_CLASS_ACCOUNT_STATUS, "40001",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40002-deleted.json", 200, LK_CLASS_ACCOUNT_STATUS, "40002",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40002-missing.json", 200, LK_CLASS_BAD_REQUEST, "40002",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40002-span.json", 200, LK_CLASS_BAD_REQUEST, "40002",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40002-param.json", 200, LK_CLASS_BAD_REQUEST, "40002",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40002-time.json", 200, LK_CLASS_BAD_REQUEST, "40002",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_ACCOUNTS, "business-40000.json", 200, LK_CLASS_APP_CONFIG, "40000",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_ACCOUNTS, "business-40113.json", 200, LK_CLASS_APP_CONFIG, "40113",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_TOKEN, "business-40110.json", 200, LK_CLASS_CODE_DEAD, "40110", ADS_LOG },
  { "tiktok-ads", LK_STEP_TOKEN, "business-40101.json", 200, LK_CLASS_CODE_DEAD, "40101", ADS_LOG },
  { "tiktok-ads", LK_STEP_TOKEN, "business-40108.json", 200, LK_CLASS_BAD_REQUEST, "40108",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40006.json", 200, LK_CLASS_BAD_REQUEST, "40006", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40009.json", 200, LK_CLASS_SANDBOX, "40009", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-40901.json", 200, LK_CLASS_MEDIA_PROCESSING, "40901",
    ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "business-60001.json", 200, LK_CLASS_MAINTENANCE, "60001", ADS_LOG },
  { "tiktok-ads", LK_STEP_API, "not-found.txt", 404, LK_CLASS_BAD_REQUEST, "not-json", NULL },
  { "tiktok-ads", LK_STEP_TOKEN, "bad-gateway.html", 502, LK_CLASS_TRANSIENT, "not-json", NULL },
  { "tiktok-login", LK_STEP_REFRESH, "wifi-login.html", 200, LK_CLASS_TRANSIENT, "not-json", NULL },
  { "tiktok-account", LK_STEP_REFRESH, "truncated.json", 200, LK_CLASS_TRANSIENT, "not-json",
    NULL },
};

static void
check_bad (LkProfileSet *set,
           size_t        i)
{
  LkProfile *profile = lk_profile_set_lookup (set, bad[i].profile);
  g_autoptr (LkReply) reply = read_file (bad[i].file, bad[i].status);
  g_autoptr (LkTokenSet) tokens = NULL;
  g_autoptr (LkFault) fault = NULL;

  g_test_message ("%s %s: %s", bad[i].profile, lk_step_to_string (bad[i].step), bad[i].file);
  if (bad[i].step == LK_STEP_TOKEN || bad[i].step == LK_STEP_REFRESH)
    tokens = lk_profile_read_tokens (profile, bad[i].step, reply, NOW, NULL, NULL, NULL, &fault);
  else
    fault = lk_profile_read_reply (profile, bad[i].step, reply);

  g_assert_null (tokens);
  g_assert_nonnull (fault);
  g_assert_cmpstr (lk_class_to_string (fault->klass), ==, lk_class_to_string (bad[i].klass));
  g_assert_cmpstr (fault->code, ==, bad[i].code);
  g_assert_cmpstr (fault->trace_id, ==, bad[i].trace);
  g_assert_cmpstr (fault->family, ==, bad[i].profile);
  g_assert_cmpstr (fault->step, ==, lk_step_to_string (bad[i].step));
  g_assert_cmpint (fault->http_status, ==, bad[i].status);
}

static void
test_faults (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    check_bad (set, i);
}

static void
test_people (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  LkProfile *ads = lk_profile_set_lookup (set, "tiktok-ads");
  LkProfile *login = lk_profile_set_lookup (set, "tiktok-login");
  LkProfile *account = lk_profile_set_lookup (set, "tiktok-account");
  g_autoptr (LkReply) user = read_file ("ads-user-info.json", 200);
  g_autoptr (LkReply) list = read_file ("ads-advertisers.json", 200);
  g_autoptr (LkReply) me = read_file ("login-user-info.json", 200);
  g_autoptr (LkReply) info = read_file ("account-token-info.json", 200);
  g_autoptr (GPtrArray) accounts = NULL;
  g_autofree char *ads_id = NULL;
  g_autofree char *ads_name = NULL;
  g_autofree char *login_id = NULL;
  g_autofree char *login_name = NULL;
  g_autofree char *creator = NULL;

  g_assert_null (lk_profile_read_reply (ads, LK_STEP_VERIFY, user));
  lk_profile_read_identity (ads, LK_STEP_VERIFY, user, &ads_id, &ads_name, NULL);
  g_assert_cmpstr (ads_id, ==, "7111111111111111111");
  g_assert_cmpstr (ads_name, ==, "Ada");

  g_assert_null (lk_profile_read_reply (ads, LK_STEP_ACCOUNTS, list));
  lk_profile_read_identity (ads, LK_STEP_ACCOUNTS, list, NULL, NULL, &accounts);
  g_assert_cmpuint (accounts->len, ==, 2);
  g_assert_cmpstr (((LkAccount *) g_ptr_array_index (accounts, 1))->id, ==, "7000000000000000002");
  g_assert_cmpstr (((LkAccount *) g_ptr_array_index (accounts, 1))->name, ==, "Two");

  g_assert_null (lk_profile_read_reply (login, LK_STEP_VERIFY, me));
  lk_profile_read_identity (login, LK_STEP_VERIFY, me, &login_id, &login_name, NULL);
  g_assert_cmpstr (login_id, ==, "open-1");
  g_assert_cmpstr (login_name, ==, "Käthe");

  g_assert_null (lk_profile_read_reply (account, LK_STEP_VERIFY, info));
  lk_profile_read_identity (account, LK_STEP_VERIFY, info, &creator, NULL, NULL);
  g_assert_cmpstr (creator, ==, "creator-1");
}

/* Login Kit's revoke answers with nothing, or with an empty object. */
static void
test_revoked (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  LkProfile *login = lk_profile_set_lookup (set, "tiktok-login");
  g_autoptr (LkReply) nothing = reply_of ("", 200);
  g_autoptr (LkReply) empty = reply_of ("{}", 200);
  g_autoptr (LkReply) gone = reply_of ("", 503);
  g_autoptr (LkReply) ads = read_file ("ads-revoked.json", 200);
  g_autoptr (LkFault) fault = NULL;

  g_assert_null (lk_profile_read_reply (login, LK_STEP_REVOKE, nothing));
  g_assert_null (lk_profile_read_reply (login, LK_STEP_REVOKE, empty));
  fault = lk_profile_read_reply (login, LK_STEP_REVOKE, gone);
  g_assert_cmpint (fault->klass, ==, LK_CLASS_TRANSIENT);
  g_assert_null (lk_profile_read_reply (lk_profile_set_lookup (set, "tiktok-ads"), LK_STEP_REVOKE,
                                        ads));
}

/* A status of success, and a body that is well formed, are not yet a token. */
static void
test_odd_tokens (void)
{
  static const struct
  {
    const char *text;
    int         status;
  } rows[] = {
    { "{\"access_token\":\"act.x\",\"error\":\"invalid_grant\"}", 200 },
    { "{\"access_token\":\"act.x\"}", 500 },
    { "{\"access_token\":\"\"}", 200 },
    { "{\"access_token\":{\"a\":1}}", 200 },
    { "{\"access_token\":null}", 200 },
    { "{\"access_token\":\"act.x\\r\\nX: y\"}", 200 },
    { "[]", 200 },
    { "{}", 204 },
  };
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkReply) reply = reply_of (rows[i].text, rows[i].status);
      g_autoptr (LkFault) fault = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_null (lk_profile_read_tokens (lk_profile_set_lookup (set, "tiktok-login"),
                                             LK_STEP_REFRESH, reply, NOW, NULL, NULL, NULL,
                                             &fault));
      g_assert_nonnull (fault);
      g_assert_cmpint (fault->klass, !=, LK_CLASS_OK);
    }
}

/* What the other side says may quote what we sent. */
static void
test_redacted (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (LkReply) reply = reply_of ("{\"error\":\"invalid_grant\",\"error_description\":"
                                        "\"rft.very-secret-1 is not known\"}", 400);
  g_autoptr (LkFault) fault = NULL;

  g_assert_null (lk_profile_read_tokens (lk_profile_set_lookup (set, "tiktok-login"),
                                         LK_STEP_REFRESH, reply, NOW, NULL, NULL, NULL, &fault));
  g_assert_null (strstr (fault->message, "very-secret"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reply/tokens", test_tokens);
  g_test_add_func ("/reply/faults", test_faults);
  g_test_add_func ("/reply/people", test_people);
  g_test_add_func ("/reply/revoked", test_revoked);
  g_test_add_func ("/reply/odd-tokens", test_odd_tokens);
  g_test_add_func ("/reply/redacted", test_redacted);

  return g_test_run ();
}
