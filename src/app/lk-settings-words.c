/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-settings-words.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

#define CHOICES_MAX 8
#define MINUTE      60
#define HOUR        (60 * 60)
#define DAY         (24 * HOUR)
#define HALF_HOURS  48

typedef enum
{
  UNIT_EVERY,   /* seconds between two looks */
  UNIT_BEFORE,  /* seconds before an end */
  UNIT_FOR,     /* seconds that something is kept */
  UNIT_AFTER,   /* seconds until something is taken away */
  UNIT_OF_DAY,  /* minutes after midnight */
} Unit;

/* @scale: seconds of one */
typedef struct
{
  const char *key;
  Unit        unit;
  guint32     scale;
  guint       n;
  guint32     choices[CHOICES_MAX];
} Setting;

static const Setting settings[] = {
  { "probe-hours", UNIT_EVERY, HOUR, 7, { 1, 3, 6, 12, 24, 168, 0 } },
  { "status-minutes", UNIT_EVERY, MINUTE, 6, { 30, 60, 180, 720, 1440, 0 } },
  { "renewal-margin", UNIT_BEFORE, 1, 7, { MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,
                                           6 * HOUR, DAY } },
  { "retention-days", UNIT_FOR, DAY, 6, { 30, 90, 180, 365, 730, 0 } },
  { "clipboard-seconds", UNIT_AFTER, 1, 6, { 10, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 0 } },
  { "quiet-from", UNIT_OF_DAY, MINUTE, 0, { 0 } },
  { "quiet-until", UNIT_OF_DAY, MINUTE, 0, { 0 } },
};

static const Setting *
find_setting (const char *key)
{
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].key, key))
      return &settings[i];
  g_return_val_if_reached (&settings[0]);
}

/* 0 is "never" or "for ever", and comes last where it is no time of day. */
static gboolean
comes_before (const Setting *setting, guint32 a, guint32 b)
{
  if (setting->unit != UNIT_OF_DAY && (a == 0 || b == 0))
    return a != 0;
  return a < b;
}

static void
add_choice (const Setting *setting, GArray *choices, guint32 value)
{
  guint at = 0;

  while (at < choices->len
         && comes_before (setting, g_array_index (choices, guint32, at), value))
    at++;
  if (at == choices->len || g_array_index (choices, guint32, at) != value)
    g_array_insert_val (choices, at, value);
}

GArray *
lk_settings_words_list_choices (const char *key, guint32 now)
{
  const Setting *setting = find_setting (key);
  GArray *choices = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < setting->n; i++)
    add_choice (setting, choices, setting->choices[i]);
  for (guint i = 0; setting->unit == UNIT_OF_DAY && i < HALF_HOURS; i++)
    add_choice (setting, choices, i * 30);
  add_choice (setting, choices, now);
  return choices;
}

/* As clocks here show it: with or without a.m. and p.m. */
static char *
dup_time_of_day (guint32 minutes)
{
  const char *format = nl_langinfo (T_FMT);
  gboolean twelve = strstr (format, "%p") != NULL || strstr (format, "%r") != NULL
                    || strstr (format, "%P") != NULL;
  g_autoptr(GDateTime) time
    = g_date_time_new_utc (2000, 1, 1, (int) (minutes / 60 % 24), (int) (minutes % 60), 0);
  g_autofree char *text = g_date_time_format (time, twelve ? "%-I:%M %p" : "%H:%M");

  return g_strdup (g_strstrip (text));
}

/* The largest unit that a span is a whole number of. */
typedef struct
{
  guint32 seconds;
  gulong  n;
} Span;

static Span
split_span (guint64 seconds)
{
  static const guint32 units[] = { DAY, HOUR, MINUTE };

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds % units[i] == 0)
      return (Span) { units[i], (gulong) (seconds / units[i]) };
  return (Span) { 1, (gulong) seconds };
}

/* Whole sentences: in other languages the words around a number change with it. */
static char *
dup_every (Span span)
{
  gulong n = span.n;

  if (span.seconds == DAY)
    return g_strdup_printf (ngettext ("Every day", "Every %lu days", n), n);
  if (span.seconds == HOUR)
    return g_strdup_printf (ngettext ("Every hour", "Every %lu hours", n), n);
  return g_strdup_printf (ngettext ("Every minute", "Every %lu minutes", n), n);
}

static char *
dup_before (Span span)
{
  gulong n = span.n;

  if (span.seconds == DAY)
    return g_strdup_printf (ngettext ("%lu day before", "%lu days before", n), n);
  if (span.seconds == HOUR)
    return g_strdup_printf (ngettext ("%lu hour before", "%lu hours before", n), n);
  if (span.seconds == MINUTE)
    return g_strdup_printf (ngettext ("%lu minute before", "%lu minutes before", n), n);
  return g_strdup_printf (ngettext ("%lu second before", "%lu seconds before", n), n);
}

static char *
dup_after (Span span)
{
  gulong n = span.n;

  if (span.seconds == DAY)
    return g_strdup_printf (ngettext ("After %lu day", "After %lu days", n), n);
  if (span.seconds == HOUR)
    return g_strdup_printf (ngettext ("After %lu hour", "After %lu hours", n), n);
  if (span.seconds == MINUTE)
    return g_strdup_printf (ngettext ("After %lu minute", "After %lu minutes", n), n);
  return g_strdup_printf (ngettext ("After %lu second", "After %lu seconds", n), n);
}

char *
lk_settings_words_dup_days (guint32 days)
{
  return g_strdup_printf (ngettext ("%u day", "%u days", days), days);
}

char *
lk_settings_words_dup_choice (const char *key, guint32 value)
{
  const Setting *setting = find_setting (key);
  Span span = split_span ((guint64) value * setting->scale);

  switch (setting->unit)
    {
    case UNIT_EVERY:
      return value != 0 ? dup_every (span) : g_strdup (_("Never"));
    case UNIT_BEFORE:
      return dup_before (span);
    case UNIT_FOR:
      return value != 0 ? g_strdup_printf (ngettext ("For %lu day", "For %lu days", span.n), span.n)
                        : g_strdup (_("For ever"));
    case UNIT_AFTER:
      return value != 0 ? dup_after (span) : g_strdup (_("Never"));
    case UNIT_OF_DAY:
    default:
      return dup_time_of_day (value);
    }
}
