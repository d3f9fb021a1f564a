/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"
#include "lk-event-item.h"

G_BEGIN_DECLS

/**
 * LkEventRow:
 *
 * A line of the time line, under its day's heading where a day begins. Its button activates
 * "activity.explain" with connection and event.
 */
#define LK_TYPE_EVENT_ROW (lk_event_row_get_type ())
G_DECLARE_FINAL_TYPE (LkEventRow, lk_event_row, LK, EVENT_ROW, GtkWidget)

GtkWidget *lk_event_row_new      (LkAppContext *context);
/* @item: (nullable): what to show and follow */
void       lk_event_row_set_item (LkEventRow *self, LkEventItem *item);

G_END_DECLS
