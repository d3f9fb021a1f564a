/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs-private.h"

#include <string.h>

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-text.h"

#define BUS          "org.freedesktop.DBus"
#define BUS_PATH     "/org/freedesktop/DBus"
#define DEADLINE_MS  (5 * 1000)
#define PROGRAM_MAX  1024 /* bytes */

/* Admission of a caller. */

typedef struct
{
  LkAgentPrograms *programs; /* outlives the call */
  GDBusConnection *bus;      /* (owned) */
  char            *sender;   /* (owned) */
  char            *claimed;  /* (owned) (nullable) */
  guint32          pid;      /* 0 when the bus does not tell */
  LkAgentProgram  *program;  /* (owned) (nullable) */
} Admission;

static void
admission_free (gpointer data)
{
  Admission *self = data;

  g_clear_pointer (&self->program, lk_agent_program_free);
  g_object_unref (self->bus);
  g_free (self->sender);
  g_free (self->claimed);
  g_free (self);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Admission *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_pointer (task, g_steal_pointer (&self->program),
                           (GDestroyNotify) lk_agent_program_free);
  else
    g_task_return_error (task, error);
}

static void
admission_judge (GTask *task)
{
  LkAgentConnection *connection = g_task_get_source_object (task);
  Admission *self = g_task_get_task_data (task);

  if (lk_agent_programs_may_take (self->programs, connection, self->program))
    g_task_return_pointer (task, g_steal_pointer (&self->program),
                           (GDestroyNotify) lk_agent_program_free);
  else
    lk_agent_programs_ask (self->programs, connection, self->program, self->claimed,
                           g_task_new (connection, NULL, asked_cb, g_object_ref (task)));
}

/* A sender that is still there has not given its number to another process meanwhile. */
static void
sender_there_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean there = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &there);
  if (there)
    admission_judge (task);
  else
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_CANCELLED,
                             "the caller is gone");
}

static void
credentials_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Admission *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr(GVariant) credentials = NULL;

  if (reply == NULL)
    g_debug ("the bus does not tell who %s is: %s", self->sender, error->message);
  else
    {
      credentials = g_variant_get_child_value (reply, 0);
      g_variant_lookup (credentials, "ProcessID", "u", &self->pid);
    }
  self->program = lk_agent_programs_identify (self->programs, (pid_t) self->pid, self->claimed);
  g_dbus_connection_call (self->bus, BUS, BUS_PATH, BUS, "NameHasOwner",
                          g_variant_new ("(s)", self->sender), G_VARIANT_TYPE ("(b)"),
                          G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, NULL, sender_there_cb,
                          g_object_ref (task));
}

void
lk_agent_programs_admit_async (LkAgentPrograms *self, LkAgentConnection *connection,
                               GDBusMethodInvocation *invocation, const char *claimed,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (connection, NULL, callback, user_data);
  Admission *admission = g_new0 (Admission, 1);

  admission->programs = self;
  admission->bus = g_object_ref (g_dbus_method_invocation_get_connection (invocation));
  admission->sender = g_strdup (g_dbus_method_invocation_get_sender (invocation));
  admission->claimed = lk_agent_text_dup_clean (claimed, PROGRAM_MAX);
  g_task_set_source_tag (task, lk_agent_programs_admit_async);
  g_task_set_task_data (task, admission, admission_free);
  g_dbus_connection_call (admission->bus, BUS, BUS_PATH, BUS, "GetConnectionCredentials",
                          g_variant_new ("(s)", admission->sender),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, NULL,
                          credentials_cb, g_object_ref (task));
}

LkAgentProgram *
lk_agent_programs_admit_finish (LkAgentConnection *connection, GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Methods of Agent1. */

static GVariant *
taker_to_variant (const LkAgentTaker *taker, LkAgentConnection *connection)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "program", "s", taker->program->program);
  g_variant_dict_insert (&dict, "shown", "s", taker->program->shown);
  g_variant_dict_insert (&dict, "connection", "s", taker->connection);
  g_variant_dict_insert (&dict, "connection-name", "s",
                         lk_agent_connection_get_record (connection)->name);
  g_variant_dict_insert (&dict, "rule", "s", lk_agent_rule_to_string (taker->rule));
  g_variant_dict_insert (&dict, "first", "x", taker->first);
  g_variant_dict_insert (&dict, "last", "x", taker->last);
  g_variant_dict_insert (&dict, "count", "t", taker->count);
  return g_variant_dict_end (&dict);
}

/* By program, then by the newest taking. */
static int
compare_takers (gconstpointer a, gconstpointer b)
{
  const LkAgentTaker *x = *(LkAgentTaker * const *) a;
  const LkAgentTaker *y = *(LkAgentTaker * const *) b;
  int order = g_utf8_collate (x->program->shown, y->program->shown);

  if (order == 0)
    order = strcmp (x->program->program, y->program->program);
  return order != 0 ? order : (x->last < y->last) - (x->last > y->last);
}

static gboolean
handle_list_programs (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                      LkAgentPrograms *self)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  g_autoptr(GPtrArray) takers = g_ptr_array_new ();
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer taker;

  g_hash_table_iter_init (&iter, self->takers);
  while (g_hash_table_iter_next (&iter, NULL, &taker))
    g_ptr_array_add (takers, taker);
  g_ptr_array_sort (takers, compare_takers);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < takers->len; i++)
    {
      const LkAgentTaker *one = takers->pdata[i];
      LkAgentConnection *connection = lk_agent_connections_find (connections, one->connection);

      /* One that was only refused for a while is no news. */
      if (connection != NULL && (one->first != 0 || one->rule != LK_AGENT_RULE_ASK))
        g_variant_builder_add_value (&builder, taker_to_variant (one, connection));
    }
  lk_dbus_agent1_complete_list_programs (agent, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static LkAgentProgram *
program_from_word (const char *word, GError **error)
{
  g_autofree char *shown = NULL;

  if (!lk_agent_text_check ("program", word, PROGRAM_MAX, error))
    return NULL;
  shown = g_path_is_absolute (word) ? g_path_get_basename (word) : g_strdup (word);
  return lk_agent_program_new (word, shown);
}

static gboolean
set_rule (LkAgentPrograms *self, const char *word, const char *connection_word, const char *rule,
          GError **error)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  LkAgentConnection *connection = lk_agent_connections_find (connections, connection_word);
  gboolean forget = g_str_equal (rule, "forget");
  g_autoptr(LkAgentProgram) program = program_from_word (word, error);
  LkAgentRule wanted = LK_AGENT_RULE_ASK;
  LkAgentTaker *taker;

  if (program == NULL)
    return FALSE;
  taker = connection != NULL ? lk_agent_programs_find (self,
                                                       lk_agent_connection_get_id (connection),
                                                       word) : NULL;
  if (connection == NULL || (forget && taker == NULL))
    {
      g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND, "there is no %s",
                   connection == NULL ? "such connection" : "such program");
      return FALSE;
    }
  if (!forget && !lk_agent_rule_from_string (rule, &wanted))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           "a rule is ask, allow, deny or forget");
      return FALSE;
    }
  if (forget)
    lk_agent_programs_forget (self, taker);
  else
    {
      taker = lk_agent_programs_ensure (self, lk_agent_connection_get_id (connection), program);
      taker->rule = wanted;
      taker->pass_until = 0;
      taker->refused_until = 0;
      lk_agent_programs_write (self, taker);
    }
  lk_agent_programs_settle (self);
  return TRUE;
}

static void
answer (LkAgentPrograms *self, GDBusMethodInvocation *invocation, const GError *error)
{
  g_dbus_interface_skeleton_flush (
    G_DBUS_INTERFACE_SKELETON (lk_agent_context_get_agent (self->context)));
  if (error != NULL)
    lk_agent_return_error (invocation, error);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static gboolean
handle_set_program_rule (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                         const char *program, const char *connection, const char *rule,
                         LkAgentPrograms *self)
{
  g_autoptr(GError) error = NULL;

  set_rule (self, program, connection, rule, &error);
  answer (self, invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_answer_program (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, guint id,
                       gboolean allow, gboolean remember, LkAgentPrograms *self)
{
  g_autoptr(GError) error = NULL;

  lk_agent_programs_answer (self, id, allow, remember, &error);
  answer (self, invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
connection_changed_cb (LkAgentPrograms *self)
{
  if (self->questions->len > 0)
    lk_agent_programs_settle (self);
}

void
lk_agent_programs_connect (LkAgentPrograms *self)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (self->context);

  lk_dbus_agent1_set_asking (agent, g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  g_signal_connect (agent, "handle-list-programs", G_CALLBACK (handle_list_programs), self);
  g_signal_connect (agent, "handle-set-program-rule", G_CALLBACK (handle_set_program_rule), self);
  g_signal_connect (agent, "handle-answer-program", G_CALLBACK (handle_answer_program), self);
  g_signal_connect_swapped (self->context, "connection-changed",
                            G_CALLBACK (connection_changed_cb), self);
}
