/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call-private.h"

#include <sys/random.h>

enum
{
  SIGNAL_STEP,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkCallEngine, lk_call_engine, G_TYPE_OBJECT)

static void
lk_call_engine_finalize (GObject *object)
{
  LkCallEngine *self = LK_CALL_ENGINE (object);

  lk_budget_free (self->budget);
  lk_timers_free (self->timers);
  lk_circuit_free (self->circuit);
  lk_server_time_free (self->server_time);
  g_rand_free (self->random);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lk_call_engine_parent_class)->finalize (object);
}

static void
lk_call_engine_class_init (LkCallEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_call_engine_finalize;

  /**
   * LkCallEngine::step:
   * @source: (nullable): whose call it is
   * @step: an #LkCallStep, while the signal lasts
   */
  signals[SIGNAL_STEP] = g_signal_new ("step", LK_TYPE_CALL_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, LK_TYPE_TOKEN_SOURCE,
                                       G_TYPE_POINTER);
}

static void
lk_call_engine_init (LkCallEngine *self)
{
  guint32 seed = 0;

  /* Machines that failed together must not come back together; without it the seed is 0. */
  if (getrandom (&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
    g_debug ("no random seed");
  self->random = g_rand_new_with_seed (seed);
  self->circuit = lk_circuit_new ();
}

LkCallEngine *
lk_call_engine_new (LkHttp  *http,
                    LkClock *clock)
{
  LkCallEngine *self;

  g_return_val_if_fail (LK_IS_HTTP (http), NULL);
  g_return_val_if_fail (LK_IS_CLOCK (clock), NULL);

  self = g_object_new (LK_TYPE_CALL_ENGINE, NULL);
  self->http = g_object_ref (http);
  self->clock = g_object_ref (clock);
  self->timers = lk_timers_new (clock, self);
  self->budget = lk_budget_new (clock, self->timers);
  self->server_time = lk_server_time_new (clock);

  return self;
}

void
lk_call_engine_set_seed (LkCallEngine *self,
                         guint32       seed)
{
  g_rand_set_seed (self->random, seed);
}

void
lk_call_plan_free (LkCallPlan *self)
{
  g_clear_pointer (&self->profile, lk_profile_unref);
  g_clear_pointer (&self->request, lk_call_request_unref);
  g_clear_object (&self->source);
  g_free (self->app);
  g_free (self->connection);
  g_free (self->probe);
  g_free (self->center);
  g_free (self->account);
  g_free (self);
}

/**
 * lk_call_engine_call_async:
 * @connection: (nullable): key of the circuit and of limits that each token has
 * @deadline: seconds, 0 for %LK_HTTP_DEADLINE
 */
void
lk_call_engine_call_async (LkCallEngine        *self,
                           LkProfile           *profile,
                           const char          *app,
                           const char          *connection,
                           LkTokenSource       *source,
                           LkCallRequest       *call,
                           guint                deadline,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LkCallPlan *plan;

  g_return_if_fail (LK_IS_CALL_ENGINE (self));
  g_return_if_fail (profile != NULL && app != NULL && call != NULL);
  g_return_if_fail (LK_IS_TOKEN_SOURCE (source));

  plan = g_new0 (LkCallPlan, 1);
  plan->profile = lk_profile_ref (profile);
  plan->app = g_strdup (app);
  plan->connection = g_strdup (connection);
  plan->source = g_object_ref (source);
  plan->request = lk_call_request_ref (call);
  plan->account = lk_profile_dup_call_account (profile, call);
  plan->deadline = deadline > 0 ? deadline : LK_HTTP_DEADLINE;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_call_engine_call_async);
  lk_call_run (self, plan, task);
}

LkCallResult *
lk_call_engine_call_finish (LkCallEngine  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_call_engine_call_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
lk_call_engine_probe_async (LkCallEngine        *self,
                            LkProfile           *profile,
                            const char          *app,
                            const char          *connection,
                            LkTokenSource       *source,
                            const char          *probe,
                            const char          *center,
                            const char          *account,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LkCallPlan *plan;

  g_return_if_fail (LK_IS_CALL_ENGINE (self));
  g_return_if_fail (profile != NULL && app != NULL && probe != NULL);
  g_return_if_fail (source == NULL || LK_IS_TOKEN_SOURCE (source));

  plan = g_new0 (LkCallPlan, 1);
  plan->profile = lk_profile_ref (profile);
  plan->app = g_strdup (app);
  plan->connection = g_strdup (connection);
  plan->source = source != NULL ? g_object_ref (source) : NULL;
  plan->probe = g_strdup (probe);
  plan->center = g_strdup (center);
  plan->account = g_strdup (account);
  plan->deadline = LK_HTTP_DEADLINE;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_call_engine_probe_async);
  lk_call_run (self, plan, task);
}

LkProbeAnswer *
lk_call_engine_probe_finish (LkCallEngine  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_call_engine_probe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GPtrArray *
lk_call_engine_list_holds (LkCallEngine *self,
                           const char   *app)
{
  g_return_val_if_fail (LK_IS_CALL_ENGINE (self), NULL);
  g_return_val_if_fail (app != NULL, NULL);

  return lk_budget_list_holds (self->budget, app);
}

gboolean
lk_call_engine_is_circuit_open (LkCallEngine *self,
                                const char   *connection)
{
  g_return_val_if_fail (LK_IS_CALL_ENGINE (self), FALSE);

  return connection != NULL && lk_circuit_is_open (self->circuit, connection);
}

void
lk_call_engine_close_circuit (LkCallEngine *self,
                              const char   *connection)
{
  g_return_if_fail (LK_IS_CALL_ENGINE (self));
  g_return_if_fail (connection != NULL);

  lk_circuit_close (self->circuit, connection);
}

void
lk_call_engine_wake (LkCallEngine *self)
{
  g_return_if_fail (LK_IS_CALL_ENGINE (self));

  lk_timers_fire (self->timers);
}
