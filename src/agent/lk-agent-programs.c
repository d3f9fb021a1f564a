/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs-private.h"

#include <unistd.h>

#include "lk-agent-connections.h"
#include "lk-agent-handouts.h"
#include "lk-ledger-query.h"

#define KIND       "program"
#define TAKERS_MAX 4096
#define SAVE_S     30

static const char * const rule_words[] = { "ask", "allow", "deny" };

const char *
lk_agent_rule_to_string (LkAgentRule rule)
{
  return rule_words[rule];
}

gboolean
lk_agent_rule_from_string (const char *word, LkAgentRule *rule)
{
  for (guint i = 0; i < G_N_ELEMENTS (rule_words); i++)
    if (g_strcmp0 (word, rule_words[i]) == 0)
      {
        *rule = i;
        return TRUE;
      }
  return FALSE;
}

static void
taker_free (gpointer data)
{
  LkAgentTaker *taker = data;

  lk_agent_program_free (taker->program);
  g_free (taker->connection);
  g_free (taker);
}

static char *
key_of (const char *connection, const char *program)
{
  return g_strconcat (connection, " ", program, NULL);
}

LkAgentTaker *
lk_agent_programs_find (LkAgentPrograms *self, const char *connection, const char *program)
{
  g_autofree char *key = key_of (connection, program);

  return g_hash_table_lookup (self->takers, key);
}

/* Keeping them in the ledger. */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

void
lk_agent_programs_write (LkAgentPrograms *self, LkAgentTaker *taker)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *key = key_of (taker->connection, taker->program->program);
  g_autoptr(LkStateRecord) record = NULL;

  if (ledger == NULL)
    return;
  g_variant_dict_insert (&dict, "program", "s", taker->program->program);
  g_variant_dict_insert (&dict, "shown", "s", taker->program->shown);
  g_variant_dict_insert (&dict, "rule", "s", lk_agent_rule_to_string (taker->rule));
  g_variant_dict_insert (&dict, "first", "x", taker->first);
  g_variant_dict_insert (&dict, "last", "x", taker->last);
  g_variant_dict_insert (&dict, "count", "t", taker->count);
  record = lk_state_record_new (KIND, key, taker->connection, g_variant_dict_end (&dict));
  taker->dirty = FALSE;
  lk_ledger_put_state_async (ledger, record, NULL, written_cb, g_object_ref (self->context));
}

void
lk_agent_programs_forget (LkAgentPrograms *self, LkAgentTaker *taker)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);
  g_autofree char *key = key_of (taker->connection, taker->program->program);

  if (ledger != NULL)
    lk_ledger_remove_state_async (ledger, KIND, key, NULL, written_cb,
                                  g_object_ref (self->context));
  g_hash_table_remove (self->takers, key);
}

void
lk_agent_programs_save (LkAgentPrograms *self)
{
  GHashTableIter iter;
  LkAgentTaker *taker;

  g_clear_handle_id (&self->save_id, g_source_remove);
  g_hash_table_iter_init (&iter, self->takers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &taker))
    if (taker->dirty)
      lk_agent_programs_write (self, taker);
}

static gboolean
save_cb (gpointer user_data)
{
  LkAgentPrograms *self = user_data;

  self->save_id = 0;
  lk_agent_programs_save (self);
  return G_SOURCE_REMOVE;
}

static gint64
weight_of (const LkAgentTaker *taker)
{
  return taker->rule == LK_AGENT_RULE_ASK ? taker->last : G_MAXINT64;
}

/* Whoever makes up names forever fills no memory. Rules of the person stay longest. */
static void
make_room (LkAgentPrograms *self)
{
  LkAgentTaker *oldest = NULL;
  LkAgentTaker *taker;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->takers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &taker))
    if (oldest == NULL || weight_of (taker) < weight_of (oldest))
      oldest = taker;
  if (oldest != NULL)
    lk_agent_programs_forget (self, oldest);
}

LkAgentTaker *
lk_agent_programs_ensure (LkAgentPrograms *self, const char *connection,
                          const LkAgentProgram *program)
{
  LkAgentTaker *taker = lk_agent_programs_find (self, connection, program->program);

  if (taker != NULL)
    return taker;
  if (g_hash_table_size (self->takers) >= TAKERS_MAX)
    make_room (self);
  taker = g_new0 (LkAgentTaker, 1);
  taker->program = lk_agent_program_copy (program);
  taker->connection = g_strdup (connection);
  g_hash_table_insert (self->takers, key_of (connection, program->program), taker);
  return taker;
}

static void
take_state (LkAgentPrograms *self, const LkStateRecord *record)
{
  const char *program, *shown, *rule;
  g_autoptr(LkAgentProgram) who = NULL;
  LkAgentTaker *taker;

  if (record->connection == NULL || !g_variant_lookup (record->value, "program", "&s", &program)
      || !g_variant_lookup (record->value, "shown", "&s", &shown)
      || !g_variant_lookup (record->value, "rule", "&s", &rule))
    return;
  who = lk_agent_program_new (program, shown);
  taker = lk_agent_programs_ensure (self, record->connection, who);
  lk_agent_rule_from_string (rule, &taker->rule);
  g_variant_lookup (record->value, "first", "x", &taker->first);
  g_variant_lookup (record->value, "last", "x", &taker->last);
  g_variant_lookup (record->value, "count", "t", &taker->count);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentPrograms *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = lk_ledger_list_states_finish (LK_LEDGER (source), result, &error);

  if (records == NULL)
    g_message ("which programs take tokens cannot be read: %s", error->message);
  for (guint i = 0; records != NULL && i < records->len; i++)
    take_state (self, records->pdata[i]);
  g_task_return_boolean (task, TRUE);
}

void
lk_agent_programs_load_async (LkAgentPrograms *self, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self->context, NULL, callback, user_data);
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  g_task_set_source_tag (task, lk_agent_programs_load_async);
  g_task_set_task_data (task, self, NULL);
  if (ledger == NULL)
    g_task_return_boolean (task, TRUE);
  else
    lk_ledger_list_states_async (ledger, KIND, NULL, loaded_cb, g_object_ref (task));
}

void
lk_agent_programs_load_finish (LkAgentPrograms *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self->context));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* Taking. */

LkAgentProgram *
lk_agent_programs_identify (LkAgentPrograms *self, pid_t pid, const char *claimed)
{
  return lk_agent_program_identify (pid, self->window, claimed, lk_agent_process_read, NULL);
}

gboolean
lk_agent_programs_may_take (LkAgentPrograms *self, LkAgentConnection *connection,
                            const LkAgentProgram *program)
{
  LkAgentTaker *taker;

  if (program->person)
    return TRUE;
  taker = lk_agent_programs_find (self, lk_agent_connection_get_id (connection),
                                  program->program);
  if (taker != NULL && taker->rule != LK_AGENT_RULE_ASK)
    return taker->rule == LK_AGENT_RULE_ALLOW;
  if (!self->asks)
    return TRUE;
  return taker != NULL && taker->pass_until > lk_agent_context_get_now (self->context);
}

void
lk_agent_programs_note (LkAgentPrograms *self, LkAgentConnection *connection,
                        const LkAgentProgram *program)
{
  LkAgentTaker *taker;
  gint64 now = lk_agent_context_get_now (self->context);

  lk_agent_handouts_note (connection, program->shown);
  if (program->person)
    return;
  taker = lk_agent_programs_ensure (self, lk_agent_connection_get_id (connection), program);
  if (taker->first == 0)
    taker->first = now;
  taker->last = now;
  taker->count++;
  taker->pass_until = 0;
  taker->dirty = TRUE;
  if (taker->count == 1)
    lk_agent_programs_write (self, taker);
  else if (self->save_id == 0)
    self->save_id = g_timeout_add_seconds (SAVE_S, save_cb, self);
}

/* What follows. */

static void
asks_changed_cb (LkAgentPrograms *self)
{
  self->asks = g_settings_get_boolean (lk_agent_context_get_settings (self->context),
                                       "ask-programs");
  lk_agent_programs_settle (self);
}

/* From a build folder the window lies beside the agent. */
static char *
dup_window_path (void)
{
  g_autofree char *here = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = here != NULL ? g_path_get_dirname (here) : g_strdup ("/");
  g_autofree char *beside = g_canonicalize_filename ("../app/latchkey", folder);

  return g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&beside)
                                                         : g_strdup (LK_BINDIR "/latchkey");
}

LkAgentPrograms *
lk_agent_programs_new (LkAgentContext *context)
{
  LkAgentPrograms *self = g_new0 (LkAgentPrograms, 1);
  GSettings *settings = lk_agent_context_get_settings (context);

  self->context = context;
  self->window = dup_window_path ();
  self->run = g_uuid_string_random ();
  self->takers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, taker_free);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_agent_question_free);
  g_signal_connect_swapped (settings, "changed::ask-programs", G_CALLBACK (asks_changed_cb), self);
  asks_changed_cb (self);
  lk_agent_programs_connect (self);
  return self;
}

void
lk_agent_programs_free (LkAgentPrograms *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_clear_handle_id (&self->save_id, g_source_remove);
  lk_agent_programs_hush (self);
  g_ptr_array_unref (self->questions);
  g_hash_table_unref (self->takers);
  g_free (self->run);
  g_free (self->window);
  g_free (self);
}
