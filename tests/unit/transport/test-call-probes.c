/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

#define IDENTITY "{\"code\":0,\"message\":\"OK\",\"request_id\":\"R9\",\"data\":{" \
                 "\"core_user_id\":\"77\",\"display_name\":\"Mira\",\"email\":\"m***@x.org\"}}"

static Outcome *
ask (Fixture    *fixture,
     LkProfile  *profile,
     const char *probe,
     const char *center,
     const char *account)
{
  Outcome *outcome = fixture_probe (fixture, profile, probe, center, account);

  fixture_finish (fixture, outcome, 30);
  g_assert_no_error (outcome->error);

  return outcome;
}

/* Rows, where, when, the other clock; facts to judge by. */
static void
test_answer (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Outcome) outcome = NULL;
  const LkProbeAnswer *answer;

  fixture->server_skew = -900;
  fixture_reply_raw (fixture, 200, IDENTITY);
  outcome = ask (fixture, fixture->ads, "identity", NULL, NULL);
  answer = outcome->answer;
  g_assert_null (answer->fault);
  g_assert_cmpstr (answer->probe, ==, "identity");
  g_assert_cmpstr (answer->endpoint, ==, API "user/info/");
  g_assert_cmpint (answer->http_status, ==, 200);
  g_assert_cmpint (answer->at, ==, NOW);
  g_assert_cmpint (answer->skew, ==, -900);
  g_assert_cmpuint (answer->rows->len, ==, 1);
  g_assert_cmpstr (lk_probe_answer_get (answer, 0, "id"), ==, "77");
  g_assert_cmpstr (g_ptr_array_index (fixture->seen, 0), ==, "GET " API "user/info/ access-1");
}

/* What it asks about goes into the request; secrets that it needs do not come back in the facts. */
static void
test_questions (Fixture       *fixture,
                gconstpointer  data)
{
  static const struct
  {
    const char *probe, *center, *account, *in_query;
  } rows[] = {
    { "account", NULL, "700", "700" },
    { "center-members", "800", NULL, "800" },
    { "center-assets", "800", "700", "800" },
    { "video", "v01", "700", "v01" },
    { "reach", NULL, NULL, "s3cret" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(Outcome) outcome = ask (fixture, fixture->ads, rows[i].probe, rows[i].center,
                                        rows[i].account);

      g_test_message ("%s: %s", rows[i].probe, fixture->query);
      g_assert_nonnull (strstr (fixture->query, rows[i].in_query));
      g_assert_cmpstr (outcome->answer->account, ==, rows[i].account);
      g_assert_cmpstr (outcome->answer->center, ==, rows[i].center);
      g_assert_null (strchr (outcome->answer->endpoint, '?'));
    }
}

/* The state of the token is what a probe asks: it renews nothing. */
static void
test_no_renewal (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 40102, "expired");
  outcome = ask (fixture, fixture->account, "identity", NULL, "700");
  g_assert_cmpint (outcome->answer->fault->klass, ==, LK_CLASS_TOKEN_EXPIRED);
  g_assert_cmpstr (outcome->answer->fault->code, ==, "40102");
  g_assert_cmpint (outcome->answer->fault->at, ==, NOW);
  g_assert_cmpuint (outcome->answer->rows->len, ==, 0);
  g_assert_cmpuint (fixture->source->renewals, ==, 0);
  g_assert_cmpuint (fixture->seen->len, ==, 1);
}

/* A limit is an answer; it is told at once, and the next probe knows without asking. */
static void
test_rate (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Outcome) refused = NULL;
  g_autoptr(Outcome) held = NULL;
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) other = NULL;

  fixture_reply (fixture, 200, 40100, "App reaches the QPM limit.");
  refused = ask (fixture, fixture->ads, "identity", NULL, NULL);
  g_assert_cmpstr (refused->answer->fault->code, ==, "40100");
  g_assert_cmpint (refused->answer->fault->retry_at, ==, NOW + 300);
  held = ask (fixture, fixture->ads, "reach", NULL, NULL);
  g_assert_true (lk_fault_is_local (held->answer->fault, "budget"));
  g_assert_cmpint (held->answer->fault->retry_at, ==, NOW + 300);
  g_assert_cmpint (held->answer->http_status, ==, 0);
  g_assert_cmpint (held->answer->skew, ==, LK_SKEW_UNKNOWN);
  g_assert_cmpuint (fixture->seen->len, ==, 1);

  other = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  fixture_finish (fixture, other, 1);
  g_assert_true (lk_fault_is_local (other->result->fault, "budget"));
}

/* A hiccup of the platform is no answer yet. */
static void
test_transient (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 50000, "system error");
  fixture_reply (fixture, 0, 0, "");
  fixture_reply_raw (fixture, 200, IDENTITY);
  outcome = ask (fixture, fixture->ads, "identity", NULL, NULL);
  g_assert_null (outcome->answer->fault);
  g_assert_cmpuint (outcome->answer->rows->len, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 3);
}

static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Outcome) outcome = NULL;

  soup_server_disconnect (fixture->server);
  outcome = ask (fixture, fixture->ads, "identity", NULL, NULL);
  g_assert_true (lk_fault_is_local (outcome->answer->fault, "offline"));
  g_assert_cmpstr (outcome->answer->fault->endpoint, ==, API "user/info/");
  g_assert_cmpint (outcome->answer->http_status, ==, 0);
}

/* A reply that cannot be read is a fault, never no rows. */
static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Outcome) outcome = NULL;

  for (int i = 0; i < 3; i++)
    fixture_reply_raw (fixture, 200, "<html>");
  outcome = ask (fixture, fixture->ads, "reach", NULL, NULL);
  g_assert_nonnull (outcome->answer->fault);
}

/* The provider's news need neither token nor source, and a locked keyring does not hide them. */
static void
test_without_token (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(Outcome) news = NULL;
  g_autoptr(Outcome) locked = NULL;

  fixture->source->is_locked = TRUE;
  fixture_reply_raw (fixture, 200, "<rss version=\"2.0\"><channel><item><title>Ads are slow</title>"
                                   "</item></channel></rss>");
  news = ask (fixture, fixture->ads, "status", NULL, NULL);
  g_assert_null (news->answer->fault);
  g_assert_cmpstr (lk_probe_answer_get (news->answer, 0, "title"), ==, "Ads are slow");
  g_assert_cmpstr (strrchr (g_ptr_array_index (fixture->seen, 0), ' '), ==, " -");

  locked = fixture_probe (fixture, fixture->ads, "identity", NULL, NULL);
  fixture_finish (fixture, locked, 1);
  g_assert_error (locked->error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpuint (fixture->seen->len, ==, 1);
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Outcome) outcome = fixture_probe (fixture, fixture->ads, "no-such-probe", NULL, NULL);

  fixture_finish (fixture, outcome, 1);
  g_assert_nonnull (outcome->error);
  g_assert_cmpint (outcome->error->domain, ==, LK_PROVIDER_ERROR);
  g_assert_cmpuint (fixture->seen->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/transport/probes/" name, Fixture, NULL, fixture_set_up, function,                  \
              fixture_tear_down)
  ADD ("answer", test_answer);
  ADD ("questions", test_questions);
  ADD ("no-renewal", test_no_renewal);
  ADD ("rate", test_rate);
  ADD ("transient", test_transient);
  ADD ("offline", test_offline);
  ADD ("garbage", test_garbage);
  ADD ("without-token", test_without_token);
  ADD ("unknown", test_unknown);

  return g_test_run ();
}
