/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns what looks like an object (JSON, a Python or JavaScript dump, a body cut off in the
 * middle) into strict JSON. One pass, an explicit stack, no recursion. */

#include <string.h>

#include "lk-paste.h"

#define MAX_DEPTH 48
#define MAX_KEY 128
#define MAX_STRING (64 * 1024)
#define MAX_PAIRS 20000

typedef enum
{
  WANT_KEY,
  WANT_COLON,
  WANT_VALUE,
  WANT_COMMA,
} Want;

typedef struct
{
  const char *p;
  const char *end;
  GString    *out;
  GString    *key;
  char        stack[MAX_DEPTH];
  gboolean    filled[MAX_DEPTH];
  unsigned int depth;
  unsigned int pairs;
  Want        want;
} Repair;

static void
write_string (GString    *out,
              const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      unsigned char c = (unsigned char) *p;

      if (c == '"' || c == '\\')
        g_string_append_c (out, '\\');
      if (c < 0x20)
        g_string_append_printf (out, "\\u%04x", (unsigned int) c);
      else
        g_string_append_c (out, (char) c);
    }
  g_string_append_c (out, '"');
}

static void
read_unicode (Repair  *self,
              GString *into)
{
  gunichar c = 0;

  for (int i = 0; i < 4 && self->p < self->end && g_ascii_isxdigit (*self->p); i++)
    c = c * 16 + (gunichar) g_ascii_xdigit_value (*self->p++);

  if (c != 0 && g_unichar_validate (c))
    g_string_append_unichar (into, c);
}

static void
read_escape (Repair  *self,
             GString *into)
{
  char c = *self->p++;

  switch (c)
    {
    case 'n':
      g_string_append_c (into, '\n');
      break;
    case 't':
    case 'r':
    case 'b':
    case 'f':
      g_string_append_c (into, ' ');
      break;
    case 'u':
      read_unicode (self, into);
      break;
    default:
      g_string_append_c (into, c);
      break;
    }
}

/* Returns FALSE when the text ends inside the string. */
static gboolean
read_quoted (Repair  *self,
             GString *into,
             size_t   limit)
{
  char quote = *self->p++;

  while (self->p < self->end)
    {
      char c = *self->p++;

      if (c == quote)
        return TRUE;
      if (into->len > limit)
        {
          if (limit == MAX_KEY)
            return FALSE;
          continue;
        }
      if (c == '\\' && self->p < self->end)
        read_escape (self, into);
      else
        g_string_append_c (into, c);
    }

  return FALSE;
}

static void
read_bare (Repair     *self,
           GString    *into,
           const char *stops,
           size_t      limit)
{
  while (self->p < self->end && into->len < limit && strchr (stops, *self->p) == NULL)
    g_string_append_c (into, *self->p++);
  g_strstrip (into->str);
  into->len = strlen (into->str);
}

static gboolean
is_number (const char *text)
{
  const char *p = text;
  unsigned int digits = 0;

  if (*p == '-')
    p++;
  if (*p == '0' && g_ascii_isdigit (p[1]))
    return FALSE;
  for (; g_ascii_isdigit (*p); p++)
    digits++;

  return digits > 0 && digits < 16 && *p == '\0';
}

static void
begin_value (Repair *self)
{
  unsigned int top = self->depth - 1;

  if (self->filled[top])
    g_string_append_c (self->out, ',');
  self->filled[top] = TRUE;
  if (self->stack[top] == '{')
    {
      write_string (self->out, self->key->str);
      g_string_append_c (self->out, ':');
      self->pairs++;
    }
  self->want = WANT_COMMA;
}

static gboolean
push (Repair *self,
      char    kind)
{
  if (self->depth == MAX_DEPTH)
    return FALSE;

  if (self->depth > 0)
    begin_value (self);
  g_string_append_c (self->out, kind);
  self->stack[self->depth] = kind;
  self->filled[self->depth] = FALSE;
  self->depth++;
  self->want = kind == '{' ? WANT_KEY : WANT_VALUE;
  self->p++;

  return TRUE;
}

static void
pop (Repair *self)
{
  self->depth--;
  g_string_append_c (self->out, self->stack[self->depth] == '{' ? '}' : ']');
  self->want = WANT_COMMA;
}

static gboolean
step_key (Repair *self)
{
  char c = *self->p;

  if (c == '}')
    {
      self->p++;
      pop (self);
      return TRUE;
    }
  if (c == ',')
    {
      self->p++;
      return TRUE;
    }
  if (c == '[')
    {
      const char *close = memchr (self->p, ']', MIN ((size_t) (self->end - self->p), MAX_KEY));

      if (close == NULL)
        return FALSE;
      self->p = close + 1;
      return TRUE;
    }

  g_string_truncate (self->key, 0);
  if (c == '"' || c == '\'')
    {
      if (!read_quoted (self, self->key, MAX_KEY))
        return FALSE;
    }
  else if (g_ascii_isalpha (c) || c == '_' || c == '$')
    {
      read_bare (self, self->key, " \t\r\n:=,{}[]()\"'\\<>", MAX_KEY);
    }
  else
    {
      return FALSE;
    }
  self->want = WANT_COLON;

  return self->key->len < MAX_KEY;
}

static gboolean
step_colon (Repair *self)
{
  if (*self->p == ':')
    {
      self->p++;
    }
  else if (*self->p == '=')
    {
      self->p++;
      if (self->p < self->end && *self->p == '>')
        self->p++;
    }
  else
    {
      return FALSE;
    }
  self->want = WANT_VALUE;

  return TRUE;
}

static void
write_bare (Repair     *self,
            const char *word)
{
  static const char *const words[][2] = {
    { "true", "true" }, { "True", "true" }, { "false", "false" }, { "False", "false" },
    { "null", "null" }, { "None", "null" }, { "nil", "null" }, { "undefined", "null" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_equal (word, words[i][0]))
        {
          g_string_append (self->out, words[i][1]);
          return;
        }
    }

  if (is_number (word))
    g_string_append (self->out, word);
  else
    write_string (self->out, word);
}

static gboolean
step_value (Repair *self)
{
  g_autoptr (GString) value = NULL;
  char c = *self->p;
  gboolean whole = TRUE;

  if (c == '{' || c == '[')
    return push (self, c);
  if (c == ']' && self->stack[self->depth - 1] == '[')
    {
      self->p++;
      pop (self);
      return TRUE;
    }
  if (c == '}' || c == ']' || c == ',' || c == ':')
    return FALSE;

  value = g_string_new (NULL);
  if (c == '"' || c == '\'' || c == '`')
    {
      whole = read_quoted (self, value, MAX_STRING);
      begin_value (self);
      write_string (self->out, value->str);
    }
  else
    {
      read_bare (self, value, ",}]\r\n", MAX_STRING);
      begin_value (self);
      write_bare (self, value->str);
    }

  return whole;
}

static gboolean
step_comma (Repair *self)
{
  char kind = self->stack[self->depth - 1];

  if (*self->p == ',')
    {
      self->want = kind == '{' ? WANT_KEY : WANT_VALUE;
    }
  else if ((kind == '{' && *self->p == '}') || (kind == '[' && *self->p == ']'))
    {
      pop (self);
    }
  else
    {
      return FALSE;
    }
  self->p++;

  return TRUE;
}

static gboolean
step (Repair *self)
{
  if (self->pairs > MAX_PAIRS)
    return FALSE;

  switch (self->want)
    {
    case WANT_KEY:
      return step_key (self);
    case WANT_COLON:
      return step_colon (self);
    case WANT_VALUE:
      return step_value (self);
    case WANT_COMMA:
    default:
      return step_comma (self);
    }
}

/**
 * lk_paste_repair_json:
 * @text: valid UTF-8
 * @start: where an opening brace stands
 * @stop: (out): where to read on
 * @complete: (out): whether the object ended by itself
 *
 * Returns: (transfer full) (nullable): strict JSON, %NULL when there is no pair in it
 */
char *
lk_paste_repair_json (const char *text,
                      size_t      length,
                      size_t      start,
                      size_t     *stop,
                      gboolean   *complete)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) key = g_string_new (NULL);
  Repair self = { .p = text + start, .end = text + length, .out = out, .key = key };

  push (&self, '{');
  while (self.depth > 0 && self.p < self.end)
    {
      if (g_ascii_isspace (*self.p))
        self.p++;
      else if (!step (&self))
        break;
    }

  *complete = self.depth == 0;
  *stop = self.pairs > 0 ? MAX ((size_t) (self.p - text), start + 1) : start + 1;
  if (self.pairs == 0)
    return NULL;
  while (self.depth > 0)
    pop (&self);

  return g_string_free (g_steal_pointer (&out), FALSE);
}
