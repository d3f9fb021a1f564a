/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-profile-calls.h"
#include "lk-timers-private.h"

G_BEGIN_DECLS

/* Requests of one app that are out at once; more would only wait in the HTTP library. */
#define LK_BUDGET_AT_ONCE 16

/**
 * LkBudget:
 *
 * Who may send when: one budget for each developer app, shared by all callers. A caller claims a
 * place; it is granted at once, held until there is one, or refused when that would be too late.
 * First come, first served, but nobody waits behind someone who waits for something else.
 */
typedef struct _LkBudget LkBudget;
typedef struct _LkClaim  LkClaim;

/**
 * LkClaimSpec:
 * @app: the developer app
 * @limits: (element-type LkRateLimit): what is documented for it
 * @path, @account, @token: (nullable): what the request is about, and with whose token
 * @call: (nullable): for limits of one value of one field
 * @server_now: seconds since 1970 UTC at the provider
 * @until: boot time by which the place is of use
 * @number: 0, or the number of an earlier claim for the same request, which keeps its turn
 */
typedef struct
{
  const char    *app;
  GPtrArray     *limits;
  const char    *path;
  const char    *account;
  const char    *token;
  LkCallRequest *call;
  gint64         server_now;
  gint64         until;
  guint64        number;
} LkClaimSpec;

typedef enum
{
  LK_CLAIM_HELD,
  LK_CLAIM_GRANTED,
  LK_CLAIM_REFUSED,
} LkClaimState;

/* A held claim was granted, or refused because a new limit puts it past its end. */
typedef void (*LkClaimFunc) (LkClaim *claim, gpointer user_data);

LkBudget     *lk_budget_new         (LkClock *clock, LkTimers *timers);
void          lk_budget_free        (LkBudget *self);
/* @func is not called from within. (transfer full): free with lk_claim_release() */
LkClaim      *lk_budget_claim       (LkBudget *self, const LkClaimSpec *spec, LkClaimFunc func,
                                     gpointer user_data);
LkClaimState  lk_claim_get_state    (LkClaim *self);
guint64       lk_claim_get_number   (LkClaim *self);
/* Seconds that a held claim will wait, as far as that can be told. */
double        lk_claim_get_wait     (LkClaim *self);
/* Why it is held or refused: local fault "budget" of class rate, with limit, slowed and retry_at;
 * %NULL when no limit is to blame. */
LkFault      *lk_claim_dup_fault    (LkClaim *self);
/* The request goes out now. */
void          lk_claim_sent         (LkClaim *self);
/* @used: whether the request may have reached the provider; else the place is free again. */
void          lk_claim_release      (LkClaim *self, gboolean used);

/**
 * lk_budget_hold:
 * @spec: of the refused request
 * @sent_at: boot time when it was sent; what was out before the last refusal is no second one
 * @fault: the refusal; its limit, slowed and retry_at are set
 *
 * What the provider asked for: whatever @wait names waits, for everybody.
 *
 * Returns: seconds
 */
double        lk_budget_hold        (LkBudget *self, const LkClaimSpec *spec, gint64 sent_at,
                                     LkFault *fault, const LkRateWait *wait);
GPtrArray    *lk_budget_list_holds  (LkBudget *self, const char *app);

/* The "FIELD=VALUE" of a call that a refusal such as "limited by pixel_code's value" names.
 * (transfer full) (nullable) */
char         *lk_budget_dup_field   (const char *message);
char         *lk_budget_dup_value   (const LkCallRequest *call, const char *field);

G_END_DECLS
