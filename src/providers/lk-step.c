/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile.h"

static const char * const words[] = {
  [LK_STEP_AUTHORIZE] = "authorize",
  [LK_STEP_TOKEN] = "token",
  [LK_STEP_REFRESH] = "refresh",
  [LK_STEP_REVOKE] = "revoke",
  [LK_STEP_VERIFY] = "verify",
  [LK_STEP_ACCOUNTS] = "accounts",
  [LK_STEP_API] = "api",
};

G_DEFINE_QUARK (lk-provider-error-quark, lk_provider_error)

const char *
lk_step_to_string (LkStep step)
{
  g_return_val_if_fail ((unsigned int) step < G_N_ELEMENTS (words), NULL);

  return words[step];
}

/**
 * lk_step_from_string:
 * @word: (nullable): a step's word, such as "refresh"
 * @step: (out): the step
 *
 * Returns: %FALSE when there is no such step
 */
gboolean
lk_step_from_string (const char *word,
                     LkStep     *step)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (word, words[i]) == 0)
        {
          *step = (LkStep) i;
          return TRUE;
        }
    }

  return FALSE;
}
