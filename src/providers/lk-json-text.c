/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-json-private.h"

#include <stdlib.h>
#include <string.h>

#include "lk-profile.h"
#include "lk-secret.h"

/* More digits than these do not fit a signed 64-bit number; such an id is kept as text. */
#define MAX_SAFE_DIGITS 18

typedef struct
{
  const char *at;
  const char *end;
  GString    *copy; /* (owned) */
  int         depth;
  int         line;
} Scan;

static int
hex_value (const char *at,
           const char *end)
{
  int value = 0;

  if (end - at < 4)
    return -1;

  for (int i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return -1;
      value = value * 16 + g_ascii_xdigit_value (at[i]);
    }

  return value;
}

/* At a backslash. Copies one escape; halves of surrogate pairs and NUL become U+FFFD. */
static gboolean
copy_escape (Scan *scan)
{
  int unit;

  if (scan->end - scan->at < 2 || strchr ("\"\\/bfnrtu", scan->at[1]) == NULL)
    return FALSE;

  if (scan->at[1] != 'u')
    {
      g_string_append_len (scan->copy, scan->at, 2);
      scan->at += 2;
      return TRUE;
    }

  unit = hex_value (scan->at + 2, scan->end);
  if (unit < 0)
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00 && scan->end - scan->at >= 12 &&
      scan->at[6] == '\\' && scan->at[7] == 'u')
    {
      int low = hex_value (scan->at + 8, scan->end);

      if (low >= 0xdc00 && low < 0xe000)
        {
          g_string_append_len (scan->copy, scan->at, 12);
          scan->at += 12;
          return TRUE;
        }
    }

  if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
    g_string_append (scan->copy, "\\ufffd");
  else
    g_string_append_len (scan->copy, scan->at, 6);
  scan->at += 6;

  return TRUE;
}

/* At an opening quote. */
static gboolean
copy_string (Scan *scan)
{
  g_string_append_c (scan->copy, *scan->at++);

  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '\\')
        {
          if (!copy_escape (scan))
            return FALSE;
          continue;
        }

      if ((unsigned char) c < 0x20)
        return FALSE;

      g_string_append_c (scan->copy, c);
      scan->at++;
      if (c == '"')
        return TRUE;
    }

  return FALSE;
}

static void
copy_number (Scan *scan)
{
  const char *start = scan->at;
  const char *digits = *start == '-' ? start + 1 : start;
  gboolean whole = TRUE;
  gboolean quote;

  while (scan->at < scan->end && (g_ascii_isalnum (*scan->at) || strchr ("+-.", *scan->at) != NULL))
    {
      whole = whole && (scan->at < digits || g_ascii_isdigit (*scan->at));
      scan->at++;
    }

  quote = whole && scan->at - digits > MAX_SAFE_DIGITS;
  if (quote)
    g_string_append_c (scan->copy, '"');
  g_string_append_len (scan->copy, start, scan->at - start);
  if (quote)
    g_string_append_c (scan->copy, '"');
}

/* Checks what the parser does not: depth, stray characters (it takes comments and more). */
static gboolean
copy_all (Scan *scan)
{
  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '"')
        {
          if (!copy_string (scan))
            return FALSE;
          continue;
        }

      if (c == '-' || g_ascii_isdigit (c))
        {
          copy_number (scan);
          continue;
        }

      if (c == '{' || c == '[')
        {
          if (++scan->depth > LK_JSON_MAX_DEPTH)
            return FALSE;
        }
      else if (c == '}' || c == ']')
        {
          if (--scan->depth < 0)
            return FALSE;
        }
      else if (c == '\n')
        {
          scan->line++;
        }
      else if (strchr (" \t\r:,truefalsn", c) == NULL)
        {
          return FALSE;
        }

      g_string_append_c (scan->copy, c);
      scan->at++;
    }

  return scan->depth == 0;
}

static gboolean
copy_checked (Scan        *scan,
              const char  *text,
              size_t       length,
              GError     **error)
{
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }

  if (length > LK_JSON_MAX_SIZE)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX,
                   "larger than %d bytes", LK_JSON_MAX_SIZE);
      return FALSE;
    }

  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX, "not UTF-8");
      return FALSE;
    }

  scan->at = text;
  scan->end = text + length;
  if (!copy_all (scan))
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX,
                           scan->depth > LK_JSON_MAX_DEPTH ? "nested too deep" : "not JSON");
      return FALSE;
    }

  return TRUE;
}

/* The parser only tells the place in its message: "<data>:LINE:COLUMN: …". */
static int
line_of (const GError *error)
{
  const char *colon = error != NULL ? strchr (error->message, ':') : NULL;
  int line = colon != NULL ? atoi (colon + 1) : 0;

  return MAX (line, 1);
}

/**
 * lk_json_parse:
 * @text: any bytes
 * @length: their number, -1 when they end with NUL
 * @line: (out) (optional): where an error is
 *
 * Integers that do not fit 64 bits come back as text, so that ids survive.
 *
 * Returns: (transfer full) (nullable): an object or an array
 */
JsonNode *
lk_json_parse (const char  *text,
               gssize       length,
               int         *line,
               GError     **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local_error = NULL;
  Scan scan = { .line = 1 };
  gboolean checked;

  if (length < 0)
    length = (gssize) strlen (text);

  scan.copy = g_string_sized_new ((size_t) CLAMP (length, 0, LK_JSON_MAX_SIZE) + 16);
  checked = copy_checked (&scan, text, (size_t) length, error);
  if (line != NULL)
    *line = scan.line;

  if (checked)
    {
      parser = json_parser_new ();
      if (json_parser_load_from_data (parser, scan.copy->str, (gssize) scan.copy->len,
                                      &local_error))
        root = json_parser_steal_root (parser);
      else if (line != NULL)
        *line = line_of (local_error);

      /* The parser's own message quotes the text, which may hold a token. */
      if (root == NULL || JSON_NODE_HOLDS_VALUE (root) || JSON_NODE_HOLDS_NULL (root))
        {
          g_clear_pointer (&root, json_node_unref);
          g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX, "not JSON");
        }
    }

  lk_wipe (scan.copy->str, scan.copy->len);
  g_string_free (scan.copy, TRUE);

  return g_steal_pointer (&root);
}

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
