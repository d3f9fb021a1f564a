/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-time-words.h"

#include <glib/gi18n.h>

#include "lk-token-set.h"

#define MINUTE ((gint64) 60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define MONTH  (30 * DAY)
#define YEAR   (365 * DAY)

typedef enum
{
  UNIT_SECONDS,
  UNIT_MINUTES,
  UNIT_HOURS,
  UNIT_DAYS,
  UNIT_MONTHS,
  UNIT_YEARS,
} Unit;

/* Two of a unit before it is used, except for minutes to days, where one is plain enough. */
static Unit
choose_unit (gint64 seconds, gulong *count)
{
  static const struct { Unit unit; gint64 from, size; } units[] = {
    { UNIT_YEARS, 2 * YEAR, YEAR },
    { UNIT_MONTHS, 12 * MONTH, MONTH },
    { UNIT_DAYS, DAY, DAY },
    { UNIT_HOURS, HOUR, HOUR },
    { UNIT_MINUTES, MINUTE, MINUTE },
    { UNIT_SECONDS, 0, 1 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds >= units[i].from)
      {
        *count = (gulong) (seconds / units[i].size);
        return units[i].unit;
      }
  g_assert_not_reached ();
}

static const char *
past_format (Unit unit, gulong n)
{
  switch (unit)
    {
    case UNIT_YEARS:   return ngettext ("%lu year ago", "%lu years ago", n);
    case UNIT_MONTHS:  return ngettext ("%lu month ago", "%lu months ago", n);
    case UNIT_DAYS:    return ngettext ("%lu day ago", "%lu days ago", n);
    case UNIT_HOURS:   return ngettext ("%lu hour ago", "%lu hours ago", n);
    case UNIT_MINUTES: return ngettext ("%lu minute ago", "%lu minutes ago", n);
    case UNIT_SECONDS: return ngettext ("%lu second ago", "%lu seconds ago", n);
    default:           g_assert_not_reached ();
    }
}

static const char *
future_format (Unit unit, gulong n)
{
  switch (unit)
    {
    case UNIT_YEARS:   return ngettext ("in %lu year", "in %lu years", n);
    case UNIT_MONTHS:  return ngettext ("in %lu month", "in %lu months", n);
    case UNIT_DAYS:    return ngettext ("in %lu day", "in %lu days", n);
    case UNIT_HOURS:   return ngettext ("in %lu hour", "in %lu hours", n);
    case UNIT_MINUTES: return ngettext ("in %lu minute", "in %lu minutes", n);
    case UNIT_SECONDS: return ngettext ("in %lu second", "in %lu seconds", n);
    default:           g_assert_not_reached ();
    }
}

static const char *
left_format (Unit unit, gulong n)
{
  switch (unit)
    {
    case UNIT_YEARS:   return ngettext ("%lu year left", "%lu years left", n);
    case UNIT_MONTHS:  return ngettext ("%lu month left", "%lu months left", n);
    case UNIT_DAYS:    return ngettext ("%lu day left", "%lu days left", n);
    case UNIT_HOURS:   return ngettext ("%lu hour left", "%lu hours left", n);
    case UNIT_MINUTES: return ngettext ("%lu minute left", "%lu minutes left", n);
    case UNIT_SECONDS: return ngettext ("%lu second left", "%lu seconds left", n);
    default:           g_assert_not_reached ();
    }
}

static const char *
short_format (Unit unit)
{
  switch (unit)
    {
    /* Translators: short forms of years, months, days, hours, minutes and seconds. */
    case UNIT_YEARS:   return _("%lu y");
    case UNIT_MONTHS:  return _("%lu mo");
    case UNIT_DAYS:    return _("%lu d");
    case UNIT_HOURS:   return _("%lu h");
    case UNIT_MINUTES: return _("%lu min");
    case UNIT_SECONDS: return _("%lu s");
    default:           g_assert_not_reached ();
    }
}

static char *
fill (const char *format, gulong n)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (format, n);
#pragma GCC diagnostic pop
}

/**
 * lk_time_words_dup_relative:
 * @at: a time, 0 for one that never was, %LK_END_NEVER for an end that will not be
 */
char *
lk_time_words_dup_relative (gint64 at, gint64 now)
{
  gulong n;
  Unit unit;

  if (at == LK_END_NEVER)
    return g_strdup (_("no end date"));
  if (at <= 0)
    return g_strdup (_("never"));
  if (ABS (at - now) < 10)
    return g_strdup (at > now ? _("in a moment") : _("just now"));

  unit = choose_unit (ABS (at - now), &n);
  return fill (at > now ? future_format (unit, n) : past_format (unit, n), n);
}

char *
lk_time_words_dup_left (gint64 ends, gint64 now)
{
  gulong n;
  Unit unit;

  if (ends == LK_END_NEVER)
    return g_strdup (_("no end date"));
  if (ends == LK_END_UNKNOWN)
    return g_strdup (_("end not known"));
  if (ends <= now)
    return g_strdup (_("ended"));

  unit = choose_unit (ends - now, &n);
  return fill (left_format (unit, n), n);
}

char *
lk_time_words_dup_short (gint64 ends, gint64 now)
{
  gulong n;
  Unit unit;

  if (ends == LK_END_NEVER || ends == LK_END_UNKNOWN)
    return g_strdup ("");

  unit = choose_unit (MAX (ends - now, 0), &n);
  return fill (short_format (unit), n);
}

/**
 * lk_time_words_dup_absolute:
 *
 * Returns: (transfer full) (nullable): the time in the person's own zone, for tooltips and screen
 *   readers; %NULL when there is none to tell
 */
char *
lk_time_words_dup_absolute (gint64 at)
{
  g_autoptr(GDateTime) time = NULL;

  if (at <= 0 || at == LK_END_NEVER)
    return NULL;
  time = g_date_time_new_from_unix_local (at);
  if (time == NULL)
    return NULL;
  /* Translators: a full date and time for tooltips, see strftime(3):
   * "Friday 27 November 2026, 14:02 CET". */
  return g_date_time_format (time, _("%A %-d %B %Y, %H:%M %Z"));
}
