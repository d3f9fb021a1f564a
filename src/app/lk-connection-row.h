/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkConnectionRow:
 *
 * One connection in the list. Its buttons use the window's actions, so it knows no operation.
 */
#define LK_TYPE_CONNECTION_ROW (lk_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionRow, lk_connection_row, LK, CONNECTION_ROW, GtkListBoxRow)

GtkWidget         *lk_connection_row_new            (LkAppContext *context,
                                                     LkDBusConnection1 *connection);
LkDBusConnection1 *lk_connection_row_get_connection (LkConnectionRow *self);
void               lk_connection_row_set_narrow     (LkConnectionRow *self, gboolean narrow);

/* The menu of a row and of the connection's page. (transfer full) */
GMenuModel        *lk_connection_menu_new           (LkDBusConnection1 *connection,
                                                     gboolean with_buttons);

G_END_DECLS
