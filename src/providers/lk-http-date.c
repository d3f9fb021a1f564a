/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

static int
month_of (const char *word)
{
  static const char * const months[] = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (months); i++)
    {
      if (g_ascii_strncasecmp (word, months[i], 3) == 0)
        return (int) i + 1;
    }

  return 0;
}

static gboolean
read_number (const char *text,
             gint64      low,
             gint64      high,
             int        *number)
{
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, low, high, &value, NULL))
    return FALSE;
  *number = (int) value;

  return TRUE;
}

/* "+0130" or a name; names other than UTC's have been out of use for long, and mean UTC too. */
static GTimeZone *
zone_of (const char *word)
{
  g_autofree char *spelled = NULL;

  if (word == NULL || (*word != '+' && *word != '-') || strlen (word) != 5)
    return g_time_zone_new_utc ();
  spelled = g_strdup_printf ("%.3s:%s", word, word + 3);

  return g_time_zone_new_identifier (spelled);
}

/**
 * lk_http_date_parse:
 * @text: (nullable): a date as HTTP and RSS write it, "Sat, 21 Nov 2026 08:00:00 GMT"
 *
 * Returns: seconds since 1970 UTC, 0 when it is none
 */
gint64
lk_http_date_parse (const char *text)
{
  const char *comma = text != NULL ? strchr (text, ',') : NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) clock = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) date = NULL;
  int day, year, hour, minute;
  int second = 0;

  if (text == NULL || strlen (text) > 64)
    return 0;

  plain = g_strdup (comma != NULL ? comma + 1 : text);
  parts = g_strsplit (g_strstrip (plain), " ", -1);
  if (g_strv_length (parts) < 4)
    return 0;

  clock = g_strsplit (parts[3], ":", -1);
  if (g_strv_length (clock) < 2 || month_of (parts[1]) == 0 ||
      !read_number (parts[0], 1, 31, &day) || !read_number (parts[2], 1970, 9999, &year) ||
      !read_number (clock[0], 0, 23, &hour) || !read_number (clock[1], 0, 59, &minute) ||
      (clock[2] != NULL && !read_number (clock[2], 0, 60, &second)))
    return 0;

  zone = zone_of (parts[4]);
  if (zone != NULL)
    date = g_date_time_new (zone, year, month_of (parts[1]), day, hour, minute, MIN (second, 59));

  return date != NULL ? g_date_time_to_unix (date) : 0;
}
