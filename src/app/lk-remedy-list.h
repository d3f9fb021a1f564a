/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkRemedyList:
 *
 * What is being put right on a connection, each with the button that goes on with it. Hides while
 * there is nothing.
 */
#define LK_TYPE_REMEDY_LIST (lk_remedy_list_get_type ())
G_DECLARE_FINAL_TYPE (LkRemedyList, lk_remedy_list, LK, REMEDY_LIST, GtkWidget)

/* @connection: (nullable) */
void lk_remedy_list_set_connection (LkRemedyList *self, LkAppContext *context,
                                    LkDBusConnection1 *connection);

G_END_DECLS
