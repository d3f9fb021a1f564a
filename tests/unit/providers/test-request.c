/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "lk-profile-set.h"

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

static const struct
{
  const char *profile;
  LkStep      step;
  const char *method;
  const char *url;
  const char *header;
  const char *content_type;
  const char *body;
} rows[] = {
  { "tiktok-login", LK_STEP_TOKEN, "POST", "https://open.tiktokapis.com/v2/oauth/token/", NULL,
    FORM,
    "client_key=id&client_secret=s%26c%C3%A9&grant_type=authorization_code&code=c%2A1%216"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Fcallback%2F&code_verifier=v" },
  { "tiktok-login", LK_STEP_REFRESH, "POST", "https://open.tiktokapis.com/v2/oauth/token/", NULL,
    FORM,
    "client_key=id&client_secret=s%26c%C3%A9&grant_type=refresh_token&refresh_token=rft.1" },
  { "tiktok-login", LK_STEP_REVOKE, "POST", "https://open.tiktokapis.com/v2/oauth/revoke/", NULL,
    FORM, "client_key=id&client_secret=s%26c%C3%A9&token=act.1" },
  { "tiktok-login", LK_STEP_VERIFY, "GET",
    "https://open.tiktokapis.com/v2/user/info/"
    "?fields=open_id%2Cunion_id%2Cavatar_url%2Cdisplay_name",
    "Authorization: Bearer act.1", NULL, NULL },
  { "tiktok-login", LK_STEP_API, "GET", "https://open.tiktokapis.com/",
    "Authorization: Bearer act.1", NULL, NULL },
  { "tiktok-ads", LK_STEP_TOKEN, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/oauth2/access_token/", NULL, JSON,
    "{\"app_id\":\"id\",\"secret\":\"s&cé\",\"auth_code\":\"c*1!6\","
    "\"return_advertiser_ids\":true}" },
  { "tiktok-ads", LK_STEP_REVOKE, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/oauth2/revoke_token/", "Access-Token: act.1",
    JSON, "{\"app_id\":\"id\",\"secret\":\"s&cé\",\"access_token\":\"act.1\"}" },
  { "tiktok-ads", LK_STEP_VERIFY, "GET",
    "https://business-api.tiktok.com/open_api/v1.3/user/info/", "Access-Token: act.1", NULL, NULL },
  { "tiktok-ads", LK_STEP_ACCOUNTS, "GET",
    "https://business-api.tiktok.com/open_api/v1.3/oauth2/advertiser/get/"
    "?app_id=id&secret=s%26c%C3%A9",
    "Access-Token: act.1", NULL, NULL },
  { "tiktok-ads", LK_STEP_API, "GET", "https://business-api.tiktok.com/open_api/v1.3/",
    "Access-Token: act.1", NULL, NULL },
  { "tiktok-account", LK_STEP_TOKEN, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/tt_user/oauth2/token/", NULL, JSON,
    "{\"client_id\":\"id\",\"client_secret\":\"s&cé\",\"grant_type\":\"authorization_code\","
    "\"auth_code\":\"c*1!6\",\"redirect_uri\":\"http://127.0.0.1:5/callback/\"}" },
  { "tiktok-account", LK_STEP_REFRESH, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/tt_user/oauth2/refresh_token/", NULL, JSON,
    "{\"client_id\":\"id\",\"client_secret\":\"s&cé\",\"grant_type\":\"refresh_token\","
    "\"refresh_token\":\"rft.1\"}" },
  { "tiktok-account", LK_STEP_REVOKE, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/tt_user/oauth2/revoke/", NULL, JSON,
    "{\"client_id\":\"id\",\"client_secret\":\"s&cé\",\"access_token\":\"act.1\"}" },
  { "tiktok-account", LK_STEP_VERIFY, "POST",
    "https://business-api.tiktok.com/open_api/v1.3/tt_user/token_info/get/", NULL, JSON,
    "{\"app_id\":\"id\",\"access_token\":\"act.1\"}" },
};

static LkValues *
make_values (void)
{
  LkValues *values = lk_values_new ();
  g_autoptr (LkSecret) secret = lk_secret_new ("s&cé");

  lk_values_set (values, "client.id", "id");
  lk_values_set_secret (values, "client.secret", secret);
  lk_values_set (values, "redirect_uri", "http://127.0.0.1:5/callback/");
  lk_values_set (values, "state", "st");
  lk_values_set (values, "scope", "a,b");
  lk_values_set (values, "code", "c*1!6");
  lk_values_set (values, "pkce.challenge", "ch");
  lk_values_set (values, "pkce.verifier", "v");
  lk_values_set (values, "token.access", "act.1");
  lk_values_set (values, "token.refresh", "rft.1");

  return values;
}

static void
assert_headers (LkRequest  *request,
                const char *expected)
{
  g_autofree char *line = NULL;

  if (expected == NULL)
    {
      g_assert_cmpuint (lk_request_get_n_headers (request), ==, 0);
    }
  else
    {
      const char *name;
      const char *value;

      g_assert_cmpuint (lk_request_get_n_headers (request), ==, 1);
      lk_request_get_header (request, 0, &name, &value);
      line = g_strdup_printf ("%s: %s", name, value);
      g_assert_cmpstr (line, ==, expected);
    }
}

static void
test_steps (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (LkValues) values = make_values ();

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkProfile *profile = lk_profile_set_lookup (set, rows[i].profile);
      g_autoptr (GError) error = NULL;
      g_autoptr (LkRequest) request = lk_profile_build_request (profile, rows[i].step, values,
                                                                &error);
      GBytes *body;

      g_test_message ("%s %s", rows[i].profile, lk_step_to_string (rows[i].step));
      g_assert_no_error (error);
      g_assert_cmpstr (lk_request_get_method (request), ==, rows[i].method);
      g_assert_cmpstr (lk_request_get_url (request), ==, rows[i].url);
      g_assert_cmpstr (lk_request_get_content_type (request), ==, rows[i].content_type);
      g_assert_null (strpbrk (lk_request_get_path (request), "?="));
      assert_headers (request, rows[i].header);

      body = lk_request_get_body (request);
      g_assert_cmpint (body != NULL, ==, rows[i].body != NULL);
      if (body != NULL)
        g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), rows[i].body,
                         strlen (rows[i].body));
    }
}

static void
test_authorize (void)
{
  static const char * const expected[][2] = {
    { "tiktok-login",
      "https://www.tiktok.com/v2/auth/authorize/?client_key=id&response_type=code&scope=a%2Cb"
      "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Fcallback%2F&state=st&code_challenge=ch"
      "&code_challenge_method=S256" },
    { "tiktok-ads",
      "https://business-api.tiktok.com/portal/auth?app_id=id&state=st"
      "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Fcallback%2F" },
    { "tiktok-account",
      "https://www.tiktok.com/v2/auth/authorize/?client_key=id&response_type=code&scope=a%2Cb"
      "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Fcallback%2F&state=st" },
  };
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (LkValues) values = make_values ();

  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      LkProfile *profile = lk_profile_set_lookup (set, expected[i][0]);
      g_autofree char *uri = lk_profile_build_authorize_uri (profile, values, NULL);

      g_assert_cmpstr (uri, ==, expected[i][1]);
    }
}

/* A missing value must fail before anything is sent, and the message must not carry a value. */
static void
test_missing (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (LkValues) values = make_values ();
  LkProfile *login = lk_profile_set_lookup (set, "tiktok-login");
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) control = NULL;
  g_autoptr (GError) step = NULL;

  lk_values_set (values, "pkce.verifier", "");
  g_assert_null (lk_profile_build_request (login, LK_STEP_TOKEN, values, &missing));
  g_assert_error (missing, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE);
  g_assert_cmpstr (missing->message, ==, "nothing is known for {pkce.verifier}");

  lk_values_set (values, "token.access", "act.1\r\nX-Evil: 1");
  g_assert_null (lk_profile_build_request (login, LK_STEP_VERIFY, values, &control));
  g_assert_error (control, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE);
  g_assert_null (strstr (control->message, "act.1"));

  g_assert_null (lk_profile_build_request (lk_profile_set_lookup (set, "tiktok-ads"),
                                           LK_STEP_REFRESH, values, &step));
  g_assert_error (step, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP);
}

static LkProfile *
load_text (LkProfileSet *set,
           const char   *text)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  LkProfile *profile;
  int fd = g_file_open_tmp ("latchkey-profile-XXXXXX.json", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  profile = lk_profile_set_check_file (set, path, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);

  return profile;
}

/* What the shipped profiles do not use: Basic, optional parameters, placeholders in a path. */
static void
test_other_forms (void)
{
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (LkValues) values = make_values ();
  g_autoptr (LkProfile) profile = load_text (set,
    "{\"id\":\"x\",\"extends\":\"tiktok-login\","
    "\"token\":{\"auth\":\"basic-or-id\",\"params\":{\"client_key\":null,\"client_secret\":null,"
    "\"redirect_uri\":null,\"code_verifier\":null,\"hint\":\"{account_hint?}\"}},"
    "\"verify\":{\"url\":\"{var.api}/u/{client.id}/x?a=1\",\"params\":{\"fields\":\"n\"}}}");
  g_autoptr (LkRequest) basic = lk_profile_build_request (profile, LK_STEP_TOKEN, values, NULL);
  g_autoptr (LkRequest) bare = NULL;
  g_autoptr (LkRequest) verify = NULL;
  const char *text;

  assert_headers (basic, "Authorization: Basic aWQ6cyUyNmMlQzMlQTk=");
  g_assert_cmpstr (g_bytes_get_data (lk_request_get_body (basic), NULL), ==,
                   "grant_type=authorization_code&code=c%2A1%216");

  lk_values_set (values, "client.secret", NULL);
  bare = lk_profile_build_request (profile, LK_STEP_TOKEN, values, NULL);
  text = g_bytes_get_data (lk_request_get_body (bare), NULL);
  g_assert_true (g_str_has_suffix (text, "&client_id=id"));
  assert_headers (bare, NULL);

  lk_values_set (values, "client.id", "a/b");
  verify = lk_profile_build_request (profile, LK_STEP_VERIFY, values, NULL);
  g_assert_cmpstr (lk_request_get_url (verify), ==,
                   "https://open.tiktokapis.com/u/a%2Fb/x?a=1&fields=n");
  g_assert_cmpstr (lk_request_get_path (verify), ==, "/u/a%2Fb/x");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/steps", test_steps);
  g_test_add_func ("/request/authorize", test_authorize);
  g_test_add_func ("/request/missing", test_missing);
  g_test_add_func ("/request/other-forms", test_other_forms);

  return g_test_run ();
}
