/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-month-words.h"

/* Saturday 21 November 2026, 14:00 UTC. */
#define NOW ((gint64) 1795269600)
#define HOUR ((gint64) 3600)
#define DAY (24 * HOUR)

static void
tally (GVariantBuilder *builder, gint64 start, const char *kind, const char *klass, guint count)
{
  g_variant_builder_add (builder, "(xssu)", start, kind, klass, count);
}

static LkMonth *
finish (GVariantBuilder *builder)
{
  g_autoptr(GVariant) tallies = g_variant_ref_sink (g_variant_builder_end (builder));

  return lk_month_new (tallies, NOW);
}

static void
assert_words (char *words, const char *expected)
{
  g_assert_cmpstr (words, ==, expected);
  g_free (words);
}

/* Each hour falls on its day of the person's own calendar; what is outside is left out. */
static void
test_days (void)
{
  GVariantBuilder builder;
  g_autoptr(LkMonth) month = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xssu)"));
  tally (&builder, NOW - 30 * DAY, "call", "ok", 500);
  tally (&builder, NOW - 14 * HOUR - 29 * DAY, "call", "ok", 1);
  tally (&builder, NOW - 14 * HOUR - HOUR, "call", "ok", 2);
  tally (&builder, NOW - 14 * HOUR, "call", "ok", 4);
  tally (&builder, NOW, "call", "ok", 8);
  tally (&builder, NOW + HOUR, "call", "ok", 500);
  month = finish (&builder);

  g_assert_cmpint (lk_month_get_start (NOW), ==, month->days[0].start);
  g_assert_cmpint (month->days[LK_MONTH_DAYS - 1].start, ==, NOW - 14 * HOUR);
  g_assert_cmpuint (month->days[0].calls, ==, 1);
  g_assert_cmpuint (month->days[LK_MONTH_DAYS - 2].calls, ==, 2);
  g_assert_cmpuint (month->days[LK_MONTH_DAYS - 1].calls, ==, 12);
  g_assert_cmpuint (month->total.calls, ==, 15);
}

/* Refused calls are calls, too, whatever they were refused with. */
static void
test_numbers (void)
{
  GVariantBuilder builder;
  g_autoptr(LkMonth) month = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xssu)"));
  tally (&builder, NOW - 2 * DAY, "call", "ok", 409);
  tally (&builder, NOW - 9 * DAY, "refused", "permission", 1);
  tally (&builder, NOW - 9 * DAY, "refused", "rate", 1);
  tally (&builder, NOW, "refused", "rate", 1);
  tally (&builder, NOW, "renewed", "", 95);
  tally (&builder, NOW - DAY, "renewed", "", 1);
  tally (&builder, NOW, "from-the-future", "", 7);
  month = finish (&builder);

  assert_words (lk_month_words_dup_numbers (&month->total),
                "412 calls · 3 refused · 96 renewals");
  assert_words (lk_month_words_dup_spoken (month),
                "Last 30 days: 412 calls · 3 refused · 96 renewals; most refusals on 12 November");
  assert_words (lk_month_words_dup_day (&month->days[LK_MONTH_DAYS - 10]),
                "Thursday 12 November: 2 calls · 2 refused");
  assert_words (lk_month_words_dup_day (&month->days[LK_MONTH_DAYS - 2]),
                "Friday 20 November: 1 renewal");
  assert_words (lk_month_words_dup_day (&month->days[0]),
                "Friday 23 October: Nothing happened");
}

static void
test_plain (void)
{
  GVariantBuilder builder;
  g_autoptr(LkMonth) none = lk_month_new (NULL, NOW);
  g_autoptr(LkMonth) good = NULL;

  g_assert_true (lk_month_is_empty (none));
  assert_words (lk_month_words_dup_spoken (none), "Last 30 days: Nothing happened");

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xssu)"));
  tally (&builder, NOW, "call", "ok", 1);
  tally (&builder, NOW, "renewal-failed", "transient", 2);
  tally (&builder, NOW, "handed-out", "", 1);
  good = finish (&builder);
  g_assert_false (lk_month_is_empty (good));
  assert_words (lk_month_words_dup_spoken (good),
                "Last 30 days: 1 call · none refused · 2 renewals failed · "
                "1 token taken by programs");
}

/* A number may be anything that the bus can carry. */
static void
test_overflow (void)
{
  GVariantBuilder builder;
  g_autoptr(LkMonth) month = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xssu)"));
  tally (&builder, NOW, "call", "ok", G_MAXUINT);
  tally (&builder, NOW, "refused", "rate", G_MAXUINT);
  tally (&builder, G_MININT64, "call", "ok", 1);
  tally (&builder, G_MAXINT64, "call", "ok", 1);
  month = finish (&builder);
  g_assert_cmpuint (month->total.calls, ==, G_MAXUINT);
  g_assert_cmpuint (month->total.refused, ==, G_MAXUINT);
}

/* In Berlin clocks went back on 25 October 2026: that day has 25 hours, and midnights stay so. */
static void
test_zone (void)
{
  g_autoptr(LkMonth) month = NULL;

  g_setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  month = lk_month_new (NULL, NOW);
  g_setenv ("TZ", "UTC", TRUE);
  g_assert_cmpint (month->days[LK_MONTH_DAYS - 1].start, ==, NOW - 15 * HOUR);
  g_assert_cmpint (month->days[3].start - month->days[2].start, ==, 25 * HOUR);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("TZ", "UTC", TRUE);
  g_test_add_func ("/month-words/days", test_days);
  g_test_add_func ("/month-words/numbers", test_numbers);
  g_test_add_func ("/month-words/plain", test_plain);
  g_test_add_func ("/month-words/overflow", test_overflow);
  g_test_add_func ("/month-words/zone", test_zone);
  return g_test_run ();
}
