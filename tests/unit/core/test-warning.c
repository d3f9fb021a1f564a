/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a person is told what, case by case. */

#include <glib.h>

#include "lk-warning.h"

#define HOUR (60 * 60)
#define DAY (24 * HOUR)
/* 2026-06-15 12:00 UTC */
#define NOON G_GINT64_CONSTANT (1781524800)

static const guint32 days[] = { 3, 14, 0, 1, 7 };

typedef struct
{
  LkWarningRules  rules;
  LkWarningState  state;
  GTimeZone      *zone;
  gint64          again;
} Desk;

static void
desk_init (Desk *desk, const char *zone)
{
  *desk = (Desk) { .rules = { .days = days, .n_days = G_N_ELEMENTS (days) } };
  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    desk->rules.enabled[i] = TRUE;
  desk->zone = g_time_zone_new_identifier (zone);
  g_assert_nonnull (desk->zone);
}

static void
desk_clear (Desk *desk)
{
  g_time_zone_unref (desk->zone);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static LkWarningVerdict
ending (Desk *desk, gint64 ends, gint64 now)
{
  return lk_warning_decide_ending (&desk->rules, ends, now, desk->zone, &desk->state,
                                   &desk->again);
}

static LkWarningVerdict
decide (Desk *desk, LkWarningReason reason, gint64 about, gint64 now)
{
  return lk_warning_decide (&desk->rules, reason, about, now, desk->zone, &desk->state,
                            &desk->again);
}

/* Providers tell the seconds that are left, so each renewal tells the same end a second off. */
static void
test_same_end (void)
{
  gint64 ends = NOON + 40 * DAY;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, ends, ends - 14 * DAY + 5), ==, LK_WARNING_TELL);
  for (int off = -2; off <= 2; off++)
    g_assert_cmpint (ending (&desk, ends + off, ends - 13 * DAY + off), ==, LK_WARNING_KEEP);
  g_assert_cmpint (ending (&desk, ends + 1, ends + 1 - 7 * DAY), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends + DAY, ends - 6 * DAY), ==, LK_WARNING_TELL);
}

/* Each day is told once, at its very second, and the time between needs no look. */
static void
test_each_day (void)
{
  static const guint order[] = { 14, 7, 3, 1 };
  gint64 ends = NOON + 40 * DAY;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, ends, NOON), ==, LK_WARNING_NOTHING);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      gint64 at = ends - order[i] * DAY;

      g_assert_cmpint (desk.again, ==, at);
      g_assert_cmpint (ending (&desk, ends, at - 1), ==,
                       i == 0 ? LK_WARNING_NOTHING : LK_WARNING_KEEP);
      g_assert_cmpint (ending (&desk, ends, at), ==, LK_WARNING_TELL);
      g_assert_cmpuint (desk.state.told_day, ==, order[i]);
      g_assert_cmpint (ending (&desk, ends, at), ==, LK_WARNING_KEEP);
      g_assert_cmpint (ending (&desk, ends, at + 5), ==, LK_WARNING_KEEP);
    }
  g_assert_cmpint (desk.again, ==, ends);
  g_assert_cmpint (ending (&desk, ends, ends - 1), ==, LK_WARNING_KEEP);
  g_assert_cmpint (ending (&desk, ends, ends), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (desk.again, ==, LK_END_NEVER);
}

static void
test_no_end (void)
{
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, LK_END_NEVER, NOON), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (desk.again, ==, LK_END_NEVER);
  g_assert_cmpint (ending (&desk, LK_END_UNKNOWN, NOON), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (desk.again, ==, LK_END_NEVER);
  /* One that was never known while it lasted. */
  g_assert_cmpint (ending (&desk, NOON - 5, NOON), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (desk.again, ==, LK_END_NEVER);
  /* An end that turns out to be none is taken back. */
  g_assert_cmpint (ending (&desk, NOON + DAY, NOON), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, LK_END_NEVER, NOON), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (ending (&desk, LK_END_NEVER, NOON), ==, LK_WARNING_NOTHING);
  /* No days, no warnings. */
  desk.rules.n_days = 0;
  g_assert_cmpint (ending (&desk, NOON + DAY, NOON), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (desk.again, ==, NOON + DAY);
}

/* Who sleeps through two days is told the nearer one alone. */
static void
test_sleep (void)
{
  gint64 ends = NOON + 20 * DAY;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, ends, ends - 14 * DAY + HOUR), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends, ends - 2 * DAY), ==, LK_WARNING_TELL);
  g_assert_cmpuint (desk.state.told_day, ==, 3);
  g_assert_cmpint (ending (&desk, ends, ends - 2 * DAY + 1), ==, LK_WARNING_KEEP);
  g_assert_cmpint (desk.again, ==, ends - DAY);
  g_assert_cmpint (ending (&desk, ends, ends - DAY), ==, LK_WARNING_TELL);
}

/* A renewal that moves the end takes the warning back, and its own end is told like any. */
static void
test_renewed (void)
{
  gint64 first = NOON + 5 * DAY;
  gint64 second = NOON + 365 * DAY;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, first, NOON), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, second, NOON + 1), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (ending (&desk, second, NOON + 2), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (desk.again, ==, second - 14 * DAY);
  g_assert_cmpint (ending (&desk, second, second - 14 * DAY), ==, LK_WARNING_TELL);
  /* A new end that is near, too, is another one. */
  second += 2 * HOUR;
  g_assert_cmpint (ending (&desk, second, second - 14 * DAY), ==, LK_WARNING_TELL);
}

/* A clock that goes back, by hours or a year, and comes forth again tells nothing twice; what was
 * told while it was ahead is not missed when it is really time. */
static void
test_clock (void)
{
  static const gint64 leaps[] = { 60, 10 * HOUR, 4 * DAY, 365 * DAY };
  gint64 ends = NOON + 7 * DAY;

  for (guint i = 0; i < G_N_ELEMENTS (leaps); i++)
    {
      g_auto(Desk) desk;

      desk_init (&desk, "UTC");
      g_assert_cmpint (ending (&desk, ends, NOON + HOUR), ==, LK_WARNING_TELL);
      for (gint64 back = NOON - leaps[i]; back < NOON - leaps[i] + 40 * HOUR; back += HOUR)
        g_assert_cmpint (ending (&desk, ends, back), !=, LK_WARNING_TELL);
      g_assert_cmpint (ending (&desk, ends, NOON + 41 * HOUR), ==, LK_WARNING_KEEP);
      g_assert_cmpint (ending (&desk, ends, NOON + 365 * DAY), ==, LK_WARNING_WITHDRAW);
      g_assert_cmpint (ending (&desk, ends, NOON + 42 * HOUR), ==, LK_WARNING_KEEP);
      g_assert_cmpint (ending (&desk, ends, ends - 3 * DAY), ==, LK_WARNING_TELL);
    }
}

static void
test_clock_was_ahead (void)
{
  gint64 ends = NOON + 372 * DAY;
  gint64 now;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, ends, ends - 14 * DAY), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends, ends - 7 * DAY), ==, LK_WARNING_TELL);
  for (now = NOON; now < ends - 14 * DAY; now = MIN (desk.again, now + DAY))
    g_assert_cmpint (ending (&desk, ends, now), !=, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends, now), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends, ends - 7 * DAY), ==, LK_WARNING_TELL);
}

static void
test_kinds (void)
{
  gint64 ends = NOON + 6 * DAY;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  desk.rules.enabled[LK_WARNING_ENDING] = FALSE;
  g_assert_cmpint (ending (&desk, ends, NOON), ==, LK_WARNING_NOTHING);
  desk.rules.enabled[LK_WARNING_ENDING] = TRUE;
  g_assert_cmpint (ending (&desk, ends, NOON + 1), ==, LK_WARNING_TELL);
  desk.rules.enabled[LK_WARNING_ENDING] = FALSE;
  g_assert_cmpint (ending (&desk, ends, NOON + 2), ==, LK_WARNING_WITHDRAW);
  desk.rules.enabled[LK_WARNING_ENDING] = TRUE;
  g_assert_cmpint (ending (&desk, ends, NOON + 3), ==, LK_WARNING_KEEP);
  g_assert_cmpint (ending (&desk, ends, ends - 3 * DAY), ==, LK_WARNING_TELL);
}

/* "22 to 7" over midnight: what is due in the night is told at seven. */
static void
test_quiet (void)
{
  gint64 midnight = NOON + 12 * HOUR;
  gint64 seven = midnight + 7 * HOUR;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  desk.rules.quiet = TRUE;
  desk.rules.quiet_from = 22 * 60;
  desk.rules.quiet_until = 7 * 60;
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, midnight - 2 * HOUR - 1, desk.zone), ==, 0);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, midnight - 2 * HOUR, desk.zone), ==, seven);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, midnight, desk.zone), ==, seven);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, seven - 1, desk.zone), ==, seven);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, seven, desk.zone), ==, 0);

  g_assert_cmpint (ending (&desk, midnight + DAY, midnight), ==, LK_WARNING_WAIT);
  g_assert_cmpint (desk.again, ==, seven);
  g_assert_cmpint (ending (&desk, midnight + DAY, seven), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, midnight + DAY, midnight + 23 * HOUR), ==, LK_WARNING_KEEP);

  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, midnight), ==, LK_WARNING_WAIT);
  g_assert_cmpint (desk.again, ==, seven);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 0, midnight + 1), ==, LK_WARNING_NOTHING);

  desk.rules.quiet_from = desk.rules.quiet_until;
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, midnight, desk.zone), ==, 0);
  desk.rules.quiet_from = 11 * 60;
  desk.rules.quiet_until = 13 * 60;
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, NOON, desk.zone), ==, NOON + HOUR);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, NOON + HOUR, desk.zone), ==, 0);
}

/* Berlin: on 2027-03-28 01:00 UTC the clock skips from 2 to 3; on 2026-10-25 01:00 UTC it goes back
 * from 3 to 2. The morning comes by the clock on the wall, and no night lasts a day. */
static void
test_summer_time (void)
{
  gint64 spring = G_GINT64_CONSTANT (1806195600);
  gint64 autumn = G_GINT64_CONSTANT (1792890000);
  g_auto(Desk) desk;

  desk_init (&desk, "Europe/Berlin");
  desk.rules.quiet = TRUE;
  desk.rules.quiet_from = 22 * 60;
  desk.rules.quiet_until = 7 * 60;
  /* 23:30 in winter time, and seven in summer time: six and a half hours. */
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, spring - 150 * 60, desk.zone), ==,
                   spring + 4 * HOUR);
  /* 23:30 in summer time, and seven in winter time: eight and a half. */
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, autumn - 210 * 60, desk.zone), ==,
                   autumn + 5 * HOUR);

  /* An end of the quiet hours that the clock skips, and one that comes twice. */
  desk.rules.quiet_until = 2 * 60 + 30;
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, spring - HOUR, desk.zone), >=, spring);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, spring - HOUR, desk.zone), <=,
                   spring + HOUR);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, spring, desk.zone), ==, 0);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, autumn - 45 * 60, desk.zone), ==,
                   autumn - HOUR / 2);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, autumn - HOUR / 4, desk.zone), ==, 0);
  g_assert_cmpint (lk_warning_quiet_until (&desk.rules, autumn + HOUR / 4, desk.zone), ==,
                   autumn + HOUR / 2);

  for (gint64 at = spring - 2 * DAY; at < spring + 2 * DAY; at += 7 * 60)
    g_assert_cmpint (lk_warning_quiet_until (&desk.rules, at, desk.zone), <=, at + 6 * HOUR);
  for (gint64 at = autumn - 2 * DAY; at < autumn + 2 * DAY; at += 7 * 60)
    g_assert_cmpint (lk_warning_quiet_until (&desk.rules, at, desk.zone), <=, at + 6 * HOUR);
}

/* "Remind me tomorrow": at nine, whatever the hour now. */
static void
test_tomorrow (void)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  gint64 spring = G_GINT64_CONSTANT (1806195600);

  g_assert_cmpint (lk_warning_tomorrow (NOON, utc), ==, NOON + 21 * HOUR);
  g_assert_cmpint (lk_warning_tomorrow (NOON - 12 * HOUR, utc), ==, NOON + 21 * HOUR);
  g_assert_cmpint (lk_warning_tomorrow (NOON + 12 * HOUR - 1, utc), ==, NOON + 21 * HOUR);
  /* The evening before the clock goes forth. */
  g_assert_cmpint (lk_warning_tomorrow (spring - 5 * HOUR, berlin), ==, spring + 6 * HOUR);
}

static void
test_snooze (void)
{
  gint64 ends = NOON + 6 * DAY;
  gint64 morning = NOON + 21 * HOUR;
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (ending (&desk, ends, NOON), ==, LK_WARNING_TELL);
  lk_warning_snooze (&desk.state, NOON + 1, morning);
  g_assert_cmpint (ending (&desk, ends, NOON + 1), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (desk.again, ==, morning);
  g_assert_cmpint (ending (&desk, ends, morning), ==, LK_WARNING_TELL);
  g_assert_cmpint (ending (&desk, ends, morning + 1), ==, LK_WARNING_KEEP);

  /* A clock that is back a year does not make the morning a year away. */
  lk_warning_snooze (&desk.state, morning + 2, morning + DAY);
  g_assert_cmpint (ending (&desk, ends, morning + 3), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (ending (&desk, ends, NOON - 365 * DAY), !=, LK_WARNING_WAIT);
  g_assert_cmpint (desk.again, <, NOON - 360 * DAY);

  /* Something else is told although the first was put off; the same is not. */
  desk.state = (LkWarningState) { 0 };
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON), ==, LK_WARNING_TELL);
  lk_warning_snooze (&desk.state, NOON + 1, morning);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON + 2), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 6, NOON + 3), ==, LK_WARNING_TELL);
  lk_warning_snooze (&desk.state, NOON + 4, morning);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 0, NOON + 5), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 0, morning), ==, LK_WARNING_NOTHING);
}

static void
test_attention (void)
{
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 0, NOON), ==, LK_WARNING_NOTHING);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON), ==, LK_WARNING_TELL);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON - 365 * DAY), ==, LK_WARNING_KEEP);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON + 365 * DAY), ==, LK_WARNING_KEEP);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 6, NOON), ==, LK_WARNING_TELL);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 0, NOON), ==, LK_WARNING_WITHDRAW);
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 6, NOON), ==, LK_WARNING_TELL);
}

/* What lasts is told when it is wanted again; news that nobody wanted is old by then. */
static void
test_unwanted (void)
{
  g_auto(Desk) desk;

  desk_init (&desk, "UTC");
  desk.rules.enabled[LK_WARNING_ATTENTION] = FALSE;
  desk.rules.enabled[LK_WARNING_CHANGED] = FALSE;
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON), ==, LK_WARNING_NOTHING);
  desk.rules.enabled[LK_WARNING_ATTENTION] = TRUE;
  g_assert_cmpint (decide (&desk, LK_WARNING_ATTENTION, 5, NOON), ==, LK_WARNING_TELL);

  desk.state = (LkWarningState) { 0 };
  g_assert_cmpint (decide (&desk, LK_WARNING_CHANGED, 5, NOON), ==, LK_WARNING_NOTHING);
  desk.rules.enabled[LK_WARNING_CHANGED] = TRUE;
  g_assert_cmpint (decide (&desk, LK_WARNING_CHANGED, 5, NOON), ==, LK_WARNING_KEEP);
  g_assert_cmpint (decide (&desk, LK_WARNING_CHANGED, 6, NOON), ==, LK_WARNING_TELL);
}

static void
test_words (void)
{
  LkWarningReason reason;

  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    {
      g_assert_true (lk_warning_reason_from_string (lk_warning_reason_to_string (i), &reason));
      g_assert_cmpuint (reason, ==, i);
    }
  g_assert_false (lk_warning_reason_from_string ("bored", &reason));
  g_assert_false (lk_warning_reason_from_string (NULL, &reason));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warning/same-end", test_same_end);
  g_test_add_func ("/warning/each-day", test_each_day);
  g_test_add_func ("/warning/no-end", test_no_end);
  g_test_add_func ("/warning/sleep", test_sleep);
  g_test_add_func ("/warning/renewed", test_renewed);
  g_test_add_func ("/warning/clock", test_clock);
  g_test_add_func ("/warning/clock-was-ahead", test_clock_was_ahead);
  g_test_add_func ("/warning/kinds", test_kinds);
  g_test_add_func ("/warning/quiet", test_quiet);
  g_test_add_func ("/warning/summer-time", test_summer_time);
  g_test_add_func ("/warning/tomorrow", test_tomorrow);
  g_test_add_func ("/warning/snooze", test_snooze);
  g_test_add_func ("/warning/attention", test_attention);
  g_test_add_func ("/warning/unwanted", test_unwanted);
  g_test_add_func ("/warning/words", test_words);
  return g_test_run ();
}
