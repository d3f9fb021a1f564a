/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "lk-matrix-words.h"

/* Two cells that mean different things differ in sign and in words, not in colour alone. */
static void
test_cells (void)
{
  for (guint i = LK_CELL_UNKNOWN; i <= LK_CELL_ACCOUNT; i++)
    {
      g_assert_cmpstr (lk_matrix_words_get_text (i), !=, "");
      for (guint k = i + 1; k <= LK_CELL_ACCOUNT; k++)
        {
          g_assert_cmpstr (lk_matrix_words_get_icon (i), !=, lk_matrix_words_get_icon (k));
          g_assert_cmpstr (lk_matrix_words_get_text (i), !=, lk_matrix_words_get_text (k));
        }
    }
  g_assert_true (lk_matrix_words_is_fixable (LK_CELL_ROLE));
  g_assert_true (lk_matrix_words_is_fixable (LK_CELL_SCOPE));
  g_assert_false (lk_matrix_words_is_fixable (LK_CELL_ALLOWED));
  g_assert_false (lk_matrix_words_is_fixable (LK_CELL_UNKNOWN));
}

static void
test_cell (void)
{
  g_autofree char *text = lk_matrix_words_dup_cell ("Change campaigns", LK_CELL_ROLE);

  g_assert_cmpstr (text, ==, "Change campaigns: Role too low");
}

static void
assert_summary (guint accounts, LkCell *cells, const char *expected)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
  g_autoptr(GPtrArray) features = g_ptr_array_new ();
  LkMatrix matrix = { .accounts = rows, .features = features, .cells = cells };
  g_autofree char *summary = NULL;

  g_ptr_array_add (features, NULL);
  g_ptr_array_add (features, NULL);
  for (guint i = 0; i < accounts; i++)
    g_ptr_array_add (rows, lk_account_new ("7", NULL));
  summary = lk_matrix_words_dup_summary (&matrix);
  g_assert_cmpstr (summary, ==, expected);
  if (accounts > 0)
    {
      g_autofree char *count = lk_matrix_words_dup_count (&matrix, 0);

      g_assert_true (g_str_has_suffix (count, " of 2 allowed"));
    }
}

static void
test_summary (void)
{
  LkCell all[] = { LK_CELL_ALLOWED, LK_CELL_ALLOWED, LK_CELL_ALLOWED, LK_CELL_ALLOWED };
  LkCell some[] = { LK_CELL_ALLOWED, LK_CELL_ALLOWED, LK_CELL_ALLOWED, LK_CELL_ROLE };
  LkCell none[] = { LK_CELL_ALLOWED, LK_CELL_SCOPE, LK_CELL_ALLOWED, LK_CELL_ROLE };

  assert_summary (0, NULL, "This sign-in reaches no account.");
  assert_summary (1, all, "Everything is allowed on the account.");
  assert_summary (2, all, "Everything is allowed on all 2 accounts.");
  assert_summary (2, some, "Everything is allowed on 1 of 2 accounts.");
  assert_summary (2, none, "Something is missing or not known on each of 2 accounts.");
  assert_summary (1, none, "Something is missing or not known on the account.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/matrix-words/cells", test_cells);
  g_test_add_func ("/app/matrix-words/cell", test_cell);
  g_test_add_func ("/app/matrix-words/summary", test_summary);
  return g_test_run ();
}
