/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-json-private.h"

#include <string.h>

/* json-glib does not tell where a value stood. This walks over text that has been parsed before,
 * so it need not be strict, only never run past the end. */

typedef struct
{
  const char *at;
  const char *end;
  int         line;
  GHashTable *lines;
} Walk;

static void walk_value (Walk *walk, const char *path, int depth);

static void
skip_space (Walk *walk)
{
  while (walk->at < walk->end && strchr (" \t\r\n:,", *walk->at) != NULL)
    {
      if (*walk->at == '\n')
        walk->line++;
      walk->at++;
    }
}

/* At an opening quote. */
static char *
read_string (Walk *walk)
{
  const char *start = ++walk->at;
  g_autofree char *raw = NULL;

  while (walk->at < walk->end && *walk->at != '"')
    walk->at += *walk->at == '\\' && walk->at + 1 < walk->end ? 2 : 1;

  raw = g_strndup (start, (size_t) (walk->at - start));
  if (walk->at < walk->end)
    walk->at++;

  return g_strcompress (raw);
}

static void
walk_children (Walk       *walk,
               const char *path,
               int         depth)
{
  char closing = *walk->at == '{' ? '}' : ']';
  guint index = 0;

  walk->at++;
  for (skip_space (walk); walk->at < walk->end && *walk->at != closing; skip_space (walk))
    {
      const char *before = walk->at;
      g_autofree char *name = NULL;
      g_autofree char *child = NULL;

      if (closing == '}')
        name = *walk->at == '"' ? read_string (walk) : g_strdup ("");
      else
        name = g_strdup_printf ("%u", index++);

      child = lk_reader_join (path, name);
      g_hash_table_insert (walk->lines, g_strdup (child), GINT_TO_POINTER (walk->line));
      skip_space (walk);
      walk_value (walk, child, depth + 1);
      if (walk->at == before)
        walk->at++;
    }

  if (walk->at < walk->end)
    walk->at++;
}

static void
walk_value (Walk       *walk,
            const char *path,
            int         depth)
{
  if (walk->at >= walk->end)
    return;

  if (*walk->at == '"')
    {
      g_autofree char *text = read_string (walk);
    }
  else if ((*walk->at == '{' || *walk->at == '[') && depth < LK_JSON_MAX_DEPTH)
    {
      walk_children (walk, path, depth);
    }
  else
    {
      while (walk->at < walk->end && strchr (" \t\r\n:,{}[]\"", *walk->at) == NULL)
        walk->at++;
    }
}

/**
 * lk_json_find_lines:
 * @text: JSON that lk_json_parse() took
 *
 * Returns: (transfer container): line numbers by key path, such as "token.params.code"
 */
GHashTable *
lk_json_find_lines (const char *text,
                    size_t      length)
{
  Walk walk = { text, text + length, 1, NULL };

  walk.lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    walk.at += 3;
  skip_space (&walk);
  walk_value (&walk, "", 0);

  return walk.lines;
}
