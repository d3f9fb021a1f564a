/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-scopes.h"

G_BEGIN_DECLS

/**
 * LkMatrixRow:
 *
 * One account of the permission matrix: its name, and a sign for each feature, or, narrow, how many
 * are allowed. Signal "cell" (feature) is emitted when a sign is clicked.
 */
#define LK_TYPE_MATRIX_ROW (lk_matrix_row_get_type ())
G_DECLARE_FINAL_TYPE (LkMatrixRow, lk_matrix_row, LK, MATRIX_ROW, GtkWidget)

#define LK_MATRIX_NAME_WIDTH 148
#define LK_MATRIX_CELL_WIDTH 27

GtkWidget *lk_matrix_row_new (void);
void       lk_matrix_row_set (LkMatrixRow *self, const LkMatrix *matrix, guint account,
                              gboolean narrow);

G_END_DECLS
