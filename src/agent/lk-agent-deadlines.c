/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-deadlines.h"

#include "lk-agent-alarm.h"

struct _LkAgentDeadline
{
  LkAgentDeadlines    *all;
  LkAgentDeadlineFunc  callback;
  gpointer             user_data;
  gint64               at;
  GSequenceIter       *place; /* (nullable): while set */
};

struct _LkAgentDeadlines
{
  LkAgentContext *context; /* outlives us */
  LkAgentAlarm   *alarm;   /* (owned) */
  GSequence      *queue;   /* (owned) of LkAgentDeadline (unowned), nearest first */
  guint           run_id;
};

static int
compare_deadlines (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const LkAgentDeadline *left = a;
  const LkAgentDeadline *right = b;

  return (left->at > right->at) - (left->at < right->at);
}

static LkAgentDeadline *
peek_first (LkAgentDeadlines *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

/* One a turn of the main loop, so that many that are due together stop nothing else. */
static gboolean
run_cb (gpointer user_data)
{
  LkAgentDeadlines *self = user_data;
  gint64 now = lk_agent_context_get_now (self->context);
  LkAgentDeadline *first = peek_first (self);

  if (first == NULL || first->at > now)
    {
      self->run_id = 0;
      lk_agent_alarm_set (self->alarm, first != NULL ? first->at - now : -1);
      return G_SOURCE_REMOVE;
    }
  g_sequence_remove (g_steal_pointer (&first->place));
  first->at = LK_END_NEVER;
  first->callback (first->user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * lk_agent_deadlines_look:
 *
 * To be called when time may have moved in another way than by passing.
 */
void
lk_agent_deadlines_look (LkAgentDeadlines *self)
{
  if (self->run_id == 0)
    self->run_id = g_idle_add_full (G_PRIORITY_DEFAULT, run_cb, self, NULL);
}

static void
alarm_cb (gboolean clock_was_set, gpointer user_data)
{
  LkAgentDeadlines *self = user_data;

  if (clock_was_set)
    {
      lk_corrected_clock_look (LK_CORRECTED_CLOCK (lk_agent_context_get_clock (self->context)));
      lk_agent_context_clock_changed (self->context);
    }
  lk_agent_deadlines_look (self);
}

LkAgentDeadlines *
lk_agent_deadlines_new (LkAgentContext *context)
{
  LkAgentDeadlines *self = g_new0 (LkAgentDeadlines, 1);

  self->context = context;
  self->queue = g_sequence_new (NULL);
  self->alarm = lk_agent_alarm_new (alarm_cb, self);
  return self;
}

void
lk_agent_deadlines_free (LkAgentDeadlines *self)
{
  g_clear_handle_id (&self->run_id, g_source_remove);
  lk_agent_alarm_free (self->alarm);
  g_warn_if_fail (g_sequence_is_empty (self->queue));
  g_sequence_free (self->queue);
  g_free (self);
}

/**
 * lk_agent_deadline_new:
 *
 * Returns: (transfer full): a deadline that is not set
 */
LkAgentDeadline *
lk_agent_deadline_new (LkAgentContext *context, LkAgentDeadlineFunc callback, gpointer user_data)
{
  LkAgentDeadline *self = g_new0 (LkAgentDeadline, 1);

  self->all = lk_agent_context_get_deadlines (context);
  self->callback = callback;
  self->user_data = user_data;
  self->at = LK_END_NEVER;
  return self;
}

/**
 * lk_agent_deadline_set:
 * @at: seconds since 1970 UTC; %LK_END_NEVER for not at all
 *
 * Takes the place of what was set before.
 */
void
lk_agent_deadline_set (LkAgentDeadline *self, gint64 at)
{
  LkAgentDeadlines *all = self->all;
  gboolean was_first = self->place != NULL && peek_first (all) == self;

  if (at == self->at)
    return;
  if (self->place != NULL)
    g_sequence_remove (g_steal_pointer (&self->place));
  self->at = at;
  if (at != LK_END_NEVER)
    self->place = g_sequence_insert_sorted (all->queue, self, compare_deadlines, NULL);
  if (was_first || peek_first (all) == self)
    lk_agent_deadlines_look (all);
}

gint64
lk_agent_deadline_get (LkAgentDeadline *self)
{
  return self->at;
}

void
lk_agent_deadline_free (LkAgentDeadline *self)
{
  lk_agent_deadline_set (self, LK_END_NEVER);
  g_free (self);
}
