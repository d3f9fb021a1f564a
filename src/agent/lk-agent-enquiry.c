/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-enquiry.h"

#include "lk-agent-error.h"
#include "lk-agent-refusals.h"

#define DEADLINE_S 30

/* One row of questions. */
typedef struct
{
  /* input */
  LkAgentNext   next;      /* (nullable): instead of a list */
  GPtrArray    *questions; /* (owned) (nullable) */
  guint         most;

  /* in progress */
  guint         asked;
  LkQuestion   *question;  /* (owned) (nullable): the one under way */
  GCancellable *deadline;  /* (owned) */
  guint         deadline_id;

  /* output */
  LkFacts      *facts;     /* (owned) */
} Enquiry;

static void
enquiry_free (Enquiry *enquiry)
{
  g_clear_handle_id (&enquiry->deadline_id, g_source_remove);
  g_clear_object (&enquiry->deadline);
  g_clear_pointer (&enquiry->questions, g_ptr_array_unref);
  g_clear_pointer (&enquiry->question, lk_question_free);
  g_clear_pointer (&enquiry->facts, lk_facts_free);
  g_free (enquiry);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Enquiry *enquiry = user_data;

  enquiry->deadline_id = 0;
  g_cancellable_cancel (enquiry->deadline);
  return G_SOURCE_REMOVE;
}

static void enquiry_go_on (GTask *task);

static void
enquiry_end (GTask *task, const GError *error)
{
  LkAgentConnection *connection = g_task_get_source_object (task);
  Enquiry *enquiry = g_task_get_task_data (task);

  lk_agent_context_release (lk_agent_connection_get_context (connection));
  if (error != NULL)
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else
    g_task_return_pointer (task, g_steal_pointer (&enquiry->facts),
                           (GDestroyNotify) lk_facts_free);
}

/* A keyring that does not open is no fact about the provider. */
static gboolean
is_about_keyring (const GError *error)
{
  return error->domain == LK_AGENT_ERROR
         && (error->code == LK_AGENT_ERROR_KEYRING_LOCKED
             || error->code == LK_AGENT_ERROR_KEYRING_ABSENT
             || error->code == LK_AGENT_ERROR_KEYRING_BROKEN
             || error->code == LK_AGENT_ERROR_KEYRING_CANCELLED);
}

/* What could not be asked is an answer as well, so that nobody asks again. */
static LkProbeAnswer *
answer_of_error (LkAgentConnection *connection, const LkQuestion *question, const GError *error)
{
  LkProbeAnswer *answer = lk_probe_answer_new (question->probe, question->center,
                                               question->account);
  gboolean no_token = g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED);

  answer->fault = no_token ? lk_fault_new_local (LK_CLASS_USER_ACTION, "token-missing", NULL)
                           : lk_fault_new_local (LK_CLASS_UNKNOWN, "not-asked", NULL);
  answer->at = lk_agent_context_get_now (lk_agent_connection_get_context (connection));
  answer->fault->at = answer->at;
  return answer;
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *connection = g_task_get_source_object (task);
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  Enquiry *enquiry = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkProbeAnswer *answer = lk_call_engine_probe_finish (LK_CALL_ENGINE (source), result, &error);

  if (g_cancellable_is_cancelled (enquiry->deadline) && answer == NULL)
    {
      enquiry_end (task, NULL);
      return;
    }
  if (answer == NULL && is_about_keyring (error))
    {
      enquiry_end (task, error);
      return;
    }
  if (answer == NULL)
    {
      g_info ("the probe %s was not asked: %s", enquiry->question->probe, error->message);
      answer = answer_of_error (connection, enquiry->question, error);
    }
  else
    {
      /* The engine goes by the computer's clock, which may be wrong. */
      answer->at = lk_agent_context_get_now (context);
      lk_agent_refusals_heed_probe (connection, answer);
    }
  if (g_str_equal (answer->probe, "status") && answer->fault == NULL)
    lk_agent_context_keep_news (context, lk_agent_connection_get_record (connection)->provider,
                                answer);
  if (answer->fault != NULL && lk_fault_is_local (answer->fault, "offline")
      && !g_str_equal (answer->probe, "status"))
    enquiry->facts->offline = TRUE;
  lk_facts_take_answer (enquiry->facts, answer);
  enquiry_go_on (task);
}

static LkQuestion *
enquiry_dup_next (LkAgentConnection *connection, Enquiry *enquiry)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);

  if (enquiry->questions != NULL)
    return enquiry->questions->len > 0 ? g_ptr_array_steal_index (enquiry->questions, 0) : NULL;
  return enquiry->next (lk_agent_context_get_diagnosis (context),
                        lk_agent_connection_get_profile (connection), enquiry->facts);
}

/* The provider's news are the same for all its connections and are not to be read often. */
static gboolean
answer_from_news (LkAgentConnection *connection, Enquiry *enquiry)
{
  const LkProbeAnswer *news
    = lk_agent_context_get_news (lk_agent_connection_get_context (connection),
                                 lk_agent_connection_get_record (connection)->provider);

  if (news == NULL || !g_str_equal (enquiry->question->probe, "status"))
    return FALSE;
  lk_facts_take_answer (enquiry->facts, lk_probe_answer_copy (news));
  return TRUE;
}

static void
enquiry_go_on (GTask *task)
{
  LkAgentConnection *connection = g_task_get_source_object (task);
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  Enquiry *enquiry = g_task_get_task_data (task);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkClientRecord *client = lk_agent_connection_get_client (connection);
  g_autoptr(LkAgentSource) source = NULL;
  const LkQuestion *question;

  lk_agent_facts_refresh (enquiry->facts, connection);
  do
    {
      g_clear_pointer (&enquiry->question, lk_question_free);
      if (enquiry->asked++ >= enquiry->most || profile == NULL || client == NULL
          || enquiry->facts->offline || g_cancellable_is_cancelled (enquiry->deadline)
          || (enquiry->question = enquiry_dup_next (connection, enquiry)) == NULL)
        {
          enquiry_end (task, NULL);
          return;
        }
    }
  while (answer_from_news (connection, enquiry));

  question = enquiry->question;
  if (!lk_profile_has_probe (profile, question->probe))
    {
      enquiry_go_on (task);
      return;
    }
  /* A source also brings the app's secret, which is what the probe "secret" is about. */
  if (lk_profile_probe_needs_token (profile, question->probe)
      || g_str_equal (question->probe, "secret"))
    source = lk_agent_source_new (connection, FALSE);
  lk_call_engine_probe_async (lk_agent_context_get_engine (context), profile, client->name,
                              lk_agent_connection_get_id (connection),
                              source != NULL ? LK_TOKEN_SOURCE (source) : NULL, question->probe,
                              question->media != NULL ? question->media : question->center,
                              question->account, enquiry->deadline, probed_cb,
                              g_object_ref (task));
}

/* Takes @facts. */
static void
enquiry_start (LkAgentConnection *connection, Enquiry *enquiry, LkFacts *facts,
               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (connection, NULL, callback, user_data);

  g_task_set_task_data (task, enquiry, (GDestroyNotify) enquiry_free);
  enquiry->facts = facts;
  enquiry->facts->offline = FALSE;
  enquiry->deadline = g_cancellable_new ();
  enquiry->deadline_id = g_timeout_add_seconds (DEADLINE_S, deadline_cb, enquiry);
  if (lk_agent_connection_get_profile (connection) == NULL
      || lk_agent_connection_get_client (connection) == NULL)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                               "the provider's profile or the developer app is missing");
      return;
    }
  lk_agent_context_hold (lk_agent_connection_get_context (connection));
  enquiry_go_on (task);
}

void
lk_agent_enquiry_async (LkAgentConnection *connection, LkFacts *facts, LkAgentNext next,
                        guint most, GAsyncReadyCallback callback, gpointer user_data)
{
  Enquiry *enquiry = g_new0 (Enquiry, 1);

  enquiry->next = next;
  enquiry->most = most;
  enquiry_start (connection, enquiry, facts, callback, user_data);
}

void
lk_agent_enquiry_ask_async (LkAgentConnection *connection, LkFacts *facts, GPtrArray *questions,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  Enquiry *enquiry = g_new0 (Enquiry, 1);

  enquiry->questions = questions;
  g_ptr_array_set_free_func (questions, (GDestroyNotify) lk_question_free);
  enquiry->most = questions->len;
  enquiry_start (connection, enquiry, facts, callback, user_data);
}

LkFacts *
lk_agent_enquiry_finish (LkAgentConnection *connection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
