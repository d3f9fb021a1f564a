/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "call-fixture.h"

/* What is done about each class of refusal, for calls that read, that create, and probes. */
static void
test_decide (void)
{
  static const struct
  {
    LkClass   klass;
    LkCallAct reads, creates, creates_untouched, probes;
  } rows[] = {
    { LK_CLASS_TOKEN_EXPIRED, LK_CALL_RENEW, LK_CALL_FINISH, LK_CALL_RENEW, LK_CALL_FINISH },
    { LK_CLASS_RATE, LK_CALL_WAIT, LK_CALL_FINISH, LK_CALL_WAIT, LK_CALL_FINISH },
    { LK_CLASS_QUOTA, LK_CALL_WAIT, LK_CALL_FINISH, LK_CALL_WAIT, LK_CALL_FINISH },
    { LK_CLASS_TRANSIENT, LK_CALL_BACK_OFF, LK_CALL_FINISH, LK_CALL_BACK_OFF, LK_CALL_BACK_OFF },
  };

  for (int klass = 0; klass < LK_N_CLASSES; klass++)
    {
      LkCallCase refusal = { .klass = (LkClass) klass, .tries = 1 };
      LkCallAct expected[4] = { LK_CALL_FINISH, LK_CALL_FINISH, LK_CALL_FINISH, LK_CALL_FINISH };

      for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          if (rows[i].klass == refusal.klass)
            {
              expected[0] = rows[i].reads;
              expected[1] = rows[i].creates;
              expected[2] = rows[i].creates_untouched;
              expected[3] = rows[i].probes;
            }
        }

      g_test_message ("%s", lk_class_to_string (refusal.klass));
      refusal.safe = TRUE;
      g_assert_cmpint (lk_call_decide (&refusal), ==, expected[0]);
      refusal.probe = TRUE;
      g_assert_cmpint (lk_call_decide (&refusal), ==, expected[3]);
      refusal.probe = FALSE;
      refusal.safe = FALSE;
      g_assert_cmpint (lk_call_decide (&refusal), ==, expected[1]);
      refusal.untouched = TRUE;
      g_assert_cmpint (lk_call_decide (&refusal), ==, expected[2]);

      /* Enough is enough. */
      refusal.tries = 3;
      refusal.renewed = TRUE;
      g_assert_cmpint (lk_call_decide (&refusal), ==, LK_CALL_FINISH);
    }
}

static void
test_circuit (void)
{
  LkCircuit *circuit = lk_circuit_new ();

  g_assert_false (lk_circuit_fail (circuit, "a"));
  g_assert_false (lk_circuit_fail (circuit, "a"));
  lk_circuit_succeed (circuit, "a");
  g_assert_false (lk_circuit_fail (circuit, "a"));
  g_assert_false (lk_circuit_fail (circuit, "a"));
  g_assert_false (lk_circuit_is_open (circuit, "a"));
  g_assert_true (lk_circuit_fail (circuit, "a"));
  g_assert_true (lk_circuit_is_open (circuit, "a"));
  g_assert_false (lk_circuit_is_open (circuit, "b"));

  /* Opened once; a straggler's success does not close it. */
  g_assert_false (lk_circuit_fail (circuit, "a"));
  lk_circuit_succeed (circuit, "a");
  g_assert_true (lk_circuit_is_open (circuit, "a"));
  lk_circuit_close (circuit, "a");
  g_assert_false (lk_circuit_is_open (circuit, "a"));
  g_assert_false (lk_circuit_fail (circuit, "a"));
  lk_circuit_free (circuit);
}

/* Full jitter: anything from nothing to the bound, which doubles; the third failure is the last. */
static void
test_backoff (void)
{
  GRand *random = g_rand_new_with_seed (1);
  GRand *same = g_rand_new_with_seed (1);
  gint64 longest[2] = { 0, 0 };
  gint64 shortest[2] = { G_MAXINT64, G_MAXINT64 };

  for (int i = 0; i < 2000; i++)
    {
      for (guint tries = 1; tries < LK_BACKOFF_TRIES; tries++)
        {
          gint64 delay = lk_backoff_delay (tries, random);

          g_assert_cmpint (delay, ==, lk_backoff_delay (tries, same));
          longest[tries - 1] = MAX (longest[tries - 1], delay);
          shortest[tries - 1] = MIN (shortest[tries - 1], delay);
        }
    }

  for (int i = 0; i < 2; i++)
    {
      gint64 bound = (gint64) (1 << i) * G_USEC_PER_SEC;

      g_assert_cmpint (shortest[i], <, bound / 100);
      g_assert_cmpint (longest[i], >, bound - bound / 100);
      g_assert_cmpint (longest[i], <=, bound);
    }
  g_assert_cmpint (lk_backoff_delay (LK_BACKOFF_TRIES, random), ==, -1);
  g_assert_cmpint (lk_backoff_delay (G_MAXUINT, random), ==, -1);
  g_rand_free (random);
  g_rand_free (same);
}

typedef struct
{
  LkTimers *timers;
  GString  *calls;
  LkTimer  *other;
  char      name;
  gint64    again;
} Bell;

static void
ring_cb (gpointer user_data)
{
  Bell *bell = user_data;

  g_string_append_c (bell->calls, bell->name);
  if (bell->other != NULL)
    lk_timers_cancel (bell->timers, g_steal_pointer (&bell->other));
  if (bell->again != 0)
    lk_timers_add (bell->timers, bell->again, ring_cb, bell);
}

/* In order of time, then of adding; what one adds for now waits for the next turn. */
static void
test_timers (void)
{
  g_autoptr(TestClock) clock = test_clock_new (NOW);
  LkTimers *timers = lk_timers_new (LK_CLOCK (clock), NULL);
  GString *calls = g_string_new (NULL);
  gint64 start = clock->boot;
  Bell bells[5];

  for (int i = 0; i < 5; i++)
    bells[i] = (Bell) { timers, calls, NULL, (char) ('a' + i), 0 };
  lk_timers_add (timers, start + 3, ring_cb, &bells[2]);
  lk_timers_add (timers, start + 1, ring_cb, &bells[0]);
  lk_timers_add (timers, start + 1, ring_cb, &bells[1]);
  bells[1].other = lk_timers_add (timers, start + 2, ring_cb, &bells[3]);
  bells[2].again = start;

  lk_timers_fire (timers);
  g_assert_cmpstr (calls->str, ==, "");
  clock->boot += 1;
  lk_timers_fire (timers);
  g_assert_cmpstr (calls->str, ==, "ab");
  g_assert_cmpuint (lk_timers_get_size (timers), ==, 1);
  clock->boot += 5;
  lk_timers_fire (timers);
  g_assert_cmpstr (calls->str, ==, "abc");
  bells[2].again = 0;
  /* What is due is called by the main loop too. */
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (calls->str, ==, "abcc");
  g_assert_cmpuint (lk_timers_get_size (timers), ==, 0);

  /* A clock that is set moves nothing. */
  lk_timers_add (timers, clock->boot + 10, ring_cb, &bells[4]);
  clock->now += (gint64) 3600 * G_USEC_PER_SEC;
  lk_timers_fire (timers);
  g_assert_cmpstr (calls->str, ==, "abcc");
  lk_timers_free (timers);
  g_string_free (calls, TRUE);
}

static void
test_server_time (void)
{
  g_autoptr(TestClock) clock = test_clock_new (NOW);
  LkServerTime *time = lk_server_time_new (LK_CLOCK (clock));

  g_assert_cmpint (lk_server_time_now (time, "a"), ==, NOW);
  lk_server_time_learn (time, "a", 0);
  lk_server_time_learn (time, NULL, NOW + 5);
  g_assert_cmpint (lk_server_time_now (time, "a"), ==, NOW);
  lk_server_time_learn (time, "a", NOW + 3600);
  g_assert_cmpint (lk_server_time_now (time, "a"), ==, NOW + 3600);
  g_assert_cmpint (lk_server_time_now (time, "b"), ==, NOW);

  /* Set back by a day, here only. */
  clock->now -= (gint64) 86400 * G_USEC_PER_SEC;
  g_assert_cmpint (lk_server_time_now (time, "a"), ==, NOW + 3600);
  test_clock_advance (clock, 60);
  g_assert_cmpint (lk_server_time_now (time, "a"), ==, NOW + 3660);
  lk_server_time_free (time);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/rules/decide", test_decide);
  g_test_add_func ("/transport/rules/circuit", test_circuit);
  g_test_add_func ("/transport/rules/backoff", test_backoff);
  g_test_add_func ("/transport/rules/timers", test_timers);
  g_test_add_func ("/transport/rules/server-time", test_server_time);

  return g_test_run ();
}
