/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-source-private.h"

#include <string.h>

#include "lk-profile.h"

#define MAX_EXTENDS 8

/**
 * lk_profile_source_new:
 * @file: what errors name
 *
 * Returns: (transfer full) (nullable): %NULL when it is no JSON object
 */
LkProfileSource *
lk_profile_source_new (const char  *file,
                       const char  *text,
                       size_t       length,
                       GError     **error)
{
  g_autoptr (LkProfileSource) self = g_new0 (LkProfileSource, 1);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local_error = NULL;
  LkReader reader = { file, NULL, NULL, NULL };
  int line = 1;

  root = lk_json_parse (text, (gssize) MIN (length, LK_JSON_MAX_SIZE + 8), &line, &local_error);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX, "%s:%d: JSON: %s", file,
                   line, local_error != NULL ? local_error->message : "must be an object");
      return NULL;
    }

  self->file = g_strdup (file);
  self->json = json_node_dup_object (root);
  self->lines = lk_json_find_lines (text, length);
  reader.lines = self->lines;
  self->id = g_strdup (lk_reader_string (&reader, self->json, "", "id"));
  self->extends = g_strdup (lk_reader_string (&reader, self->json, "", "extends"));
  if (reader.error != NULL)
    {
      g_propagate_error (error, reader.error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
lk_profile_source_free (LkProfileSource *self)
{
  g_free (self->file);
  g_free (self->id);
  g_free (self->extends);
  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
  g_free (self);
}

/* A file that only extends takes the place of what it extends. */
const char *
lk_profile_source_get_id (LkProfileSource *self)
{
  return self->id != NULL ? self->id : self->extends;
}

/**
 * lk_profile_source_guess:
 *
 * Returns: (transfer full): the id that a file which is not even JSON seems to be about
 */
char *
lk_profile_source_guess (const char *file,
                         const char *text,
                         size_t      length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *valid = g_utf8_make_valid (copy, -1);
  g_autofree char *name = g_path_get_basename (file);
  g_autoptr (GRegex) regex = g_regex_new ("\"id\"\\s*:\\s*\"([^\"]+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (g_regex_match (regex, valid, 0, &match))
    return g_match_info_fetch (match, 1);

  if (g_str_has_suffix (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';

  return g_steal_pointer (&name);
}

static LkProfileSource *
find_parent (LkProfileSource *self,
             GHashTable      *own,
             GHashTable      *shipped)
{
  LkProfileSource *parent = NULL;

  /* What has the id of what it extends means the shipped one. */
  if (own != NULL && g_strcmp0 (self->extends, lk_profile_source_get_id (self)) != 0)
    parent = g_hash_table_lookup (own, self->extends);
  if (parent == NULL)
    parent = g_hash_table_lookup (shipped, self->extends);

  return parent != self ? parent : NULL;
}

static JsonObject *
resolve (LkProfileSource  *self,
         GHashTable       *own,
         GHashTable       *shipped,
         int               depth,
         GError          **error)
{
  g_autoptr (JsonObject) merged = NULL;
  LkReader reader = { self->file, self->lines, NULL, NULL };
  LkProfileSource *parent;

  if (self->extends == NULL)
    {
      merged = json_object_new ();
      lk_json_merge (merged, self->json);
      return g_steal_pointer (&merged);
    }

  parent = find_parent (self, own, shipped);
  if (parent == NULL || depth >= MAX_EXTENDS)
    {
      lk_reader_fail (&reader, LK_PROVIDER_ERROR_NOT_FOUND, "extends",
                      parent == NULL ? "there is no profile “%s”"
                                     : "“%s” leads in a circle or too far",
                      self->extends);
      g_propagate_error (error, reader.error);
      return NULL;
    }

  merged = resolve (parent, own, shipped, depth + 1, error);
  if (merged == NULL)
    return NULL;

  lk_json_merge (merged, self->json);
  if (self->id == NULL)
    json_object_set_string_member (merged, "id", self->extends);
  json_object_remove_member (merged, "extends");

  return g_steal_pointer (&merged);
}

/**
 * lk_profile_source_resolve:
 * @own: (nullable): the user's sources by id
 * @shipped: the shipped sources by id
 *
 * Returns: (transfer full) (nullable): the whole profile
 */
JsonObject *
lk_profile_source_resolve (LkProfileSource  *self,
                           GHashTable       *own,
                           GHashTable       *shipped,
                           GError          **error)
{
  return resolve (self, own, shipped, 0, error);
}
