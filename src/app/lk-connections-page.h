/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkConnectionsPage:
 *
 * All connections by what they need, under one sentence that says whether the person is needed.
 * Also what stands there before the first one, and while the agent is not there.
 */
#define LK_TYPE_CONNECTIONS_PAGE (lk_connections_page_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionsPage, lk_connections_page, LK, CONNECTIONS_PAGE, GtkWidget)

void lk_connections_page_set_context (LkConnectionsPage *self, LkAppContext *context);
void lk_connections_page_set_search  (LkConnectionsPage *self, const char *text);
void lk_connections_page_set_narrow  (LkConnectionsPage *self, gboolean narrow);

G_END_DECLS
