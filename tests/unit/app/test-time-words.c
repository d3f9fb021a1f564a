/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-time-words.h"
#include "lk-token-set.h"

#define NOW ((gint64) 1795269600)
#define HOUR ((gint64) 3600)
#define DAY (24 * HOUR)

static void
test_relative (void)
{
  static const struct { gint64 at; const char *words; } rows[] = {
    { 0, "never" },
    { LK_END_NEVER, "no end date" },
    { NOW, "just now" },
    { NOW - 9, "just now" },
    { NOW + 9, "in a moment" },
    { NOW - 10, "10 seconds ago" },
    { NOW - 60, "1 minute ago" },
    { NOW + 59 * 60, "in 59 minutes" },
    { NOW + HOUR, "in 1 hour" },
    { NOW - 2 * HOUR, "2 hours ago" },
    { NOW + DAY, "in 1 day" },
    { NOW + 151 * DAY, "in 151 days" },
    { NOW - 359 * DAY, "359 days ago" },
    { NOW + 400 * DAY, "in 13 months" },
    { NOW + 3 * 365 * DAY, "in 3 years" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = lk_time_words_dup_relative (rows[i].at, NOW);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
}

static void
test_left (void)
{
  static const struct { gint64 ends; const char *words, *brief; } rows[] = {
    { LK_END_UNKNOWN, "end not known", "" },
    { LK_END_NEVER, "no end date", "" },
    { NOW, "ended", "0 s" },
    { NOW - DAY, "ended", "0 s" },
    { NOW + 1, "1 second left", "1 s" },
    { NOW + 79 * 60, "1 hour left", "1 h" },
    { NOW + 3 * DAY, "3 days left", "3 d" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = lk_time_words_dup_left (rows[i].ends, NOW);
      g_autofree char *brief = lk_time_words_dup_short (rows[i].ends, NOW);

      g_assert_cmpstr (words, ==, rows[i].words);
      g_assert_cmpstr (brief, ==, rows[i].brief);
    }
}

/* What is not a time is not shown as one. */
static void
test_absolute (void)
{
  g_autofree char *known = lk_time_words_dup_absolute (1795788120);

  g_assert_cmpstr (known, ==, "Friday 27 November 2026, 14:02 UTC");
  g_assert_null (lk_time_words_dup_absolute (0));
  g_assert_null (lk_time_words_dup_absolute (-5));
  g_assert_null (lk_time_words_dup_absolute (LK_END_NEVER));
  g_assert_null (lk_time_words_dup_absolute (LK_END_NEVER - 1));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/time-words/relative", test_relative);
  g_test_add_func ("/app/time-words/left", test_left);
  g_test_add_func ("/app/time-words/absolute", test_absolute);
  return g_test_run ();
}
