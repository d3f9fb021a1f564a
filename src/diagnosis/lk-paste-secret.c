/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lk-paste.h"

/* Words that stand for a value somebody took out: <ACCESS_TOKEN>, ***, xxx, ... */
#define NAMED_SECRET                                                                              \
  "(?:access[_-]?token|refresh[_-]?token|client[_-]?secret|app[_-]?secret|auth[_-]?code|"         \
  "code[_-]?verifier|upload[_-]?token|x-tts-access-token|secret|password|cookie)"                 \
  "[\"'\\]\\\\]*\\s*(?:=>|[:=])\\s*[\"'\\\\]*(?!act\\b)"                                           \
  "([A-Za-z0-9][A-Za-z0-9._~+/%!*=-]{7,})"
#define BEARER "\\bbearer\\s+([A-Za-z0-9._~+/=-]{12,})"
#define TOKEN_FORM "\\b((?:act|rft|clt)\\.[A-Za-z0-9._!*%-]{8,}|TTP_[A-Za-z0-9_-]{12,}|"         \
  "(?:GCP|ROW)_[A-Za-z0-9_-]{40,})"
#define CALLBACK_CODE "[?&#](?:auth_)?code=([A-Za-z0-9._~%!*-]{8,})"
/* Anything long and opaque; request ids are upper case hex or digits and stay. */
#define OPAQUE "\\b((?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[0-9])"        \
  "[A-Za-z0-9_-]{24,}|[A-Za-z0-9_-]{49,})"

static LkPattern patterns[] = {
  LK_PATTERN (NAMED_SECRET), LK_PATTERN (BEARER), LK_PATTERN (TOKEN_FORM),
  LK_PATTERN (CALLBACK_CODE), LK_PATTERN_EXACT (OPAQUE),
};
/* What is merely opaque is taken out of messages, but nobody is warned of it. */
#define N_SECRETS (G_N_ELEMENTS (patterns) - 1)

static gboolean
is_placeholder (const char *value)
{
  static const char *const words[] = { "xxx", "***", "...", "your", "redacted", "placeholder",
                                       "hidden", "null", "undefined" };
  g_autofree char *low = g_ascii_strdown (value, -1);
  gboolean digits = FALSE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strstr (low, words[i]) != NULL)
        return TRUE;
    }
  for (const char *p = low; *p != '\0'; p++)
    digits = digits || g_ascii_isdigit (*p);

  /* "access_token: invalid_request" is prose, not a token. */
  return !digits && strlen (low) < 40;
}

static gboolean
has_match (LkPattern  *pattern,
           const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (lk_pattern_get (pattern), text, 0, &match);
  while (g_match_info_matches (match))
    {
      g_autofree char *value = g_match_info_fetch (match, 1);

      if (!is_placeholder (value))
        return TRUE;
      g_match_info_next (match, NULL);
    }

  return FALSE;
}

/**
 * lk_paste_has_secret:
 * @text: valid UTF-8
 *
 * Returns: whether the text seems to hold a token, a code or a client secret
 */
gboolean
lk_paste_has_secret (const char *text)
{
  for (unsigned int i = 0; i < N_SECRETS; i++)
    {
      if (has_match (&patterns[i], text))
        return TRUE;
    }

  return FALSE;
}

/**
 * lk_paste_redact:
 * @message: (nullable): valid UTF-8
 *
 * Returns: (transfer full) (nullable): the first 400 bytes, with everything that looks like a
 *   secret taken out
 */
char *
lk_paste_redact (const char *message)
{
  g_autofree char *text = NULL;
  const char *end;

  if (message == NULL)
    return NULL;

  end = message + MIN (strlen (message), 4096);
  g_utf8_validate (message, end - message, &end);
  text = g_strndup (message, (size_t) (end - message));
  for (unsigned int i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      char *clean = g_regex_replace_literal (lk_pattern_get (&patterns[i]), text, -1, 0, "•••",
                                             0, NULL);

      if (clean == NULL)
        return g_strdup ("•••");
      g_free (text);
      text = clean;
    }
  if (strlen (text) > 400)
    {
      end = text + 400;
      g_utf8_validate (text, 400, &end);
      text[end - text] = '\0';
    }

  return g_strstrip (g_steal_pointer (&text));
}
