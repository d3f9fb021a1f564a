/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkHoursPage:
 *
 * When calls were refused, hour by day, as a picture or as a table. Asks while it is seen. Signal
 * "chosen" has the beginning and the end of an hour that the person wants to see in the time line.
 */
#define LK_TYPE_HOURS_PAGE (lk_hours_page_get_type ())
G_DECLARE_FINAL_TYPE (LkHoursPage, lk_hours_page, LK, HOURS_PAGE, GtkWidget)

void lk_hours_page_set_context (LkHoursPage *self, LkAppContext *context);

G_END_DECLS
