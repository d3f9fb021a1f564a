/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkActivityPage:
 *
 * What happened, when calls were refused, what ends soon: time line, hours and agenda.
 */
#define LK_TYPE_ACTIVITY_PAGE (lk_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (LkActivityPage, lk_activity_page, LK, ACTIVITY_PAGE, GtkWidget)

void lk_activity_page_set_context (LkActivityPage *self, LkAppContext *context);
void lk_activity_page_set_narrow  (LkActivityPage *self, gboolean narrow);
/* The time line, ready to be searched. */
void lk_activity_page_grab_search (LkActivityPage *self);

G_END_DECLS
