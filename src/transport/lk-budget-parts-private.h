/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-budget-private.h"
#include "lk-gate-private.h"

G_BEGIN_DECLS

/* The parts that a budget is made of; for its own files only. */

/**
 * LkBudgetApp:
 * @fields: (element-type LkHeldField): fields whose values may be held
 * @server_offset: seconds to add to boot time for the provider's time
 */
typedef struct
{
  LkBudget   *budget; /* (unowned) */
  char       *name;
  GHashTable *gates;  /* (element-type utf8 LkGate) */
  GHashTable *lanes;  /* (element-type utf8 LkLane) */
  GPtrArray  *fields;
  gint64      server_offset;
  guint64     claims;
  guint       sweep_at;
} LkBudgetApp;

typedef struct
{
  char   *path;
  char   *field;
  gint64  until;
} LkHeldField;

/**
 * LkLane:
 *
 * Callers who need exactly the same gates. Only the first of them has to be looked at, so ten
 * thousand that wait cost no more than one.
 */
typedef struct
{
  char          *key;
  LkBudgetApp   *app;    /* (unowned) */
  GPtrArray     *gates;  /* (element-type LkGate) */
  GQueue         claims; /* (element-type LkClaim): held, oldest first */
  LkGate        *at;     /* (unowned) (nullable): where it waits */
  GSequenceIter *place;  /* in the gate's lanes */
} LkLane;

struct _LkClaim
{
  LkBudgetApp   *app;    /* (unowned) */
  LkLane        *lane;   /* (unowned) (nullable): while held */
  GList          link;
  guint64        number;
  LkClaimState   state;
  LkClaimFunc    func;
  gpointer       user_data;
  GPtrArray     *slots;  /* (element-type LkSlot) */
  LkGate        *why;    /* (owned) (nullable): what it waits for, or waited for last */
  gint64         free_at;
  gint64         until;
  char          *path;
  char          *account;
  char          *token;
  LkCallRequest *call;
  GPtrArray     *limits;
};

struct _LkBudget
{
  LkClock    *clock;  /* (owned) */
  LkTimers   *timers; /* (unowned) */
  GHashTable *apps;   /* (element-type utf8 LkBudgetApp) */
};

/* lk-budget-gates.c: which gates a request has to pass */
LkGate  *lk_budget_app_get_gate (LkBudgetApp *self, LkGateKind kind, const char *key);
LkGate  *lk_budget_app_get_hold (LkBudgetApp *self, const char *slowed, const LkClaimSpec *spec,
                                 const char *value);
void     lk_lane_add_gates      (LkLane *self, const LkClaim *claim, const char *value);
char    *lk_claim_dup_value     (const LkClaim *self, gint64 now);
gint64   lk_budget_app_now      (LkBudgetApp *self);
gint64   lk_budget_app_server_now (LkBudgetApp *self);

/* lk-budget-queue.c: who goes next */
LkLane  *lk_budget_app_find_lane (LkBudgetApp *self, const LkClaim *claim);
void     lk_lane_free           (LkLane *self);
LkGate  *lk_lane_find_blocker   (LkLane *self, gboolean behind, gint64 *free_at);
void     lk_lane_push           (LkLane *self, LkClaim *claim, LkGate *blocker);
void     lk_lane_drop           (LkLane *self, LkClaim *claim);
void     lk_claim_grant         (LkClaim *self, LkLane *lane);
void     lk_gate_serve_soon     (LkGate *self);
void     lk_budget_app_sweep    (LkBudgetApp *self);

G_END_DECLS
