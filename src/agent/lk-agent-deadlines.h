/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentDeadlines:
 *
 * All that the agent wants to do later, behind one timer of the machine. Deadlines are times of
 * day; they are looked at again when the clock was set, when the machine was asleep, and when the
 * provider's time shows that the clock is wrong. Nothing else in the agent needs a timer of minutes
 * or longer.
 */
LkAgentDeadlines *lk_agent_deadlines_new  (LkAgentContext *context);
void              lk_agent_deadlines_free (LkAgentDeadlines *self);
/* Time may have moved: what is due now is done, what is not waits on. */
void              lk_agent_deadlines_look (LkAgentDeadlines *self);

/**
 * LkAgentDeadline:
 *
 * Calls back once, from the main loop, when lk_agent_context_get_now() has reached what was set;
 * after that it is unset, and may be set again, also from the callback. Free all of them before the
 * context goes.
 */
typedef struct _LkAgentDeadline LkAgentDeadline;

typedef void (*LkAgentDeadlineFunc) (gpointer user_data);

LkAgentDeadline *lk_agent_deadline_new  (LkAgentContext *context, LkAgentDeadlineFunc callback,
                                         gpointer user_data);
/* @at: seconds since 1970 UTC; what is past is called soon, LK_END_NEVER not at all. */
void             lk_agent_deadline_set  (LkAgentDeadline *self, gint64 at);
gint64           lk_agent_deadline_get  (LkAgentDeadline *self);
void             lk_agent_deadline_free (LkAgentDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentDeadline, lk_agent_deadline_free)

G_END_DECLS
