/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses with an answer in them, and the heads that "curl -i" prints. */

#include <string.h>

#include "lk-paste.h"

static char *
parameter (const char *text,
           const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("(?:^|[?&#\\s\"'])%s=([^&#\\s\"']*)", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *raw = NULL;
  char *plain;

  if (!g_regex_match (regex, text, 0, &match))
    return NULL;

  raw = g_match_info_fetch (match, 1);
  g_strdelimit (raw, "+", ' ');
  plain = g_uri_unescape_string (raw, NULL);

  return plain != NULL ? plain : g_steal_pointer (&raw);
}

/* A parameter of a signed-in answer: present, and its value is none of our business. */
static gboolean
has_parameter (const char *text,
               const char *name)
{
  char *value = parameter (text, name);
  gboolean present = value != NULL && *value != '\0';

  lk_wipe_string (value);

  return present;
}

static gboolean
looks_like_address (const char *text)
{
  static const char *const starts[] = { "http://", "https://", "error=", "?error=", "#error=",
                                        "?code=", "code=" };

  while (g_ascii_isspace (*text) || *text == '"' || *text == '<')
    text++;
  if (g_str_has_prefix (text, "code=") && (strchr (text, ' ') != NULL || g_ascii_isdigit (text[5])))
    return FALSE;
  for (unsigned int i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      if (g_ascii_strncasecmp (text, starts[i], strlen (starts[i])) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * lk_paste_read_address:
 * @text: valid UTF-8
 *
 * Reads the answer of a sign-in: ?error=…, #error=…, or a code (which is not copied).
 *
 * Returns: whether the text is such an address
 */
gboolean
lk_paste_read_address (LkPaste    *self,
                       const char *text)
{
  g_autoptr (LkPasteFact) fact = NULL;
  g_autofree char *error = NULL;
  g_autofree char *description = NULL;

  if (strchr (text, '=') == NULL || strchr (text, '{') != NULL)
    return FALSE;
  if (!looks_like_address (text) && strstr (text, "?error=") == NULL
      && strstr (text, "&error=") == NULL && strstr (text, "#error=") == NULL)
    return FALSE;

  fact = lk_paste_fact_new ();
  fact->structured = TRUE;
  error = parameter (text, "error");
  if (error != NULL && lk_paste_is_code (error))
    {
      fact->code = g_steal_pointer (&error);
      fact->detail = parameter (text, "error_type");
      description = parameter (text, "error_description");
      fact->message = lk_paste_redact (description);
    }
  else if (looks_like_address (text)
           && (has_parameter (text, "code") || has_parameter (text, "auth_code")))
    {
      fact->success = TRUE;
    }
  else
    {
      return FALSE;
    }

  self->kind = LK_PASTE_ADDRESS;
  g_ptr_array_add (self->facts, g_steal_pointer (&fact));

  return TRUE;
}

static char *
header (const char *text,
        const char *name)
{
  g_autofree char *pattern =
    g_strdup_printf ("^[< \\t]*%s:[ \\t]*([A-Za-z0-9._/;= +-]{1,120})", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE | G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  char *value;

  if (!g_regex_match (regex, text, 0, &match))
    return NULL;
  value = g_match_info_fetch (match, 1);

  return g_strstrip (value);
}

/**
 * lk_paste_read_head:
 * @text: valid UTF-8
 *
 * Reads status, log id and path of a head as curl prints it, and a path that a log names.
 */
void
lk_paste_read_head (LkPaste    *self,
                    const char *text)
{
  g_autoptr (GRegex) path = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  const char *start = text;

  while (g_ascii_isspace (*start) || *start == '<' || *start == '*')
    start++;
  if (g_str_has_prefix (start, "HTTP/"))
    self->kind = LK_PASTE_HTTP;

  self->trace_id = header (text, "x-tt-logid");
  path = g_regex_new ("(?:\\b(?:GET|POST|PUT|DELETE|PATCH)\\s+(?:https?://[A-Za-z0-9.:-]+)?|"
                      "https?://[A-Za-z0-9.-]+(?::[0-9]+)?)(/[A-Za-z0-9._/~-]{1,200})",
                      0, 0, NULL);
  if (g_regex_match (path, text, 0, &match))
    self->endpoint = g_match_info_fetch (match, 1);
}
