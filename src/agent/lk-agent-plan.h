/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At once: over all, and for one app; and an app's starts in one second, the least that TikTok
 * allows any app (10 calls a second). */
#define LK_PLAN_AT_ONCE 16
#define LK_PLAN_OF_APP 4
#define LK_PLAN_PER_SECOND 10

/**
 * LkPlanOutcome:
 * @LK_PLAN_ANSWERED: the provider was there, whatever it said
 * @LK_PLAN_SILENT: it took the request and did not answer; the next one goes alone
 * @LK_PLAN_UNREACHABLE: nothing was sent; all of the app wait, longer each time
 */
typedef enum
{
  LK_PLAN_ANSWERED,
  LK_PLAN_SILENT,
  LK_PLAN_UNREACHABLE,
} LkPlanOutcome;

/**
 * LkAgentPlan:
 *
 * What is to be renewed when, and how much of it at once: pure rules, without a clock. What is due
 * goes out most urgent first, app by app in turn. An app whose provider has not answered yet, or
 * not any more, is tried with one renewal; only its answer lets the others follow. So a network
 * that is away, a clock that is wrong or a provider that is down costs one try, not one a
 * connection.
 */
typedef struct _LkAgentPlan LkAgentPlan;

LkAgentPlan *lk_agent_plan_new        (void);
void         lk_agent_plan_free       (LkAgentPlan *self);

/* @key: whose renewal it is; @app: of which developer app; @due: LK_END_NEVER takes it out;
 * @urgency: the lowest goes first. Changes nothing while @key is under way. */
void         lk_agent_plan_set        (LkAgentPlan *self, gpointer key, const char *app, gint64 due,
                                       gint64 urgency);
/* A person wants it now, also while the rest is paused. */
void         lk_agent_plan_ask        (LkAgentPlan *self, gpointer key, const char *app,
                                       gint64 urgency);
void         lk_agent_plan_set_paused (LkAgentPlan *self, gboolean paused);
/* The time was set to @now: what is not due any more waits again. */
void         lk_agent_plan_look       (LkAgentPlan *self, gint64 now);
/* The network or the computer came back: nobody is held up, and nobody is trusted. */
void         lk_agent_plan_doubt      (LkAgentPlan *self);
/* The app's provider asked to be left alone until then. */
void         lk_agent_plan_hold       (LkAgentPlan *self, const char *app, gint64 until);

/* (nullable): what to start now; it is under way from then on. */
gpointer     lk_agent_plan_start      (LkAgentPlan *self, gint64 now);
/* It is over, and out of the plan. */
void         lk_agent_plan_end        (LkAgentPlan *self, gpointer key, LkPlanOutcome outcome,
                                       gint64 now);
/* When to start more, if nothing changes before; LK_END_NEVER for not at all. */
gint64       lk_agent_plan_get_next   (LkAgentPlan *self, gint64 now);
gboolean     lk_agent_plan_is_under_way (LkAgentPlan *self, gpointer key);
guint        lk_agent_plan_count_under_way (LkAgentPlan *self);

G_END_DECLS
