/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-json-private.h"

#include <stdlib.h>
#include <string.h>

#include "lk-profile.h"
#include "lk-secret.h"

/* More digits than these do not fit a signed 64-bit number; such an id is kept as text. */
#define MAX_SAFE_DIGITS 18

#define NOT_JSON "not JSON; a comma, a quote or a bracket is wrong here or just before"

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
                           scan->depth > LK_JSON_MAX_DEPTH ? "nested too deep" : NOT_JSON);
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
          g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX, NOT_JSON);
        }
    }

  lk_wipe (scan.copy->str, scan.copy->len);
  g_string_free (scan.copy, TRUE);

  return g_steal_pointer (&root);
}
