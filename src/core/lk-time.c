/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-clock.h"

/**
 * lk_time_to_string:
 * @seconds: seconds since 1970 UTC
 *
 * Returns: (transfer full): such as "2026-11-21T05:40:00Z"; %NULL for a time that no calendar
 *   shows, such as the end of a token that does not end
 */
char *
lk_time_to_string (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  if (time == NULL)
    return NULL;

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/**
 * lk_time_from_string:
 * @text: (nullable): a time with its offset, such as "2026-11-21T05:40:00Z"
 * @seconds: (out): seconds since 1970 UTC
 *
 * Returns: %FALSE when @text is no such time
 */
gboolean
lk_time_from_string (const char *text,
                     gint64     *seconds)
{
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL)
    return FALSE;

  time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return FALSE;

  *seconds = g_date_time_to_unix (time);

  return TRUE;
}
