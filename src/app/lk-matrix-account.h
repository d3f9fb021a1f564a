/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"
#include "lk-scopes.h"

G_BEGIN_DECLS

/**
 * LkMatrixAccount:
 *
 * One account of the permission matrix in words: each feature, whether it is allowed, and why not.
 * Signals: "back"; "fix" (feature).
 */
#define LK_TYPE_MATRIX_ACCOUNT (lk_matrix_account_get_type ())
G_DECLARE_FINAL_TYPE (LkMatrixAccount, lk_matrix_account, LK, MATRIX_ACCOUNT, GtkWidget)

/* Nothing of it is kept; @feature: the one to begin with. */
void lk_matrix_account_set (LkMatrixAccount *self, LkScopes *scopes, const LkMatrix *matrix,
                            const LkFacts *facts, guint account, guint feature);

G_END_DECLS
