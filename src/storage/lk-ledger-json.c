/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <json-glib/json-glib.h>

#include "lk-ledger-private.h"

/* The texts of a fault, by their names in the column. */
static const struct
{
  const char *name;
  size_t      offset;
} fault_texts[] = {
  { "provider", G_STRUCT_OFFSET (LkFault, provider) },
  { "family", G_STRUCT_OFFSET (LkFault, family) },
  { "step", G_STRUCT_OFFSET (LkFault, step) },
  { "endpoint", G_STRUCT_OFFSET (LkFault, endpoint) },
  { "method", G_STRUCT_OFFSET (LkFault, method) },
  { "account", G_STRUCT_OFFSET (LkFault, account) },
  { "code", G_STRUCT_OFFSET (LkFault, code) },
  { "sub", G_STRUCT_OFFSET (LkFault, sub) },
  { "type", G_STRUCT_OFFSET (LkFault, type) },
  { "message", G_STRUCT_OFFSET (LkFault, message) },
  { "trace_id", G_STRUCT_OFFSET (LkFault, trace_id) },
  { "hint", G_STRUCT_OFFSET (LkFault, hint) },
  { "limit", G_STRUCT_OFFSET (LkFault, limit) },
  { "slowed", G_STRUCT_OFFSET (LkFault, slowed) },
};

static char *
print (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static gboolean
is_of_type (JsonNode *node,
            GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

char *
lk_ledger_accounts_to_json (GPtrArray *accounts)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (accounts, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, account->id);
      if (account->name != NULL)
        {
          json_builder_set_member_name (builder, "name");
          json_builder_add_string_value (builder, account->name);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return print (builder);
}

gboolean
lk_ledger_accounts_from_json (const char *json,
                              GPtrArray  *accounts)
{
  g_autoptr(JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return FALSE;

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      JsonNode *id = object != NULL ? json_object_get_member (object, "id") : NULL;
      JsonNode *name = object != NULL ? json_object_get_member (object, "name") : NULL;

      if (!is_of_type (id, G_TYPE_STRING) || (name != NULL && !is_of_type (name, G_TYPE_STRING)))
        return FALSE;
      g_ptr_array_add (accounts,
                       lk_account_new (json_node_get_string (id),
                                       name != NULL ? json_node_get_string (name) : NULL));
    }

  return TRUE;
}

char *
lk_ledger_words_to_json (const char * const *words)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (words == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; words[i] != NULL; i++)
    json_builder_add_string_value (builder, words[i]);
  json_builder_end_array (builder);

  return print (builder);
}

gboolean
lk_ledger_words_from_json (const char *json,
                           char     ***words)
{
  g_autoptr(JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (json == NULL)
    return TRUE;
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return FALSE;

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!is_of_type (element, G_TYPE_STRING))
        return FALSE;
      g_strv_builder_add (builder, json_node_get_string (element));
    }
  *words = g_strv_builder_end (builder);

  return TRUE;
}

char *
lk_ledger_fault_to_json (const LkFault *fault)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (fault == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "class");
  json_builder_add_string_value (builder, lk_class_to_string (fault->klass));
  json_builder_set_member_name (builder, "http_status");
  json_builder_add_int_value (builder, fault->http_status);
  json_builder_set_member_name (builder, "at");
  json_builder_add_int_value (builder, fault->at);
  if (fault->retry_at != 0)
    {
      json_builder_set_member_name (builder, "retry_at");
      json_builder_add_int_value (builder, fault->retry_at);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fault_texts); i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, fault, fault_texts[i].offset);

      if (text == NULL)
        continue;
      json_builder_set_member_name (builder, fault_texts[i].name);
      json_builder_add_string_value (builder, text);
    }
  json_builder_end_object (builder);

  return print (builder);
}

static gboolean
read_fault_texts (JsonObject *object,
                  LkFault    *fault)
{
  for (guint i = 0; i < G_N_ELEMENTS (fault_texts); i++)
    {
      JsonNode *node = json_object_get_member (object, fault_texts[i].name);
      char **text = G_STRUCT_MEMBER_P (fault, fault_texts[i].offset);

      if (node == NULL)
        continue;
      if (!is_of_type (node, G_TYPE_STRING))
        return FALSE;
      g_free (*text);
      *text = g_strdup (json_node_get_string (node));
    }

  return TRUE;
}

gboolean
lk_ledger_fault_from_json (const char *json,
                           LkFault   **fault)
{
  g_autoptr(JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr(LkFault) found = NULL;
  JsonObject *object;
  JsonNode *word, *status, *at, *retry_at;
  LkClass klass = LK_CLASS_UNKNOWN;

  if (json == NULL)
    return TRUE;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  object = json_node_get_object (root);
  word = json_object_get_member (object, "class");
  status = json_object_get_member (object, "http_status");
  at = json_object_get_member (object, "at");
  retry_at = json_object_get_member (object, "retry_at");
  if (!is_of_type (word, G_TYPE_STRING) || !is_of_type (status, G_TYPE_INT64) ||
      !is_of_type (at, G_TYPE_INT64) ||
      (retry_at != NULL && !is_of_type (retry_at, G_TYPE_INT64)))
    return FALSE;

  /* A class that a later version wrote is unknown to this one. */
  lk_class_from_string (json_node_get_string (word), &klass);
  found = lk_fault_new (klass);
  found->http_status = (int) json_node_get_int (status);
  found->at = json_node_get_int (at);
  if (retry_at != NULL)
    found->retry_at = json_node_get_int (retry_at);
  if (!read_fault_texts (object, found))
    return FALSE;

  *fault = g_steal_pointer (&found);

  return TRUE;
}
