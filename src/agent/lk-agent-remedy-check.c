/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-remedy-private.h"

#include "lk-agent-enquiry.h"
#include "lk-agent-error.h"
#include "lk-agent-notifier.h"
#include "lk-agent-refusals.h"

#define CALL_DEADLINE_S 30
#define WAITING_MAX     32

/* One look at a step. */
typedef struct
{
  guint          step;
  gboolean       by_itself;
  LkAgentSource *source;    /* (owned) (nullable): of a call that is repeated */
} Check;

static void
check_free (Check *check)
{
  g_clear_object (&check->source);
  g_free (check);
}

static LkVerdictOfStep
verdict_of (LkAgentRemedy *self, const LkRemedy *plan, guint step)
{
  const LkRemedyStep *about = plan->steps->pdata[step];
  gint64 since = self->record->started;

  /* The sign-in that the remedy was begun after is not the one that it asks for. */
  if (about->check == LK_CHECK_SIGN_IN)
    since++;
  return lk_remedy_judge (plan, step, self->record->facts, since);
}

/* The call that was refused is accepted: what led there is settled, whatever was seen of it. */
static void
settle_all (LkAgentRemedy *self)
{
  for (guint i = 0; i < self->record->steps->len; i++)
    if (!lk_agent_remedy_is_settled (self, i))
      lk_agent_remedy_set_step (self, i, "done");
}

static void
end_if_done (LkAgentRemedy *self)
{
  LkAgentConnection *connection = lk_agent_remedy_get_connection (self);
  const LkFault *fault = self->record->facts->fault;
  const LkFault *refusal;

  if (self->record->ended != 0
      || lk_agent_remedy_get_current (self) < self->record->steps->len)
    return;
  self->record->ended = lk_agent_context_get_now (self->context);
  lk_agent_remedy_unwatch (self);
  lk_agent_remedy_tell (self, "remedy-done", self->record->remedy);
  refusal = connection != NULL ? lk_agent_connection_get_record (connection)->refusal : NULL;
  if (refusal != NULL && fault != NULL && g_strcmp0 (refusal->endpoint, fault->endpoint) == 0
      && g_strcmp0 (refusal->method, fault->method) == 0)
    lk_agent_refusals_dismiss (connection);
}

gboolean
lk_agent_remedy_judge (LkAgentRemedy *self, guint step)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);
  const LkRemedyStep *about;
  gboolean was_done;

  if (plan == NULL || step >= plan->steps->len)
    return FALSE;
  about = plan->steps->pdata[step];
  was_done = lk_agent_remedy_is_settled (self, step);
  switch (verdict_of (self, plan, step))
    {
    case LK_VERDICT_DONE:
      lk_agent_remedy_set_step (self, step, "done");
      if (about->check == LK_CHECK_CALL)
        settle_all (self);
      break;
    case LK_VERDICT_NOT_YET:
      lk_agent_remedy_set_step (self, step, "not-yet");
      break;
    case LK_VERDICT_UNKNOWN:
    default:
      lk_agent_remedy_set_step (self, step, "unknown");
      break;
    }
  if (!lk_agent_remedy_is_settled (self, step) || was_done)
    return FALSE;
  lk_agent_remedy_tell (self, about->watchable ? "permission-appeared" : "remedy-step",
                        about->id);
  end_if_done (self);
  return TRUE;
}

void
lk_agent_remedy_told (LkAgentRemedy *self, guint step)
{
  lk_agent_remedy_set_step (self, step, "told");
  end_if_done (self);
  lk_agent_remedy_save (self);
}

/* The end of a check. */

static void
heed_limit (LkAgentRemedy *self)
{
  GPtrArray *answers = self->record->facts->answers;
  gint64 now = lk_agent_context_get_now (self->context);

  for (guint i = 0; i < answers->len; i++)
    {
      const LkFault *fault = ((const LkProbeAnswer *) answers->pdata[i])->fault;

      if (fault != NULL && fault->retry_at > now
          && (fault->klass == LK_CLASS_RATE || fault->klass == LK_CLASS_QUOTA))
        self->not_before = MAX (self->not_before, fault->retry_at);
    }
}

/* One notification for a step and the call that is sent again because of it. */
static void
tell_person (LkAgentRemedy *self, guint step, gboolean done)
{
  int before = self->untold;

  self->untold = -1;
  if (done && before < 0 && lk_agent_remedy_look_further (self))
    self->untold = (int) step;
  else if (done)
    lk_agent_notifier_tell (self, step);
  else if (before >= 0)
    lk_agent_notifier_tell (self, (guint) before);
}

static void
check_end (GTask *task, const GError *error)
{
  LkAgentRemedy *self = g_task_get_source_object (task);
  LkAgentContext *context = self->context;
  Check *check = g_task_get_task_data (task);

  lk_agent_remedy_set_busy (self, FALSE);
  if (error == NULL)
    {
      gboolean done = lk_agent_remedy_judge (self, check->step);

      heed_limit (self);
      self->next_check = 0;
      lk_agent_remedy_save (self);
      if (check->by_itself)
        tell_person (self, check->step, done);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      self->next_check = 0;
      lk_agent_remedy_sync (self);
      if (check->by_itself)
        tell_person (self, check->step, FALSE);
      g_task_return_error (task, lk_agent_error_translate (error, NULL));
    }
  lk_agent_remedy_check_next (self);
  lk_agent_context_release (context);
}

/* By probes, or by the record alone. */

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentRemedy *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  LkFacts *facts = lk_agent_enquiry_finish (LK_AGENT_CONNECTION (source), result, &error);

  if (facts != NULL)
    {
      lk_facts_free (self->record->facts);
      self->record->facts = facts;
    }
  check_end (task, error);
}

static gboolean
is_answered (GPtrArray *questions, const LkFacts *facts)
{
  for (guint i = 0; i < questions->len; i++)
    {
      const LkQuestion *question = questions->pdata[i];

      if (g_str_equal (question->probe, "centers")
          && lk_facts_find (facts, "centers", NULL, NULL) == NULL)
        return FALSE;
    }
  return TRUE;
}

static void check_ask (GTask *task, LkAgentConnection *connection);

/* Some questions can only be asked when the centers are known. */
static void
centers_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentRemedy *self = g_task_get_source_object (task);
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  g_autoptr(GError) error = NULL;
  LkFacts *facts = lk_agent_enquiry_finish (connection, result, &error);

  if (facts == NULL)
    {
      check_end (task, error);
      return;
    }
  lk_facts_free (self->record->facts);
  self->record->facts = facts;
  if (lk_facts_find (facts, "centers", NULL, NULL) == NULL || facts->offline)
    check_end (task, NULL);
  else
    check_ask (task, connection);
}

static void
check_ask (GTask *task, LkAgentConnection *connection)
{
  LkAgentRemedy *self = g_task_get_source_object (task);
  Check *check = g_task_get_task_data (task);
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);
  g_autoptr(GPtrArray) questions = NULL;
  gboolean whole;

  questions = plan != NULL ? lk_remedy_get_questions (plan, check->step, self->record->facts)
                           : g_ptr_array_new ();
  whole = is_answered (questions, self->record->facts);
  if (questions->len == 0)
    {
      lk_agent_facts_refresh (self->record->facts, connection);
      check_end (task, NULL);
    }
  else
    lk_agent_enquiry_ask_async (connection, lk_facts_copy (self->record->facts),
                                g_steal_pointer (&questions), whole ? asked_cb : centers_asked_cb,
                                g_object_ref (task));
}

/* By the call that was refused. */

static void
repeat_noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  lk_agent_refusals_note_finish (LK_AGENT_CONNECTION (source), result);
}

static void
repeated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentRemedy *self = g_task_get_source_object (task);
  LkAgentConnection *connection = lk_agent_remedy_get_connection (self);
  Check *check = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkCallResult) called = lk_call_engine_call_finish (LK_CALL_ENGINE (source), result,
                                                               &error);
  LkProbeAnswer *answer = lk_probe_answer_new ("call", NULL, NULL);

  answer->at = lk_agent_context_get_now (self->context);
  if (called == NULL && g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED))
    {
      answer->fault = lk_fault_new_local (LK_CLASS_USER_ACTION, "token-missing", NULL);
      g_clear_error (&error);
    }
  if (called != NULL)
    {
      answer->fault = lk_fault_copy (called->fault);
      answer->http_status = called->reply != NULL ? called->reply->status : 0;
      answer->endpoint = g_strdup (called->fault != NULL ? called->fault->endpoint : NULL);
      answer->trace_id = g_strdup (called->fault != NULL  ? called->fault->trace_id
                                   : called->reply != NULL ? called->reply->trace_id
                                                           : NULL);
    }
  if (connection != NULL && called != NULL)
    lk_agent_refusals_note_async (connection, self->record->call, NULL, check->source, called,
                                  repeat_noted_cb, NULL);
  if (error == NULL)
    lk_facts_take_answer (self->record->facts, answer);
  else
    lk_probe_answer_free (answer);
  if (connection != NULL)
    lk_agent_facts_refresh (self->record->facts, connection);
  check_end (task, error);
}

static void
check_repeat (GTask *task, LkAgentConnection *connection)
{
  LkAgentRemedy *self = g_task_get_source_object (task);
  Check *check = g_task_get_task_data (task);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkClientRecord *client = lk_agent_connection_get_client (connection);
  LkCallEngine *engine = lk_agent_context_get_engine (self->context);

  if (self->record->call == NULL || profile == NULL || client == NULL)
    {
      check_end (task, NULL);
      return;
    }
  if (!check->by_itself)
    lk_call_engine_close_circuit (engine, self->record->connection);
  check->source = lk_agent_source_new (connection, TRUE);
  lk_call_engine_call_async (engine, profile, client->name, self->record->connection,
                             LK_TOKEN_SOURCE (check->source), self->record->call,
                             CALL_DEADLINE_S, NULL, repeated_cb, g_object_ref (task));
}

/* The beginning. */

static LkCheck
kind_of_step (LkAgentRemedy *self, guint step)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);

  if (plan == NULL || step >= plan->steps->len)
    return LK_CHECK_NONE;
  return ((const LkRemedyStep *) plan->steps->pdata[step])->check;
}

/* What was accepted once is not sent again: it may create something. Two windows, or a second
 * click, may well ask for it while the first try is under way. */
static gboolean
was_accepted (LkAgentRemedy *self, guint step)
{
  return step < self->record->steps->len
         && g_str_equal (((const LkStepRecord *) self->record->steps->pdata[step])->state, "done");
}

void
lk_agent_remedy_check_next (LkAgentRemedy *self)
{
  g_autoptr(GTask) task = NULL;
  LkAgentConnection *connection = lk_agent_remedy_get_connection (self);
  Check *check;

  if (lk_agent_remedy_get_busy (self) || g_queue_is_empty (&self->waiting))
    return;
  task = g_queue_pop_head (&self->waiting);
  check = g_task_get_task_data (task);
  lk_agent_context_hold (self->context);
  lk_agent_remedy_set_busy (self, TRUE);
  if (connection == NULL)
    {
      g_autoptr(GError) error = g_error_new_literal (LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                                                     "the connection is gone");

      check_end (task, error);
    }
  else if (kind_of_step (self, check->step) != LK_CHECK_CALL)
    check_ask (task, connection);
  else if (was_accepted (self, check->step))
    check_end (task, NULL);
  else
    check_repeat (task, connection);
}

void
lk_agent_remedy_check_async (LkAgentRemedy *self, guint step, gboolean by_itself,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Check *check = g_new0 (Check, 1);

  g_task_set_source_tag (task, lk_agent_remedy_check_async);
  check->step = step;
  check->by_itself = by_itself;
  g_task_set_task_data (task, check, (GDestroyNotify) check_free);
  if (kind_of_step (self, step) == LK_CHECK_NONE)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                               "there is no such step, or it cannot be checked");
      return;
    }
  if (g_queue_get_length (&self->waiting) >= WAITING_MAX)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED,
                               "too many checks of this remedy wait already");
      return;
    }
  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  lk_agent_remedy_check_next (self);
}

gboolean
lk_agent_remedy_check_finish (LkAgentRemedy *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
