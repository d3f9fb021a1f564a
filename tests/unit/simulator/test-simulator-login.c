/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

#define ASK "/v2/auth/authorize/?state=s&auto_consent=1"
#define KEY "&client_key=sim-login-key"
#define TYPE "&response_type=code"
#define SCOPE "&scope=user.info.basic"
#define BACK "&redirect_uri=" LOGIN_REDIRECT
#define PKCE "&code_challenge=" CHALLENGE "&code_challenge_method=S256"

typedef struct
{
  const char *path;
  const char *word; /* %NULL when it redirects */
} PageRow;

static const PageRow pages[] = {
  { ASK KEY TYPE SCOPE BACK PKCE, NULL },
  { "/v2/auth/authorize?state=s&auto_consent=1" KEY TYPE SCOPE BACK PKCE, NULL },
  { ASK "&client_key=wrong" TYPE SCOPE BACK PKCE, "client_key" },
  { ASK "&client_id=sim-login-key" TYPE SCOPE BACK PKCE, "client_key" },
  { ASK "&client_key=" ADS_ID TYPE SCOPE BACK PKCE, "client_key" },
  { ASK KEY TYPE SCOPE PKCE, "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5555%2Fcallback",
    "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback%2F",
    "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=http%3A%2F%2F127.0.0.1%3A*%2Fcallback%2F",
    "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=http%3A%2F%2F127.0.0.1%3A70000%2Fcallback%2F",
    "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1.evil.example%2Fcallback%2F",
    "redirect_uri" },
  { ASK KEY TYPE SCOPE PKCE "&redirect_uri=https%3A%2F%2F127.0.0.1%3A5555%2Fcallback%2F",
    "redirect_uri" },
  { ASK KEY SCOPE BACK PKCE, "response_type" },
  { ASK KEY TYPE BACK PKCE, "scope" },
  { ASK KEY TYPE "&scope=user.info.basic%20video.list" BACK PKCE, "scope" },
  { ASK KEY TYPE "&scope=user.info.basic,nonsense" BACK PKCE, "scope" },
  { ASK KEY TYPE SCOPE BACK, "code_challenge" },
  { ASK KEY TYPE SCOPE BACK "&code_challenge=" CHALLENGE, "code_challenge" },
  { ASK KEY TYPE SCOPE BACK "&code_challenge_method=plain&code_challenge=" CHALLENGE,
    "code_challenge" },
  /* The base64url form of RFC 7636. */
  { ASK KEY TYPE SCOPE BACK "&code_challenge_method=S256"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge" },
  /* Upper case. */
  { ASK KEY TYPE SCOPE BACK "&code_challenge_method=S256"
    "&code_challenge=13D31E961A1AD8EC2F16B10C4C982E0876A878AD6DF144566EE1894ACB70F9C3",
    "code_challenge" },
};

/* A wrong request stays on the page with TikTok's word, and no browser is sent anywhere. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr(Answer) answer = fixture_get (fixture, pages[i].path);
      g_autofree char *item = g_strdup_printf ("<li>%s</li>", pages[i].word);

      g_test_message ("%s", pages[i].path);
      g_assert_cmpuint (answer->status, ==, pages[i].word != NULL ? 200 : 302);
      if (pages[i].word == NULL)
        continue;
      g_assert_null (answer->location);
      g_assert_nonnull (strstr (answer->body, "Something went wrong"));
      g_assert_nonnull (strstr (answer->body, item));
    }
}

typedef struct
{
  const char *type;
  const char *body; /* the code is put in for %s */
  guint       status;
  const char *error;
} TokenRow;

#define GRANT "&grant_type=authorization_code"
#define VERIFY "&code_verifier=" VERIFIER

static const TokenRow exchanges[] = {
  { FORM, LOGIN_CLIENT GRANT BACK VERIFY "&code=%s", 200, NULL },
  { JSON, "{\"client_key\":\"sim-login-key\",\"code\":\"%s\"}", 400, "invalid_request" },
  { FORM, "client_id=sim-login-key&client_secret=sim-login-secret" GRANT BACK VERIFY "&code=%s",
    400, "invalid_request" },
  { FORM, "client_key=sim-login-key" GRANT BACK VERIFY "&code=%s", 400, "invalid_request" },
  { FORM, "client_key=sim-login-key&client_secret=wrong" GRANT BACK VERIFY "&code=%s", 200,
    "invalid_client" },
  { FORM, "client_key=sim-account-id&client_secret=sim-account-secret" GRANT BACK VERIFY
    "&code=%s", 200, "invalid_client" },
  { FORM, LOGIN_CLIENT "&grant_type=password" BACK VERIFY "&code=%s", 400,
    "unsupported_grant_type" },
  { FORM, LOGIN_CLIENT BACK VERIFY "&code=%s", 400, "invalid_request" },
  { FORM, LOGIN_CLIENT GRANT BACK "&code=%s", 400, "invalid_request" },
  { FORM, LOGIN_CLIENT GRANT BACK "&code_verifier=" VERIFIER "x&code=%s", 400,
    "invalid_request" },
  { FORM, LOGIN_CLIENT GRANT VERIFY "&code=%s", 400, "invalid_request" },
  { FORM, LOGIN_CLIENT GRANT VERIFY
    "&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A5556%%2Fcallback%%2F&code=%s",
    400, "invalid_request" },
  { FORM, LOGIN_CLIENT GRANT BACK VERIFY "&code=wrong%s", 200, "invalid_grant" },
  { FORM, "", 400, "invalid_request" },
};

static char *
put_code (const char *format,
          const char *code)
{
  g_autofree char *escaped = g_uri_escape_string (code, NULL, FALSE);
  g_autoptr(GString) text = g_string_new (format);

  g_string_replace (text, "%s", escaped, 1);
  g_string_replace (text, "%%", "%", 0);
  return g_strdup (text->str);
}

static void
test_exchange (Fixture       *fixture,
               gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      const TokenRow *row = &exchanges[i];
      g_autofree char *code = fixture_code (fixture, LOGIN_ASK SCOPE "&auto_consent=1", "code");
      g_autofree char *body = put_code (row->body, code);
      g_autoptr(Answer) answer = fixture_post (fixture, "/v2/oauth/token/", row->type, body);
      g_autoptr(Answer) again = NULL;

      g_test_message ("%s", row->body);
      g_assert_cmpuint (answer->status, ==, row->status);
      g_assert_cmpstr (answer_string (answer, "error"), ==, row->error);
      if (row->error != NULL)
        {
          g_assert_null (answer_string (answer, "access_token"));
          g_assert_nonnull (answer_string (answer, "log_id"));
          continue;
        }
      g_assert_cmpint (answer_int (answer, "expires_in"), ==, 7200);
      g_assert_cmpint (answer_int (answer, "refresh_expires_in"), ==, 15552000);
      g_assert_cmpstr (answer_string (answer, "token_type"), ==, "Bearer");
      again = fixture_post (fixture, "/v2/oauth/token/", row->type, body);
      g_assert_cmpstr (answer_string (again, "error"), ==, "invalid_grant");
      g_assert_cmpstr (answer_string (again, "error_description"), ==,
                       "Authorization code is expired.");
    }
}

static Answer *
renew (Fixture    *fixture,
       const char *refresh)
{
  g_autofree char *body = g_strconcat (LOGIN_CLIENT "&grant_type=refresh_token&refresh_token=",
                                       refresh, NULL);

  return fixture_post (fixture, "/v2/oauth/token/", FORM, body);
}

/* Each renewal kills the refresh token before it; the new one works. */
static void
test_rotation (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(Answer) first = fixture_login (fixture, "user.info.basic");
  g_autoptr(Answer) second = renew (fixture, answer_string (first, "refresh_token"));
  g_autoptr(Answer) reused = renew (fixture, answer_string (first, "refresh_token"));
  g_autoptr(Answer) third = renew (fixture, answer_string (second, "refresh_token"));

  g_assert_nonnull (answer_string (second, "access_token"));
  g_assert_cmpstr (answer_string (first, "open_id"), ==, answer_string (second, "open_id"));
  g_assert_cmpstr (answer_string (first, "access_token"), !=,
                   answer_string (second, "access_token"));
  g_assert_cmpuint (reused->status, ==, 200);
  g_assert_cmpstr (answer_string (reused, "error"), ==, "invalid_grant");
  g_assert_nonnull (answer_string (third, "access_token"));
  g_assert_cmpint (fixture_count (fixture, "tokens", "login/refresh_token/ok"), ==, 2);
  g_assert_cmpint (fixture_count (fixture, "tokens", "login/refresh_token/refused"), ==, 1);
}

static Answer *
user_info (Fixture    *fixture,
           Answer     *tokens,
           const char *fields)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", answer_string (tokens, "access_token"), NULL);
  g_autofree char *path = g_strconcat ("/v2/user/info/?fields=", fields, NULL);

  return fixture_send (fixture, "GET", path, "Authorization", bearer, NULL, NULL);
}

/* Tokens end on the clock: the access token first, then the refresh token. */
static void
test_ends (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_login (fixture, "user.info.basic");
  g_autoptr(Answer) before = NULL;
  g_autoptr(Answer) after = NULL;
  g_autoptr(Answer) late = NULL;

  lk_manual_clock_advance (fixture->clock, 7199);
  before = user_info (fixture, tokens, "open_id");
  g_assert_cmpstr (answer_string (before, "error.code"), ==, "ok");
  lk_manual_clock_advance (fixture->clock, 1);
  after = user_info (fixture, tokens, "open_id");
  g_assert_cmpuint (after->status, ==, 401);
  g_assert_cmpstr (answer_string (after, "error.code"), ==, "access_token_invalid");
  fixture_control (fixture, "clock", "{\"advance\":15552000}");
  late = renew (fixture, answer_string (tokens, "refresh_token"));
  g_assert_cmpstr (answer_string (late, "error"), ==, "invalid_grant");
}

static void
test_scopes (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_login (fixture, "user.info.basic,video.list"
                                                     "&scopes=user.info.basic");
  g_autoptr(Answer) basic = user_info (fixture, tokens, "open_id,display_name");
  g_autoptr(Answer) missed = user_info (fixture, tokens, "open_id,username");
  g_autoptr(Answer) unknown = user_info (fixture, tokens, "open_id,shoe_size");
  g_autofree char *bearer = g_strconcat ("Bearer ", answer_string (tokens, "access_token"), NULL);
  g_autoptr(Answer) videos = fixture_send (fixture, "POST", "/v2/video/list/", "Authorization",
                                           bearer, JSON, "{}");
  g_autoptr(Answer) none = fixture_get (fixture, "/v2/user/info/?fields=open_id");

  g_assert_cmpstr (answer_string (tokens, "scope"), ==, "user.info.basic");
  g_assert_cmpstr (answer_string (basic, "data.user.display_name"), ==, "Mira Holt");
  g_assert_cmpuint (missed->status, ==, 400);
  g_assert_cmpstr (answer_string (missed, "error.code"), ==, "scope_permission_missed");
  g_assert_cmpstr (answer_string (unknown, "error.code"), ==, "invalid_params");
  g_assert_cmpuint (videos->status, ==, 401);
  g_assert_cmpstr (answer_string (videos, "error.code"), ==, "scope_not_authorized");
  g_assert_cmpuint (none->status, ==, 401);
  g_assert_cmpstr (answer_string (none, "error.code"), ==, "access_token_invalid");
}

/* The videos of the account: which fields, how many, which ids. */
static void
test_videos (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *path;
    const char *body;
    guint       status;
    const char *code;
    const char *part; /* (nullable) that the answer has */
  } cases[] = {
    { "list/?fields=id,title", "{}", 200, "ok", "\"Boots that last\"" },
    { "list/", "{}", 400, "invalid_params", NULL },
    { "list/?fields=id,shoe_size", "{}", 400, "invalid_params", NULL },
    { "list/?fields=id", "{\"max_count\":21}", 400, "invalid_params", NULL },
    { "query/?fields=id,title", "{\"filters\":{\"video_ids\":[\"7300000000000000002\"]}}", 200,
      "ok", "\"videos\":[{\"id\":\"7300000000000000002\"" },
    { "query/?fields=id", "{\"filters\":{\"video_ids\":[\"1\"]}}", 200, "ok", "\"videos\":[]" },
    { "query/?fields=id", "{}", 400, "invalid_params", NULL },
  };
  g_autoptr(Answer) tokens = fixture_login (fixture, "user.info.basic,video.list");
  g_autofree char *bearer = g_strconcat ("Bearer ", answer_string (tokens, "access_token"), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/v2/video/", cases[i].path, NULL);
      g_autoptr(Answer) answer = fixture_send (fixture, "POST", path, "Authorization", bearer, JSON,
                                               cases[i].body);

      g_test_message ("%s %s", cases[i].path, cases[i].body);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      g_assert_cmpstr (answer_string (answer, "error.code"), ==, cases[i].code);
      if (cases[i].part != NULL)
        g_assert_nonnull (strstr (answer->body, cases[i].part));
    }
}

static void
test_revoke (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_login (fixture, "user.info.basic");
  g_autofree char *body = g_strconcat (LOGIN_CLIENT "&token=",
                                       answer_string (tokens, "access_token"), NULL);
  g_autoptr(Answer) revoked = fixture_post (fixture, "/v2/oauth/revoke/", FORM, body);
  g_autoptr(Answer) after = user_info (fixture, tokens, "open_id");
  g_autoptr(Answer) renewed = renew (fixture, answer_string (tokens, "refresh_token"));

  g_assert_cmpuint (revoked->status, ==, 200);
  g_assert_cmpstr (revoked->body, ==, "{}");
  g_assert_cmpuint (after->status, ==, 401);
  g_assert_cmpstr (answer_string (renewed, "error"), ==, "invalid_grant");
}

/* The page's form: what is ticked is granted, Cancel tells the app so; state comes back. */
static void
test_form (Fixture       *fixture,
           gconstpointer  data)
{
  const char *form =
    "page=%2Fv2%2Fauth%2Fauthorize%2F&ask%3Aclient_key=sim-login-key&ask%3Aresponse_type=code"
    "&ask%3Astate=s%2F1&ask%3Aredirect_uri=" LOGIN_REDIRECT "&ask%3Acode_challenge=" CHALLENGE
    "&ask%3Acode_challenge_method=S256&ask%3Ascope=user.info.basic,video.list&user=2"
    "&scope%3Avideo.list=on&decision=";
  g_autofree char *allow = g_strconcat (form, "allow", NULL);
  g_autofree char *deny = g_strconcat (form, "deny", NULL);
  g_autoptr(Answer) page = fixture_get (fixture, LOGIN_ASK "&scope=user.info.basic,video.list");
  g_autoptr(Answer) allowed = fixture_post (fixture, "/_simulator/consent", FORM, allow);
  g_autoptr(Answer) denied = fixture_post (fixture, "/_simulator/consent", FORM, deny);
  g_autofree char *scopes = answer_param (allowed, "scopes");
  g_autofree char *code = answer_param (allowed, "code");
  g_autofree char *state = answer_param (allowed, "state");
  g_autofree char *error = answer_param (denied, "error");
  g_autofree char *no_code = answer_param (denied, "code");

  g_assert_nonnull (strstr (page->body, "name=\"ask:state\" value=\"s/1\""));
  g_assert_cmpstr (scopes, ==, "video.list");
  g_assert_cmpstr (state, ==, "s/1");
  g_assert_nonnull (strchr (code, '*'));
  g_assert_null (strchr (allowed->location, '*'));
  g_assert_cmpstr (error, ==, "access_denied");
  g_assert_null (no_code);
}

/* What comes in by the address is shown as text. */
static void
test_escaping (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(Answer) page =
    fixture_get (fixture, LOGIN_ASK "&scope=user.info.basic&x=%22%3E%3Cscript%3E");

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_null (strstr (page->body, "<script>"));
  g_assert_nonnull (strstr (page->body, "&lt;script&gt;"));
}

#define add(name, function) \
  g_test_add ("/simulator/login/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("pages", test_pages);
  add ("exchange", test_exchange);
  add ("rotation", test_rotation);
  add ("ends", test_ends);
  add ("scopes", test_scopes);
  add ("videos", test_videos);
  add ("revoke", test_revoke);
  add ("form", test_form);
  add ("escaping", test_escaping);
  return g_test_run ();
}
