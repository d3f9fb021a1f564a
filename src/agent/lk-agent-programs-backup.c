/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-backup.h"
#include "lk-agent-programs-private.h"
#include "lk-agent-text.h"

#define WORD_MAX_BYTES 4096

GPtrArray *
lk_agent_programs_list_rules (LkAgentContext *context, const char *connection)
{
  LkAgentPrograms *self = lk_agent_context_get_programs (context);
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GHashTableIter iter;
  LkAgentTaker *taker;

  g_hash_table_iter_init (&iter, self->takers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &taker))
    {
      g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

      if (taker->rule == LK_AGENT_RULE_ASK || !g_str_equal (taker->connection, connection))
        continue;
      g_variant_dict_insert (&dict, "program", "s", taker->program->program);
      g_variant_dict_insert (&dict, "shown", "s", taker->program->shown);
      g_variant_dict_insert (&dict, "rule", "s", lk_agent_rule_to_string (taker->rule));
      g_ptr_array_add (rules, g_variant_ref_sink (g_variant_dict_end (&dict)));
    }
  return rules;
}

/**
 * lk_agent_programs_read_rule:
 * @connection: id that it is for here
 *
 * Returns: (transfer full) (nullable): the rule as the ledger keeps it
 */
LkStateRecord *
lk_agent_programs_read_rule (const char *connection, GVariant *rule)
{
  const char *program, *shown, *word;
  g_autofree char *key = NULL;
  LkAgentRule kind;

  if (!g_variant_lookup (rule, "program", "&s", &program)
      || !g_variant_lookup (rule, "shown", "&s", &shown)
      || !g_variant_lookup (rule, "rule", "&s", &word)
      || !lk_agent_rule_from_string (word, &kind)
      || !lk_agent_text_check ("program", program, WORD_MAX_BYTES, NULL)
      || !lk_agent_text_check ("program", shown, WORD_MAX_BYTES, NULL))
    return NULL;
  key = g_strconcat (connection, " ", program, NULL);
  return lk_state_record_new ("program", key, connection, rule);
}

void
lk_agent_programs_take_rule (LkAgentContext *context, const LkStateRecord *rule)
{
  LkAgentPrograms *self = lk_agent_context_get_programs (context);
  const char *program = "", *shown = "", *word = "";
  g_autoptr(LkAgentProgram) who = NULL;

  g_variant_lookup (rule->value, "program", "&s", &program);
  g_variant_lookup (rule->value, "shown", "&s", &shown);
  g_variant_lookup (rule->value, "rule", "&s", &word);
  who = lk_agent_program_new (program, shown);
  lk_agent_rule_from_string (word,
                             &lk_agent_programs_ensure (self, rule->connection, who)->rule);
}
