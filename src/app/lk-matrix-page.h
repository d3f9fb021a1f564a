/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkMatrixPage:
 *
 * Who may do what: each account of a connection and what its sign-in may do there, why not, and the
 * way to change that.
 */
#define LK_TYPE_MATRIX_PAGE (lk_matrix_page_get_type ())
G_DECLARE_FINAL_TYPE (LkMatrixPage, lk_matrix_page, LK, MATRIX_PAGE, GtkWidget)

/* @connection: (nullable) */
void               lk_matrix_page_set_connection (LkMatrixPage *self, LkAppContext *context,
                                                  LkDBusConnection1 *connection);
LkDBusConnection1 *lk_matrix_page_get_connection (LkMatrixPage *self);
/* From an account to all of them; %FALSE when that is already so. */
gboolean           lk_matrix_page_back           (LkMatrixPage *self);
void               lk_matrix_page_set_narrow     (LkMatrixPage *self, gboolean narrow);

G_END_DECLS
