/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-json-private.h"

#include <string.h>

/* A number in a path indexes an array. */
static JsonNode *
get_child (JsonNode   *node,
           const char *name)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_member (json_node_get_object (node), name);

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      guint64 index;

      if (g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &index, NULL) &&
          index < json_array_get_length (array))
        return json_array_get_element (array, (guint) index);
    }

  return NULL;
}

static JsonNode *
find_in_children (JsonNode   *node,
                  const char *rest)
{
  g_autoptr (GList) children = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    children = json_object_get_values (json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    children = json_array_get_elements (json_node_get_array (node));

  for (GList *child = children; child != NULL; child = child->next)
    {
      JsonNode *found = lk_json_find (child->data, rest);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * lk_json_find:
 * @root: (nullable): where to start
 * @path: names and indices with dots between; "*" is the first child in which the rest is found;
 *   "" is @root
 *
 * Returns: (transfer none) (nullable): what is there
 */
JsonNode *
lk_json_find (JsonNode   *root,
              const char *path)
{
  const char *dot = strchr (path, '.');
  g_autofree char *name = NULL;
  const char *rest = dot != NULL ? dot + 1 : "";
  JsonNode *child;

  if (root == NULL || *path == '\0')
    return root;

  name = dot != NULL ? g_strndup (path, (size_t) (dot - path)) : g_strdup (path);
  if (strcmp (name, "*") == 0)
    return find_in_children (root, rest);

  child = get_child (root, name);

  return child != NULL ? lk_json_find (child, rest) : NULL;
}

/**
 * lk_json_dup_scalar:
 * @node: (nullable): any node
 *
 * Returns: (transfer full) (nullable): its text, %NULL when it is neither text, number nor boolean
 */
char *
lk_json_dup_scalar (JsonNode *node)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (type == G_TYPE_DOUBLE)
    return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, json_node_get_double (node)));

  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

/* The first of @paths (nullable) that leads to text that is not empty. */
char *
lk_json_find_scalar (JsonNode           *root,
                     const char * const *paths)
{
  for (size_t i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *text = lk_json_dup_scalar (lk_json_find (root, paths[i]));

      if (text != NULL && *text != '\0')
        return g_steal_pointer (&text);
    }

  return NULL;
}

/**
 * lk_json_merge:
 *
 * Applies a merge patch (RFC 7396).
 */
void
lk_json_merge (JsonObject *target,
               JsonObject *patch)
{
  g_autoptr (GList) names = json_object_get_members (patch);

  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonNode *value = json_object_get_member (patch, name->data);
      JsonNode *old = json_object_get_member (target, name->data);

      if (JSON_NODE_HOLDS_NULL (value))
        {
          json_object_remove_member (target, name->data);
        }
      else if (JSON_NODE_HOLDS_OBJECT (value))
        {
          JsonObject *merged = json_object_new ();

          if (old != NULL && JSON_NODE_HOLDS_OBJECT (old))
            lk_json_merge (merged, json_node_get_object (old));
          lk_json_merge (merged, json_node_get_object (value));
          json_object_set_object_member (target, name->data, merged);
        }
      else
        {
          json_object_set_member (target, name->data, json_node_copy (value));
        }
    }
}
