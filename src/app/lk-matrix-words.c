/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-matrix-words.h"

#include <glib/gi18n.h>

static const struct
{
  const char *icon;
  const char *text;
  const char *style;
  gboolean    fixable;
} cells[] = {
  [LK_CELL_UNKNOWN] = { "latchkey-cell-unknown-symbolic", N_("Not known"), "dim-label", FALSE },
  [LK_CELL_ALLOWED] = { "emblem-ok-symbolic", N_("Allowed"), "success", FALSE },
  [LK_CELL_SCOPE] = { "latchkey-cell-scope-symbolic", N_("Scope missing"), "warning", TRUE },
  [LK_CELL_ROLE] = { "latchkey-cell-role-symbolic", N_("Role too low"), "warning", TRUE },
  [LK_CELL_LISTED] = { "latchkey-cell-listed-symbolic", N_("App not on the provider’s list"),
                       "warning", FALSE },
  [LK_CELL_ACCOUNT] = { "latchkey-cell-account-symbolic", N_("Account closed or in review"),
                        "warning", FALSE },
};

const char *
lk_matrix_words_get_icon (LkCell cell)
{
  return cells[cell].icon;
}

const char *
lk_matrix_words_get_text (LkCell cell)
{
  return _(cells[cell].text);
}

const char *
lk_matrix_words_get_style (LkCell cell)
{
  return cells[cell].style;
}

gboolean
lk_matrix_words_is_fixable (LkCell cell)
{
  return cells[cell].fixable;
}

char *
lk_matrix_words_dup_cell (const char *feature, LkCell cell)
{
  /* Translators: what an account may be used for, and whether ("Allowed"). */
  return g_strdup_printf (_("%s: %s"), feature, lk_matrix_words_get_text (cell));
}

static guint
count_allowed (const LkMatrix *matrix, guint account)
{
  guint n = 0;

  for (guint i = 0; i < matrix->features->len; i++)
    n += lk_matrix_get (matrix, account, i) == LK_CELL_ALLOWED;
  return n;
}

char *
lk_matrix_words_dup_count (const LkMatrix *matrix, guint account)
{
  /* Translators: how many of how many features are allowed. */
  return g_strdup_printf (_("%u of %u allowed"), count_allowed (matrix, account),
                          matrix->features->len);
}

char *
lk_matrix_words_dup_summary (const LkMatrix *matrix)
{
  guint n = matrix->accounts->len, full = 0;

  for (guint i = 0; i < n; i++)
    full += count_allowed (matrix, i) == matrix->features->len;
  if (n == 0)
    return g_strdup (_("This sign-in reaches no account."));
  if (full == n)
    return g_strdup_printf (ngettext ("Everything is allowed on the account.",
                                      "Everything is allowed on all %u accounts.", n), n);
  if (full == 0)
    return g_strdup_printf (ngettext ("Something is missing or not known on the account.",
                                      "Something is missing or not known on each of %u accounts.",
                                      n), n);
  /* Translators: number of accounts where all is allowed, number of all accounts. */
  return g_strdup_printf (ngettext ("Everything is allowed on %u of %u account.",
                                    "Everything is allowed on %u of %u accounts.", n), full, n);
}
