/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"

G_BEGIN_DECLS

/**
 * LkCorrectedClock:
 *
 * A clock that goes right although the computer's goes wrong. The "Date" of replies is kept
 * against boot time, so someone who sets the computer's clock, by a year even, changes nothing once
 * a server has told the time. As long as no server did, and while the two differ by less than a
 * minute, it is the computer's clock. One server that goes wrong is outvoted by one that goes
 * right.
 *
 * Signal "skew-changed": what lk_corrected_clock_get_skew() gives is not what it was.
 */
#define LK_TYPE_CORRECTED_CLOCK (lk_corrected_clock_get_type ())
G_DECLARE_FINAL_TYPE (LkCorrectedClock, lk_corrected_clock, LK, CORRECTED_CLOCK, GObject)

LkClock *lk_corrected_clock_new       (LkClock *computer);
/* @host: who says so; @date: seconds since 1970 UTC; @boot: then, microseconds since boot */
void     lk_corrected_clock_learn     (LkCorrectedClock *self, const char *host, gint64 date,
                                       gint64 boot);
/* Looks again at the computer's clock, which was set or may have been. */
void     lk_corrected_clock_look      (LkCorrectedClock *self);
/* Seconds that the computer's clock is ahead; negative behind; 0 when it is right or not known. */
gint64   lk_corrected_clock_get_skew  (LkCorrectedClock *self);
/* Whether a server has told the time since the start. */
gboolean lk_corrected_clock_is_proven (LkCorrectedClock *self);

G_END_DECLS
