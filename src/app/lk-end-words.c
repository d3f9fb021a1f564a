/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-end-words.h"

#include <glib/gi18n.h>

#include "lk-day-words.h"
#include "lk-time-words.h"

char *
lk_end_words_dup_what (gint64 ends, gboolean can_renew, gint64 now)
{
  g_autofree char *relative = lk_time_words_dup_relative (ends, now);

  if (ends <= now)
    /* Translators: %s is a time such as "2 days ago". */
    return g_strdup_printf (can_renew ? _("The sign-in ended %s.") : _("Access ended %s."),
                            relative);
  if (can_renew)
    /* Translators: %s is a time such as "in 6 days". */
    return g_strdup_printf (_("The sign-in ends %s."), relative);
  /* Translators: %s is a time such as "in 6 days". */
  return g_strdup_printf (_("Access ends %s. Latchkey can’t renew it."), relative);
}

/* The week's Monday, wherever the week begins for other purposes. */
static gint64
get_monday (gint64 at)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (at);

  return lk_day_get_start (at, time != NULL ? 1 - g_date_time_get_day_of_week (time) : 0);
}

gboolean
lk_end_words_is_same_week (gint64 a, gint64 b, gint64 now)
{
  if (a <= now || b <= now)
    return a <= now && b <= now;
  return get_monday (a) == get_monday (b);
}

char *
lk_end_words_dup_week (gint64 ends, gint64 now)
{
  gint64 monday = get_monday (ends);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (monday);

  if (ends <= now)
    return g_strdup (_("Ended"));
  if (monday == get_monday (now))
    return g_strdup (_("This Week"));
  if (monday == get_monday (lk_day_get_start (now, 7)))
    return g_strdup (_("Next Week"));
  if (time == NULL)
    return g_strdup (_("Later"));
  /* Translators: the heading of a week that begins on this day, see strftime(3). */
  return g_date_time_format (time, _("Week of %-d %B %Y"));
}

char *
lk_end_words_dup_date (gint64 ends)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ends);

  /* Translators: a short date, see strftime(3): "27 Nov". */
  return time != NULL ? g_date_time_format (time, _("%-d %b")) : g_strdup ("");
}

char *
lk_end_words_dup_next (const char *name, gint64 ends, gint64 now)
{
  g_autofree char *relative = lk_time_words_dup_relative (ends, now);

  if (ends <= now)
    /* Translators: name of a connection, a time such as "2 days ago". */
    return g_strdup_printf (_("“%s” ended %s."), name, relative);
  /* Translators: name of a connection, a time such as "in 6 days". */
  return g_strdup_printf (_("“%s” is the next to end, %s."), name, relative);
}
