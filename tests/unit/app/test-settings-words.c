/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings in words: what is offered holds what is set, in order, and reads well. */

#include "config.h"

#include <locale.h>

#include "lk-settings-words.h"

static void
test_choices (void)
{
  static const struct
  {
    const char *key;
    guint32     now;
    guint       place;
    guint       n;
  } cases[] = {
    { "probe-hours", 6, 2, 7 },
    { "probe-hours", 8, 3, 8 },
    { "probe-hours", 0, 6, 7 },
    { "status-minutes", 45, 1, 7 },
    { "retention-days", 3650, 5, 7 },
    { "clipboard-seconds", 3600, 5, 7 },
    { "quiet-from", 0, 0, 48 },
    { "quiet-from", 1320, 44, 48 },
    { "quiet-until", 421, 15, 49 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GArray) choices = lk_settings_words_list_choices (cases[i].key, cases[i].now);

      g_assert_cmpuint (choices->len, ==, cases[i].n);
      g_assert_cmpuint (g_array_index (choices, guint32, cases[i].place), ==, cases[i].now);
    }
}

static void
test_words (void)
{
  static const struct
  {
    const char *key;
    guint32     value;
    const char *words;
  } cases[] = {
    { "probe-hours", 6, "Every 6 hours" },
    { "probe-hours", 1, "Every hour" },
    { "probe-hours", 24, "Every day" },
    { "probe-hours", 168, "Every 7 days" },
    { "probe-hours", 0, "Never" },
    { "status-minutes", 30, "Every 30 minutes" },
    { "status-minutes", 60, "Every hour" },
    { "renewal-margin", 3600, "1 hour before" },
    { "renewal-margin", 300, "5 minutes before" },
    { "renewal-margin", 90, "90 seconds before" },
    { "retention-days", 1, "For 1 day" },
    { "retention-days", 0, "For ever" },
    { "clipboard-seconds", 30, "After 30 seconds" },
    { "clipboard-seconds", 60, "After 1 minute" },
    { "quiet-from", 1320, "22:00" },
    { "quiet-until", 421, "07:01" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = lk_settings_words_dup_choice (cases[i].key, cases[i].value);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings-words/choices", test_choices);
  g_test_add_func ("/settings-words/words", test_words);
  return g_test_run ();
}
