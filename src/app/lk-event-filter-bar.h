/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"
#include "lk-event-filter.h"

G_BEGIN_DECLS

/**
 * LkEventFilterBar:
 *
 * Search, connection, kinds and period of the time line. Signal "changed" is emitted when the
 * person wants something else to be seen.
 */
#define LK_TYPE_EVENT_FILTER_BAR (lk_event_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (LkEventFilterBar, lk_event_filter_bar, LK, EVENT_FILTER_BAR, GtkWidget)

void                 lk_event_filter_bar_set_context (LkEventFilterBar *self,
                                                      LkAppContext *context);
const LkEventFilter *lk_event_filter_bar_get_filter  (LkEventFilterBar *self);
/* As if the person had chosen it. */
void                 lk_event_filter_bar_set_filter  (LkEventFilterBar *self,
                                                      const LkEventFilter *filter);
void                 lk_event_filter_bar_grab_search (LkEventFilterBar *self);

G_END_DECLS
