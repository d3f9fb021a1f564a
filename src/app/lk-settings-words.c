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

/* "6 hours": the largest unit that it is a whole number of. */
static char *
dup_span (guint64 seconds)
{
  gulong n;

  if (seconds % DAY == 0)
    {
      n = (gulong) (seconds / DAY);
      return g_strdup_printf (ngettext ("%lu day", "%lu days", n), n);
    }
  if (seconds % HOUR == 0)
    {
      n = (gulong) (seconds / HOUR);
      return g_strdup_printf (ngettext ("%lu hour", "%lu hours", n), n);
    }
  if (seconds % MINUTE == 0)
    {
      n = (gulong) (seconds / MINUTE);
      return g_strdup_printf (ngettext ("%lu minute", "%lu minutes", n), n);
    }
  n = (gulong) seconds;
  return g_strdup_printf (ngettext ("%lu second", "%lu seconds", n), n);
}

char *
lk_settings_words_dup_days (guint32 days)
{
  return dup_span ((guint64) days * DAY);
}

char *
lk_settings_words_dup_choice (const char *key, guint32 value)
{
  const Setting *setting = find_setting (key);
  g_autofree char *span = dup_span ((guint64) value * setting->scale);

  switch (setting->unit)
    {
    case UNIT_EVERY:
      /* Translators: %s is such as "6 hours". */
      return value != 0 ? g_strdup_printf (_("Every %s"), span) : g_strdup (_("Never"));
    case UNIT_BEFORE:
      /* Translators: %s is such as "5 minutes". */
      return g_strdup_printf (_("%s before"), span);
    case UNIT_FOR:
      /* Translators: %s is such as "90 days". */
      return value != 0 ? g_strdup_printf (_("For %s"), span) : g_strdup (_("For ever"));
    case UNIT_AFTER:
      /* Translators: %s is such as "30 seconds". */
      return value != 0 ? g_strdup_printf (_("After %s"), span) : g_strdup (_("Never"));
    case UNIT_OF_DAY:
    default:
      return dup_time_of_day (value);
    }
}
