/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "call-fixture.h"
#include "lk-budget-parts-private.h"

/* Everything in whole microseconds of a clock that only the test moves; nothing is sent. */
typedef struct
{
  TestClock *clock;
  LkTimers  *timers;
  LkBudget  *budget;
  GPtrArray *limits;
  GPtrArray *granted; /* (element-type LkClaim): in the order of being granted later */
  guint      refused;
} Desk;

void         desk_set_up         (Desk *desk, gconstpointer data);
void         desk_tear_down      (Desk *desk, gconstpointer data);
void         desk_add_limit      (Desk *desk, const char *path, guint seconds, guint calls,
                                  const char *per, gboolean each_path);
LkClaimSpec  desk_spec           (Desk *desk, const char *path, const char *account);
/* What is granted at once is sent at once, and is not among those granted later. */
LkClaim     *desk_claim          (Desk *desk, const char *path, const char *account);
void         desk_settled_cb     (LkClaim *claim, gpointer user_data);
/* Asks and is done at once. */
LkClaimState desk_pass           (Desk *desk, const char *path, const char *account);
void         desk_advance        (Desk *desk, double seconds);
/* Returns how many were granted since the last time. */
guint        desk_finish_granted (Desk *desk);
LkFault     *desk_hold           (Desk *desk, LkClaimSpec *spec, guint seconds, guint again,
                                  const char *slowed, const char *message);
