/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-json-private.h"

#include <string.h>

#include "lk-profile.h"

/* The line of @path, or of the nearest key above it that the file itself holds. */
static int
find_line (LkReader   *self,
           const char *path)
{
  g_autofree char *above = g_strdup (path);

  while (self->lines != NULL && *above != '\0')
    {
      int line = GPOINTER_TO_INT (g_hash_table_lookup (self->lines, above));
      char *dot = strrchr (above, '.');

      if (line > 0)
        return line;
      if (dot == NULL)
        break;
      *dot = '\0';
    }

  return 1;
}

/* Keeps the first error; "FILE:LINE: KEY: " goes before the message. */
void
lk_reader_fail (LkReader   *self,
                int         code,
                const char *path,
                const char *format,
                ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  if (self->error != NULL)
    return;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (&self->error, LK_PROVIDER_ERROR, code, "%s:%d: %s: %s", self->file,
               find_line (self, path), path, message);
}

void
lk_reader_warn (LkReader   *self,
                const char *path,
                const char *message)
{
  if (self->warnings != NULL)
    g_ptr_array_add (self->warnings, g_strdup_printf ("%s:%d: %s: %s", self->file,
                                                      find_line (self, path), path, message));
}

/* Warns of keys that are not in @known; those that the file inherited are its parent's affair. */
void
lk_reader_check_keys (LkReader           *self,
                      JsonObject         *object,
                      const char         *path,
                      const char * const *known)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *full = lk_reader_join (path, name->data);

      if (!g_strv_contains (known, name->data) &&
          (self->lines == NULL || g_hash_table_contains (self->lines, full)))
        lk_reader_warn (self, full, "unknown key");
    }
}

char *
lk_reader_join (const char *path,
                const char *key)
{
  return *path != '\0' ? g_strconcat (path, ".", key, NULL) : g_strdup (key);
}

static JsonNode *
get_node (JsonObject *object,
          const char *key)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static void
fail_type (LkReader   *self,
           const char *path,
           const char *key,
           const char *wanted)
{
  g_autofree char *full = lk_reader_join (path, key);

  lk_reader_fail (self, LK_PROVIDER_ERROR_SYNTAX, full, "must be %s", wanted);
}

/* All below take a key that is absent, or null, as the empty value. */

const char *
lk_reader_string (LkReader   *self,
                  JsonObject *object,
                  const char *path,
                  const char *key)
{
  JsonNode *node = get_node (object, key);

  if (node == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      fail_type (self, path, key, "text");
      return NULL;
    }

  return json_node_get_string (node);
}

gint64
lk_reader_integer (LkReader   *self,
                   JsonObject *object,
                   const char *path,
                   const char *key,
                   gint64      fallback)
{
  JsonNode *node = get_node (object, key);

  if (node == NULL)
    return fallback;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      fail_type (self, path, key, "a whole number");
      return fallback;
    }

  return json_node_get_int (node);
}

gboolean
lk_reader_boolean (LkReader   *self,
                   JsonObject *object,
                   const char *path,
                   const char *key)
{
  JsonNode *node = get_node (object, key);

  if (node == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      fail_type (self, path, key, "true or false");
      return FALSE;
    }

  return json_node_get_boolean (node);
}

JsonObject *
lk_reader_object (LkReader   *self,
                  JsonObject *object,
                  const char *path,
                  const char *key)
{
  JsonNode *node = get_node (object, key);

  if (node == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fail_type (self, path, key, "an object");
      return NULL;
    }

  return json_node_get_object (node);
}

static gboolean
is_wanted (JsonNode *node,
           gboolean  text_only)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
         (!text_only || json_node_get_value_type (node) == G_TYPE_STRING);
}

static char **
read_list (LkReader   *self,
           JsonObject *object,
           const char *path,
           const char *key,
           gboolean    text_only)
{
  const char *wanted = text_only ? "text or a list of texts" : "a value or a list of values";
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  JsonNode *node = get_node (object, key);
  JsonArray *array;

  if (node == NULL)
    return NULL;

  if (is_wanted (node, text_only))
    {
      g_autofree char *text = lk_json_dup_scalar (node);

      g_strv_builder_add (values, text);
      return g_strv_builder_end (values);
    }

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      fail_type (self, path, key, wanted);
      return NULL;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *text = NULL;

      if (!is_wanted (element, text_only))
        {
          fail_type (self, path, key, wanted);
          return NULL;
        }

      text = lk_json_dup_scalar (element);
      g_strv_builder_add (values, text);
    }

  return g_strv_builder_end (values);
}

/* One text is a list of one. */
char **
lk_reader_strings (LkReader   *self,
                   JsonObject *object,
                   const char *path,
                   const char *key)
{
  return read_list (self, object, path, key, TRUE);
}

/* As lk_reader_strings(), but numbers and booleans are taken too, as text. */
char **
lk_reader_scalars (LkReader   *self,
                   JsonObject *object,
                   const char *path,
                   const char *key)
{
  return read_list (self, object, path, key, FALSE);
}
