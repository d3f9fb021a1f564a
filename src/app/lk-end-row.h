/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkEndRow:
 *
 * When a connection's authorization ends, and the button that helps.
 */
#define LK_TYPE_END_ROW (lk_end_row_get_type ())
G_DECLARE_FINAL_TYPE (LkEndRow, lk_end_row, LK, END_ROW, GtkWidget)

GtkWidget *lk_end_row_new (LkAppContext *context);
/* @connection: (nullable): also a placeholder; @above: (nullable): the one above it, also one */
void       lk_end_row_set (LkEndRow *self, LkDBusConnection1 *connection, LkDBusConnection1 *above);

G_END_DECLS
