/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A general JSON library would leave copies of the tokens in memory that it frees without wiping,
 * so this small form of JSON is written and read here: one object of texts, whole numbers, lists
 * of texts, and null. Members that this version does not know are passed over. */

#include "config.h"

#include <string.h>

#include "lk-vault.h"

/* The longest escape, \u001f, for one byte. */
#define ESCAPE_MAX 6

static void
append_text (GString    *out,
             const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, *c);
        }
      else if ((guchar) *c < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint) (guchar) *c);
      else
        g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}

/**
 * lk_token_set_to_secret:
 *
 * Returns: (transfer full): @tokens as JSON
 */
LkSecret *
lk_token_set_to_secret (LkTokenSet *tokens)
{
  LkSecret *access = lk_token_set_get_access (tokens);
  LkSecret *refresh = lk_token_set_get_refresh (tokens);
  const char * const *scopes = lk_token_set_get_scopes (tokens);
  size_t size = 512 + ESCAPE_MAX * lk_secret_get_length (access);
  GString *out;

  size += refresh != NULL ? ESCAPE_MAX * lk_secret_get_length (refresh) : 0;
  for (guint i = 0; scopes != NULL && scopes[i] != NULL; i++)
    size += ESCAPE_MAX * strlen (scopes[i]) + 3;

  /* Large enough at once: growing would leave a copy behind. */
  out = g_string_sized_new (size);
  g_string_append (out, "{\"access_token\":");
  append_text (out, lk_secret_open (access));
  if (refresh != NULL)
    {
      g_string_append (out, ",\"refresh_token\":");
      append_text (out, lk_secret_open (refresh));
    }
  g_string_append_printf (out, ",\"obtained\":%" G_GINT64_FORMAT
                          ",\"access_ends\":%" G_GINT64_FORMAT
                          ",\"refresh_ends\":%" G_GINT64_FORMAT
                          ",\"generation\":%" G_GUINT64_FORMAT,
                          lk_token_set_get_obtained (tokens), lk_token_set_get_access_ends (tokens),
                          lk_token_set_get_refresh_ends (tokens),
                          lk_token_set_get_generation (tokens));
  if (scopes != NULL)
    {
      g_string_append (out, ",\"scopes\":[");
      for (guint i = 0; scopes[i] != NULL; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          append_text (out, scopes[i]);
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');

  return lk_secret_new_take (g_string_free (out, FALSE));
}

/* What has been read so far. */
typedef struct
{
  const char *at;
  LkSecret   *access;       /* (owned) (nullable) */
  LkSecret   *refresh;      /* (owned) (nullable) */
  gint64      obtained;
  gint64      access_ends;
  gint64      refresh_ends;
  guint64     generation;
  GPtrArray  *scopes;       /* (owned) (nullable) (element-type utf8) */
} Reading;

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->access, lk_secret_unref);
  g_clear_pointer (&reading->refresh, lk_secret_unref);
  g_clear_pointer (&reading->scopes, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static void
skip_space (Reading *reading)
{
  reading->at += strspn (reading->at, " \t\r\n");
}

static gboolean
take (Reading *reading,
      char     wanted)
{
  skip_space (reading);
  if (*reading->at != wanted)
    return FALSE;

  reading->at++;
  return TRUE;
}

static gboolean
read_four_hex (const char *digits,
               gunichar   *value)
{
  *value = 0;
  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (digits[i]))
        return FALSE;
      *value = *value * 16 + (gunichar) g_ascii_xdigit_value (digits[i]);
    }

  return TRUE;
}

/* After the backslash and the u. */
static gboolean
read_unicode_escape (const char **at,
                     char       **out)
{
  gunichar value, low;

  if (!read_four_hex (*at, &value))
    return FALSE;
  *at += 4;

  if (value >= 0xd800 && value < 0xdc00)
    {
      if ((*at)[0] != '\\' || (*at)[1] != 'u' || !read_four_hex (*at + 2, &low) || low < 0xdc00 ||
          low > 0xdfff)
        return FALSE;
      *at += 6;
      value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
    }
  if (value == 0 || !g_unichar_validate (value))
    return FALSE;

  *out += g_unichar_to_utf8 (value, *out);
  return TRUE;
}

/* At the backslash. */
static gboolean
read_escape (const char **at,
             char       **out)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  const char *found;

  (*at)++;
  found = **at != '\0' ? strchr (names, **at) : NULL;
  if (**at == 'u')
    {
      (*at)++;
      return read_unicode_escape (at, out);
    }
  if (found == NULL)
    return FALSE;

  (*at)++;
  *(*out)++ = values[found - names];
  return TRUE;
}

/* An escape is never shorter than what it stands for, so the rest of the text is room enough. */
static LkSecret *
read_text (Reading *reading)
{
  const char *end, *at;
  char *text, *out;
  gboolean good;
  size_t size;

  if (!take (reading, '"'))
    return NULL;

  at = end = reading->at;
  while (*end != '\0' && *end != '"')
    end += end[0] == '\\' && end[1] != '\0' ? 2 : 1;
  size = (size_t) (end - at) + 1;
  text = out = g_malloc0 (size);
  good = *end == '"';
  while (good && at < end)
    {
      if (*at == '\\')
        good = read_escape (&at, &out);
      else if ((good = (guchar) *at >= 0x20))
        *out++ = *at++;
    }
  if (!good || at != end)
    {
      lk_wipe (text, size);
      g_free (text);
      return NULL;
    }

  reading->at = end + 1;
  return lk_secret_new_take (text);
}

static gboolean
read_number (Reading *reading,
             gint64  *number)
{
  size_t digits;
  g_autofree char *text = NULL;

  skip_space (reading);
  digits = strspn (reading->at, "-0123456789");
  text = g_strndup (reading->at, digits);
  reading->at += digits;

  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, number, NULL);
}

static GPtrArray *
read_texts (Reading *reading)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if (!take (reading, '['))
    return NULL;

  if (!take (reading, ']'))
    do
      {
        g_autoptr(LkSecret) text = read_text (reading);

        if (text == NULL)
          return NULL;
        g_ptr_array_add (texts, g_strdup (lk_secret_open (text)));
        if (take (reading, ']'))
          break;
        if (!take (reading, ','))
          return NULL;
      }
    while (TRUE);
  g_ptr_array_add (texts, NULL);

  return g_steal_pointer (&texts);
}

/* A value of any kind that this form has. */
static gboolean
skip_value (Reading *reading)
{
  g_autoptr(LkSecret) text = NULL;
  g_autoptr(GPtrArray) texts = NULL;
  gint64 number;

  skip_space (reading);
  for (guint i = 0; i < 3; i++)
    {
      const char *word = ((const char * const []) { "null", "true", "false" })[i];

      if (g_str_has_prefix (reading->at, word))
        {
          reading->at += strlen (word);
          return TRUE;
        }
    }
  if (*reading->at == '"')
    return (text = read_text (reading)) != NULL;
  if (*reading->at == '[')
    return (texts = read_texts (reading)) != NULL;

  return read_number (reading, &number);
}

static gboolean
read_member (Reading *reading)
{
  g_autoptr(LkSecret) name = read_text (reading);
  const char *word;
  gint64 generation;

  if (name == NULL || !take (reading, ':'))
    return FALSE;

  word = lk_secret_open (name);
  if (g_str_equal (word, "access_token"))
    return reading->access == NULL && (reading->access = read_text (reading)) != NULL;
  if (g_str_equal (word, "refresh_token"))
    return reading->refresh == NULL && (reading->refresh = read_text (reading)) != NULL;
  if (g_str_equal (word, "scopes"))
    return reading->scopes == NULL && (reading->scopes = read_texts (reading)) != NULL;
  if (g_str_equal (word, "obtained"))
    return read_number (reading, &reading->obtained);
  if (g_str_equal (word, "access_ends"))
    return read_number (reading, &reading->access_ends);
  if (g_str_equal (word, "refresh_ends"))
    return read_number (reading, &reading->refresh_ends);
  if (g_str_equal (word, "generation"))
    {
      if (!read_number (reading, &generation) || generation < 0)
        return FALSE;
      reading->generation = (guint64) generation;
      return TRUE;
    }

  return skip_value (reading);
}

static gboolean
read_object (Reading *reading)
{
  if (!take (reading, '{'))
    return FALSE;

  if (!take (reading, '}'))
    {
      do
        {
          if (!read_member (reading))
            return FALSE;
        }
      while (take (reading, ','));
      if (!take (reading, '}'))
        return FALSE;
    }
  skip_space (reading);

  return *reading->at == '\0' && reading->access != NULL;
}

/**
 * lk_token_set_from_secret:
 *
 * Returns: (transfer full): what lk_token_set_to_secret() was given; %LK_STORAGE_ERROR_DAMAGED
 *   when @secret is something else
 */
LkTokenSet *
lk_token_set_from_secret (LkSecret *secret,
                          GError  **error)
{
  g_auto(Reading) reading = { .at = lk_secret_open (secret), .generation = 1 };
  LkTokenSetFields fields;

  if (!g_utf8_validate (reading.at, -1, NULL) || !read_object (&reading))
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED,
                   "The kept tokens cannot be read");
      return NULL;
    }

  fields = (LkTokenSetFields) {
    .access = reading.access,
    .refresh = reading.refresh,
    .obtained = reading.obtained,
    .access_ends = reading.access_ends,
    .refresh_ends = reading.refresh_ends,
    .scopes = reading.scopes != NULL ? (const char * const *) reading.scopes->pdata : NULL,
    .generation = reading.generation,
  };

  return lk_token_set_new (&fields);
}
