/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses with an answer in them, and the heads that "curl -i" prints. */

#include <string.h>

#include "lk-paste.h"

#define PARAMETER(name) LK_PATTERN_EXACT ("(?:^|[?&#\\s\"'])" name "=([^&#\\s\"']*)")

static LkPattern error_parameter = PARAMETER ("error");
static LkPattern type_parameter = PARAMETER ("error_type");
static LkPattern description_parameter = PARAMETER ("error_description");
static LkPattern code_parameter = PARAMETER ("code");
static LkPattern auth_code_parameter = PARAMETER ("auth_code");
static LkPattern log_id_header = {
  "^[< \\t]*x-tt-logid:[ \\t]*([A-Za-z0-9._/;= +-]{1,120})", FALSE, NULL,
};
static LkPattern path =
  LK_PATTERN_EXACT ("(?:\\b(?:GET|POST|PUT|DELETE|PATCH)\\s+(?:https?://[A-Za-z0-9.:-]+)?|"
                    "https?://[A-Za-z0-9.-]+(?::[0-9]+)?)(/[A-Za-z0-9._/~-]{1,200})");

static char *
parameter (const char *text,
           LkPattern  *pattern)
{
  g_autofree char *raw = lk_pattern_find (pattern, text);
  char *plain;

  if (raw == NULL)
    return NULL;

  g_strdelimit (raw, "+", ' ');
  plain = g_uri_unescape_string (raw, NULL);

  return plain != NULL ? plain : g_steal_pointer (&raw);
}

/* A parameter of a signed-in answer: present, and its value is none of our business. */
static gboolean
has_parameter (const char *text,
               LkPattern  *pattern)
{
  char *value = parameter (text, pattern);
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
  error = parameter (text, &error_parameter);
  if (error != NULL && lk_paste_is_code (error))
    {
      fact->code = g_steal_pointer (&error);
      fact->detail = parameter (text, &type_parameter);
      description = parameter (text, &description_parameter);
      fact->message = lk_paste_redact (description);
    }
  else if (looks_like_address (text)
           && (has_parameter (text, &code_parameter) || has_parameter (text, &auth_code_parameter)))
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
  const char *start = text;

  while (g_ascii_isspace (*start) || *start == '<' || *start == '*')
    start++;
  if (g_str_has_prefix (start, "HTTP/"))
    self->kind = LK_PASTE_HTTP;

  self->trace_id = lk_pattern_find (&log_id_header, text);
  if (self->trace_id != NULL)
    g_strstrip (self->trace_id);
  self->endpoint = lk_pattern_find (&path, text);
}
