/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs-private.h"

#include "lk-agent-connections.h"
#include "lk-agent-error.h"

#define PATIENCE_S    60
#define PASS_S        (10 * 60)
#define QUESTIONS_MAX 32
#define WAITING_MAX   64

typedef struct
{
  LkAgentQuestion *question; /* (unowned) */
  GTask           *task;     /* (owned) */
  guint            timeout_id;
  gboolean         done;
} Waiter;

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  g_clear_handle_id (&waiter->timeout_id, g_source_remove);
  if (!waiter->done)
    g_task_return_new_error (waiter->task, LK_AGENT_ERROR, LK_AGENT_ERROR_CANCELLED,
                             "the question was dropped");
  g_object_unref (waiter->task);
  g_free (waiter);
}

void
lk_agent_question_free (LkAgentQuestion *self)
{
  g_ptr_array_unref (self->waiting);
  lk_agent_program_free (self->program);
  g_free (self->claimed);
  g_free (self->connection);
  g_free (self);
}

static void
publish (LkAgentPrograms *self)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->questions->len; i++)
    {
      const LkAgentQuestion *question = self->questions->pdata[i];
      LkAgentConnection *connection = lk_agent_connections_lookup (connections,
                                                                   question->connection);
      g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

      g_variant_dict_insert (&dict, "id", "u", question->id);
      g_variant_dict_insert (&dict, "program", "s", question->program->program);
      g_variant_dict_insert (&dict, "shown", "s", question->program->shown);
      g_variant_dict_insert (&dict, "claimed", "s", question->claimed);
      g_variant_dict_insert (&dict, "connection", "s", question->connection);
      g_variant_dict_insert (&dict, "connection-name", "s",
                             connection != NULL
                               ? lk_agent_connection_get_record (connection)->name : "");
      g_variant_dict_insert (&dict, "since", "x", question->since);
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }
  lk_dbus_agent1_set_asking (lk_agent_context_get_agent (self->context),
                             g_variant_builder_end (&builder));
  lk_agent_programs_notify (self);
}

static void
return_not_allowed (GTask *task, const LkAgentProgram *program)
{
  g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_ALLOWED,
                           "%s may not have tokens of this connection", program->program);
}

/* Asking. */

static gboolean
patience_over_cb (gpointer user_data)
{
  Waiter *waiter = user_data;

  waiter->timeout_id = 0;
  waiter->done = TRUE;
  g_task_return_new_error (waiter->task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_ANSWERED,
                           "nobody said whether %s may have a token",
                           waiter->question->program->program);
  g_ptr_array_remove (waiter->question->waiting, waiter);
  return G_SOURCE_REMOVE;
}

static LkAgentQuestion *
find_question (LkAgentPrograms *self, const char *connection, const char *program)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      LkAgentQuestion *question = self->questions->pdata[i];

      if (g_str_equal (question->connection, connection)
          && g_str_equal (question->program->program, program))
        return question;
    }
  return NULL;
}

static LkAgentQuestion *
add_question (LkAgentPrograms *self, const char *connection, const LkAgentProgram *program,
              const char *claimed)
{
  LkAgentQuestion *question;

  if (self->questions->len >= QUESTIONS_MAX)
    return NULL;
  question = g_new0 (LkAgentQuestion, 1);
  question->id = ++self->last_question;
  question->program = lk_agent_program_copy (program);
  question->claimed = g_strdup (claimed != NULL ? claimed : "");
  question->connection = g_strdup (connection);
  question->since = lk_agent_context_get_now (self->context);
  question->waiting = g_ptr_array_new_with_free_func (waiter_free);
  g_ptr_array_add (self->questions, question);
  publish (self);
  return question;
}

/**
 * lk_agent_programs_ask:
 * @task: (transfer full): ends when the person has answered, or after a minute
 *
 * However often a program asks, the person is asked once.
 */
void
lk_agent_programs_ask (LkAgentPrograms *self, LkAgentConnection *connection,
                       const LkAgentProgram *program, const char *claimed, GTask *task)
{
  const char *id = lk_agent_connection_get_id (connection);
  LkAgentTaker *taker = lk_agent_programs_find (self, id, program->program);
  LkAgentQuestion *question;
  Waiter *waiter;
  g_autoptr(GTask) owned = task;

  if (taker != NULL && (taker->rule == LK_AGENT_RULE_DENY
                        || taker->refused_until > lk_agent_context_get_now (self->context)))
    {
      return_not_allowed (task, program);
      return;
    }
  question = find_question (self, id, program->program);
  if (question == NULL)
    question = add_question (self, id, program, claimed);
  if (question == NULL || question->waiting->len >= WAITING_MAX)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_ANSWERED,
                               "too many questions wait for an answer");
      return;
    }
  g_debug ("%s asks for a token of %s", program->program, id);
  waiter = g_new0 (Waiter, 1);
  waiter->question = question;
  waiter->task = g_steal_pointer (&owned);
  waiter->timeout_id = g_timeout_add_seconds (PATIENCE_S, patience_over_cb, waiter);
  g_ptr_array_add (question->waiting, waiter);
}

/* Answering. */

static void
end_question (LkAgentPrograms *self, LkAgentQuestion *question, gboolean allow)
{
  guint index;

  for (guint i = 0; i < question->waiting->len; i++)
    {
      Waiter *waiter = question->waiting->pdata[i];

      waiter->done = TRUE;
      if (allow)
        g_task_return_boolean (waiter->task, TRUE);
      else
        return_not_allowed (waiter->task, question->program);
    }
  if (g_ptr_array_find (self->questions, question, &index))
    g_ptr_array_remove_index (self->questions, index);
}

gboolean
lk_agent_programs_answer (LkAgentPrograms *self, guint id, gboolean allow, gboolean remember,
                          GError **error)
{
  LkAgentQuestion *question = NULL;
  LkAgentTaker *taker;
  gint64 now = lk_agent_context_get_now (self->context);

  for (guint i = 0; i < self->questions->len && question == NULL; i++)
    if (((LkAgentQuestion *) self->questions->pdata[i])->id == id)
      question = self->questions->pdata[i];
  if (question == NULL)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "this question is not asked any more");
      return FALSE;
    }

  taker = lk_agent_programs_ensure (self, question->connection, question->program);
  if (remember)
    {
      taker->rule = allow ? LK_AGENT_RULE_ALLOW : LK_AGENT_RULE_DENY;
      if (taker->first == 0)
        taker->first = now;
    }
  else if (!allow)
    taker->refused_until = now + PASS_S;
  else if (question->waiting->len == 0)
    taker->pass_until = now + PASS_S;
  lk_agent_programs_write (self, taker);
  end_question (self, question, allow);
  publish (self);
  return TRUE;
}

void
lk_agent_programs_settle (LkAgentPrograms *self)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  gboolean changed = FALSE;

  for (guint i = self->questions->len; i > 0; i--)
    {
      LkAgentQuestion *question = self->questions->pdata[i - 1];
      LkAgentConnection *connection = lk_agent_connections_find (connections,
                                                                 question->connection);
      LkAgentTaker *taker = lk_agent_programs_find (self, question->connection,
                                                    question->program->program);
      gboolean deny = connection == NULL || (taker != NULL && taker->rule == LK_AGENT_RULE_DENY);

      if (!deny && !lk_agent_programs_may_take (self, connection, question->program))
        continue;
      end_question (self, question, !deny);
      changed = TRUE;
    }
  if (changed)
    publish (self);
}
