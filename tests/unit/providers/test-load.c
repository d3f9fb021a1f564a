/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "lk-profile-set.h"

static char *
write_profile (const char *dir,
               const char *name,
               const char *text)
{
  char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
remove_dir (const char *dir)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (open)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static char *
make_dir (void)
{
  char *dir = g_dir_make_tmp ("latchkey-profiles-XXXXXX", NULL);

  g_assert_nonnull (dir);

  return dir;
}

static void
test_shipped (void)
{
  static const char * const ids[] = {
    "tiktok-account", "tiktok-ads", "tiktok-login", "tiktok-shop"
  };
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  LkProfile *login;

  g_assert_cmpuint (lk_profile_set_get_problems (set)->len, ==, 0);
  g_assert_cmpuint (lk_profile_set_get_profiles (set)->len, ==, G_N_ELEMENTS (ids));
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      LkProfile *profile = lk_profile_set_lookup (set, ids[i]);

      g_assert_nonnull (profile);
      g_assert_cmpstr (lk_profile_get_family (profile), ==, ids[i]);
      g_assert_false (lk_profile_is_sandbox (profile));
      g_assert_true (lk_profile_get_secret_required (profile));
      g_assert_nonnull (lk_profile_get_portal (profile));
      g_assert_nonnull (lk_profile_get_checked (profile));
      /* TikTok Shop has no documented way to revoke. */
      g_assert_cmpint (lk_profile_has_step (profile, LK_STEP_REVOKE), ==,
                       strcmp (ids[i], "tiktok-shop") != 0);
    }

  login = lk_profile_set_lookup (set, "tiktok-login");
  g_assert_cmpint (lk_profile_get_pkce (login), ==, LK_PKCE_HEX);
  g_assert_cmpint (lk_profile_get_redirect_modes (login), ==, LK_REDIRECT_LOOPBACK);
  g_assert_cmpstr (lk_profile_get_scope_joiner (login), ==, ",");
  g_assert_true (g_strv_contains (lk_profile_get_scope_set (login, "publish"), "video.publish"));
  g_assert_null (lk_profile_get_scope_set (login, "nothing"));
  g_assert_false (lk_profile_has_step (lk_profile_set_lookup (set, "tiktok-ads"), LK_STEP_REFRESH));
  g_assert_null (lk_profile_set_lookup (set, "nobody"));
}

static const char simulator[] =
  "{\"schema\":1,\"id\":\"tiktok-login-simulator\",\"extends\":\"tiktok-login\","
  "\"name\":\"Simulator\",\"sandbox\":true,"
  "\"vars\":{\"www\":\"http://127.0.0.1:7\",\"api\":\"http://127.0.0.1:7\"}}";

static void
test_extends (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *path = write_profile (dir, "s.json", simulator);
  g_autoptr (LkProfileSet) set = lk_profile_set_new (dir);
  g_autoptr (LkValues) values = lk_values_new ();
  g_autoptr (LkRequest) request = NULL;
  LkProfile *profile = lk_profile_set_lookup (set, "tiktok-login-simulator");

  g_assert_cmpuint (lk_profile_set_get_problems (set)->len, ==, 0);
  g_assert_nonnull (profile);
  g_assert_nonnull (lk_profile_set_lookup (set, "tiktok-login"));
  g_assert_true (lk_profile_is_sandbox (profile));
  g_assert_cmpstr (lk_profile_get_family (profile), ==, "tiktok-login");
  g_assert_cmpint (lk_profile_get_pkce (profile), ==, LK_PKCE_HEX);

  lk_values_set (values, "token.access", "t");
  request = lk_profile_build_request (profile, LK_STEP_VERIFY, values, NULL);
  g_assert_true (g_str_has_prefix (lk_request_get_url (request), "http://127.0.0.1:7/v2/user/"));
  remove_dir (dir);
}

/* A file that extends what it replaces, and one that is broken: neither may leave the shipped
 * addresses in use. */
static void
test_replaces (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *one = write_profile (dir, "a.json",
    "{\"extends\":\"tiktok-ads\",\"name\":\"Mine\","
    "\"vars\":{\"business\":\"https://proxy.test\"}}");
  g_autofree char *other = write_profile (dir, "b.json", "{\"id\": \"tiktok-account\", broken");
  g_autoptr (LkProfileSet) set = lk_profile_set_new (dir);
  GPtrArray *problems = lk_profile_set_get_problems (set);
  const LkProfileProblem *problem;

  g_assert_cmpstr (lk_profile_get_name (lk_profile_set_lookup (set, "tiktok-ads")), ==, "Mine");
  g_assert_null (lk_profile_set_lookup (set, "tiktok-account"));
  g_assert_nonnull (lk_profile_set_lookup (set, "tiktok-login"));
  g_assert_cmpuint (problems->len, ==, 1);
  problem = g_ptr_array_index (problems, 0);
  g_assert_true (problem->fatal);
  g_assert_cmpstr (problem->file, ==, other);
  remove_dir (dir);
}

static void
test_cycle (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *a = write_profile (dir, "a.json", "{\"id\":\"a\",\"extends\":\"b\"}");
  g_autofree char *b = write_profile (dir, "b.json", "{\"id\":\"b\",\"extends\":\"a\"}");
  g_autofree char *c = write_profile (dir, "c.json", "{\"id\":\"c\",\"extends\":\"c\"}");
  g_autofree char *twin = write_profile (dir, "d.json", "{\"id\":\"a\"}");
  g_autoptr (LkProfileSet) set = lk_profile_set_new (dir);

  g_assert_null (lk_profile_set_lookup (set, "a"));
  g_assert_null (lk_profile_set_lookup (set, "b"));
  g_assert_null (lk_profile_set_lookup (set, "c"));
  g_assert_cmpuint (lk_profile_set_get_profiles (set)->len, ==, 4);
  g_assert_cmpuint (lk_profile_set_get_problems (set)->len, ==, 4);
  remove_dir (dir);
}

#define BASE "{\"schema\":1,\n\"id\":\"x\",\n\"extends\":\"tiktok-login\",\n"

static const struct
{
  const char *text;
  int         code;
  const char *message; /* after the path */
} broken[] = {
  { "{\n\n\"id\": }", LK_PROVIDER_ERROR_SYNTAX, ":3: JSON: not JSON; a comma, a quote or a "
    "bracket is wrong here or just before" },
  { "[]", LK_PROVIDER_ERROR_SYNTAX, ":1: JSON: must be an object" },
  { BASE "\"name\":7}", LK_PROVIDER_ERROR_SYNTAX, ":4: name: must be text" },
  { BASE "\"id\":\"X/Y\"}", LK_PROVIDER_ERROR_SYNTAX,
    ":4: id: must be of small letters, digits and hyphens" },
  { BASE "\"schema\":2}", LK_PROVIDER_ERROR_SYNTAX, ":4: schema: must be 1" },
  { BASE "\"needs\":[\"dpop\"]}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: needs: this version cannot do “dpop”" },
  { BASE "\"token\":{\n\"params\":{\n\"code\":\"{cod}\"}}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":6: token.params.code: unknown placeholder {cod}" },
  { BASE "\"token\":{\"params\":{\"code\":\"{call.account}\"}}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: token.params.code: unknown placeholder {call.account}" },
  { BASE "\"token\":{\"params\":{\"code\":\"{code\"}}}", LK_PROVIDER_ERROR_SYNTAX,
    ":4: token.params.code: has a brace without its partner" },
  { BASE "\"token\":{\"url\":\"{var.none}/x\"}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: token.url: unknown placeholder {var.none}" },
  { BASE "\"vars\":{\"api\":\"http://example.com\"}}", LK_PROVIDER_ERROR_INSECURE, NULL },
  { BASE "\"token\":{\"url\":\"https://{code}.example.com/\"}}", LK_PROVIDER_ERROR_INSECURE, NULL },
  { BASE "\"token\":{\"url\":\"http://localhost@example.com/\"}}",
    LK_PROVIDER_ERROR_INSECURE, NULL },
  { BASE "\"token\":{\"url\":\"http://127.0.0.1.example.com/\"}}",
    LK_PROVIDER_ERROR_INSECURE, NULL },
  { BASE "\"token\":{\"body\":\"xml\"}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: token.body: “xml” is not known" },
  { BASE "\"refresh\":{\"like\":\"refresh\"}}", LK_PROVIDER_ERROR_NOT_FOUND,
    ":4: refresh.like: leads to no step" },
  { BASE "\"pkce\":{\"method\":\"plain\"}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: pkce.method: must be S256" },
  { BASE "\"redirect\":{\"modes\":[\"device\"]}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: redirect.modes: names none of loopback, loopback-registered, https-paste" },
  { BASE "\"reply\":{\"map\":{\"expires\":{\"kind\":\"later\"}}}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: reply.map.expires.kind: must be relative, absolute, auto, fixed or never" },
  { BASE "\"errors\":{\"rules\":[\n{\"code\":1,\"class\":\"rate\"},\n{\"class\":\"slow\"}]}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":6: errors.rules.1.class: “slow” is not a class" },
  { BASE "\"errors\":{\"rules\":[{\"on\":\"login\",\"class\":\"rate\"}]}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":4: errors.rules.0.on: “login” is not a step" },
  { BASE "\"api\":{\n\"sign\":{\"kind\":\"aws4\"}}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":5: api.sign.kind: must be tiktok-shop" },
  { BASE "\"api\":{\"account\":7}}", LK_PROVIDER_ERROR_SYNTAX,
    ":4: api.account: must be text or a list of texts" },
  { BASE "\"verify\":{\"sign\":true}}", LK_PROVIDER_ERROR_SYNTAX,
    ":4: verify: wants a signature, but “api.sign” does not say which" },
  { BASE "\"probes\":{\n\"me\":{\"sign\":true,\"url\":\"https://example.com/\"}}}",
    LK_PROVIDER_ERROR_SYNTAX,
    ":5: probes.me: wants a signature, but “api.sign” does not say which" },
  { BASE "\"probes\":[]}", LK_PROVIDER_ERROR_SYNTAX, ":4: probes: must be an object" },
  { BASE "\"probes\":{\"me\":7}}", LK_PROVIDER_ERROR_SYNTAX, ":4: probes.me: must be an object" },
  { BASE "\"probes\":{\"me\":{}}}", LK_PROVIDER_ERROR_SYNTAX, ":4: probes.me.url: is missing" },
  { BASE "\"probes\":{\"me\":{\n\"url\":\"http://example.com/\"}}}", LK_PROVIDER_ERROR_INSECURE,
    ":5: probes.me.url: must be https, or http on this machine, with a host that is spelled out" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\n\"params\":{\"a\":[{\"b\":\"{nobody}\"}]}}}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":5: probes.me.params.a: unknown placeholder {nobody}" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\"format\":\"xml\"}}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":4: probes.me.format: must be json or rss" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\"step\":\"login\"}}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":4: probes.me.step: “login” is not a step" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\"passes\":[\"fine\"]}}}",
    LK_PROVIDER_ERROR_UNKNOWN_WORD, ":4: probes.me.passes: “fine” is not a class" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\"rows\":{\"list\":\"a\"}}}}",
    LK_PROVIDER_ERROR_SYNTAX, ":4: probes.me.rows.columns: is missing" },
  { BASE "\"probes\":{\"me\":{\"like\":\"api\",\"rows\":{\"columns\":{\"id\":{}}}}}}",
    LK_PROVIDER_ERROR_SYNTAX, ":4: probes.me.rows.columns.id: needs a path" },
  { BASE "\"links\":{\"apps\":\"http://example.com/\"}}", LK_PROVIDER_ERROR_INSECURE,
    ":4: links.apps: must be https, with a host that is spelled out, and without a secret" },
  { BASE "\"links\":{\"apps\":\"https://example.com/{client.secret}\"}}",
    LK_PROVIDER_ERROR_INSECURE,
    ":4: links.apps: must be https, with a host that is spelled out, and without a secret" },
  { BASE "\"links\":{\"apps\":[\"https://example.com/{x}\"]}}", LK_PROVIDER_ERROR_UNKNOWN_WORD,
    ":4: links.apps: unknown placeholder {x}" },
  { "{\"schema\":1,\"id\":\"x\",\n\"extends\":\"nobody\"}", LK_PROVIDER_ERROR_NOT_FOUND,
    ":2: extends: there is no profile “nobody”" },
};

static void
test_broken (void)
{
  g_autofree char *dir = make_dir ();
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = write_profile (dir, "x.json", broken[i].text);
      g_autofree char *expected = g_strconcat (path, broken[i].message, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) warnings = NULL;

      g_assert_null (lk_profile_set_check_file (set, path, &warnings, &error));
      g_assert_error (error, LK_PROVIDER_ERROR, broken[i].code);
      if (broken[i].message != NULL)
        g_assert_cmpstr (error->message, ==, expected);
      else
        g_assert_true (g_str_has_prefix (error->message, path));
    }
  remove_dir (dir);
}

static void
test_warnings (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *path = write_profile (dir, "x.json",
    BASE "\"colour\":\"red\",\n\"token\":{\"retries\":3}}");
  g_autofree char *first = g_strconcat (path, ":4: colour: unknown key", NULL);
  g_autofree char *second = g_strconcat (path, ":5: token.retries: unknown key", NULL);
  g_autoptr (LkProfileSet) set = lk_profile_set_new (NULL);
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkProfile) profile = lk_profile_set_check_file (set, path, &warnings, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lk_profile_get_id (profile), ==, "x");
  g_assert_cmpuint (warnings->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==, first);
  g_assert_cmpstr (g_ptr_array_index (warnings, 1), ==, second);
  remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/load/shipped", test_shipped);
  g_test_add_func ("/load/extends", test_extends);
  g_test_add_func ("/load/replaces", test_replaces);
  g_test_add_func ("/load/cycle", test_cycle);
  g_test_add_func ("/load/broken", test_broken);
  g_test_add_func ("/load/warnings", test_warnings);

  return g_test_run ();
}
