/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-warning.h"

#define DAY (24 * 60 * 60)
#define MINUTES (24 * 60)
/* Clocks are corrected by hours every day (a machine that kept local time); that is no doubt. */
#define DOUBT_SLACK DAY
/* A clock that is still back after that long is taken for right, and what was told for told by a
 * clock that was wrong. */
#define DOUBT_LIFE (2 * DAY)
#define MORNING_HOUR 9
/* Providers tell how many seconds are left, and so the same end is a second off after each
 * renewal. */
#define SAME_END_S (60 * 60)

static const char * const reason_words[] = {
  [LK_WARNING_ATTENTION] = "attention",
  [LK_WARNING_ENDING] = "ending",
  [LK_WARNING_CHANGED] = "changed",
  [LK_WARNING_RECOVERED] = "recovered",
  [LK_WARNING_INCIDENT] = "incident",
};

G_STATIC_ASSERT (G_N_ELEMENTS (reason_words) == LK_N_WARNING_REASONS);

const char *
lk_warning_reason_to_string (LkWarningReason reason)
{
  g_return_val_if_fail ((guint) reason < LK_N_WARNING_REASONS, "attention");

  return reason_words[reason];
}

gboolean
lk_warning_reason_from_string (const char *word, LkWarningReason *reason)
{
  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    if (g_strcmp0 (word, reason_words[i]) == 0)
      {
        *reason = (LkWarningReason) i;
        return TRUE;
      }
  return FALSE;
}

/* Local time. */

static GDateTime *
local_time (gint64 at, GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

static guint
minute_of_day (GDateTime *local)
{
  return (guint) (g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local));
}

/* The moment on the day of @local that a clock on the wall calls @minute; one that it skips in
 * spring is moved on by the gap. */
static gint64
wall_time (GDateTime *local, guint minute, GTimeZone *zone)
{
  g_autoptr(GDateTime) at
    = g_date_time_new (zone, g_date_time_get_year (local), g_date_time_get_month (local),
                       g_date_time_get_day_of_month (local), (int) minute / 60,
                       (int) minute % 60, 0);

  return at != NULL ? g_date_time_to_unix (at) : 0;
}

/* The first moment after @now at which a clock on the wall shows @minute. */
static gint64
next_time_of_day (gint64 now, GDateTime *local, guint minute, GTimeZone *zone)
{
  gint64 straight = now - g_date_time_get_second (local)
                    + 60 * (gint64) ((minute + MINUTES - minute_of_day (local)) % MINUTES);
  g_autoptr(GDateTime) seen = local_time (straight, zone);

  /* In autumn an hour comes twice, and only counting tells which of the two is next. */
  if (straight > now && seen != NULL && minute_of_day (seen) == minute)
    return straight;
  for (int days = 0; days <= 2; days++)
    {
      g_autoptr(GDateTime) day = g_date_time_add_days (local, days);
      gint64 at = day != NULL ? wall_time (day, minute, zone) : 0;

      if (at > now)
        return at;
    }
  return now + DAY;
}

/**
 * lk_warning_quiet_until:
 * @now: seconds since 1970 UTC
 * @zone: where the person is
 *
 * Returns: when the quiet hours that are now are over; 0 when none are
 */
gint64
lk_warning_quiet_until (const LkWarningRules *rules, gint64 now, GTimeZone *zone)
{
  g_autoptr(GDateTime) local = NULL;
  guint minute;
  gboolean inside;

  if (!rules->quiet || rules->quiet_from == rules->quiet_until)
    return 0;
  local = local_time (now, zone);
  if (local == NULL)
    return 0;
  minute = minute_of_day (local);
  if (rules->quiet_from < rules->quiet_until)
    inside = minute >= rules->quiet_from && minute < rules->quiet_until;
  else
    inside = minute >= rules->quiet_from || minute < rules->quiet_until;
  return inside ? next_time_of_day (now, local, rules->quiet_until, zone) : 0;
}

/**
 * lk_warning_tomorrow:
 *
 * Returns: nine in the morning of the next day, seconds since 1970 UTC
 */
gint64
lk_warning_tomorrow (gint64 now, GTimeZone *zone)
{
  g_autoptr(GDateTime) local = local_time (now, zone);
  g_autoptr(GDateTime) day = local != NULL ? g_date_time_add_days (local, 1) : NULL;
  gint64 morning = day != NULL ? wall_time (day, MORNING_HOUR * 60, zone) : 0;

  return morning != 0 ? morning : now + DAY;
}

/* What all reasons share. */

/**
 * lk_warning_snooze:
 * @until: when it is told again, if it is still so
 */
void
lk_warning_snooze (LkWarningState *state, gint64 now, gint64 until)
{
  state->snoozed_at = now;
  state->snoozed_until = until;
}

static void
clear_snooze (LkWarningState *state)
{
  state->snoozed_at = 0;
  state->snoozed_until = 0;
}

/* A clock that went back makes no morning a year away. */
static gboolean
is_snoozed (const LkWarningState *state, gint64 now)
{
  return state->snoozed_until > now && now >= state->snoozed_at - DOUBT_SLACK;
}

static LkWarningVerdict
take_back (const LkWarningState *state)
{
  return state->told_at != 0 ? LK_WARNING_WITHDRAW : LK_WARNING_NOTHING;
}

/* What is due is told, unless it is put off or the person sleeps. */
static LkWarningVerdict
tell (const LkWarningRules *rules, gint64 now, GTimeZone *zone, LkWarningState *state,
      gint64 *again)
{
  gint64 quiet = lk_warning_quiet_until (rules, now, zone);

  if (quiet != 0)
    {
      *again = MIN (*again, quiet);
      return LK_WARNING_WAIT;
    }
  state->told_at = now;
  state->doubted_since = 0;
  clear_snooze (state);
  return LK_WARNING_TELL;
}

/* Ends. */

/**
 * lk_warning_is_same_end:
 *
 * Returns: whether two ends of an authorization are one that was only told a little differently
 */
gboolean
lk_warning_is_same_end (gint64 a, gint64 b)
{
  return a == b || (a > 0 && b > 0 && MAX (a, b) - MIN (a, b) <= SAME_END_S);
}

/* The smallest of the days that @left seconds are within; 0 for none. */
static guint32
current_day (const LkWarningRules *rules, gint64 left)
{
  guint32 found = 0;

  for (gsize i = 0; i < rules->n_days; i++)
    {
      guint32 day = rules->days[i];

      if (day != 0 && left <= (gint64) day * DAY && (found == 0 || day < found))
        found = day;
    }
  return found;
}

/* When the next smaller day begins, or the end comes. */
static gint64
next_change (const LkWarningRules *rules, gint64 ends, gint64 left)
{
  gint64 next = ends;

  for (gsize i = 0; i < rules->n_days; i++)
    {
      gint64 before = (gint64) rules->days[i] * DAY;

      if (before > 0 && before < left)
        next = MIN (next, ends - before);
    }
  return next;
}

/* A telling that lies ahead was told by a wrong clock, or the clock is wrong now; which of the two
 * shows with time. */
static void
review_telling (const LkWarningRules *rules, gint64 left, gint64 now, LkWarningState *state,
                gint64 *again)
{
  if (state->told_at == 0 || now >= state->told_at - DOUBT_SLACK)
    state->doubted_since = 0;
  else if (state->doubted_since == 0 || now < state->doubted_since)
    state->doubted_since = now;
  else if (now - state->doubted_since >= DOUBT_LIFE)
    {
      /* Something nearer was said already, so today's day is not told. */
      state->told_day = current_day (rules, left);
      state->told_at = state->told_day != 0 ? now : 0;
      state->doubted_since = 0;
    }
  if (state->doubted_since != 0)
    *again = MIN (*again, state->doubted_since + DOUBT_LIFE);
}

/**
 * lk_warning_decide_ending:
 * @ends: of the authorization, or LK_END_NEVER, or 0 when not known
 * @now: seconds since 1970 UTC
 * @zone: for the quiet hours
 * @state: (inout): what was told; brought up to date for the verdict
 * @again: (out): when to decide again; LK_END_NEVER for not before something changes
 *
 * Each of the days is told once for one end: a machine that slept through two of them is told the
 * nearer one alone; a clock that goes back for less than two days tells nothing twice, and one that
 * was ahead makes nothing be missed; another end starts anew. An end that has come is none.
 */
LkWarningVerdict
lk_warning_decide_ending (const LkWarningRules *rules, gint64 ends, gint64 now, GTimeZone *zone,
                          LkWarningState *state, gint64 *again)
{
  gboolean known = ends != LK_END_NEVER && ends != LK_END_UNKNOWN;
  gboolean was_told = state->told_at != 0;
  gint64 left = known ? ends - now : 0;
  guint32 day;

  *again = LK_END_NEVER;
  if (!known || !lk_warning_is_same_end (state->about, ends))
    *state = (LkWarningState) { .about = known ? ends : 0 };
  if (!known || left <= 0)
    return was_told ? LK_WARNING_WITHDRAW : LK_WARNING_NOTHING;

  *again = next_change (rules, ends, left);
  review_telling (rules, left, now, state, again);
  day = current_day (rules, left);
  if (day == 0 || !rules->enabled[LK_WARNING_ENDING])
    return was_told ? LK_WARNING_WITHDRAW : LK_WARNING_NOTHING;
  if (is_snoozed (state, now))
    {
      *again = state->snoozed_until;
      return was_told ? LK_WARNING_WITHDRAW : LK_WARNING_WAIT;
    }
  if (state->told_day != 0 && state->told_day <= day && state->snoozed_until == 0)
    return LK_WARNING_KEEP;
  {
    LkWarningVerdict verdict = tell (rules, now, zone, state, again);

    if (verdict == LK_WARNING_TELL)
      state->told_day = day;
    return verdict;
  }
}

/* The others. */

/* What is news once, and no state that lasts. */
static gboolean
is_news (LkWarningReason reason)
{
  return reason == LK_WARNING_CHANGED || reason == LK_WARNING_RECOVERED;
}

/**
 * lk_warning_decide:
 * @about: what it is about; 0 when there is no reason (any more)
 *
 * The same for the other reasons. What lasts is told as soon as it is wanted and may be; news that
 * was not wanted when it came is not told later.
 */
LkWarningVerdict
lk_warning_decide (const LkWarningRules *rules, LkWarningReason reason, gint64 about, gint64 now,
                   GTimeZone *zone, LkWarningState *state, gint64 *again)
{
  LkWarningVerdict before = take_back (state);

  *again = LK_END_NEVER;
  if (state->about != about)
    *state = (LkWarningState) { .about = about };
  if (about == 0)
    return before;
  if (!rules->enabled[reason])
    {
      if (is_news (reason) && state->told_at == 0)
        state->told_at = now;
      return before;
    }
  if (is_snoozed (state, now))
    {
      *again = state->snoozed_until;
      return state->told_at != 0 ? LK_WARNING_WITHDRAW : LK_WARNING_WAIT;
    }
  if (state->told_at != 0 && state->snoozed_until == 0)
    return LK_WARNING_KEEP;
  return tell (rules, now, zone, state, again);
}
