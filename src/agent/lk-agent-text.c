/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-text.h"

#include <string.h>

#include "lk-ipc.h"

/* What moves a terminal's cursor, breaks a line, or lets a name read as another one. */
static gboolean
is_misleading (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static gboolean
is_clean (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (is_misleading (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

/**
 * lk_agent_text_check:
 * @what: name of the argument, for the message
 * @text: valid UTF-8, as all text on the bus
 * @longest: in bytes
 *
 * Returns: whether @text can stand in a list, on a terminal, and in the ledger
 */
gboolean
lk_agent_text_check (const char *what, const char *text, size_t longest, GError **error)
{
  size_t length = strlen (text);
  gunichar last;

  if (length == 0 || length > longest)
    {
      g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                   "the %s is empty or too long", what);
      return FALSE;
    }
  last = g_utf8_get_char (g_utf8_prev_char (text + length));
  if (!is_clean (text) || g_unichar_isspace (g_utf8_get_char (text)) || g_unichar_isspace (last))
    {
      g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                   "the %s has spaces around it or signs that cannot be seen", what);
      return FALSE;
    }
  return TRUE;
}

char *
lk_agent_text_dup_clean (const char *text, size_t longest)
{
  g_autoptr(GString) clean = g_string_new (NULL);

  if (text == NULL)
    return NULL;
  for (const char *at = text; *at != '\0' && clean->len + 4 <= longest; at = g_utf8_next_char (at))
    if (!is_misleading (g_utf8_get_char (at)))
      g_string_append_unichar (clean, g_utf8_get_char (at));
  g_strstrip (clean->str);
  return clean->str[0] != '\0' ? g_strdup (clean->str) : NULL;
}
