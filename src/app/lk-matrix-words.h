/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-scopes.h"

G_BEGIN_DECLS

/* What a cell of the permission matrix is called, and its sign. Pure. */

const char *lk_matrix_words_get_icon    (LkCell cell);
/* "Allowed", "Role too low"… */
const char *lk_matrix_words_get_text    (LkCell cell);
/* "success", "warning" or NULL: never the only difference between two cells. */
const char *lk_matrix_words_get_style   (LkCell cell);
/* Whether a person can do something about it. */
gboolean    lk_matrix_words_is_fixable  (LkCell cell);
/* "Change campaigns: Role too low" */
char       *lk_matrix_words_dup_cell    (const char *feature, LkCell cell);
/* "17 of 20 allowed" */
char       *lk_matrix_words_dup_count   (const LkMatrix *matrix, guint account);
/* "Everything is allowed on all 12 accounts." */
char       *lk_matrix_words_dup_summary (const LkMatrix *matrix);

G_END_DECLS
