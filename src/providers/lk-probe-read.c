/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-redact.h"

#define MAX_ROWS  1000
#define MAX_VALUE 2000

static JsonNode *
find_first (JsonNode  *root,
            char     **paths)
{
  for (char **path = paths; path != NULL && *path != NULL; path++)
    {
      JsonNode *node = lk_json_find (root, *path);

      if (node != NULL)
        return node;
    }

  return NULL;
}

/* A value as text; of a list of values, all of them with commas between. */
static char *
dup_value (JsonNode *node)
{
  g_autoptr (GString) all = NULL;
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return lk_json_dup_scalar (node);

  all = g_string_new (NULL);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array) && all->len < MAX_VALUE; i++)
    {
      g_autofree char *value = lk_json_dup_scalar (json_array_get_element (array, i));

      if (value != NULL)
        g_string_append_printf (all, "%s%s", all->len > 0 ? "," : "", value);
    }

  return g_string_free (g_steal_pointer (&all), FALSE);
}

static char *
dup_column (const LkColumn *column,
            JsonNode       *row)
{
  for (char **path = column->paths; *path != NULL; path++)
    {
      g_autofree char *value = dup_value (lk_json_find (row, *path));
      const char *word;

      if (value == NULL || *value == '\0')
        continue;

      word = column->words != NULL ? g_hash_table_lookup (column->words, value) : NULL;
      if (word != NULL)
        return g_strdup (word);

      return lk_redact_take_name (g_steal_pointer (&value));
    }

  return NULL;
}

/* Returns %FALSE, and adds no row, when not one column is there. */
static gboolean
add_row (const LkProbe *probe,
         JsonNode      *node,
         LkProbeAnswer *answer)
{
  GHashTable *row = NULL;

  if (answer->rows->len >= MAX_ROWS)
    {
      answer->cut = TRUE;
      return TRUE;
    }

  for (guint i = 0; i < probe->columns->len; i++)
    {
      const LkColumn *column = g_ptr_array_index (probe->columns, i);
      char *value = dup_column (column, node);

      if (value == NULL)
        continue;
      if (row == NULL)
        row = lk_probe_answer_add_row (answer);
      g_hash_table_replace (row, g_strdup (column->name), value);
    }

  return row != NULL;
}

/* A list that is one text, such as "user.info.basic,video.list". */
static gboolean
read_split (const LkProbe *probe,
            JsonNode      *node,
            LkProbeAnswer *answer)
{
  g_autofree char *text = lk_json_dup_scalar (node);
  g_auto (GStrv) parts = text != NULL ? g_strsplit_set (text, probe->split, -1) : NULL;

  for (char **part = parts; part != NULL && *part != NULL; part++)
    {
      g_autoptr (JsonNode) element = json_node_init_string (json_node_alloc (),
                                                            g_strstrip (*part));

      if (**part != '\0')
        add_row (probe, element, answer);
    }

  return parts != NULL;
}

static void
note_total (const LkProbe *probe,
            JsonNode      *root,
            guint          seen,
            LkProbeAnswer *answer)
{
  g_autofree char *text = lk_json_find_scalar (root, (const char * const *) probe->total);
  guint64 total;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &total, NULL) &&
      total > seen)
    answer->cut = TRUE;
}

/* An empty list is an answer; no list is none. */
static gboolean
read_list (const LkProbe *probe,
           JsonNode      *root,
           LkProbeAnswer *answer)
{
  JsonNode *node = find_first (root, probe->list);
  gboolean read = TRUE;
  JsonArray *array;

  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (probe->split != NULL && JSON_NODE_HOLDS_VALUE (node))
    return read_split (probe, node, answer);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    read = add_row (probe, json_array_get_element (array, i), answer) && read;
  note_total (probe, root, json_array_get_length (array), answer);

  return read;
}

static gboolean
read_rows (const LkProbe *probe,
           JsonNode      *root,
           LkProbeAnswer *answer)
{
  if (probe->columns->len == 0)
    return TRUE;

  return probe->list != NULL ? read_list (probe, root, answer) : add_row (probe, root, answer);
}

static char *
find_trace (LkProfile     *self,
            const LkReply *reply,
            JsonNode      *root)
{
  for (guint i = 0; root != NULL && i < self->shapes->len; i++)
    {
      const LkShape *shape = g_ptr_array_index (self->shapes, i);
      char *trace = lk_json_find_scalar (root, (const char * const *) shape->trace);

      if (trace != NULL)
        return trace;
    }

  return g_strdup (reply->trace_id);
}

static LkFault *
unreadable (LkProfile     *self,
            const LkProbe *probe,
            const LkReply *reply)
{
  LkFault *fault = lk_fault_new_local (LK_CLASS_UNKNOWN, "unreadable", NULL);

  fault->family = g_strdup (self->family);
  fault->step = g_strdup (lk_step_to_string (probe->step));
  fault->http_status = reply->status;

  return fault;
}

static LkFault *
read_feed (LkProfile     *self,
           const LkProbe *probe,
           const LkReply *reply,
           LkProbeAnswer *answer)
{
  g_autoptr (JsonNode) root = NULL;

  if (reply->status >= 200 && reply->status < 300)
    return lk_rss_read (reply->body, answer) ? NULL : unreadable (self, probe, reply);

  root = lk_reply_parse (reply);

  return lk_profile_judge (self, NULL, probe->step, reply, root);
}

static LkFault *
read_json (LkProfile     *self,
           const LkProbe *probe,
           const LkReply *reply,
           LkProbeAnswer *answer)
{
  g_autoptr (JsonNode) root = lk_reply_parse (reply);
  g_autoptr (LkFault) fault = lk_profile_judge (self, probe->spec->ok, probe->step, reply, root);

  answer->trace_id = find_trace (self, reply, root);
  if (fault != NULL)
    {
      if (probe->passes != NULL &&
          g_strv_contains ((const char * const *) probe->passes, lk_class_to_string (fault->klass)))
        return NULL;
      return g_steal_pointer (&fault);
    }

  if (read_rows (probe, root, answer))
    return NULL;

  /* Half an answer would be taken for a whole one. */
  g_ptr_array_set_size (answer->rows, 0);

  return unreadable (self, probe, reply);
}

void
lk_profile_read_probe (LkProfile     *self,
                       const LkReply *reply,
                       LkProbeAnswer *answer)
{
  const LkProbe *probe;

  g_return_if_fail (self != NULL && reply != NULL && answer != NULL && answer->probe != NULL);

  probe = g_hash_table_lookup (self->probes, answer->probe);
  g_return_if_fail (probe != NULL);

  g_clear_pointer (&answer->fault, lk_fault_free);
  g_clear_pointer (&answer->trace_id, g_free);
  g_ptr_array_set_size (answer->rows, 0);
  answer->cut = FALSE;
  answer->http_status = reply->status;
  if (probe->is_rss)
    answer->fault = read_feed (self, probe, reply, answer);
  else
    answer->fault = read_json (self, probe, reply, answer);

  if (answer->trace_id == NULL)
    answer->trace_id = g_strdup (reply->trace_id);
  if (answer->fault != NULL && answer->fault->account == NULL)
    answer->fault->account = g_strdup (answer->account);
}
