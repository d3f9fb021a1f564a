/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lk-class.h"

G_BEGIN_DECLS

/* When calls were refused, hour by hour, as numbers and words. Pure. */

#define LK_HOURS_A_DAY 24

/**
 * LkRefusalSort:
 *
 * Classes of refusals in sorts that a picture can tell apart.
 */
typedef enum
{
  LK_REFUSAL_LIMIT,
  LK_REFUSAL_PERMISSION,
  LK_REFUSAL_SIGN_IN,
  LK_REFUSAL_TROUBLE,
  LK_REFUSAL_OTHER,
} LkRefusalSort;

#define LK_N_REFUSAL_SORTS (LK_REFUSAL_OTHER + 1)

/**
 * LkHour:
 * @since, @until: seconds since 1970 UTC
 * @total: refusals in it
 *
 * One hour of the person's own clock.
 */
typedef struct
{
  gint64 since;
  gint64 until;
  guint  total;
  guint  by_class[LK_N_CLASSES];
} LkHour;

/**
 * LkHours:
 * @hours: (array length=n_days * 24): day by day, the oldest first
 * @total: refusals in all of them
 * @calls: calls that were sent, with those that were refused
 * @most: of the hour with the most refusals
 */
typedef struct
{
  guint   n_days;
  LkHour *hours;
  guint   total;
  guint   calls;
  guint   most;
  guint   by_sort[LK_N_REFUSAL_SORTS];
} LkHours;

/* The first moment of the picture. */
gint64         lk_hours_get_since         (gint64 now, guint n_days);
/* @tallies: (nullable): a(xssu) as Agent1.Tally gives them, hour by hour */
LkHours       *lk_hours_new               (GVariant *tallies, gint64 now, guint n_days);
void           lk_hours_free              (LkHours *self);
const LkHour  *lk_hours_get               (const LkHours *self, guint day, guint hour);
/* The sort that most refusals of the hour are of. */
LkRefusalSort  lk_hour_get_sort           (const LkHour *self);
LkRefusalSort  lk_refusal_sort_of         (LkClass klass);
const char    *lk_refusal_sort_get_label  (LkRefusalSort sort);
/* "Too many requests" */
const char    *lk_refusal_class_get_label (LkClass klass);
/* "Friday 20 November, 14:00 to 15:00" */
char          *lk_hour_dup_when           (const LkHour *self, gint64 now);
/* "12 refused: 9 × Too many requests, 3 × Permission missing" */
char          *lk_hour_dup_what           (const LkHour *self);
/* "31 refusals in the last 7 days." */
char          *lk_hours_dup_summary       (const LkHours *self);
/* "12 at most: Friday 20 November, 14:00 to 15:00."; NULL when nothing was refused */
char          *lk_hours_dup_most          (const LkHours *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkHours, lk_hours_free)

G_END_DECLS
