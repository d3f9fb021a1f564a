/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

static const char * const probe_keys[] = {
  "like", "method", "url", "body", "auth", "params", "headers", "ok", "sign", "token", "step",
  "format", "rows", "passes", NULL
};

static void
column_free (LkColumn *self)
{
  g_free (self->name);
  g_strfreev (self->paths);
  g_clear_pointer (&self->words, g_hash_table_unref);
  g_free (self);
}

static void
probe_free (LkProbe *self)
{
  g_free (self->name);
  g_clear_pointer (&self->spec, lk_step_spec_free);
  g_strfreev (self->list);
  g_strfreev (self->total);
  g_free (self->split);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_strfreev (self->passes);
  g_free (self);
}

/* Their words for ours. */
static GHashTable *
load_words (LkReader   *reader,
            JsonObject *json,
            const char *path)
{
  JsonObject *words = lk_reader_object (reader, json, path, "words");
  g_autofree char *full = lk_reader_join (path, "words");
  g_autoptr (GList) names = words != NULL ? json_object_get_members (words) : NULL;
  GHashTable *table;

  if (words == NULL)
    return NULL;

  table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *word = lk_reader_string (reader, words, full, name->data);

      if (word != NULL)
        g_hash_table_insert (table, g_strdup (name->data), g_strdup (word));
    }

  return table;
}

static void
load_column (LkProbe    *self,
             LkReader   *reader,
             JsonObject *columns,
             const char *path,
             const char *name)
{
  static const char * const keys[] = { "from", "words", NULL };
  g_autofree char *full = lk_reader_join (path, name);
  JsonNode *node = json_object_get_member (columns, name);
  LkColumn *column = g_new0 (LkColumn, 1);

  column->name = g_strdup (name);
  g_ptr_array_add (self->columns, column);
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *json = json_node_get_object (node);

      lk_reader_check_keys (reader, json, full, keys);
      column->paths = lk_reader_strings (reader, json, full, "from");
      column->words = load_words (reader, json, full);
    }
  else
    {
      column->paths = lk_reader_strings (reader, columns, path, name);
    }

  if (column->paths == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "needs a path");
}

static void
load_rows (LkProbe    *self,
           LkReader   *reader,
           JsonObject *json,
           const char *path)
{
  static const char * const keys[] = { "list", "total", "split", "columns", NULL };
  g_autofree char *full = lk_reader_join (path, "rows");
  g_autofree char *columns_path = lk_reader_join (full, "columns");
  JsonObject *rows = lk_reader_object (reader, json, path, "rows");
  JsonObject *columns = lk_reader_object (reader, rows, full, "columns");
  g_autoptr (GList) names = columns != NULL ? json_object_get_members (columns) : NULL;

  if (rows == NULL)
    return;

  lk_reader_check_keys (reader, rows, full, keys);
  self->list = lk_reader_strings (reader, rows, full, "list");
  self->total = lk_reader_strings (reader, rows, full, "total");
  self->split = g_strdup (lk_reader_string (reader, rows, full, "split"));
  for (GList *name = names; name != NULL; name = name->next)
    load_column (self, reader, columns, columns_path, name->data);
  if (self->columns->len == 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, columns_path, "is missing");
}

static void
load_words_of_probe (LkProbe    *self,
                     LkReader   *reader,
                     JsonObject *json,
                     const char *path)
{
  g_autofree char *step_path = lk_reader_join (path, "step");
  g_autofree char *passes_path = lk_reader_join (path, "passes");
  g_autofree char *format_path = lk_reader_join (path, "format");
  const char *step = lk_reader_string (reader, json, path, "step");
  const char *format = lk_reader_string (reader, json, path, "format");

  self->step = LK_STEP_API;
  if (step != NULL && !lk_step_from_string (step, &self->step))
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, step_path, "“%s” is not a step", step);

  self->is_rss = g_strcmp0 (format, "rss") == 0;
  if (!self->is_rss && format != NULL && strcmp (format, "json") != 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, format_path, "must be json or rss");

  self->passes = lk_reader_strings (reader, json, path, "passes");
  for (char **word = self->passes; word != NULL && *word != NULL; word++)
    {
      LkClass klass;

      if (!lk_class_from_string (*word, &klass))
        lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, passes_path,
                        "“%s” is not a class", *word);
    }
}

static void
load_probe (LkProfile  *self,
            LkReader   *reader,
            JsonObject *profile,
            JsonObject *probes,
            const char *name)
{
  g_autofree char *path = lk_reader_join ("probes", name);
  JsonObject *json = lk_reader_object (reader, probes, "probes", name);
  LkProbe *probe;

  if (json == NULL)
    return;

  lk_reader_check_keys (reader, json, path, probe_keys);
  probe = g_new0 (LkProbe, 1);
  probe->name = g_strdup (name);
  probe->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) column_free);
  g_hash_table_insert (self->probes, probe->name, probe);
  probe->spec = lk_step_spec_load (self, reader, profile, json, path, FALSE);
  probe->token = !json_object_has_member (json, "token") ||
                 lk_reader_boolean (reader, json, path, "token");
  load_words_of_probe (probe, reader, json, path);
  load_rows (probe, reader, json, path);
  if (probe->spec->sign && self->sign == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path,
                    "wants a signature, but “api.sign” does not say which");
}

void
lk_profile_load_probes (LkProfile  *self,
                        LkReader   *reader,
                        JsonObject *json)
{
  JsonObject *probes = lk_reader_object (reader, json, "", "probes");
  g_autoptr (GList) names = probes != NULL ? json_object_get_members (probes) : NULL;

  self->probes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) probe_free);
  for (GList *name = names; name != NULL; name = name->next)
    load_probe (self, reader, json, probes, name->data);
}

static void
load_link (LkProfile  *self,
           LkReader   *reader,
           JsonObject *links,
           const char *name)
{
  g_autofree char *path = lk_reader_join ("links", name);
  g_auto (GStrv) texts = lk_reader_strings (reader, links, "links", name);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      g_autofree char *expanded = lk_profile_expand_vars (self, reader, path, *text);

      if (expanded == NULL || !lk_profile_check_template (self, reader, path, expanded))
        return;
      if (!lk_address_is_allowed (expanded) || strstr (expanded, "{client.secret") != NULL ||
          strstr (expanded, "{token.") != NULL)
        lk_reader_fail (reader, LK_PROVIDER_ERROR_INSECURE, path,
                        "must be https, with a host that is spelled out, and without a secret");
      g_strv_builder_add (all, expanded);
    }

  g_hash_table_insert (self->links, g_strdup (name), g_strv_builder_end (all));
}

void
lk_profile_load_links (LkProfile  *self,
                       LkReader   *reader,
                       JsonObject *json)
{
  JsonObject *links = lk_reader_object (reader, json, "", "links");
  g_autoptr (GList) names = links != NULL ? json_object_get_members (links) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    load_link (self, reader, links, name->data);
}
