/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call-run-private.h"

static void
lk_call_free (LkCall *self)
{
  lk_call_plan_free (self->plan);
  g_clear_object (&self->inner);
  g_clear_object (&self->outer);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_clear_pointer (&self->refusal, lk_fault_free);
  g_clear_pointer (&self->result, lk_call_result_free);
  g_clear_pointer (&self->answer, lk_probe_answer_free);
  g_free (self->path);
  g_free (self->method);
  g_free (self);
}

/* A probe asks, whatever its method is. */
gboolean
lk_call_is_safe (LkCall *self)
{
  return self->plan->request == NULL || lk_call_request_is_safe (self->plan->request);
}

gboolean
lk_call_needs_token (LkCall *self)
{
  return self->plan->probe == NULL
         || lk_profile_probe_needs_token (self->plan->profile, self->plan->probe);
}

static gint64
server_now (LkCall *self)
{
  return lk_server_time_now (self->engine->server_time, lk_profile_get_id (self->plan->profile));
}

void
lk_call_fill_spec (LkCall      *self,
                   LkClaimSpec *spec)
{
  spec->app = self->plan->app;
  spec->limits = lk_profile_get_rate_limits (self->plan->profile);
  spec->path = self->path;
  spec->account = self->plan->account;
  spec->token = self->plan->connection;
  spec->call = self->plan->request;
  spec->server_now = server_now (self);
}

void
lk_call_note (LkCall        *self,
              const char    *kind,
              double         seconds,
              const LkFault *fault)
{
  LkCallStep *step = lk_call_step_new (kind, lk_clock_get_now (self->engine->clock), seconds,
                                       fault);

  g_ptr_array_add (self->result->steps, step);
  g_signal_emit_by_name (self->engine, "step", self->plan->source, step);
}

/* Ends what is under way and hands over to the caller of the task. */
static void
tidy (LkCall *self)
{
  self->finished = TRUE;
  if (self->timer != NULL)
    lk_timers_cancel (self->engine->timers, g_steal_pointer (&self->timer));
  if (self->pause != NULL)
    lk_timers_cancel (self->engine->timers, g_steal_pointer (&self->pause));
  lk_call_give_place_back (self, self->out);
  if (self->outer_id != 0)
    g_cancellable_disconnect (self->outer, self->outer_id);
  self->outer_id = 0;
  g_cancellable_cancel (self->inner);
}

void
lk_call_give_place_back (LkCall   *self,
                         gboolean  used)
{
  if (self->claim != NULL)
    lk_claim_release (g_steal_pointer (&self->claim), used);
}

static void
set_if_empty (char       **text,
              const char  *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

static void
fill_values (LkCall   *self,
             LkValues *values)
{
  const LkCallPlan *plan = self->plan;

  if (plan->source != NULL)
    lk_token_source_fill (plan->source, values);
  if (self->tokens != NULL)
    lk_values_set_secret (values, "token.access", lk_token_set_get_access (self->tokens));
  if (plan->probe == NULL)
    return;

  if (plan->account != NULL)
    lk_values_set (values, "call.account", plan->account);
  if (plan->center != NULL)
    lk_values_set (values, g_str_equal (plan->probe, "video") ? "call.media" : "call.center",
                   plan->center);
}

/* All that goes to the disk, the bus and the window passes here. */
static void
fill_fault (LkCall  *self,
            LkFault *fault)
{
  g_autoptr(LkValues) values = lk_values_new ();

  set_if_empty (&fault->endpoint, self->path);
  set_if_empty (&fault->method, self->method);
  set_if_empty (&fault->account, self->plan->account);
  set_if_empty (&fault->family, lk_profile_get_family (self->plan->profile));
  set_if_empty (&fault->step, lk_step_to_string (LK_STEP_API));
  if (fault->at == 0)
    fault->at = lk_clock_get_now (self->engine->clock);

  fill_values (self, values);
  lk_values_mask_fault (values, fault);
}

void
lk_call_count_dead_token (LkCall *self)
{
  if (self->plan->connection != NULL
      && lk_circuit_fail (self->engine->circuit, self->plan->connection))
    lk_call_note (self, "circuit", 0, NULL);
}

static void
count_outcome (LkCall        *self,
               const LkFault *fault)
{
  LkClass klass = fault != NULL ? fault->klass : LK_CLASS_OK;

  if (self->plan->connection == NULL || !lk_call_needs_token (self)
      || lk_fault_is_local (fault, NULL))
    return;

  if (self->plan->probe != NULL && fault == NULL)
    lk_circuit_close (self->engine->circuit, self->plan->connection);
  else if (self->plan->probe == NULL && lk_call_is_dead_token (klass))
    lk_call_count_dead_token (self);
  else if (lk_call_is_accepted_token (klass))
    lk_circuit_succeed (self->engine->circuit, self->plan->connection);
}

/**
 * lk_call_finish_fault:
 * @fault: (transfer full) (nullable): %NULL when it went well
 */
void
lk_call_finish_fault (LkCall  *self,
                      LkFault *fault)
{
  g_autoptr(GTask) task = self->task;

  if (fault != NULL)
    fill_fault (self, fault);
  count_outcome (self, fault);
  lk_call_note (self, "done", 0, fault);
  tidy (self);
  self->task = NULL;

  if (self->plan->probe != NULL)
    {
      if (fault != NULL && self->answer->fault == NULL)
        self->answer->fault = g_steal_pointer (&fault);
      lk_fault_free (fault);
      g_task_return_pointer (task, g_steal_pointer (&self->answer),
                             (GDestroyNotify) lk_probe_answer_free);
      return;
    }

  self->result->fault = fault;
  self->result->attempts = self->attempts;
  self->result->renewed = self->renewed;
  g_task_return_pointer (task, g_steal_pointer (&self->result),
                         (GDestroyNotify) lk_call_result_free);
}

void
lk_call_finish_error (LkCall *self,
                      GError *error)
{
  g_autoptr(GTask) task = self->task;

  tidy (self);
  self->task = NULL;
  g_task_return_error (task, error);
}

/* A probe asks whether the token lives, so it goes out all the same. */
gboolean
lk_call_check_circuit (LkCall *self)
{
  if (self->plan->probe != NULL || self->plan->connection == NULL
      || !lk_circuit_is_open (self->engine->circuit, self->plan->connection))
    return TRUE;

  lk_call_note (self, "circuit", 0, NULL);
  lk_call_finish_fault (self, lk_fault_new_local (LK_CLASS_TOKEN_REVOKED, "circuit-open", NULL));

  return FALSE;
}

/* Paths are logged and kept; a query is neither. */
static LkRequest *
check_path (LkRequest  *request,
            LkValues   *values,
            GError    **error)
{
  g_autofree char *path = g_strdup (lk_request_get_path (request));
  g_autofree char *decoded = g_uri_unescape_string (path, NULL);

  if (!lk_values_mask (values, &path) && !lk_values_mask (values, &decoded))
    return request;

  lk_request_unref (request);
  g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE,
                       "the path holds a token or a secret, which are sent where they belong");

  return NULL;
}

/**
 * lk_call_build:
 *
 * Returns: (transfer full): the request, with the token of this moment
 */
LkRequest *
lk_call_build (LkCall  *self,
               GError **error)
{
  g_autoptr(LkValues) values = lk_values_new ();
  LkRequest *request;

  fill_values (self, values);
  if (self->plan->probe == NULL)
    {
      request = lk_profile_build_call (self->plan->profile, self->plan->request, values,
                                       server_now (self), error);
      return request != NULL ? check_path (request, values, error) : NULL;
    }

  request = lk_profile_build_probe (self->plan->profile, self->plan->probe, values,
                                    server_now (self), error);
  if (request != NULL && self->path == NULL)
    {
      self->path = g_strdup (lk_request_get_path (request));
      self->method = g_strdup (lk_request_get_method (request));
      self->answer->endpoint = g_strdup (self->path);
    }

  return request;
}

static LkFault *
judge_probe (LkCall        *self,
             const LkReply *reply)
{
  g_autoptr(LkValues) values = lk_values_new ();

  g_clear_pointer (&self->answer->fault, lk_fault_free);
  g_clear_pointer (&self->answer->trace_id, g_free);
  g_ptr_array_set_size (self->answer->rows, 0);
  lk_profile_read_probe (self->plan->profile, reply, self->answer);
  self->answer->skew = reply->date > 0
                         ? reply->date - lk_clock_get_now (self->engine->clock) : LK_SKEW_UNKNOWN;
  set_if_empty (&self->answer->trace_id, reply->trace_id);
  fill_values (self, values);
  lk_values_mask_answer (values, self->answer);

  return g_steal_pointer (&self->answer->fault);
}

/**
 * lk_call_judge:
 * @reply: (nullable): %NULL when there is an error
 *
 * Returns: (transfer full) (nullable): what was refused, %NULL for a success
 */
LkFault *
lk_call_judge (LkCall        *self,
               const LkReply *reply,
               const GError  *error)
{
  LkFault *fault;

  /* Other hosts, such as a page of news, have clocks of their own. */
  if (reply != NULL && lk_call_needs_token (self))
    lk_server_time_learn (self->engine->server_time, lk_profile_get_id (self->plan->profile),
                          reply->date);

  if (reply == NULL)
    fault = lk_transport_error_to_fault (error);
  else if (self->plan->probe != NULL)
    fault = judge_probe (self, reply);
  else
    fault = lk_profile_read_reply (self->plan->profile, LK_STEP_API, reply);

  if (fault != NULL)
    {
      set_if_empty (&fault->trace_id, reply != NULL ? reply->trace_id : NULL);
      fill_fault (self, fault);
    }

  return fault;
}

/* The body is for the caller alone; the rest crosses the bus. */
void
lk_call_keep_reply (LkCall  *self,
                    LkReply *reply)
{
  g_autoptr(LkValues) values = lk_values_new ();

  fill_values (self, values);
  if (reply != NULL)
    {
      lk_values_mask (values, &reply->trace_id);
      lk_values_mask (values, &reply->content_type);
    }
  g_clear_pointer (&self->result->reply, lk_reply_free);
  self->result->reply = reply;
}

/* Why it took too long: a limit, if one is waited for; else nobody answered. */
static void
deadline_passed_cb (gpointer user_data)
{
  LkCall *self = user_data;
  LkFault *fault = NULL;

  self->timer = NULL;
  if (self->claim != NULL && lk_claim_get_state (self->claim) == LK_CLAIM_HELD)
    fault = lk_claim_dup_fault (self->claim);
  if (fault == NULL)
    fault = lk_fault_new_local (LK_CLASS_TRANSIENT, "timed-out", NULL);

  lk_call_finish_fault (self, fault);
}

static gboolean
cancel_idle_cb (gpointer user_data)
{
  LkCall *self = g_task_get_task_data (G_TASK (user_data));

  if (!self->finished)
    lk_call_finish_error (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                     "the call was cancelled"));

  return G_SOURCE_REMOVE;
}

/* May come from any thread, and from within g_cancellable_connect(). */
static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      user_data)
{
  g_autoptr(GSource) idle = g_idle_source_new ();

  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, cancel_idle_cb, g_object_ref (user_data), g_object_unref);
  g_source_attach (idle, g_task_get_context (G_TASK (user_data)));
}

void
lk_call_run (LkCallEngine *engine,
             LkCallPlan   *plan,
             GTask        *task)
{
  LkCall *self = g_new0 (LkCall, 1);
  GCancellable *outer = g_task_get_cancellable (task);

  self->engine = engine;
  self->plan = plan;
  self->task = g_object_ref (task);
  self->inner = g_cancellable_new ();
  self->result = lk_call_result_new ();
  self->deadline_at = lk_clock_get_boot (engine->clock) + (gint64) plan->deadline * G_USEC_PER_SEC;
  g_task_set_task_data (task, self, (GDestroyNotify) lk_call_free);
  g_task_set_check_cancellable (task, FALSE);

  if (plan->probe != NULL)
    {
      self->answer = lk_probe_answer_new (plan->probe, plan->center, plan->account);
      self->answer->at = lk_clock_get_now (engine->clock);
      self->answer->skew = LK_SKEW_UNKNOWN;
    }
  else
    {
      self->path = lk_profile_dup_call_path (plan->profile, plan->request);
      self->method = g_strdup (plan->request->method);
    }

  if (g_cancellable_is_cancelled (outer))
    {
      lk_call_finish_error (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                       "the call was cancelled"));
      return;
    }

  self->timer = lk_timers_add (engine->timers, self->deadline_at, deadline_passed_cb, self);
  if (outer != NULL)
    {
      self->outer = g_object_ref (outer);
      self->outer_id = g_cancellable_connect (outer, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (task), g_object_unref);
    }
  lk_call_start (self);
}
