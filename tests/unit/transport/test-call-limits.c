/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

typedef struct
{
  const char *name;
  int         status, code;
  const char *message;
  double      wait;
  const char *limit, *slowed;
} WaitRow;

/* One row for each wait that TikTok documents. It is 23:00 UTC. */
static const WaitRow wait_rows[] = {
  { "qps", 200, 40100, "App reaches the QPS limit.", 1, "second", "app" },
  { "qpm", 200, 40100, "App reaches the QPM limit.", 300, "minute", "app" },
  { "qpd", 200, 40100, "App reaches the QPD limit.", 3600, "day", "app" },
  { "40016", 200, 40016, "Requests made too frequently", 1, "unknown", "app" },
  { "advertiser", 200, 40133,
    "Advertiser (700)'s QPS (11) reaches QPS limit 10 for current path, request is restricted.", 1,
    "second", "account" },
  { "value", 200, 40132, "The request QPS is limited by pixel_code's value.", 1, "second",
    "value" },
};

static void
check_wait (Fixture       *fixture,
            const WaitRow *row)
{
  g_autoptr(LkCallRequest) call = fixture_reading ("700");
  g_autoptr(GPtrArray) holds = NULL;
  g_autoptr(Outcome) outcome = NULL;
  const char *query[] = { "advertiser_id=700", "pixel_code=C1", NULL };

  g_strfreev (call->query);
  call->query = g_strdupv ((char **) query);
  fixture_reply (fixture, row->status, row->code, row->message);
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 7200, NULL);
  fixture_settle (fixture);
  holds = lk_call_engine_list_holds (fixture->engine, "app");
  g_assert_cmpuint (holds->len, ==, 1);
  g_assert_cmpstr (((LkFault *) holds->pdata[0])->limit, ==, row->limit);
  g_assert_cmpstr (((LkFault *) holds->pdata[0])->slowed, ==, row->slowed);
  g_assert_cmpint (((LkFault *) holds->pdata[0])->retry_at, ==, NOW + (gint64) row->wait);
  g_assert_cmpfloat_with_epsilon (fixture_finish (fixture, outcome, 7200), row->wait, 2.01);
  g_assert_null (outcome->result->fault);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
  g_assert_cmpint (g_array_index (fixture->arrivals, gint64, 1)
                     - g_array_index (fixture->arrivals, gint64, 0),
                   >=, (gint64) (row->wait * G_USEC_PER_SEC));
}

static void
check_no_time_to_wait (Fixture       *fixture,
                       const WaitRow *row)
{
  g_autoptr(LkCallRequest) call = fixture_reading ("700");
  g_autoptr(Outcome) refused = NULL;
  g_autoptr(Outcome) held = NULL;
  LkFault *fault;

  fixture_reply (fixture, row->status, row->code, row->message);
  refused = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, refused, 30), <, 0.01);
  fault = refused->result->fault;
  g_assert_cmpint (fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpstr (fault->limit, ==, row->limit);
  g_assert_cmpstr (fault->slowed, ==, row->slowed);
  g_assert_cmpint (fault->retry_at, ==, NOW + (gint64) row->wait);
  g_assert_nonnull (refused->result->reply);

  /* The next one is not even sent, and knows why. */
  held = fixture_start (fixture, fixture->ads, "other", call, 30, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, held, 30), <, 0.01);
  g_assert_true (lk_fault_is_local (held->result->fault, "budget"));
  g_assert_cmpstr (held->result->fault->limit, ==, row->limit);
  g_assert_cmpint (held->result->fault->retry_at, ==, NOW + (gint64) row->wait);
  g_assert_null (held->result->reply);
  g_assert_cmpuint (held->result->attempts, ==, 0);
  g_assert_cmpuint (fixture->seen->len, ==, 1);

}

static void
test_waits (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (wait_rows); i++)
    {
      Fixture fixture = { 0 };

      g_test_message ("%s", wait_rows[i].name);
      fixture_set_up (&fixture, NULL);
      check_wait (&fixture, &wait_rows[i]);
      fixture_tear_down (&fixture, NULL);

      if (wait_rows[i].wait < 30)
        continue;
      fixture = (Fixture) { 0 };
      fixture_set_up (&fixture, NULL);
      check_no_time_to_wait (&fixture, &wait_rows[i]);
      fixture_tear_down (&fixture, NULL);
    }
}

/* Login Kit's minute slides, and its 429 slows one path only. */
static void
test_wait_login (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = lk_call_request_new ("GET", "/v2/user/info/");
  g_autoptr(LkCallRequest) other = lk_call_request_new ("POST", "/v2/video/list/");
  g_autoptr(Outcome) outcome = NULL;
  g_autoptr(Outcome) elsewhere = NULL;

  fixture_reply_raw (fixture, 429, "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"x\","
                                   "\"log_id\":\"L\"},\"data\":{}}");
  fixture_reply_raw (fixture, 200, "{\"error\":{\"code\":\"ok\"},\"data\":{\"user\":{}}}");
  fixture_reply_raw (fixture, 200, "{\"error\":{\"code\":\"ok\"},\"data\":{\"user\":{}}}");
  outcome = fixture_start (fixture, fixture->login, "conn", call, 120, NULL);
  fixture_advance (fixture, outcome, 0.1);
  elsewhere = fixture_start (fixture, fixture->login, "conn", other, 30, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, elsewhere, 30), <, 0.01);
  g_assert_null (elsewhere->result->fault);
  g_assert_cmpfloat_with_epsilon (fixture_finish (fixture, outcome, 120), 60, 1);
  g_assert_null (outcome->result->fault);
  outcome_assert_steps (outcome, "sent refused waiting:60 sent done");
}

/* A second 40100 within a minute is a longer limit than the second. */
static void
test_second_refusal (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  g_autoptr(Outcome) outcome = NULL;

  for (int i = 0; i < 3; i++)
    fixture_reply (fixture, 200, 40100, "App reaches the QPS limit.");
  outcome = fixture_start (fixture, fixture->ads, "conn", call, 3600, NULL);
  fixture_finish (fixture, outcome, 3600);
  g_assert_cmpint (outcome->result->fault->klass, ==, LK_CLASS_RATE);
  g_assert_cmpuint (fixture->seen->len, ==, 3);
  outcome_assert_steps (outcome, "sent refused waiting:1 sent refused waiting:300 "
                                 "sent refused done");
}

/* Too many ads is no matter of waiting: the fault comes at once, and holds nobody back. */
static void
test_quota (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_creating ();
  g_autoptr(Outcome) refused = NULL;
  g_autoptr(Outcome) next = NULL;

  fixture_reply (fixture, 200, 40502, "The maximum ad limit has been reached");
  refused = fixture_start (fixture, fixture->ads, "conn", call, 3600, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, refused, 30), <, 0.01);
  g_assert_cmpint (refused->result->fault->klass, ==, LK_CLASS_QUOTA);
  g_assert_cmpint (refused->result->fault->retry_at, ==, 0);
  next = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);
  g_assert_cmpfloat (fixture_finish (fixture, next, 30), <, 0.01);
  g_assert_null (next->result->fault);
  g_assert_cmpuint (fixture->seen->len, ==, 2);
}

/* One slowed advertiser slows no other, and the app neither. */
static void
test_slow_account (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(LkCallRequest) slow = fixture_reading ("700");
  g_autoptr(LkCallRequest) quick = fixture_reading ("701");
  g_autoptr(Outcome) first = NULL;
  g_autoptr(Outcome) second = NULL;
  g_autoptr(Outcome) other = NULL;

  fixture_reply (fixture, 200, 40133, "Advertiser (700)'s QPM reaches QPM limit");
  first = fixture_start (fixture, fixture->ads, "conn", slow, 600, NULL);
  fixture_advance (fixture, NULL, 0.1);
  second = fixture_start (fixture, fixture->ads, "conn", slow, 600, NULL);
  other = fixture_start (fixture, fixture->ads, "conn", quick, 600, NULL);
  fixture_advance (fixture, NULL, 0.2);
  g_assert_true (other->done);
  g_assert_null (other->result->fault);
  g_assert_false (first->done);
  g_assert_false (second->done);
  fixture_advance (fixture, NULL, 301);
  g_assert_true (first->done && second->done);
  g_assert_null (second->result->fault);
  outcome_assert_steps (first, "sent refused waiting:300 sent done");
  outcome_assert_steps (second, "held:300 sent done");
}

/* Sixty-four callers of one app: none is refused, the provider never sees eleven in a second. */
static void
test_callers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  Outcome *outcomes[64];

  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    outcomes[i] = fixture_start (fixture, fixture->ads, i % 2 ? "a" : "b", call, 30, NULL);
  fixture_advance (fixture, NULL, 9);
  for (size_t i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_true (outcomes[i]->done);
      g_assert_null (outcomes[i]->result->fault);
      outcome_free (outcomes[i]);
    }
  g_assert_cmpuint (fixture->seen->len, ==, 64);
  for (guint i = 10; i < fixture->arrivals->len; i++)
    g_assert_cmpint (g_array_index (fixture->arrivals, gint64, i)
                       - g_array_index (fixture->arrivals, gint64, i - 10),
                     >=, G_USEC_PER_SEC);
}

/* Ten thousand calls at once: some are in time, the others know at once that it is too late. */
static void
test_crowd (Fixture       *fixture,
            gconstpointer  data)
{
  const guint crowd = 10000;
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);
  GPtrArray *outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) outcome_free);
  gint64 started = g_get_monotonic_time ();
  guint passed = 0;

  for (guint i = 0; i < crowd; i++)
    g_ptr_array_add (outcomes, fixture_start (fixture, fixture->ads, "conn", call, 4, NULL));
  fixture_advance (fixture, NULL, 6);
  for (guint i = 0; i < crowd; i++)
    {
      Outcome *outcome = g_ptr_array_index (outcomes, i);

      g_assert_true (outcome->done);
      if (outcome->result->fault == NULL)
        passed++;
      else
        g_assert_cmpstr (outcome->result->fault->limit, ==, "second");
    }
  g_assert_cmpuint (passed, ==, fixture->seen->len);
  g_assert_cmpuint (passed, >=, 40);
  g_assert_cmpuint (passed, <=, 50);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 10 * G_USEC_PER_SEC);
  g_test_message ("%.2f s", (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  g_ptr_array_unref (outcomes);
}

/* The day's budget, until midnight at the provider, whatever our own clock is set to meanwhile. */
static void
test_day (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(LkCallRequest) call = fixture_reading (NULL);

  /* By the provider it is 23:30. */
  fixture->server_skew = 1800;
  for (int i = 0; i < 4; i++)
    {
      g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

      fixture_finish (fixture, outcome, 30);
      g_assert_true ((outcome->result->fault == NULL) == (i < 3));
      if (i == 3)
        {
          g_assert_cmpstr (outcome->result->fault->limit, ==, "day");
          g_assert_cmpint (outcome->result->fault->retry_at, ==, NOW + 1800);
        }
    }
  g_assert_cmpuint (fixture->seen->len, ==, 3);

  fixture->clock->now -= (gint64) 5 * 3600 * G_USEC_PER_SEC;
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(Outcome) outcome = fixture_start (fixture, fixture->ads, "conn", call, 30, NULL);

      fixture_finish (fixture, outcome, 30);
      g_assert_true ((outcome->result->fault == NULL) == (i == 1));
      fixture_advance (fixture, NULL, 1803);
    }
  g_assert_cmpuint (fixture->seen->len, ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define DAY_OF_THREE ",\"rate\":{\"limits\":[{\"seconds\":\"utc-day\",\"calls\":3}]}"
#define ADD(name, data, function)                                                                  \
  g_test_add ("/transport/limits/" name, Fixture, data, fixture_set_up, function,                  \
              fixture_tear_down)
  g_test_add_func ("/transport/limits/waits", test_waits);
  ADD ("wait-login", NULL, test_wait_login);
  ADD ("second-refusal", NULL, test_second_refusal);
  ADD ("quota", NULL, test_quota);
  ADD ("slow-account", NULL, test_slow_account);
  ADD ("callers", NULL, test_callers);
  ADD ("crowd", NULL, test_crowd);
  ADD ("day", DAY_OF_THREE, test_day);

  return g_test_run ();
}
