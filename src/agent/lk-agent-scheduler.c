/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-scheduler.h"

#include "lk-agent-alarm.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"

#define AT_ONCE 16

/* One connection that has something planned. */
typedef struct
{
  LkAgentConnection *connection; /* (owned) */
  gint64             due;
} Plan;

struct _LkAgentScheduler
{
  LkAgentContext *context;  /* outlives us */
  LkAgentAlarm   *alarm;    /* (owned) */
  GSequence      *plans;    /* (owned) of Plan, nearest first */
  GHashTable     *places;   /* (owned) connection → GSequenceIter */
  GHashTable     *renewing; /* (owned) set of connections */
  gboolean        ready;
  gboolean        stopped;
  guint           run_id;
};

static void
plan_free (Plan *plan)
{
  g_object_unref (plan->connection);
  g_free (plan);
}

static int
compare_plans (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Plan *left = a;
  const Plan *right = b;

  if (left->due != right->due)
    return left->due < right->due ? -1 : 1;
  return 0;
}

static void lk_agent_scheduler_run_soon (LkAgentScheduler *self);

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  LkAgentScheduler *self = lk_agent_context_get_scheduler (context);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (connection, result, &error);

  if (tokens == NULL)
    g_info ("a planned renewal failed: %s", error->message);
  if (self == NULL)
    return;
  g_hash_table_remove (self->renewing, connection);
  lk_agent_scheduler_plan (self, connection);
  lk_agent_scheduler_run_soon (self);
}

static gboolean
run_cb (gpointer user_data)
{
  LkAgentScheduler *self = user_data;
  gint64 now = lk_agent_context_get_now (self->context);
  GSequenceIter *first;

  self->run_id = 0;
  while (self->ready && !self->stopped && g_hash_table_size (self->renewing) < AT_ONCE)
    {
      LkAgentConnection *connection;
      Plan *plan;

      first = g_sequence_get_begin_iter (self->plans);
      if (g_sequence_iter_is_end (first))
        break;
      plan = g_sequence_get (first);
      if (plan->due > now)
        {
          lk_agent_alarm_set (self->alarm, plan->due - now);
          return G_SOURCE_REMOVE;
        }
      connection = g_object_ref (plan->connection);
      g_hash_table_remove (self->places, connection);
      g_sequence_remove (first);
      g_hash_table_add (self->renewing, connection);
      lk_agent_connection_renew_async (connection, renewed_cb, g_object_ref (self->context));
    }
  lk_agent_alarm_set (self->alarm, -1);
  return G_SOURCE_REMOVE;
}

/* Many plans change together; they are looked at once. */
static void
lk_agent_scheduler_run_soon (LkAgentScheduler *self)
{
  if (self->run_id == 0 && self->ready && !self->stopped)
    self->run_id = g_idle_add_full (G_PRIORITY_DEFAULT, run_cb, self, NULL);
}

static void
alarm_cb (gboolean clock_was_set, gpointer user_data)
{
  LkAgentScheduler *self = user_data;

  /* What was put off by the old clock, and how healthy each is, was measured with a wrong rule. */
  if (clock_was_set)
    {
      lk_agent_connections_sync (lk_agent_context_get_connections (self->context));
      lk_call_engine_wake (lk_agent_context_get_engine (self->context));
    }
  lk_agent_scheduler_run_soon (self);
}

LkAgentScheduler *
lk_agent_scheduler_new (LkAgentContext *context)
{
  LkAgentScheduler *self = g_new0 (LkAgentScheduler, 1);

  self->context = context;
  self->alarm = lk_agent_alarm_new (alarm_cb, self);
  self->plans = g_sequence_new ((GDestroyNotify) plan_free);
  self->places = g_hash_table_new (NULL, NULL);
  self->renewing = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  return self;
}

void
lk_agent_scheduler_free (LkAgentScheduler *self)
{
  g_clear_handle_id (&self->run_id, g_source_remove);
  lk_agent_alarm_free (self->alarm);
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->renewing);
  g_sequence_free (self->plans);
  g_free (self);
}

void
lk_agent_scheduler_set_ready (LkAgentScheduler *self, gboolean ready)
{
  self->ready = ready;
  if (ready)
    lk_agent_scheduler_run_soon (self);
  else
    lk_agent_alarm_set (self->alarm, -1);
}

void
lk_agent_scheduler_stop (LkAgentScheduler *self)
{
  self->stopped = TRUE;
  lk_agent_alarm_set (self->alarm, -1);
}

void
lk_agent_scheduler_plan (LkAgentScheduler *self, LkAgentConnection *connection)
{
  GSequenceIter *place;
  Plan *plan;
  gint64 due;

  if (self == NULL || g_hash_table_contains (self->renewing, connection))
    return;

  due = lk_agent_connection_get_due (connection);
  place = g_hash_table_lookup (self->places, connection);
  if (place != NULL)
    {
      plan = g_sequence_get (place);
      if (plan->due == due)
        return;
      g_hash_table_remove (self->places, connection);
      g_sequence_remove (place);
    }
  if (due == LK_END_NEVER)
    return;

  plan = g_new0 (Plan, 1);
  plan->connection = g_object_ref (connection);
  plan->due = due;
  place = g_sequence_insert_sorted (self->plans, plan, compare_plans, NULL);
  g_hash_table_insert (self->places, connection, place);
  if (g_sequence_iter_is_begin (place))
    lk_agent_scheduler_run_soon (self);
}

/**
 * lk_agent_scheduler_network_returned:
 *
 * What waits only because there was no network is tried at once.
 */
void
lk_agent_scheduler_network_returned (LkAgentScheduler *self)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->plans);
       !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      Plan *plan = g_sequence_get (iter);
      const LkFault *fault = lk_agent_connection_get_record (plan->connection)->fault;

      if (fault != NULL && (lk_fault_is_local (fault, "offline")
                            || lk_fault_is_local (fault, "timed-out")))
        g_ptr_array_add (waiting, g_object_ref (plan->connection));
    }
  for (guint i = 0; i < waiting->len; i++)
    {
      lk_agent_connection_retry_now (waiting->pdata[i]);
      lk_agent_connection_sync (waiting->pdata[i]);
    }
}
