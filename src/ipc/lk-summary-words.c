/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-summary-words.h"

#include <glib/gi18n-lib.h>

/**
 * lk_summary_words_dup:
 *
 * Says whether the person is needed, in whole sentences.
 */
char *
lk_summary_words_dup (guint attention, guint ending, guint fine)
{
  g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);

  if (attention == 0 && ending == 0 && fine == 0)
    return g_strdup (_("There are no connections yet."));
  if (attention == 0 && ending == 0 && fine == 1)
    return g_strdup (_("Your connection is fine."));
  if (attention == 0 && ending == 0)
    return g_strdup_printf (ngettext ("All %u connection is fine.",
                                      "All %u connections are fine.", fine), fine);
  if (attention > 0)
    g_ptr_array_add (sentences,
                     g_strdup_printf (ngettext ("%u connection needs you.",
                                                "%u connections need you.", attention),
                                      attention));
  if (ending > 0)
    g_ptr_array_add (sentences,
                     g_strdup_printf (ngettext ("%u ends this week.", "%u end this week.",
                                                ending), ending));
  if (fine > 0)
    g_ptr_array_add (sentences, g_strdup_printf (ngettext ("%u is fine.", "%u are fine.", fine),
                                                 fine));
  g_ptr_array_add (sentences, NULL);
  return g_strjoinv (" ", (char **) sentences->pdata);
}
