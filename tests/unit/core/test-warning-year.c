/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Simulated years: ends that come and move, sleep, clocks that are a year off for a while, quiet
 * hours; against a plain account of what ought to be told. */

#include <glib.h>

#include "lk-warning.h"

#define HOUR (60 * 60)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
/* 2026-01-01 00:00 UTC */
#define START G_GINT64_CONSTANT (1767225600)
#define SEEDS 300

static const guint32 days[] = { 14, 7, 3, 1 };

typedef struct
{
  gint64 at;
  gint64 ends;
  guint  day;
} Told;

/* The weather of one year, made from the seed alone. */
typedef struct
{
  GRand  *random;
  gint64  asleep_until;
  gint64  wrong;
  gint64  wrong_until;
  gint64  ends;
} Year;

static void
live_an_hour (Year *year, gint64 now, gboolean leaps)
{
  if (now >= year->ends + 2 * DAY || g_rand_int_range (year->random, 0, 24 * 90) == 0)
    year->ends = now + g_rand_int_range (year->random, 2 * HOUR, 200 * DAY);
  if (now >= year->asleep_until && g_rand_int_range (year->random, 0, 40) == 0)
    year->asleep_until = now + g_rand_int_range (year->random, HOUR,
                                                 g_rand_boolean (year->random) ? 10 * HOUR
                                                                               : 6 * DAY);
  if (now >= year->wrong_until)
    year->wrong = 0;
  if (leaps && year->wrong == 0 && g_rand_int_range (year->random, 0, 24 * 20) == 0)
    {
      year->wrong = g_rand_boolean (year->random) ? YEAR : -YEAR;
      year->wrong_until = now + g_rand_int_range (year->random, HOUR, 40 * HOUR);
    }
}

/* What ought to be told at @now of an end whose nearest told day is @nearest; 0 for nothing. */
static guint
expect (gint64 ends, gint64 now, guint nearest)
{
  guint day = 0;

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    if (ends > now && ends - now <= (gint64) days[i] * DAY)
      day = days[i];
  return day != 0 && (nearest == 0 || day < nearest) ? day : 0;
}

static gboolean
is_quiet (const LkWarningRules *rules, gint64 now)
{
  guint minute = (guint) (now / 60 % (24 * 60));

  return rules->quiet && (minute >= rules->quiet_from || minute < rules->quiet_until);
}

/* Returns: how much was told. */
static guint
run_year (guint seed, gboolean leaps)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GArray) told = g_array_new (FALSE, FALSE, sizeof (Told));
  g_autoptr(GArray) expected = g_array_new (FALSE, FALSE, sizeof (Told));
  LkWarningRules rules = { .days = days, .n_days = G_N_ELEMENTS (days), .quiet = seed % 2 == 1,
                           .quiet_from = 22 * 60, .quiet_until = 7 * 60,
                           .enabled = { TRUE, TRUE, TRUE, TRUE, TRUE } };
  LkWarningState state = { 0 };
  Year year = { .random = g_rand_new_with_seed (seed), .ends = START };
  gint64 again = 0;
  gint64 last_ends = 0;
  gint64 last_wrong = 0;
  gint64 expected_ends = 0;
  guint nearest = 0;

  for (gint64 now = START; now < START + YEAR; now += HOUR)
    {
      live_an_hour (&year, now, leaps);
      if (now < year.asleep_until)
        continue;
      if (expected_ends != year.ends)
        nearest = 0;
      expected_ends = year.ends;
      if (year.wrong == 0 && !is_quiet (&rules, now) && expect (year.ends, now, nearest) != 0)
        {
          Told row = { now, year.ends, nearest = expect (year.ends, now, nearest) };

          g_array_append_val (expected, row);
        }
      /* Only looked at when something changed or it asked to. */
      if (now + year.wrong >= again || year.ends != last_ends || year.wrong != last_wrong)
        {
          LkWarningVerdict verdict = lk_warning_decide_ending (&rules, year.ends,
                                                               now + year.wrong, zone, &state,
                                                               &again);
          if (verdict == LK_WARNING_TELL)
            {
              Told row = { now, year.ends, state.told_day };

              g_array_append_val (told, row);
            }
          g_assert_cmpint (again, >, now + year.wrong);
        }
      last_ends = year.ends;
      last_wrong = year.wrong;
    }

  for (guint i = 0; i < MAX (told->len, expected->len); i++)
    {
      const Told *is = i < told->len ? &g_array_index (told, Told, i) : NULL;
      const Told *ought = i < expected->len ? &g_array_index (expected, Told, i) : NULL;

      if (is == NULL || ought == NULL || is->at != ought->at || is->ends != ought->ends
          || is->day != ought->day)
        g_error ("seed %u, row %u: told day %u at hour %" G_GINT64_FORMAT ", ought to be day %u "
                 "at hour %" G_GINT64_FORMAT, seed, i, is != NULL ? is->day : 0,
                 is != NULL ? (is->at - START) / HOUR : -1, ought != NULL ? ought->day : 0,
                 ought != NULL ? (ought->at - START) / HOUR : -1);
    }
  g_rand_free (year.random);
  return told->len;
}

static void
test_sleep (void)
{
  guint told = 0;

  for (guint seed = 1; seed <= SEEDS; seed++)
    told += run_year (seed, FALSE);
  g_assert_cmpuint (told, >, SEEDS * 5);
}

static void
test_clock_a_year_off (void)
{
  guint told = 0;

  for (guint seed = 1; seed <= SEEDS; seed++)
    told += run_year (seed, TRUE);
  g_assert_cmpuint (told, >, SEEDS * 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warning-year/sleep", test_sleep);
  g_test_add_func ("/warning-year/clock-a-year-off", test_clock_a_year_off);
  return g_test_run ();
}
