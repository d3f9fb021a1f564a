/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-ctl-history.h"

#include <string.h>

#define DAY (24 * 60 * 60)

static const struct
{
  const char *word;
  gint64      seconds;
} units[] = {
  { "s", 1 }, { "second", 1 }, { "seconds", 1 },
  { "m", 60 }, { "minute", 60 }, { "minutes", 60 },
  { "h", 60 * 60 }, { "hour", 60 * 60 }, { "hours", 60 * 60 },
  { "d", DAY }, { "day", DAY }, { "days", DAY },
  { "w", 7 * DAY }, { "week", 7 * DAY }, { "weeks", 7 * DAY },
};

/* "7d", "7 days", "7 days ago" */
static gboolean
parse_age (const char *text,
           gint64     *age)
{
  char *end = NULL;
  guint64 number = g_ascii_strtoull (text, &end, 10);
  g_autofree char *unit = NULL;

  if (end == text || !g_ascii_isdigit (text[0]) || number > 1000000)
    return FALSE;

  unit = g_strstrip (g_strdup (end));
  if (g_str_has_suffix (unit, " ago"))
    unit[strlen (unit) - strlen (" ago")] = '\0';
  g_strchomp (unit);
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (g_str_equal (unit, units[i].word))
        {
          *age = (gint64) number * units[i].seconds;
          return TRUE;
        }
    }

  return FALSE;
}

/* The midnight, where the person is, so many days before the one that @now is in. */
static gint64
midnight (gint64 now,
          int    days_before)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (now);
  g_autoptr(GDateTime) day = g_date_time_add_days (time, -days_before);
  g_autoptr(GDateTime) start = g_date_time_new_local (g_date_time_get_year (day),
                                                      g_date_time_get_month (day),
                                                      g_date_time_get_day_of_month (day), 0, 0, 0);

  return g_date_time_to_unix (start);
}

/* ISO 8601; what says no zone is meant where the person is. */
static gboolean
parse_date (const char *text,
            gint64     *seconds)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *full = strlen (text) == strlen ("2026-11-21")
    ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  g_autofree char *seconds_too = strlen (full) == strlen ("2026-11-21T08:00")
    ? g_strconcat (full, ":00", NULL) : g_strdup (full);
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (seconds_too, zone);

  if (time == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (time);

  return TRUE;
}

/**
 * lk_ctl_parse_time:
 * @text: such as "2026-11-21T05:40:00Z", "2026-11-21", "7d", "24 hours ago", "yesterday"
 * @now: seconds since 1970 UTC
 * @seconds: (out): the same
 *
 * Returns: %FALSE when @text is no such time, or one before 1970
 */
gboolean
lk_ctl_parse_time (const char *text,
                   gint64      now,
                   gint64     *seconds)
{
  gint64 age;

  if (g_str_equal (text, "now"))
    *seconds = now;
  else if (g_str_equal (text, "today"))
    *seconds = midnight (now, 0);
  else if (g_str_equal (text, "yesterday"))
    *seconds = midnight (now, 1);
  else if (parse_age (text, &age))
    *seconds = now - age;
  else if (!parse_date (text, seconds))
    return FALSE;

  return *seconds > 0;
}
