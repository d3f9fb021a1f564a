/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the files of data/scopes. They are compiled in, so a mistake in them is a programming
 * error: the first one ends the program, and the unit test meets it first. */

#include <string.h>

#include "lk-scopes-private.h"

typedef struct
{
  char     *text;
  gboolean  certain;
} Source;

typedef struct
{
  LkScopeFamily *family;
  const char    *file;
  GHashTable    *sources;
  GPtrArray     *open;
  LkFeature     *feature;
  LkScopePath   *path;
  char          *source;
  gboolean       certain;
  GString       *text;
} Reader;

static void
free_source (void *data)
{
  Source *source = data;

  g_free (source->text);
  g_free (source);
}

static void
free_path (void *data)
{
  LkScopePath *path = data;

  g_free (path->path);
  g_strfreev (path->fields);
  g_free (path->source);
  g_free (path);
}

static void
free_entry (void *data)
{
  LkScopeEntry *entry = data;

  g_free (entry->scope.id);
  g_free (entry->scope.name);
  g_free (entry->scope.parent);
  g_strfreev (entry->scope.endpoints);
  g_ptr_array_unref (entry->paths);
  g_free (entry);
}

static void
free_feature (void *data)
{
  LkFeature *feature = data;

  g_free (feature->id);
  g_free (feature->name);
  g_strfreev (feature->scopes);
  g_strfreev (feature->roles);
  g_free (feature->on);
  g_free (feature);
}

void
lk_scope_family_free (LkScopeFamily *self)
{
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->scopes);
  g_ptr_array_unref (self->features);
  g_free (self->family);
  g_free (self);
}

static const char *
attribute (const char **names,
           const char **values,
           const char  *name)
{
  for (unsigned int i = 0; names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], name))
        return values[i];
    }

  return NULL;
}

static char **
words (const char **names,
       const char **values,
       const char  *name)
{
  const char *value = attribute (names, values, name);

  return g_strsplit (value != NULL ? value : "", " ", -1);
}

static LkScopeEntry *
innermost (Reader *self)
{
  return self->open->len > 0 ? g_ptr_array_index (self->open, self->open->len - 1) : NULL;
}

static void
start_scope (Reader      *self,
             const char **names,
             const char **values)
{
  LkScopeEntry *entry = g_new0 (LkScopeEntry, 1);
  const LkScopeEntry *parent = innermost (self);
  const char *id = attribute (names, values, "id");

  if (id == NULL || g_hash_table_contains (self->family->by_id, id))
    g_error ("%s: a scope without id, or twice: %s", self->file, id != NULL ? id : "");
  entry->scope.id = g_strdup (id);
  entry->scope.parent = parent != NULL ? g_strdup (parent->scope.id) : NULL;
  entry->paths = g_ptr_array_new_with_free_func (free_path);
  g_ptr_array_add (self->family->scopes, entry);
  g_hash_table_insert (self->family->by_id, entry->scope.id, entry);
  g_ptr_array_add (self->open, entry);
}

static void
start_feature (Reader      *self,
               const char **names,
               const char **values)
{
  LkFeature *feature = g_new0 (LkFeature, 1);

  feature->id = g_strdup (attribute (names, values, "id"));
  feature->scopes = words (names, values, "scopes");
  feature->roles = words (names, values, "roles");
  feature->on = g_strdup (attribute (names, values, "on"));
  for (unsigned int i = 0; feature->scopes[i] != NULL; i++)
    {
      if (!g_hash_table_contains (self->family->by_id, feature->scopes[i]))
        g_error ("%s: %s: no scope \"%s\"", self->file, feature->id, feature->scopes[i]);
    }
  g_ptr_array_add (self->family->features, feature);
  self->feature = feature;
}

static void
start_paths (Reader      *self,
             const char **names,
             const char **values)
{
  const char *id = attribute (names, values, "source");
  const Source *source = id != NULL ? g_hash_table_lookup (self->sources, id) : NULL;
  LkScopePath *path = g_new0 (LkScopePath, 1);

  if (source == NULL || innermost (self) == NULL)
    g_error ("%s: paths without a scope or a source", self->file);
  path->source = g_strdup (source->text);
  path->certain = source->certain;
  path->reads = attribute (names, values, "reads") != NULL;
  if (attribute (names, values, "fields") != NULL)
    path->fields = words (names, values, "fields");
  self->path = path;
}

static void
start_element (GMarkupParseContext *context,
               const char          *element,
               const char         **names,
               const char         **values,
               void                *user_data,
               GError             **error)
{
  Reader *self = user_data;

  g_string_truncate (self->text, 0);
  if (g_str_equal (element, "scopes"))
    {
      self->family->family = g_strdup (attribute (names, values, "family"));
      self->family->versioned = attribute (names, values, "prefix") != NULL;
    }
  else if (g_str_equal (element, "scope"))
    start_scope (self, names, values);
  else if (g_str_equal (element, "feature"))
    start_feature (self, names, values);
  else if (g_str_equal (element, "paths"))
    start_paths (self, names, values);
  else if (g_str_equal (element, "source"))
    {
      g_free (self->source);
      self->source = g_strdup (attribute (names, values, "id"));
      self->certain = attribute (names, values, "certain") == NULL;
    }
}

static void
end_paths (Reader *self)
{
  LkScopeEntry *entry = innermost (self);
  g_autofree char *plain = g_strdelimit (g_strdup (self->text->str), " \t\r\n", ' ');
  g_auto (GStrv) paths = g_strsplit (plain, " ", -1);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      LkScopePath *path;

      if (*paths[i] == '\0')
        continue;
      path = g_new0 (LkScopePath, 1);
      path->path = lk_scope_path_normalize (paths[i], FALSE);
      path->fields = g_strdupv (self->path->fields);
      path->source = g_strdup (self->path->source);
      path->certain = self->path->certain;
      path->reads = self->path->reads;
      g_ptr_array_add (entry->paths, path);
    }
  g_clear_pointer (&self->path, free_path);
}

static void
end_scope (Reader *self)
{
  LkScopeEntry *entry = innermost (self);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned int i = 0; i < entry->paths->len; i++)
    {
      const LkScopePath *path = g_ptr_array_index (entry->paths, i);

      g_strv_builder_add (builder, path->path);
    }
  entry->scope.endpoints = g_strv_builder_end (builder);
  if (entry->scope.name == NULL)
    g_error ("%s: scope %s has no name", self->file, entry->scope.id);
  g_ptr_array_set_size (self->open, (int) self->open->len - 1);
}

static void
end_element (GMarkupParseContext *context,
             const char          *element,
             void                *user_data,
             GError             **error)
{
  Reader *self = user_data;

  if (g_str_equal (element, "paths"))
    end_paths (self);
  else if (g_str_equal (element, "scope"))
    end_scope (self);
  else if (g_str_equal (element, "feature"))
    self->feature = NULL;
  else if (g_str_equal (element, "name") && self->feature != NULL)
    self->feature->name = g_strdup (self->text->str);
  else if (g_str_equal (element, "name") && innermost (self) != NULL)
    innermost (self)->scope.name = g_strdup (self->text->str);
  else if (g_str_equal (element, "source"))
    {
      Source *source = g_new0 (Source, 1);

      source->text = g_strdup (self->text->str);
      source->certain = self->certain;
      g_hash_table_replace (self->sources, g_steal_pointer (&self->source), source);
    }
}

static void
add_text (GMarkupParseContext *context,
          const char          *text,
          size_t               length,
          void                *user_data,
          GError             **error)
{
  Reader *self = user_data;

  g_string_append_len (self->text, text, (gssize) length);
}

/**
 * lk_scope_family_parse:
 * @name: of the file, for messages
 *
 * Returns: (transfer full): its scopes and features
 */
LkScopeFamily *
lk_scope_family_parse (const char *name,
                       GBytes     *bytes)
{
  static const GMarkupParser parser = { start_element, end_element, add_text, NULL, NULL };
  g_autoptr (GHashTable) sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          free_source);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  Reader reader = { .file = name, .sources = sources, .open = open, .text = text };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  g_autoptr (GError) error = NULL;
  size_t size;
  const char *data = g_bytes_get_data (bytes, &size);

  reader.family = g_new0 (LkScopeFamily, 1);
  reader.family->scopes = g_ptr_array_new_with_free_func (free_entry);
  reader.family->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  reader.family->features = g_ptr_array_new_with_free_func (free_feature);
  if (!g_markup_parse_context_parse (context, data, (gssize) size, &error)
      || !g_markup_parse_context_end_parse (context, &error))
    g_error ("%s: %s", name, error->message);
  g_free (reader.source);

  return reader.family;
}
