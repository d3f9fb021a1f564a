/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"

G_BEGIN_DECLS

/**
 * LkAgentClockDoubt:
 *
 * Whether the time of day is to be believed. Somebody who sets the clock by more than an hour may
 * be about to correct a slip; what would be said because of it waits for an hour.
 */
typedef struct
{
  gboolean known;
  gint64   trusted;       /* time of day less time since boot, seconds */
  gint64   doubted;       /* what it is now, while that differs */
  gint64   doubted_since; /* seconds since boot; 0 for no doubt */
} LkAgentClockDoubt;

/* Returns: for how many seconds nothing should be said that rests on the time of day; 0 for none */
gint64 lk_agent_clock_doubt_look (LkAgentClockDoubt *self, LkClock *clock);

G_END_DECLS
