/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkConnectionPage:
 *
 * Everything about one connection. Stands empty until a connection is set; signal "gone" tells
 * that the connection it shows is no longer there.
 */
#define LK_TYPE_CONNECTION_PAGE (lk_connection_page_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionPage, lk_connection_page, LK, CONNECTION_PAGE, GtkWidget)

void               lk_connection_page_set_context    (LkConnectionPage *self,
                                                      LkAppContext *context);
void               lk_connection_page_set_connection (LkConnectionPage *self,
                                                      LkDBusConnection1 *connection);
LkDBusConnection1 *lk_connection_page_get_connection (LkConnectionPage *self);

G_END_DECLS
