/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"

G_BEGIN_DECLS

/**
 * LkTimers:
 *
 * Many timers on one injected clock, behind one source of the main loop. Times are those of
 * lk_clock_get_boot(), so a clock that is set moves none of them.
 */
typedef struct _LkTimers LkTimers;
typedef struct _LkTimer  LkTimer;
typedef void (*LkTimerFunc) (gpointer user_data);

/* @owner: (nullable) (unowned): kept alive while timers are called */
LkTimers *lk_timers_new      (LkClock *clock, gpointer owner);
void      lk_timers_free     (LkTimers *self);
/* A timer is gone once its function is called. */
LkTimer  *lk_timers_add      (LkTimers *self, gint64 when, LkTimerFunc func, gpointer user_data);
void      lk_timers_cancel   (LkTimers *self, LkTimer *timer);
/* Calls what is due by the clock; the main loop does so by itself, but sees no clock that jumps. */
void      lk_timers_fire     (LkTimers *self);
guint     lk_timers_get_size (LkTimers *self);

G_END_DECLS
