/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "lk-day-words.h"
#include "lk-end-words.h"
#include "lk-event-filter.h"
#include "lk-hours.h"

/* Saturday 2026-11-21 12:00 UTC */
#define NOW ((gint64) 1795262400)
#define HOUR ((gint64) 3600)
#define DAY (24 * HOUR)

/* Days have the names that people give them. */
static void
test_days (void)
{
  static const struct { gint64 at; const char *words; } rows[] = {
    { NOW, "Today" },
    { NOW - 12 * HOUR, "Today" },
    { NOW - 12 * HOUR - 1, "Yesterday" },
    { NOW - 2 * DAY, "Thursday 19 November" },
    { NOW + 12 * HOUR, "Tomorrow" },
    { NOW - 365 * DAY, "Friday 21 November 2025" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = lk_day_words_dup_day (rows[i].at, NOW);

      g_assert_cmpstr (words, ==, rows[i].words);
    }
  g_assert_cmpint (lk_day_get_start (NOW, 0), ==, NOW - 12 * HOUR);
  g_assert_cmpint (lk_day_get_start (NOW, -6), ==, NOW - 12 * HOUR - 6 * DAY);
}

/* A whole day is called a day, a part of it by its hours. */
static void
test_spans (void)
{
  g_autofree char *day
    = lk_day_words_dup_span (NOW - 12 * HOUR - DAY, NOW - 12 * HOUR, NOW);
  g_autofree char *hour = lk_day_words_dup_span (NOW - 3 * HOUR, NOW - 2 * HOUR, NOW);

  g_assert_cmpstr (day, ==, "Yesterday");
  g_assert_cmpstr (hour, ==, "Today, 09:00 to 10:00");
}

/* Each kind that the ledger knows is in a group, has an icon and a word for it. */
static void
test_kinds (void)
{
  g_autofree char *header = NULL;
  g_auto(GStrv) parts = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (TEST_DATA "/../../src/core/lk-records.h", &header, NULL,
                                      NULL));
  *strstr (header, " * @text: (nullable): program") = '\0';
  parts = g_strsplit (strstr (header, " * @kind: "), "\"", -1);
  for (guint i = 1; parts[i] != NULL; i += 2, n++)
    {
      g_test_message ("%s", parts[i]);
      g_assert_cmpuint (lk_event_groups_of (parts[i]), !=, 0);
      g_assert_cmpstr (lk_event_kind_get_icon (parts[i]), !=, "dialog-information-symbolic");
      g_assert_cmpstr (lk_event_kind_get_label (parts[i]), !=, "Event");
    }
  g_assert_cmpuint (n, >=, 23);
  g_assert_true (lk_event_kind_is_trouble ("call-refused"));
  g_assert_false (lk_event_kind_is_trouble ("renewed"));
}

/* What is asked of the agent is what the person chose, and nothing else. */
static void
test_filter (void)
{
  g_autoptr(LkEventFilter) filter = lk_event_filter_new ();
  g_autoptr(GVariant) all = g_variant_ref_sink (lk_event_filter_to_options (filter, NOW));
  g_autoptr(GVariant) some = NULL;
  g_autofree const char **kinds = NULL;
  const char *connection = NULL, *search = NULL;
  gint64 since = 0;

  g_assert_true (lk_event_filter_is_open (filter));
  g_assert_cmpuint (g_variant_n_children (all), ==, 0);
  filter->connection = g_strdup ("c1");
  filter->search = g_strdup ("nightly");
  filter->groups = LK_EVENT_GROUP_HAND_OUTS;
  filter->period = LK_EVENT_PERIOD_WEEK;
  g_assert_false (lk_event_filter_is_open (filter));
  some = g_variant_ref_sink (lk_event_filter_to_options (filter, NOW));
  g_assert_true (g_variant_lookup (some, "connection", "&s", &connection));
  g_assert_true (g_variant_lookup (some, "search", "&s", &search));
  g_assert_true (g_variant_lookup (some, "since", "x", &since));
  g_assert_true (g_variant_lookup (some, "kinds", "^a&s", &kinds));
  g_assert_cmpuint (g_variant_n_children (some), ==, 4);
  g_assert_cmpstr (connection, ==, "c1");
  g_assert_cmpstr (search, ==, "nightly");
  g_assert_cmpint (since, ==, NOW - 12 * HOUR - 6 * DAY);
  g_assert_true (g_strv_contains (kinds, "handed-out"));
  g_assert_false (g_strv_contains (kinds, "renewed"));
}

/* Each hour has its refusals by class, in the person's own time; all else is not counted as one. */
static void
test_hours (void)
{
  g_autoptr(GVariant) tallies = g_variant_ref_sink (g_variant_new_parsed (
      "[(%x, 'refused', 'rate', uint32 9), (%x, 'refused', 'permission', 3), (%x, 'call', '', 50),"
      " (%x, 'renewed', '', 4), (%x, 'renewal-failed', 'refresh_dead', 1),"
      " (%x, 'refused', 'rate', 7)]",
      NOW - 3 * HOUR, NOW - 3 * HOUR, NOW - 3 * HOUR, NOW - 3 * HOUR, NOW - DAY,
      NOW - 12 * HOUR - 7 * DAY));
  g_autoptr(LkHours) hours = lk_hours_new (tallies, NOW, 7);
  g_autoptr(LkHours) none = lk_hours_new (NULL, NOW, 30);
  const LkHour *hour = lk_hours_get (hours, 6, 9);
  g_autofree char *summary = lk_hours_dup_summary (hours);
  g_autofree char *most = lk_hours_dup_most (hours, NOW);
  g_autofree char *what = lk_hour_dup_what (hour);
  g_autofree char *when = lk_hour_dup_when (hour, NOW);
  g_autofree char *nothing = lk_hours_dup_summary (none);

  g_assert_cmpuint (hours->total, ==, 13);
  g_assert_cmpuint (hours->most, ==, 12);
  g_assert_cmpuint (hour->total, ==, 12);
  g_assert_cmpint (hour->since, ==, NOW - 3 * HOUR);
  g_assert_cmpint (hour->until, ==, NOW - 2 * HOUR);
  g_assert_cmpint (lk_hour_get_sort (hour), ==, LK_REFUSAL_LIMIT);
  g_assert_cmpuint (lk_hours_get (hours, 5, 12)->by_class[LK_CLASS_REFRESH_DEAD], ==, 1);
  g_assert_cmpuint (lk_hours_get (hours, 6, 10)->total, ==, 0);
  g_assert_cmpstr (summary, ==, "13 refusals in the last 7 days.");
  g_assert_cmpstr (most, ==, "12 at most: Today, 09:00 to 10:00.");
  g_assert_cmpstr (when, ==, "Today, 09:00 to 10:00");
  g_assert_cmpstr (what, ==, "12 refused: 3 × Permission missing, 9 × Too many requests");
  g_assert_cmpstr (nothing, ==, "Nothing was refused in the last 30 days.");
  g_assert_null (lk_hours_dup_most (none, NOW));
}

/* Every class belongs to a sort and has words of its own. */
static void
test_classes (void)
{
  for (guint i = 0; i < LK_N_CLASSES; i++)
    g_assert_cmpuint (strlen (lk_refusal_class_get_label (i)), >, 3);
  g_assert_cmpint (lk_refusal_sort_of (LK_CLASS_QUOTA), ==, LK_REFUSAL_LIMIT);
  g_assert_cmpint (lk_refusal_sort_of (LK_CLASS_SCOPE), ==, LK_REFUSAL_PERMISSION);
}

/* An end is told in days, and stands below the week that it is in. */
static void
test_ends (void)
{
  g_autofree char *renewed = lk_end_words_dup_what (NOW + 6 * DAY, TRUE, NOW);
  g_autofree char *not_renewed = lk_end_words_dup_what (NOW + DAY, FALSE, NOW);
  g_autofree char *past = lk_end_words_dup_what (NOW - 2 * DAY, TRUE, NOW);
  g_autofree char *this_week = lk_end_words_dup_week (NOW + DAY, NOW);
  g_autofree char *next_week = lk_end_words_dup_week (NOW + 2 * DAY, NOW);
  g_autofree char *later = lk_end_words_dup_week (NOW + 17 * DAY, NOW);
  g_autofree char *next = lk_end_words_dup_next ("Brand EU", NOW + 6 * DAY, NOW);

  g_assert_cmpstr (renewed, ==, "The sign-in ends in 6 days.");
  g_assert_cmpstr (not_renewed, ==, "Access ends in 1 day. Latchkey can’t renew it.");
  g_assert_cmpstr (past, ==, "The sign-in ended 2 days ago.");
  g_assert_cmpstr (this_week, ==, "This Week");
  g_assert_cmpstr (next_week, ==, "Next Week");
  g_assert_cmpstr (later, ==, "Week of 7 December 2026");
  g_assert_cmpstr (next, ==, "“Brand EU” is the next to end, in 6 days.");
  g_assert_true (lk_end_words_is_same_week (NOW + 2 * DAY, NOW + 8 * DAY, NOW));
  g_assert_false (lk_end_words_is_same_week (NOW + DAY, NOW + 2 * DAY, NOW));
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/activity-words/days", test_days);
  g_test_add_func ("/activity-words/spans", test_spans);
  g_test_add_func ("/activity-words/kinds", test_kinds);
  g_test_add_func ("/activity-words/filter", test_filter);
  g_test_add_func ("/activity-words/hours", test_hours);
  g_test_add_func ("/activity-words/classes", test_classes);
  g_test_add_func ("/activity-words/ends", test_ends);
  return g_test_run ();
}
