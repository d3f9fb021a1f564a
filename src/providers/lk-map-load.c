/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

static void
load_expiry (LkExpiry   *self,
             LkReader   *reader,
             JsonObject *json,
             const char *path)
{
  static const char * const keys[] = {
    "kind", "from", "s", "zero", "missing", "cap_days", NULL
  };
  static const char * const kinds[] = {
    [LK_EXPIRY_RELATIVE] = "relative",
    [LK_EXPIRY_ABSOLUTE] = "absolute",
    [LK_EXPIRY_AUTO] = "auto",
    [LK_EXPIRY_FIXED] = "fixed",
    [LK_EXPIRY_NEVER] = "never",
  };
  g_autofree char *kind_path = lk_reader_join (path, "kind");
  const char *kind = lk_reader_string (reader, json, path, "kind");

  lk_reader_check_keys (reader, json, path, keys);
  for (size_t i = LK_EXPIRY_RELATIVE; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_strcmp0 (kind, kinds[i]) == 0)
        self->kind = (LkExpiryKind) i;
    }
  if (self->kind == LK_EXPIRY_NONE)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, kind_path,
                    "must be relative, absolute, auto, fixed or never");

  self->from = lk_reader_strings (reader, json, path, "from");
  self->seconds = lk_reader_integer (reader, json, path, "s", 0);
  self->cap_days = lk_reader_integer (reader, json, path, "cap_days", 0);
  self->zero_never = g_strcmp0 (lk_reader_string (reader, json, path, "zero"), "never") == 0;
  self->missing_never = g_strcmp0 (lk_reader_string (reader, json, path, "missing"), "never") == 0;
  if (self->from == NULL && self->kind != LK_EXPIRY_FIXED && self->kind != LK_EXPIRY_NEVER)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "needs “from”");
  if (self->kind == LK_EXPIRY_FIXED && self->seconds <= 0)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "needs “s”");
}

/* A path, a list of paths, or an object with "from" and what belongs to it. */
static JsonObject *
load_from (char     ***paths,
           LkReader   *reader,
           JsonObject *map,
           const char *path,
           const char *key)
{
  JsonNode *node = json_object_get_member (map, key);
  g_autofree char *full = lk_reader_join (path, key);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);

      *paths = lk_reader_strings (reader, object, full, "from");
      if (*paths == NULL)
        lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "needs “from”");
      return object;
    }

  *paths = lk_reader_strings (reader, map, path, key);

  return NULL;
}

/* Adds to @self what @json maps; called twice for a step that overrides the profile's own. */
void
lk_map_load (LkMap      *self,
             LkReader   *reader,
             JsonObject *json,
             const char *path)
{
  static const char * const keys[] = {
    "access", "refresh", "expires", "refresh_expires", "scopes", "account", "label", "accounts",
    "valid", "data_expires", NULL
  };
  g_autofree char *expires = lk_reader_join (path, "expires");
  g_autofree char *refresh_expires = lk_reader_join (path, "refresh_expires");
  JsonObject *object;

  lk_reader_check_keys (reader, json, path, keys);
  self->access = lk_reader_strings (reader, json, path, "access");
  self->refresh = lk_reader_strings (reader, json, path, "refresh");
  self->identity = lk_reader_strings (reader, json, path, "account");
  self->label = lk_reader_strings (reader, json, path, "label");

  object = lk_reader_object (reader, json, path, "expires");
  if (object != NULL)
    load_expiry (&self->expires, reader, object, expires);
  object = lk_reader_object (reader, json, path, "refresh_expires");
  if (object != NULL)
    load_expiry (&self->refresh_expires, reader, object, refresh_expires);

  object = load_from (&self->scopes, reader, json, path, "scopes");
  if (object != NULL)
    self->scope_split = g_strdup (lk_reader_string (reader, object, path, "split"));

  object = load_from (&self->accounts, reader, json, path, "accounts");
  if (object != NULL)
    {
      self->account_id = lk_reader_strings (reader, object, path, "id");
      self->account_name = lk_reader_strings (reader, object, path, "name");
    }
}

void
lk_map_clear (LkMap *self)
{
  g_strfreev (self->access);
  g_strfreev (self->refresh);
  g_strfreev (self->expires.from);
  g_strfreev (self->refresh_expires.from);
  g_strfreev (self->scopes);
  g_free (self->scope_split);
  g_strfreev (self->identity);
  g_strfreev (self->label);
  g_strfreev (self->accounts);
  g_strfreev (self->account_id);
  g_strfreev (self->account_name);
  memset (self, 0, sizeof *self);
}

/* @json is nullable; so is what comes back. */
LkOk *
lk_ok_load (LkReader   *reader,
            JsonObject *json,
            const char *path)
{
  static const char * const keys[] = { "present", "absent", "equals", NULL };
  g_autofree char *equals_path = lk_reader_join (path, "equals");
  JsonObject *equals;
  LkOk *self;

  if (json == NULL)
    return NULL;

  lk_reader_check_keys (reader, json, path, keys);
  self = g_new0 (LkOk, 1);
  self->present = lk_reader_strings (reader, json, path, "present");
  self->absent = lk_reader_strings (reader, json, path, "absent");
  self->equals = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_param_free);

  equals = lk_reader_object (reader, json, path, "equals");
  if (equals != NULL)
    {
      g_autoptr (GList) names = json_object_get_members (equals);

      for (GList *name = names; name != NULL; name = name->next)
        {
          JsonNode *node = json_object_get_member (equals, name->data);
          g_autofree char *value = lk_json_dup_scalar (node);

          if (value == NULL)
            lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, equals_path,
                            "must hold texts and numbers");
          else
            g_ptr_array_add (self->equals, lk_param_new (name->data, value, FALSE));
        }
    }

  return self;
}

void
lk_ok_free (LkOk *self)
{
  g_strfreev (self->present);
  g_strfreev (self->absent);
  g_ptr_array_unref (self->equals);
  g_free (self);
}
