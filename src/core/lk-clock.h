/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LK_TYPE_CLOCK (lk_clock_get_type ())
G_DECLARE_INTERFACE (LkClock, lk_clock, LK, CLOCK, GObject)

/**
 * LkClockInterface:
 * @get_now: seconds since 1970 UTC
 * @get_boot: microseconds since boot, counted while the machine sleeps
 *
 * Time, injected. Nothing in Latchkey asks the system for the time in another way.
 */
struct _LkClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*get_now)  (LkClock *self);
  gint64 (*get_boot) (LkClock *self);
};

gint64   lk_clock_get_now    (LkClock *self);
gint64   lk_clock_get_boot   (LkClock *self);

LkClock *lk_system_clock_new (void);

/* A clock that stands still until it is moved; for tests. */
LkClock *lk_manual_clock_new     (gint64 now);
void     lk_manual_clock_advance (LkClock *clock, gint64 seconds);
void     lk_manual_clock_set     (LkClock *clock, gint64 now);

/* Times as the command line and the files write them: RFC 3339, UTC, whole seconds. */
char    *lk_time_to_string   (gint64 seconds);
gboolean lk_time_from_string (const char *text, gint64 *seconds);

G_END_DECLS
