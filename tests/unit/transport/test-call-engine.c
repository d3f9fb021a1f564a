/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

#define ADS_GET    "campaign/get/"
#define ADS_CREATE "campaign/create/"
#define API        "/open_api/v1.3/"

static LkCallRequest *
reading (const char *account)
{
  LkCallRequest *call = lk_call_request_new ("GET", ADS_GET);

  if (account != NULL)
    {
      g_autofree char *pair = g_strdup_printf ("advertiser_id=%s", account);
      const char * const query[] = { pair, NULL };

      call->query = g_strdupv ((char **) query);
    }

  return call;
}

static LkCallRequest *
creating (void)
{
  LkCallRequest *call = lk_call_request_new ("POST", ADS_CREATE);

  call->body = g_bytes_new_static ("{\"advertiser_id\":\"700\"}", 23);

  return call;
}

/* One call to its end, with at most @seconds of the clock. Returns how many it took. */
static double
finish (Fixture *fixture,
        Outcome *outcome,
        double   seconds)
{
  double passed = fixture_advance (fixture, outcome, seconds);

  g_assert_true (outcome->done);

  return passed;
}

static void
assert_steps (Outcome    *outcome,
              const char *expected)
{
  g_autofree char *steps = outcome_steps (outcome);

  g_assert_cmpstr (steps, ==, expected);
}

static void
test_success (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = reading ("700");
  g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

  finish (fixture, outcome, 0.1);
  g_assert_no_error (outcome->error);
  g_assert_null (outcome->result->fault);
  g_assert_nonnull (outcome->result->reply);
  g_assert_cmpuint (outcome->result->attempts, ==, 1);
  g_assert_false (outcome->result->renewed);
  assert_steps (outcome, "sent done");
  g_assert_cmpuint (fixture->seen->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->seen, 0), ==, "GET " API ADS_GET " access-1");
}

/* An expired token is renewed once, the call repeated once, also one that creates something. */
static void
test_expired (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("POST", "business/video/publish/");
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 40102, "expired");
  outcome = fixture_start (fixture, fixture->account, "conn", call, 30, NULL);
  finish (fixture, outcome, 0.1);
  g_assert_no_error (outcome->error);
  g_assert_null (outcome->result->fault);
  g_assert_true (outcome->result->renewed);
  g_assert_cmpuint (outcome->result->attempts, ==, 2);
  assert_steps (outcome, "sent refused renewed sent done");
  g_assert_cmpuint (fixture->source->renewals, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (fixture->seen, 0), "access-1"));
  g_assert_true (g_str_has_suffix (g_ptr_array_index (fixture->seen, 1), "access-2"));
}

static void
test_expired_twice (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  for (int i = 0; i < 5; i++)
    fixture_reply (fixture, 200, 40105, "Access token is incorrect or has been revoked.");
  outcome = fixture_start (fixture, fixture->account, "conn", call, 300, NULL);
  finish (fixture, outcome, 0.1);
  g_assert_nonnull (outcome->result->fault);
  g_assert_cmpstr (outcome->result->fault->code, ==, "40105");
  g_assert_cmpstr (outcome->result->fault->endpoint, ==, API ADS_GET);
  g_assert_cmpstr (outcome->result->fault->method, ==, "GET");
  g_assert_cmpint (outcome->result->fault->at, ==, NOW);
  g_assert_true (outcome->result->renewed);
  g_assert_nonnull (outcome->result->reply);
  g_assert_cmpuint (fixture->source->renewals, ==, 1);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
}

/* TikTok Ads has nothing to renew with: no renewal is tried, and the finding says so. */
static void
test_revoked_without_renewal (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  fixture_reply (fixture, 200, 40105, "Access token is incorrect or has been revoked.");
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 300, NULL);
  finish (fixture, outcome, 0.1);
  g_assert_cmpint (outcome->result->fault->klass, ==, LK_CLASS_TOKEN_REVOKED);
  g_assert_false (outcome->result->renewed);
  g_assert_cmpuint (fixture->source->renewals, ==, 0);
  g_assert_cmpuint (fixture->seen->len, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/transport/call/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("success", test_success);
  ADD ("expired", test_expired);
  ADD ("expired-twice", test_expired_twice);
  ADD ("revoked-without-renewal", test_revoked_without_renewal);
  (void) creating;

  return g_test_run ();
}
