/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-month-words.h"

#include <glib/gi18n.h>

/* Days are the person's own; one in which clocks are changed is an hour longer or shorter. */
static gint64
get_midnight (gint64 now, int days_ago)
{
  g_autoptr(GDateTime) here = g_date_time_new_from_unix_local (now);
  g_autoptr(GDateTime) then = here != NULL ? g_date_time_add_days (here, -days_ago) : NULL;
  g_autoptr(GDateTime) midnight = NULL;

  if (then == NULL)
    return now - days_ago * G_TIME_SPAN_DAY / G_TIME_SPAN_SECOND;
  midnight = g_date_time_new_local (g_date_time_get_year (then), g_date_time_get_month (then),
                                    g_date_time_get_day_of_month (then), 0, 0, 0);
  return g_date_time_to_unix (midnight != NULL ? midnight : then);
}

gint64
lk_month_get_start (gint64 now)
{
  return get_midnight (now, LK_MONTH_DAYS - 1);
}

static guint *
find_number (LkMonthDay *day, const char *kind)
{
  if (g_strcmp0 (kind, "call") == 0)
    return &day->calls;
  if (g_strcmp0 (kind, "refused") == 0)
    return &day->refused;
  if (g_strcmp0 (kind, "renewed") == 0)
    return &day->renewals;
  if (g_strcmp0 (kind, "renewal-failed") == 0)
    return &day->failed;
  if (g_strcmp0 (kind, "handed-out") == 0)
    return &day->handed_out;
  return NULL;
}

static void
add (LkMonthDay *day, const char *kind, guint count)
{
  guint *number = find_number (day, kind);

  if (number == NULL)
    return;
  *number += MIN (count, G_MAXUINT - *number);
  /* A call that was refused is counted as "refused" alone. */
  if (number == &day->refused)
    day->calls += MIN (count, G_MAXUINT - day->calls);
}

/**
 * lk_month_new:
 * @tallies: (nullable): an array of (start of the hour, kind, class, how many)
 * @now: in the last of the days
 *
 * Returns: (transfer full): the days; what lies outside of them is left out
 */
LkMonth *
lk_month_new (GVariant *tallies, gint64 now)
{
  LkMonth *self = g_new0 (LkMonth, 1);
  GVariantIter iter;
  gint64 start;
  const char *kind, *klass;
  guint count;

  for (int i = 0; i < LK_MONTH_DAYS; i++)
    self->days[i].start = get_midnight (now, LK_MONTH_DAYS - 1 - i);
  self->total.start = self->days[0].start;
  if (tallies == NULL || !g_variant_is_of_type (tallies, G_VARIANT_TYPE ("a(xssu)")))
    return self;

  g_variant_iter_init (&iter, tallies);
  while (g_variant_iter_next (&iter, "(x&s&su)", &start, &kind, &klass, &count))
    {
      int i = LK_MONTH_DAYS - 1;

      while (i >= 0 && self->days[i].start > start)
        i--;
      if (i < 0 || start > now)
        continue;
      add (&self->days[i], kind, count);
      add (&self->total, kind, count);
    }
  return self;
}

void
lk_month_free (LkMonth *self)
{
  g_free (self);
}

static gboolean
is_empty (const LkMonthDay *day)
{
  return day->calls == 0 && day->renewals == 0 && day->failed == 0 && day->handed_out == 0;
}

gboolean
lk_month_is_empty (const LkMonth *self)
{
  return is_empty (&self->total);
}

/* What did not happen is left out, but that no call was refused is worth saying. */
char *
lk_month_words_dup_numbers (const LkMonthDay *day)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (is_empty (day))
    return g_strdup (_("Nothing happened"));
  if (day->calls > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u call", "%u calls", day->calls),
                                             day->calls));
  if (day->refused > 0)
    /* Translators: so many calls were refused. */
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u refused", "%u refused", day->refused),
                                             day->refused));
  else if (day->calls > 0)
    /* Translators: none of the calls. */
    g_ptr_array_add (parts, g_strdup (_("none refused")));
  if (day->renewals > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u renewal", "%u renewals",
                                                       day->renewals), day->renewals));
  if (day->failed > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u renewal failed", "%u renewals failed",
                                                       day->failed), day->failed));
  if (day->handed_out > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%u token taken by programs",
                                                       "%u tokens taken by programs",
                                                       day->handed_out), day->handed_out));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static char *
format (const LkMonthDay *day, const char *pattern)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (day->start);

  return time != NULL ? g_date_time_format (time, pattern) : g_strdup ("");
}

char *
lk_month_words_dup_date (const LkMonthDay *day)
{
  /* Translators: a day of the last 30, see strftime(3): "Thursday 12 November". */
  return format (day, _("%A %-d %B"));
}

char *
lk_month_words_dup_day (const LkMonthDay *day)
{
  g_autofree char *date = lk_month_words_dup_date (day);
  g_autofree char *numbers = lk_month_words_dup_numbers (day);

  /* Translators: a day and what happened on it. */
  return g_strdup_printf (_("%s: %s"), date, numbers);
}

static const LkMonthDay *
find_worst (const LkMonth *self)
{
  const LkMonthDay *worst = &self->days[0];

  for (int i = 1; i < LK_MONTH_DAYS; i++)
    if (self->days[i].refused > worst->refused)
      worst = &self->days[i];
  return worst;
}

char *
lk_month_words_dup_spoken (const LkMonth *self)
{
  g_autofree char *numbers = lk_month_words_dup_numbers (&self->total);
  g_autofree char *date = NULL;

  if (self->total.refused == 0)
    /* Translators: %s is such as "412 calls · none refused · 96 renewals". */
    return g_strdup_printf (_("Last 30 days: %s"), numbers);
  /* Translators: a day in the middle of a sentence, see strftime(3): "12 November". */
  date = format (find_worst (self), _("%-d %B"));
  /* Translators: numbers of the last 30 days, and a day such as "12 November". */
  return g_strdup_printf (_("Last 30 days: %s; most refusals on %s"), numbers, date);
}
