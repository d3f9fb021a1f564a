/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

static void
shape_free (LkShape *self)
{
  g_strfreev (self->code);
  g_strfreev (self->sub);
  g_strfreev (self->type);
  g_strfreev (self->message);
  g_strfreev (self->trace);
  g_strfreev (self->only);
  g_free (self->tail);
  g_free (self);
}

static void
rule_free (LkRule *self)
{
  g_strfreev (self->on);
  g_strfreev (self->http);
  g_strfreev (self->code);
  g_strfreev (self->sub);
  g_strfreev (self->type);
  g_strfreev (self->message);
  g_free (self->hint);
  g_free (self);
}

static void
load_shape (LkProfile  *self,
            LkReader   *reader,
            JsonObject *json,
            const char *path)
{
  static const char * const keys[] = {
    "code", "sub", "type", "num", "msg", "title", "user_msg", "trace", "tail", "only", NULL
  };
  LkShape *shape = g_new0 (LkShape, 1);

  g_ptr_array_add (self->shapes, shape);
  lk_reader_check_keys (reader, json, path, keys);
  shape->code = lk_reader_strings (reader, json, path, "code");
  shape->sub = lk_reader_strings (reader, json, path, "sub");
  shape->type = lk_reader_strings (reader, json, path, "type");
  shape->message = lk_reader_strings (reader, json, path, "msg");
  shape->trace = lk_reader_strings (reader, json, path, "trace");
  shape->only = lk_reader_scalars (reader, json, path, "only");
  shape->tail = g_strdup (lk_reader_string (reader, json, path, "tail"));
  if (shape->code == NULL)
    lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "needs “code”");
}

static char **
load_steps (LkReader   *reader,
            JsonObject *json,
            const char *path)
{
  g_autofree char *full = lk_reader_join (path, "on");
  char **steps = lk_reader_strings (reader, json, path, "on");

  for (size_t i = 0; steps != NULL && steps[i] != NULL; i++)
    {
      LkStep step;

      if (!lk_step_from_string (steps[i], &step))
        lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, full, "“%s” is not a step",
                        steps[i]);
    }

  return steps;
}

static void
load_rule (LkProfile  *self,
           LkReader   *reader,
           JsonObject *json,
           const char *path)
{
  static const char * const keys[] = {
    "on", "http", "code", "sub", "type", "msg", "class", "hint", NULL
  };
  g_autofree char *class_path = lk_reader_join (path, "class");
  const char *word = lk_reader_string (reader, json, path, "class");
  LkRule *rule = g_new0 (LkRule, 1);

  g_ptr_array_add (self->rules, rule);
  lk_reader_check_keys (reader, json, path, keys);
  rule->on = load_steps (reader, json, path);
  rule->http = lk_reader_scalars (reader, json, path, "http");
  rule->code = lk_reader_scalars (reader, json, path, "code");
  rule->sub = lk_reader_scalars (reader, json, path, "sub");
  rule->type = lk_reader_scalars (reader, json, path, "type");
  rule->message = lk_reader_strings (reader, json, path, "msg");
  rule->hint = g_strdup (lk_reader_string (reader, json, path, "hint"));
  if (!lk_class_from_string (word, &rule->klass))
    lk_reader_fail (reader, LK_PROVIDER_ERROR_UNKNOWN_WORD, class_path, "“%s” is not a class",
                    word != NULL ? word : "");
}

typedef void (*LoadElement) (LkProfile *self, LkReader *reader, JsonObject *json, const char *path);

static void
load_list (LkProfile   *self,
           LkReader    *reader,
           JsonObject  *errors,
           const char  *key,
           LoadElement  load)
{
  JsonNode *node = errors != NULL ? json_object_get_member (errors, key) : NULL;
  g_autofree char *path = lk_reader_join ("errors", key);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, path, "must be a list");
      return;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *full = g_strdup_printf ("%s.%u", path, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        load (self, reader, json_node_get_object (element), full);
      else
        lk_reader_fail (reader, LK_PROVIDER_ERROR_SYNTAX, full, "must be an object");
    }
}

void
lk_profile_load_errors (LkProfile  *self,
                        LkReader   *reader,
                        JsonObject *json)
{
  static const char * const keys[] = { "shapes", "rules", NULL };
  JsonObject *errors = lk_reader_object (reader, json, "", "errors");

  self->shapes = g_ptr_array_new_with_free_func ((GDestroyNotify) shape_free);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  if (errors != NULL)
    lk_reader_check_keys (reader, errors, "errors", keys);

  load_list (self, reader, errors, "shapes", load_shape);
  load_list (self, reader, errors, "rules", load_rule);
}
