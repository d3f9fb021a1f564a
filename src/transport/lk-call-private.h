/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-backoff-private.h"
#include "lk-budget-private.h"
#include "lk-call.h"
#include "lk-circuit-private.h"
#include "lk-server-time-private.h"
#include "lk-timers-private.h"

G_BEGIN_DECLS

struct _LkCallEngine
{
  GObject       parent_instance;

  LkHttp       *http;        /* (owned) */
  LkClock      *clock;       /* (owned) */
  LkTimers     *timers;      /* (owned) */
  LkBudget     *budget;      /* (owned) */
  LkCircuit    *circuit;     /* (owned) */
  LkServerTime *server_time; /* (owned) */
  GRand        *random;      /* (owned): spreads back-off, is no secret */
  guint         n_out;       /* requests under way */
};

/**
 * LkCallPlan:
 *
 * What somebody asked the engine for: a call, or a probe when @probe is set.
 */
typedef struct
{
  LkProfile     *profile;
  char          *app;
  char          *connection; /* (nullable) */
  LkTokenSource *source;     /* (nullable) */
  LkCallRequest *request;    /* (nullable): of a call */
  char          *probe;      /* (nullable) */
  char          *center;     /* (nullable): of a probe */
  char          *account;    /* (nullable) */
  guint          deadline;
} LkCallPlan;

void          lk_call_plan_free (LkCallPlan *self);

/* @plan: (transfer full). Returns #LkCallResult or #LkProbeAnswer through @task. */
void          lk_call_run       (LkCallEngine *engine, LkCallPlan *plan, GTask *task);

/**
 * LkCallAct:
 *
 * What to do about a refusal.
 */
typedef enum
{
  LK_CALL_FINISH,
  LK_CALL_RENEW,
  LK_CALL_WAIT,
  LK_CALL_BACK_OFF,
} LkCallAct;

/**
 * LkCallCase:
 * @klass: of the refusal
 * @probe: it is a probe
 * @safe: it only reads
 * @untouched: it is proven that nothing was carried out
 * @renewed: the token was renewed before, for this call
 * @tries: refusals of this kind so far, this one included
 */
typedef struct
{
  LkClass  klass;
  gboolean probe;
  gboolean safe;
  gboolean untouched;
  gboolean renewed;
  guint    tries;
} LkCallCase;

LkCallAct     lk_call_decide            (const LkCallCase *self);
gboolean      lk_call_is_dead_token     (LkClass klass);
gboolean      lk_call_is_accepted_token (LkClass klass);

LkCallStep   *lk_call_step_new          (const char *kind, gint64 at, double seconds,
                                         const LkFault *fault);
void          lk_call_step_free         (LkCallStep *self);
LkCallResult *lk_call_result_new        (void);

/* Back-off that tests can foretell. */
void          lk_call_engine_set_seed   (LkCallEngine *self, guint32 seed);

G_END_DECLS
