/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every probe against the simulator, which was written from the same documents by other hands. */

#include <glib/gstdio.h>
#include <string.h>

#include "../simulator/sim-fixture.h"
#include "lk-profile-calls.h"
#include "lk-profile-set.h"
#include "lk-sim-profiles.h"

#define OUTDOOR "7000000000000000001"
#define FERNHILL_BC "7000000000000000900"

static LkProfile *
load_profile (Fixture    *fixture,
              const char *id)
{
  g_autofree char *dir = g_dir_make_tmp ("latchkey-probes-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkProfileSet) set = NULL;
  g_autoptr(GDir) open = NULL;
  LkProfile *profile;
  const char *name;

  lk_sim_profiles_write (dir, lk_simulator_get_base_uri (fixture->simulator), &error);
  g_assert_no_error (error);
  set = lk_profile_set_new (dir);
  g_assert_cmpuint (lk_profile_set_get_problems (set)->len, ==, 0);
  profile = lk_profile_ref (lk_profile_set_lookup (set, id));

  open = g_dir_open (dir, 0, NULL);
  while ((name = g_dir_read_name (open)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);

  return profile;
}

static LkProbeAnswer *
ask (Fixture    *fixture,
     LkProfile  *profile,
     const char *probe,
     LkValues   *values)
{
  gint64 now = lk_clock_get_now (fixture->clock);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkRequest) request = lk_profile_build_probe (profile, probe, values, now, &error);
  g_autoptr(LkReply) reply = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *body = NULL;
  LkProbeAnswer *result = lk_probe_answer_new (probe, NULL, NULL);
  const char *name = NULL;
  const char *value = NULL;
  g_autoptr(Answer) answer = NULL;

  g_assert_no_error (error);
  if (lk_request_get_n_headers (request) > 0)
    lk_request_get_header (request, 0, &name, &value);
  if (lk_request_get_body (request) != NULL)
    body = g_strndup (g_bytes_get_data (lk_request_get_body (request), NULL),
                      g_bytes_get_size (lk_request_get_body (request)));
  answer = fixture_send (fixture, lk_request_get_method (request),
                         lk_request_get_url (request)
                           + strlen (lk_simulator_get_base_uri (fixture->simulator)),
                         name, value, lk_request_get_content_type (request), body);
  bytes = g_bytes_new (answer->body, answer->size);
  reply = lk_reply_new ((int) answer->status, bytes);
  lk_profile_read_probe (profile, reply, result);
  g_test_message ("%s: %u %s", probe, answer->status, answer->body);

  return result;
}

static void
assert_row (LkProbeAnswer *answer,
            const char    *column,
            const char    *value)
{
  g_assert_null (answer->fault);
  g_assert_cmpint (lk_probe_answer_find_row (answer, column, value), >=, 0);
}

static LkValues *
make_values (const char *id,
             const char *secret,
             const char *token)
{
  LkValues *values = lk_values_new ();

  lk_values_set (values, "client.id", id);
  lk_values_set (values, "client.secret", secret);
  lk_values_set (values, "token.access", token);

  return values;
}

static void
assert_secrets (Fixture    *fixture,
                LkProfile  *profile,
                LkValues   *values)
{
  g_autoptr(LkProbeAnswer) right = ask (fixture, profile, "secret", values);
  g_autoptr(LkProbeAnswer) wrong = NULL;

  g_assert_null (right->fault);
  lk_values_set (values, "client.secret", "not-the-secret");
  wrong = ask (fixture, profile, "secret", values);
  g_assert_cmpint (wrong->fault->klass, ==, LK_CLASS_APP_CONFIG);
}

static void
test_ads (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_ads (fixture, "");
  g_autoptr(LkProfile) profile = load_profile (fixture, "tiktok-ads-simulator");
  g_autoptr(LkValues) values = make_values (ADS_ID, "sim-ads-secret",
                                            answer_string (tokens, "data.access_token"));
  g_autoptr(LkProbeAnswer) identity = ask (fixture, profile, "identity", values);
  g_autoptr(LkProbeAnswer) reach = ask (fixture, profile, "reach", values);
  g_autoptr(LkProbeAnswer) centers = ask (fixture, profile, "centers", values);
  g_autoptr(LkProbeAnswer) account = NULL;
  g_autoptr(LkProbeAnswer) assets = NULL;
  g_autoptr(LkProbeAnswer) one = NULL;
  g_autoptr(LkProbeAnswer) members = NULL;
  g_autoptr(LkProbeAnswer) people = NULL;
  g_autoptr(LkProbeAnswer) partners = NULL;
  g_autoptr(LkProbeAnswer) all_partners = NULL;
  g_autoptr(LkProbeAnswer) status = ask (fixture, profile, "status", values);

  g_assert_null (identity->fault);
  g_assert_nonnull (lk_probe_answer_get (identity, 0, "id"));
  assert_row (reach, "id", OUTDOOR);
  assert_row (centers, "id", FERNHILL_BC);
  g_assert_nonnull (lk_probe_answer_get (centers, 0, "role"));
  g_assert_null (status->fault);

  lk_values_set (values, "call.center", FERNHILL_BC);
  assets = ask (fixture, profile, "center-assets", values);
  assert_row (assets, "id", OUTDOOR);
  members = ask (fixture, profile, "center-members", values);
  assert_row (members, "role", "ADMIN");
  all_partners = ask (fixture, profile, "partners", values);
  g_assert_cmpint (all_partners->fault->klass, ==, LK_CLASS_SCOPE);

  lk_values_set (values, "call.account", OUTDOOR);
  account = ask (fixture, profile, "account", values);
  assert_row (account, "id", OUTDOOR);
  g_assert_cmpstr (lk_probe_answer_get (account, 0, "status"), ==, "STATUS_ENABLE");
  one = ask (fixture, profile, "center-assets", values);
  assert_row (one, "id", OUTDOOR);
  g_assert_nonnull (lk_probe_answer_get (one, 0, "role"));
  people = ask (fixture, profile, "asset-members", values);
  g_assert_nonnull (lk_probe_answer_get (people, 0, "role"));
  partners = ask (fixture, profile, "asset-partners", values);
  g_assert_null (partners->fault);

  assert_secrets (fixture, profile, values);
}

static void
test_account (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_account (fixture);
  g_autoptr(LkProfile) profile = load_profile (fixture, "tiktok-account-simulator");
  g_autoptr(LkValues) values = make_values ("sim-account-id", "sim-account-secret",
                                            answer_string (tokens, "data.access_token"));
  g_autoptr(LkProbeAnswer) identity = ask (fixture, profile, "identity", values);
  g_autoptr(LkProbeAnswer) granted = ask (fixture, profile, "granted", values);

  g_assert_null (identity->fault);
  g_assert_cmpstr (lk_probe_answer_get (identity, 0, "id"), ==,
                   answer_string (tokens, "data.open_id"));
  assert_row (granted, "scope", "video.list");
  assert_secrets (fixture, profile, values);
}

static void
test_login (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Answer) tokens = fixture_login (fixture, "user.info.basic");
  g_autofree char *bearer = g_strdup (answer_string (tokens, "access_token"));
  g_autoptr(LkProfile) profile = load_profile (fixture, "tiktok-login-simulator");
  g_autoptr(LkValues) values = make_values ("sim-login-key", "sim-login-secret", bearer);
  g_autoptr(LkProbeAnswer) identity = ask (fixture, profile, "identity", values);

  g_assert_null (identity->fault);
  g_assert_cmpstr (lk_probe_answer_get (identity, 0, "id"), ==, answer_string (tokens, "open_id"));
  assert_secrets (fixture, profile, values);
}

static void
test_shop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *code = fixture_code (fixture,
    "/oauth/authorize?app_key=sim-shop-key&state=x&auto_consent=1", "code");
  g_autoptr(LkProfile) profile = load_profile (fixture, "tiktok-shop-simulator");
  g_autoptr(LkValues) values = make_values ("sim-shop-key", "sim-shop-secret", NULL);
  g_autoptr(LkRequest) request = NULL;
  g_autoptr(Answer) tokens = NULL;
  g_autoptr(LkProbeAnswer) identity = NULL;
  g_autoptr(LkProbeAnswer) reach = NULL;

  lk_values_set (values, "code", code);
  request = lk_profile_build_request (profile, LK_STEP_TOKEN, values, NULL);
  tokens = fixture_get (fixture, lk_request_get_url (request)
                                   + strlen (lk_simulator_get_base_uri (fixture->simulator)));
  lk_values_set (values, "token.access", answer_string (tokens, "data.access_token"));

  identity = ask (fixture, profile, "identity", values);
  g_assert_null (identity->fault);
  reach = ask (fixture, profile, "reach", values);
  g_assert_null (reach->fault);
  g_assert_nonnull (lk_probe_answer_get (reach, 0, "cipher"));
  assert_secrets (fixture, profile, values);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/probe-simulator/ads", Fixture, NULL, fixture_set_up, test_ads, fixture_tear_down);
  g_test_add ("/probe-simulator/account", Fixture, NULL, fixture_set_up, test_account,
              fixture_tear_down);
  g_test_add ("/probe-simulator/login", Fixture, NULL, fixture_set_up, test_login,
              fixture_tear_down);
  g_test_add ("/probe-simulator/shop", Fixture, NULL, fixture_set_up, test_shop,
              fixture_tear_down);

  return g_test_run ();
}
