/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last 30 days of a connection, in numbers and words. Pure: no widgets, no clock. */

#define LK_MONTH_DAYS 30

/**
 * LkMonthDay:
 * @start: local midnight; the first day is the oldest
 * @calls: all of them, the refused ones too
 * @failed: renewals that did not come about
 * @handed_out: tokens that programs took
 */
typedef struct
{
  gint64 start;
  guint  calls;
  guint  refused;
  guint  renewals;
  guint  failed;
  guint  handed_out;
} LkMonthDay;

/**
 * LkMonth:
 * @total: of all days; its start is the first day's
 */
typedef struct
{
  LkMonthDay days[LK_MONTH_DAYS];
  LkMonthDay total;
} LkMonth;

/* When the month that ends with @now began: local midnight, 29 days before. */
gint64    lk_month_get_start     (gint64 now);
/* @tallies: (nullable): as Agent1.Tally gives them, in buckets of an hour */
LkMonth  *lk_month_new           (GVariant *tallies, gint64 now);
void      lk_month_free          (LkMonth *self);
gboolean  lk_month_is_empty      (const LkMonth *self);
/* "412 calls · 3 refused · 96 renewals"; of a day or of all days. */
char     *lk_month_words_dup_numbers (const LkMonthDay *day);
/* "Last 30 days: 412 calls · 3 refused · 96 renewals; most refusals on 12 November" */
char     *lk_month_words_dup_spoken  (const LkMonth *self);
/* "Thursday 12 November" */
char     *lk_month_words_dup_date    (const LkMonthDay *day);
/* "Thursday 12 November: 14 calls · 3 refused" */
char     *lk_month_words_dup_day     (const LkMonthDay *day);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkMonth, lk_month_free)

G_END_DECLS
