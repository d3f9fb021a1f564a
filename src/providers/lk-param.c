/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include "lk-buffer-private.h"

LkParam *
lk_param_new (const char *name,
              const char *value,
              gboolean    is_template)
{
  LkParam *self = g_new0 (LkParam, 1);

  self->name = g_strdup (name);
  self->value = g_strdup (value);
  self->is_template = is_template;

  return self;
}

void
lk_param_free (LkParam *self)
{
  g_free (self->name);
  g_free (self->value);
  g_clear_pointer (&self->json, json_node_unref);
  g_free (self);
}

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static JsonNode *
load_text (LkProfile  *self,
           LkReader   *reader,
           const char *path,
           const char *text)
{
  g_autofree char *expanded = lk_profile_expand_vars (self, reader, path, text);
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (expanded != NULL && lk_profile_check_template (self, reader, path, expanded))
    json_node_set_string (node, expanded);
  else
    json_node_set_string (node, "");

  return node;
}

/**
 * lk_profile_load_json_param:
 * @path: what errors name
 * @node: a list or an object
 *
 * Returns: (transfer full): a copy with {var.*} filled in; the parser has bounded its depth
 */
JsonNode *
lk_profile_load_json_param (LkProfile  *self,
                            LkReader   *reader,
                            const char *path,
                            JsonNode   *node)
{
  if (is_text (node))
    return load_text (self, reader, path, json_node_get_string (node));

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *from = json_node_get_array (node);
      JsonArray *to = json_array_new ();

      for (guint i = 0; i < json_array_get_length (from); i++)
        json_array_add_element (to, lk_profile_load_json_param (self, reader, path,
                                                                json_array_get_element (from, i)));
      return json_node_init_array (json_node_alloc (), to);
    }

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *from = json_node_get_object (node);
      JsonObject *to = json_object_new ();
      g_autoptr (GList) names = json_object_get_members (from);

      for (GList *name = names; name != NULL; name = name->next)
        json_object_set_member (to, name->data,
                                lk_profile_load_json_param (self, reader, path,
                                                            json_object_get_member (from,
                                                                                    name->data)));
      return json_node_init_object (json_node_alloc (), to);
    }

  return json_node_copy (node);
}

static gboolean fill_json (LkBuffer *buffer, JsonNode *node, LkValues *values, gboolean *drop,
                           GError **error);

static gboolean
fill_list (LkBuffer   *buffer,
           JsonArray  *array,
           LkValues   *values,
           gboolean   *drop,
           GError    **error)
{
  lk_buffer_append (buffer, "[");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        lk_buffer_append (buffer, ",");
      if (!fill_json (buffer, json_array_get_element (array, i), values, drop, error))
        return FALSE;
    }
  lk_buffer_append (buffer, "]");

  return TRUE;
}

static gboolean
fill_object (LkBuffer    *buffer,
             JsonObject  *object,
             LkValues    *values,
             gboolean    *drop,
             GError     **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  lk_buffer_append (buffer, "{");
  for (GList *name = names; name != NULL; name = name->next)
    {
      if (name != names)
        lk_buffer_append (buffer, ",");
      lk_buffer_append_json (buffer, name->data);
      lk_buffer_append (buffer, ":");
      if (!fill_json (buffer, json_object_get_member (object, name->data), values, drop, error))
        return FALSE;
    }
  lk_buffer_append (buffer, "}");

  return TRUE;
}

static gboolean
fill_json (LkBuffer  *buffer,
           JsonNode  *node,
           LkValues  *values,
           gboolean  *drop,
           GError   **error)
{
  g_autofree char *scalar = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return fill_list (buffer, json_node_get_array (node), values, drop, error);
  if (JSON_NODE_HOLDS_OBJECT (node))
    return fill_object (buffer, json_node_get_object (node), values, drop, error);

  if (is_text (node))
    {
      gboolean empty = FALSE;
      char *text = lk_template_fill (json_node_get_string (node), values, &empty, error);

      if (text == NULL)
        return FALSE;
      *drop = *drop || empty;
      lk_buffer_append_json (buffer, text);
      lk_wipe_string (text);
      return TRUE;
    }

  scalar = lk_json_dup_scalar (node);
  lk_buffer_append (buffer, scalar != NULL ? scalar : "null");

  return TRUE;
}

/**
 * lk_param_fill:
 * @drop: (out): an optional value was empty, so that the parameter goes
 *
 * Returns: (transfer full) (nullable): to be given to lk_wipe_string()
 */
char *
lk_param_fill (const LkParam  *self,
               LkValues       *values,
               gboolean       *drop,
               GError        **error)
{
  g_auto (LkBuffer) buffer = { 0 };

  *drop = FALSE;
  if (self->json != NULL)
    return fill_json (&buffer, self->json, values, drop, error) ? lk_buffer_steal (&buffer) : NULL;
  if (self->is_template)
    return lk_template_fill (self->value, values, drop, error);

  return g_strdup (self->value);
}
