/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What notifications say, and what is left of names that want to be more than a name. */

#include <glib.h>
#include <string.h>

#include "../../../src/agent/lk-agent-warning-words.h"

#define HOUR (60 * 60)
#define DAY (24 * HOUR)
/* Monday, 2026-06-15 12:00 UTC */
#define NOON G_GINT64_CONSTANT (1781524800)

static void
test_names (void)
{
  static const struct { const char *name, *line; } rows[] = {
    { "Harbour Coffee", "Harbour Coffee" },
    { "two\nlines\tand\r\nmore", "two lines and more" },
    { "\xe2\x80\xaegnitset", "gnitset" },
    { "<b>bold</b> & co", "<b>bold</b> & co" },
    { "  ", "A connection" },
    { NULL, "A connection" },
    { "not \xff utf-8", "not \xef\xbf\xbd utf-8" },
  };
  g_autofree char *endless = g_strnfill (5000, 'x');
  g_autofree char *cut = lk_agent_warning_words_dup_name (endless);

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *line = lk_agent_warning_words_dup_name (rows[i].name);

      g_assert_cmpstr (line, ==, rows[i].line);
    }
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 41);
}

static void
test_ending (void)
{
  static const struct { gint64 ends; const char *title, *body; } rows[] = {
    { NOON + 14 * DAY, "Shop ends in 14 days",
      "Sign in again before Monday, 29 June, so that nothing stops." },
    { NOON + 3 * DAY, "Shop ends in 3 days",
      "Sign in again before Thursday, 18 June, so that nothing stops." },
    { NOON + DAY, "Shop ends tomorrow",
      "Sign in again before Tuesday, 16 June, 12:00, so that nothing stops." },
    { NOON + HOUR, "Shop ends today",
      "Sign in again before Monday, 15 June, 13:00, so that nothing stops." },
  };
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LkAgentWarningSubject subject = { .name = "Shop", .ends = rows[i].ends };
      g_autofree char *title
        = lk_agent_warning_words_dup_title (LK_WARNING_ENDING, &subject, NOON, utc);
      g_autofree char *body
        = lk_agent_warning_words_dup_body (LK_WARNING_ENDING, &subject, NOON, utc);

      g_assert_cmpstr (title, ==, rows[i].title);
      g_assert_cmpstr (body, ==, rows[i].body);
    }
}

/* Every class has words, none of them a code, and none over two lines. */
static void
test_every_class (void)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();

  for (guint i = 0; i < LK_N_CLASSES; i++)
    {
      g_autoptr(LkFault) fault = lk_fault_new ((LkClass) i);
      LkAgentWarningSubject subject = { .name = "Shop", .fault = fault };
      g_autofree char *body = NULL;

      fault->code = g_strdup ("40105");
      body = lk_agent_warning_words_dup_body (LK_WARNING_ATTENTION, &subject, NOON, utc);
      g_assert_cmpint (g_utf8_strlen (body, -1), >, 20);
      g_assert_cmpint (g_utf8_strlen (body, -1), <, 100);
      g_assert_null (strstr (body, "40105"));
    }
}

static void
test_summary (void)
{
  static const char * const names[] = { "A", "B", "C", "D", "E" };
  g_autofree char *five = lk_agent_warning_words_dup_summary (LK_WARNING_ATTENTION, 5);
  g_autofree char *one = lk_agent_warning_words_dup_summary (LK_WARNING_ATTENTION, 1);
  g_autofree char *some = lk_agent_warning_words_dup_names (names, 5);
  g_autofree char *few = lk_agent_warning_words_dup_names (names, 2);

  g_assert_cmpstr (five, ==, "5 connections need you");
  g_assert_cmpstr (one, ==, "1 connection needs you");
  g_assert_cmpstr (some, ==, "A, B, C and 2 others");
  g_assert_cmpstr (few, ==, "A, B");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warning-words/names", test_names);
  g_test_add_func ("/warning-words/ending", test_ending);
  g_test_add_func ("/warning-words/every-class", test_every_class);
  g_test_add_func ("/warning-words/summary", test_summary);
  return g_test_run ();
}
