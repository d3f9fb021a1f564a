/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-redact.h"

#include <string.h>

#define MASK      "[hidden]"
#define RUN_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~!*%+="
#define MIN_RUN   32
#define MIN_VALUE 6
#define MAX_NAME  2000 /* bytes */

static gboolean
is_trace_id (const char *run,
             size_t      length)
{
  /* Both kinds begin with the time: 2026…, written by the side that answered. */
  if (length < 20 || run[0] != '2' || run[1] != '0')
    return FALSE;

  for (size_t i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (run[i]) && (i < 14 || !g_ascii_isxdigit (run[i])))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_token_prefix (const char *run,
                  size_t      length)
{
  static const char * const prefixes[] = {
    "act.", "rft.", "clt.", "TTP_", "ROW_", "EAA", "ya29.", "1//", "eyJ"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      size_t n = strlen (prefixes[i]);

      if (length >= n + MIN_VALUE && strncmp (run, prefixes[i], n) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
looks_opaque (const char *run,
              size_t      length)
{
  guint digits = 0;
  guint letters = 0;

  if (has_token_prefix (run, length))
    return TRUE;

  if (length < MIN_RUN || is_trace_id (run, length))
    return FALSE;

  for (size_t i = 0; i < length; i++)
    {
      digits += g_ascii_isdigit (run[i]) ? 1 : 0;
      letters += g_ascii_isalpha (run[i]) ? 1 : 0;
    }

  return digits >= 4 && letters >= 4;
}

/* Whether the text before @run, back to @start, ends with the name of a secret and what may stand
 * between it and its value. */
static gboolean
follows_secret_name (const char *start,
                     const char *run)
{
  static const char * const names[] = {
    "access_token", "refresh_token", "client_secret", "app_secret", "auth_code", "code_verifier",
    "secret", "access-token", "bearer", "upload_token"
  };
  const char *end = run;

  while (end > start && strchr (" \t:=\"'\\", end[-1]) != NULL)
    end--;
  if (end == run)
    return FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      size_t n = strlen (names[i]);

      if ((size_t) (end - start) >= n && g_ascii_strncasecmp (end - n, names[i], n) == 0)
        return TRUE;
    }

  return FALSE;
}

/* "access_token is incorrect" names no value; a value has a digit or is quoted. */
static gboolean
looks_like_value (const char *run,
                  size_t      length)
{
  if (length < MIN_VALUE)
    return FALSE;

  for (size_t i = 0; i < length; i++)
    {
      if (g_ascii_isdigit (run[i]))
        return TRUE;
    }

  return length >= 16;
}

static char *
mask_runs (const char *text)
{
  g_autoptr (GString) masked = g_string_new (NULL);

  for (const char *at = text; *at != '\0';)
    {
      size_t other = strcspn (at, RUN_CHARS);
      size_t run;
      const char *equals;

      g_string_append_len (masked, at, (gssize) other);
      at += other;
      run = strspn (at, RUN_CHARS);

      /* In name=value, the value is judged alone. */
      equals = memchr (at, '=', run);
      if (equals != NULL && (size_t) (equals - at) + 1 < run)
        run = (size_t) (equals - at) + 1;

      if (looks_opaque (at, run) ||
          (follows_secret_name (text, at) && looks_like_value (at, run)))
        g_string_append (masked, MASK);
      else
        g_string_append_len (masked, at, (gssize) run);
      at += run;
    }

  return g_string_free (g_steal_pointer (&masked), FALSE);
}

char *
lk_redact (const char         *text,
           const char * const *secrets)
{
  g_autoptr (GString) known = NULL;
  g_autofree char *valid = NULL;

  if (text == NULL)
    return NULL;

  valid = g_utf8_make_valid (text, -1);
  known = g_string_new (valid);
  for (size_t i = 0; secrets != NULL && secrets[i] != NULL; i++)
    {
      if (*secrets[i] != '\0')
        g_string_replace (known, secrets[i], MASK, 0);
    }

  return mask_runs (known->str);
}

static gboolean
turns_text_around (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *
lk_redact_take_name (char *text)
{
  g_autofree char *owned = text;
  g_autoptr (GString) name = NULL;

  if (text == NULL)
    return NULL;

  name = g_string_new (NULL);
  for (const char *at = owned; *at != '\0' && name->len + 6 <= MAX_NAME; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!turns_text_around (c))
        g_string_append_unichar (name, g_unichar_iscntrl (c) || g_unichar_isspace (c) ? ' ' : c);
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}
