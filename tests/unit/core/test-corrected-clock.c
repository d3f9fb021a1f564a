/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-corrected-clock.h"

#define NOW 1800000000
#define YEAR (365 * 24 * 60 * 60)

typedef struct
{
  LkClock          *computer;
  LkClock          *clock;
  LkCorrectedClock *corrected; /* the same */
  guint             told;
} Fixture;

static void
told_cb (Fixture *fixture)
{
  fixture->told++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->computer = lk_manual_clock_new (NOW);
  fixture->clock = lk_corrected_clock_new (fixture->computer);
  fixture->corrected = LK_CORRECTED_CLOCK (fixture->clock);
  g_signal_connect_swapped (fixture->clock, "skew-changed", G_CALLBACK (told_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->clock);
  g_object_unref (fixture->computer);
}

static void
learn (Fixture *fixture, const char *host, gint64 date)
{
  lk_corrected_clock_learn (fixture->corrected, host, date, lk_clock_get_boot (fixture->computer));
}

/* Nobody said anything: the computer is right, also when it is set. */
static void
test_unproven (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW);
  g_assert_false (lk_corrected_clock_is_proven (fixture->corrected));
  lk_manual_clock_set (fixture->computer, NOW + YEAR);
  lk_corrected_clock_look (fixture->corrected);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW + YEAR);
  g_assert_cmpuint (fixture->told, ==, 0);
}

/* What was heard before a sleep counts from then. */
static void
test_heard_before (Fixture *fixture, gconstpointer data)
{
  gint64 boot = lk_clock_get_boot (fixture->computer);

  lk_manual_clock_advance (fixture->computer, 8 * 60 * 60);
  lk_corrected_clock_learn (fixture->corrected, "a", NOW, boot);
  g_assert_cmpint (lk_corrected_clock_get_skew (fixture->corrected), ==, 0);
  learn (fixture, "a", NOW);
  g_assert_cmpint (lk_corrected_clock_get_skew (fixture->corrected), ==, 8 * 60 * 60);
}

/* Less than a minute is nothing; more is corrected and told once. */
static void
test_wrong (Fixture *fixture, gconstpointer data)
{
  learn (fixture, "a", NOW - 59);
  g_assert_true (lk_corrected_clock_is_proven (fixture->corrected));
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW);
  g_assert_cmpuint (fixture->told, ==, 0);
  learn (fixture, "a", NOW - 900);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW - 900);
  g_assert_cmpint (lk_corrected_clock_get_skew (fixture->corrected), ==, 900);
  lk_manual_clock_advance (fixture->computer, 100);
  learn (fixture, "a", NOW - 798);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW - 798);
  g_assert_cmpuint (fixture->told, ==, 1);
}

/* Once the time is known, a clock that is set by a year and back moves nothing. */
static void
test_set (Fixture *fixture, gconstpointer data)
{
  static const gint64 moves[] = { YEAR, -YEAR, 0 };

  learn (fixture, "a", NOW);
  for (size_t i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      lk_manual_clock_set (fixture->computer, NOW + moves[i]);
      lk_corrected_clock_look (fixture->corrected);
      g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW);
      g_assert_cmpint (lk_corrected_clock_get_skew (fixture->corrected), ==, moves[i]);
      g_assert_cmpuint (fixture->told, ==, i + 1);
    }
  lk_manual_clock_advance (fixture->computer, 3600);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW + 3600);
}

/* One server that goes wrong does not make the computer wrong, whoever is heard first or last. */
static void
test_wrong_server (Fixture *fixture, gconstpointer data)
{
  learn (fixture, "wrong", NOW - YEAR / 2);
  learn (fixture, "right", NOW + 1);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW);
  learn (fixture, "wrong", NOW - YEAR / 2);
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW);
}

/* What is no time is passed over, and many hosts take no more room than a few. */
static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  learn (fixture, "a", 0);
  learn (fixture, "a", 784111777);
  learn (fixture, NULL, NOW - 900);
  g_assert_false (lk_corrected_clock_is_proven (fixture->corrected));
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *host = g_strdup_printf ("host%u", i);

      learn (fixture, host, NOW - 900);
    }
  g_assert_cmpint (lk_clock_get_now (fixture->clock), ==, NOW - 900);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/corrected-clock/unproven", test_unproven },
    { "/corrected-clock/heard-before", test_heard_before },
    { "/corrected-clock/wrong", test_wrong },
    { "/corrected-clock/set", test_set },
    { "/corrected-clock/wrong-server", test_wrong_server },
    { "/corrected-clock/nonsense", test_nonsense },
  };

  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
