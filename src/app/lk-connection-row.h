/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkConnectionRow:
 *
 * One connection in the list, or room for one that is being asked for; used again as the list
 * scrolls. The first of a section has its heading above. Its buttons use the window's actions, so
 * it knows no operation.
 */
#define LK_TYPE_CONNECTION_ROW (lk_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionRow, lk_connection_row, LK, CONNECTION_ROW, GtkWidget)

GtkWidget         *lk_connection_row_new            (LkAppContext *context);
/* @connection: (nullable) */
void               lk_connection_row_set_connection (LkConnectionRow *self,
                                                     LkDBusConnection1 *connection);
LkDBusConnection1 *lk_connection_row_get_connection (LkConnectionRow *self);
/* @heading: (nullable): only the first of a section has one; @count: how many the section has */
void               lk_connection_row_set_place      (LkConnectionRow *self, const char *heading,
                                                     guint count, gboolean last);
void               lk_connection_row_set_narrow     (LkConnectionRow *self, gboolean narrow);
void               lk_connection_row_popup_menu     (LkConnectionRow *self);

/* The menu of a row and of the connection's page. (transfer full) */
GMenuModel        *lk_connection_menu_new           (LkDBusConnection1 *connection,
                                                     gboolean with_buttons);

G_END_DECLS
