/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkHistoryView:
 *
 * A connection's events, newest first, read from the agent a page at a time.
 */
#define LK_TYPE_HISTORY_VIEW (lk_history_view_get_type ())
G_DECLARE_FINAL_TYPE (LkHistoryView, lk_history_view, LK, HISTORY_VIEW, GtkWidget)

void lk_history_view_set_connection (LkHistoryView *self, LkAppContext *context,
                                     LkDBusConnection1 *connection);
/* Reads from the start again. */
void lk_history_view_reload         (LkHistoryView *self);

G_END_DECLS
