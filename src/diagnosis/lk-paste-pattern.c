/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-paste.h"

/**
 * lk_pattern_get:
 * @self: of static storage
 *
 * Returns: (transfer none): the pattern, compiled; safe from any thread
 */
GRegex *
lk_pattern_get (LkPattern *self)
{
  if (g_once_init_enter (&self->regex))
    {
      g_autoptr (GError) error = NULL;
      GRegex *regex = g_regex_new (self->text,
                                   G_REGEX_OPTIMIZE | G_REGEX_MULTILINE
                                     | (self->exact ? 0 : G_REGEX_CASELESS),
                                   0, &error);

      /* Patterns are part of the program, so a mistake in one is a programming error. */
      if (regex == NULL)
        g_error ("%s", error->message);
      g_once_init_leave (&self->regex, regex);
    }

  return self->regex;
}

/**
 * lk_pattern_find:
 * @text: valid UTF-8
 *
 * Returns: (transfer full) (nullable): the first group of the first match
 */
char *
lk_pattern_find (LkPattern  *self,
                 const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (lk_pattern_get (self), text, 0, &match))
    return NULL;

  return g_match_info_fetch (match, 1);
}
