/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>

#include "lk-diagnosis.h"

/**
 * lk_finding_free:
 * @self: (transfer full) (nullable): a finding
 */
void
lk_finding_free (LkFinding *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->fault, lk_fault_free);
  g_free (self->title);
  g_free (self->explanation);
  g_strfreev (self->causes);
  g_strfreev (self->steps);
  g_strfreev (self->evidence);
  g_strfreev (self->assumptions);
  g_free (self->handling);
  g_strfreev (self->sources);
  g_free (self->conflict);
  g_free (self->cause);
  g_free (self->remedy);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_free (self);
}

/**
 * lk_turn_to_string:
 *
 * Returns: the word for it
 */
const char *
lk_turn_to_string (LkTurn turn)
{
  static const char *const words[] = {
    [LK_TURN_NOBODY] = "nobody",
    [LK_TURN_YOU] = "you",
    [LK_TURN_ADMIN] = "admin",
    [LK_TURN_APP_OWNER] = "app-owner",
    [LK_TURN_PROVIDER] = "provider",
    [LK_TURN_LATCHKEY] = "latchkey",
  };

  g_return_val_if_fail ((unsigned int) turn < G_N_ELEMENTS (words), words[LK_TURN_NOBODY]);

  return words[turn];
}

static void
add_text (JsonBuilder *builder,
          const char  *key,
          const char  *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_flag (JsonBuilder *builder,
          const char  *key,
          gboolean     value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

static void
add_list (JsonBuilder *builder,
          const char  *key,
          char       **values)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (unsigned int i = 0; values != NULL && values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

static void
add_status (JsonBuilder *builder,
            int          status)
{
  json_builder_set_member_name (builder, "http_status");
  if (status > 0)
    json_builder_add_int_value (builder, status);
  else
    json_builder_add_null_value (builder);
}

/* json-glib writes 0.8 with seventeen digits. */
static char *
with_two_digits (char   *json,
                 double  value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *long_form = json;
  g_autofree char *member = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("\"confidence\":[0-9.e+-]+", 0, 0, NULL);

  member = g_strconcat ("\"confidence\":",
                        g_ascii_formatd (number, sizeof number, "%.2f", value), NULL);

  return g_regex_replace_literal (regex, long_form, -1, 0, member, 0, NULL);
}

/**
 * lk_finding_to_json:
 *
 * Returns: (transfer full): the object that "diagnose --json" prints. A missing code is "", a
 *   missing status, provider, trace id, conflict, cause or remedy is null.
 */
char *
lk_finding_to_json (const LkFinding *finding)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const LkFault *fault = finding->fault;

  json_builder_begin_object (builder);
  add_text (builder, "class", lk_class_to_string (fault->klass));
  add_text (builder, "code", fault->code != NULL ? fault->code : "");
  add_status (builder, fault->http_status);
  add_text (builder, "provider", fault->provider);
  json_builder_set_member_name (builder, "confidence");
  json_builder_add_double_value (builder, finding->confidence);
  add_flag (builder, "retryable", finding->retryable);
  add_text (builder, "auto", lk_auto_to_string (finding->action));
  add_flag (builder, "needs_reauth", finding->needs_reauth);
  add_text (builder, "trace_id", fault->trace_id);
  add_text (builder, "title", finding->title);
  add_text (builder, "explanation", finding->explanation);
  add_list (builder, "causes", finding->causes);
  add_list (builder, "steps", finding->steps);
  add_text (builder, "handling", finding->handling);
  add_list (builder, "evidence", finding->evidence);
  add_list (builder, "sources", finding->sources);
  add_text (builder, "conflict", finding->conflict);
  add_text (builder, "cause", finding->cause);
  add_text (builder, "turn", lk_turn_to_string (finding->turn));
  add_text (builder, "remedy", finding->remedy);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return with_two_digits (json_to_string (root, FALSE), finding->confidence);
}
