/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkMonthView:
 *
 * The last 30 days of a connection: the picture, its numbers in a line, and each day in words
 * behind a button.
 */
#define LK_TYPE_MONTH_VIEW (lk_month_view_get_type ())
G_DECLARE_FINAL_TYPE (LkMonthView, lk_month_view, LK, MONTH_VIEW, GtkWidget)

/* @connection: (nullable) */
void lk_month_view_set_connection (LkMonthView *self, LkAppContext *context,
                                   LkDBusConnection1 *connection);
void lk_month_view_reload         (LkMonthView *self);

G_END_DECLS
