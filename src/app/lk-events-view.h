/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"
#include "lk-event-filter.h"

G_BEGIN_DECLS

/**
 * LkEventsView:
 *
 * The time line of all connections: filter, search, export. Signal "export" has an #LkExportFormat:
 * the person wants what is shown as a file. Installs the action "activity.explain" (connection,
 * event) for its rows.
 */
#define LK_TYPE_EVENTS_VIEW (lk_events_view_get_type ())
G_DECLARE_FINAL_TYPE (LkEventsView, lk_events_view, LK, EVENTS_VIEW, GtkWidget)

void      lk_events_view_set_context (LkEventsView *self, LkAppContext *context);
void      lk_events_view_set_filter  (LkEventsView *self, const LkEventFilter *filter);
/* Of Agent1.ListEvents, for what is shown; (transfer none) (nullable) */
GVariant *lk_events_view_get_options (LkEventsView *self);
void      lk_events_view_grab_search (LkEventsView *self);

G_END_DECLS
