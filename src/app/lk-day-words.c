/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-day-words.h"

#include <glib/gi18n.h>

static char *
format (gint64 at, const char *pattern)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (at);
  char *text = time != NULL ? g_date_time_format (time, pattern) : NULL;

  return text != NULL ? text : g_strdup ("");
}

gboolean
lk_day_is_same (gint64 a, gint64 b)
{
  g_autoptr(GDateTime) one = g_date_time_new_from_unix_local (a);
  g_autoptr(GDateTime) other = g_date_time_new_from_unix_local (b);

  return one != NULL && other != NULL
         && g_date_time_get_day_of_year (one) == g_date_time_get_day_of_year (other)
         && g_date_time_get_year (one) == g_date_time_get_year (other);
}

gint64
lk_day_get_start (gint64 at, int days)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (at);
  g_autoptr(GDateTime) day = time != NULL ? g_date_time_add_days (time, days) : NULL;
  g_autoptr(GDateTime) start = NULL;

  if (day == NULL)
    return at;
  /* A day may be 23 or 25 hours long. */
  start = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                 g_date_time_get_day_of_month (day), 0, 0, 0);
  return start != NULL ? g_date_time_to_unix (start) : at;
}

static gboolean
is_same_year (gint64 a, gint64 b)
{
  g_autoptr(GDateTime) one = g_date_time_new_from_unix_local (a);
  g_autoptr(GDateTime) other = g_date_time_new_from_unix_local (b);

  return one != NULL && other != NULL
         && g_date_time_get_year (one) == g_date_time_get_year (other);
}

char *
lk_day_words_dup_day (gint64 at, gint64 now)
{
  if (lk_day_is_same (at, now))
    return g_strdup (_("Today"));
  if (lk_day_is_same (at, lk_day_get_start (now, -1)))
    return g_strdup (_("Yesterday"));
  if (lk_day_is_same (at, lk_day_get_start (now, 1)))
    return g_strdup (_("Tomorrow"));
  if (is_same_year (at, now))
    /* Translators: a day of this year, see strftime(3): "Friday 20 November". */
    return format (at, _("%A %-d %B"));
  /* Translators: a day of another year, see strftime(3): "Friday 20 November 2026". */
  return format (at, _("%A %-d %B %Y"));
}

char *
lk_day_words_dup_clock (gint64 at)
{
  /* Translators: hour and minute, see strftime(3): "14:02". */
  return format (at, _("%H:%M"));
}

char *
lk_day_words_dup_span (gint64 since, gint64 until, gint64 now)
{
  g_autofree char *day = lk_day_words_dup_day (since, now);
  g_autofree char *from = NULL, *to = NULL;

  if (since == lk_day_get_start (since, 0) && until == lk_day_get_start (since, 1))
    return g_steal_pointer (&day);
  from = lk_day_words_dup_clock (since);
  to = lk_day_words_dup_clock (until);
  /* Translators: "Friday 20 November, 14:00 to 15:00". */
  return g_strdup_printf (_("%s, %s to %s"), day, from, to);
}
