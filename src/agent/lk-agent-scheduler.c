/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-scheduler.h"

#include "lk-agent-connections.h"
#include "lk-agent-deadlines.h"
#include "lk-agent-error.h"
#include "lk-agent-plan.h"
#include "lk-policy.h"

/* After a sleep the network may come a moment later; a computer that has none may still reach what
 * it wants, so nothing waits longer. */
#define NETWORK_PATIENCE_S 30
#define RATE_HOLD_S 60

struct _LkAgentScheduler
{
  LkAgentContext  *context;  /* outlives us */
  LkAgentPlan     *plan;     /* (owned) */
  LkAgentDeadline *deadline; /* (owned): the next renewal */
  GHashTable      *known;    /* (owned) set of connections that the plan names */
  gint64           margin;
  gboolean         ready;
  gboolean         stopped;
  gboolean         asleep;
  guint            patience_id; /* waiting for the network */
  guint            run_id;
};

static void lk_agent_scheduler_run_soon (LkAgentScheduler *self);

/* Renewing. */

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  LkAgentScheduler *self = lk_agent_context_get_scheduler (context);
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  gint64 now = lk_agent_context_get_now (context);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (connection, result, &error);
  LkPlanOutcome outcome = LK_PLAN_ANSWERED;

  if (tokens == NULL)
    g_info ("a planned renewal failed: %s", error->message);
  if (self == NULL)
    return;
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_OFFLINE))
    outcome = LK_PLAN_UNREACHABLE;
  else if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_TIMED_OUT))
    outcome = LK_PLAN_SILENT;
  lk_agent_plan_end (self->plan, connection, outcome, now);
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_RATE_LIMITED))
    lk_agent_plan_hold (self->plan, record->client,
                        MAX (record->fault != NULL ? record->fault->retry_at : 0,
                             now + RATE_HOLD_S));
  g_hash_table_remove (self->known, connection);
  lk_agent_scheduler_plan (self, connection);
  lk_agent_scheduler_run_soon (self);
}

static gboolean
run_cb (gpointer user_data)
{
  LkAgentScheduler *self = user_data;
  gint64 now = lk_agent_context_get_now (self->context);
  LkAgentConnection *connection;

  self->run_id = 0;
  while ((connection = lk_agent_plan_start (self->plan, now)) != NULL)
    lk_agent_connection_renew_async (connection, renewed_cb, g_object_ref (self->context));
  lk_agent_deadline_set (self->deadline, lk_agent_plan_get_next (self->plan, now));
  return G_SOURCE_REMOVE;
}

static gboolean
may_run (LkAgentScheduler *self)
{
  return self->ready && !self->stopped && !self->asleep && self->patience_id == 0;
}

/* Many plans change together; they are looked at once. */
static void
lk_agent_scheduler_run_soon (LkAgentScheduler *self)
{
  if (!may_run (self))
    {
      g_clear_handle_id (&self->run_id, g_source_remove);
      lk_agent_deadline_set (self->deadline, LK_END_NEVER);
    }
  else if (self->run_id == 0)
    self->run_id = g_idle_add_full (G_PRIORITY_DEFAULT, run_cb, self, NULL);
}

static void
due_cb (gpointer user_data)
{
  lk_agent_scheduler_run_soon (user_data);
}

/* What was put off by the old time, and how healthy each is, was measured with a wrong rule. */
static void
clock_changed_cb (LkAgentContext *context)
{
  LkAgentScheduler *self = lk_agent_context_get_scheduler (context);

  lk_agent_connections_sync (lk_agent_context_get_connections (context));
  lk_call_engine_wake (lk_agent_context_get_engine (context));
  lk_agent_plan_look (self->plan, lk_agent_context_get_now (context));
  lk_agent_scheduler_run_soon (self);
}

/* Settings. */

static void
paused_cb (LkAgentContext *context)
{
  LkAgentScheduler *self = lk_agent_context_get_scheduler (context);

  lk_agent_plan_set_paused (self->plan,
                            g_settings_get_boolean (lk_agent_context_get_settings (context),
                                                    "paused"));
  lk_agent_scheduler_run_soon (self);
}

static void
margin_cb (LkAgentContext *context)
{
  LkAgentScheduler *self = lk_agent_context_get_scheduler (context);

  self->margin = g_settings_get_uint (lk_agent_context_get_settings (context), "renewal-margin");
  lk_agent_connections_sync (lk_agent_context_get_connections (context));
}

static gboolean
handle_renew_all (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, LkAgentContext *context)
{
  guint count = lk_agent_scheduler_renew_all (lk_agent_context_get_scheduler (context));

  lk_dbus_agent1_complete_renew_all (agent, invocation, count);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

LkAgentScheduler *
lk_agent_scheduler_new (LkAgentContext *context)
{
  LkAgentScheduler *self = g_new0 (LkAgentScheduler, 1);
  GSettings *settings = lk_agent_context_get_settings (context);

  self->context = context;
  self->plan = lk_agent_plan_new ();
  self->deadline = lk_agent_deadline_new (context, due_cb, self);
  self->known = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->margin = g_settings_get_uint (settings, "renewal-margin");
  lk_agent_plan_set_paused (self->plan, g_settings_get_boolean (settings, "paused"));
  g_signal_connect_object (settings, "changed::paused", G_CALLBACK (paused_cb), context,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::renewal-margin", G_CALLBACK (margin_cb), context,
                           G_CONNECT_SWAPPED);
  g_signal_connect (context, "clock-changed", G_CALLBACK (clock_changed_cb), NULL);
  g_signal_connect_object (lk_agent_context_get_agent (context), "handle-renew-all",
                           G_CALLBACK (handle_renew_all), context, 0);
  return self;
}

void
lk_agent_scheduler_free (LkAgentScheduler *self)
{
  GSettings *settings = lk_agent_context_get_settings (self->context);

  g_signal_handlers_disconnect_by_func (self->context, clock_changed_cb, NULL);
  g_signal_handlers_disconnect_by_func (settings, paused_cb, self->context);
  g_signal_handlers_disconnect_by_func (settings, margin_cb, self->context);
  g_clear_handle_id (&self->run_id, g_source_remove);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  lk_agent_deadline_free (self->deadline);
  lk_agent_plan_free (self->plan);
  g_hash_table_unref (self->known);
  g_free (self);
}

void
lk_agent_scheduler_set_ready (LkAgentScheduler *self, gboolean ready)
{
  self->ready = ready;
  lk_agent_scheduler_run_soon (self);
}

void
lk_agent_scheduler_stop (LkAgentScheduler *self)
{
  self->stopped = TRUE;
  lk_agent_scheduler_run_soon (self);
}

/**
 * lk_agent_scheduler_plan:
 *
 * To be called whenever what lk_agent_connection_get_due() follows from has changed.
 */
void
lk_agent_scheduler_plan (LkAgentScheduler *self, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  gint64 due;

  if (self == NULL || lk_agent_plan_is_under_way (self->plan, connection))
    return;
  due = lk_agent_connection_get_due (connection);
  lk_agent_plan_set (self->plan, connection, record->client, due,
                     lk_policy_urgency (record->access_ends, record->refresh_ends,
                                        lk_agent_context_get_now (self->context)));
  if (due == LK_END_NEVER)
    g_hash_table_remove (self->known, connection);
  else if (!g_hash_table_contains (self->known, connection))
    g_hash_table_add (self->known, g_object_ref (connection));
  if (due < lk_agent_deadline_get (self->deadline))
    lk_agent_scheduler_run_soon (self);
}

guint
lk_agent_scheduler_renew_all (LkAgentScheduler *self)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));
  gint64 now = lk_agent_context_get_now (self->context);
  guint count = 0;

  for (guint i = 0; i < all->len; i++)
    {
      LkAgentConnection *connection = all->pdata[i];
      const LkConnectionRecord *record = lk_agent_connection_get_record (connection);

      if (record->removed_at != 0 || lk_agent_fault_stops_renewal (record->fault)
          || !lk_agent_connection_can_renew (connection))
        continue;
      count++;
      lk_agent_plan_ask (self->plan, connection, record->client,
                         lk_policy_urgency (record->access_ends, record->refresh_ends, now));
      if (!g_hash_table_contains (self->known, connection))
        g_hash_table_add (self->known, g_object_ref (connection));
    }
  lk_agent_scheduler_run_soon (self);
  return count;
}

gint64
lk_agent_scheduler_get_margin (LkAgentScheduler *self)
{
  return self != NULL ? self->margin : LK_MARGIN_DEFAULT;
}

/* Network and sleep. */

/**
 * lk_agent_scheduler_network_returned:
 *
 * What waits only because there was no network is tried at once, most urgent first.
 */
void
lk_agent_scheduler_network_returned (LkAgentScheduler *self)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));

  g_clear_handle_id (&self->patience_id, g_source_remove);
  lk_agent_plan_doubt (self->plan);
  for (guint i = 0; i < all->len; i++)
    {
      const LkConnectionRecord *record = lk_agent_connection_get_record (all->pdata[i]);

      if (record->removed_at != 0 || !(lk_fault_is_local (record->fault, "offline")
                                       || lk_fault_is_local (record->fault, "timed-out")))
        continue;
      lk_agent_connection_retry_now (all->pdata[i]);
      lk_agent_connection_sync (all->pdata[i]);
    }
  lk_agent_scheduler_run_soon (self);
}

static gboolean
patience_cb (gpointer user_data)
{
  LkAgentScheduler *self = user_data;

  self->patience_id = 0;
  lk_agent_scheduler_network_returned (self);
  return G_SOURCE_REMOVE;
}

/**
 * lk_agent_scheduler_set_asleep:
 *
 * Nothing is begun just before a sleep. After it the network is waited for, so that not everything
 * fails that came due meanwhile.
 */
void
lk_agent_scheduler_set_asleep (LkAgentScheduler *self, gboolean asleep)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  self->asleep = asleep;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (asleep)
    lk_agent_scheduler_run_soon (self);
  else if (g_network_monitor_get_network_available (monitor))
    lk_agent_scheduler_network_returned (self);
  else
    self->patience_id = g_timeout_add_seconds (NETWORK_PATIENCE_S, patience_cb, self);
}
