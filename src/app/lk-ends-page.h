/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkEndsPage:
 *
 * An agenda of coming ends, week by week, beside the month's grid; and the same as a calendar file.
 */
#define LK_TYPE_ENDS_PAGE (lk_ends_page_get_type ())
G_DECLARE_FINAL_TYPE (LkEndsPage, lk_ends_page, LK, ENDS_PAGE, GtkWidget)

void lk_ends_page_set_context (LkEndsPage *self, LkAppContext *context);
void lk_ends_page_set_narrow  (LkEndsPage *self, gboolean narrow);

G_END_DECLS
