/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-hours.h"

G_BEGIN_DECLS

/**
 * LkHoursPicture:
 *
 * Days across, hours down: the more refusals, the stronger the cell; its sign tells their sort, and
 * where there is room a number how many. Arrow keys go from hour to hour. Signal "chosen" has the
 * day and the hour.
 */
#define LK_TYPE_HOURS_PICTURE (lk_hours_picture_get_type ())
G_DECLARE_FINAL_TYPE (LkHoursPicture, lk_hours_picture, LK, HOURS_PICTURE, GtkWidget)

/* @hours: (nullable) (transfer none): lives until the next call */
void lk_hours_picture_set_hours (LkHoursPicture *self, const LkHours *hours, gint64 now);
/* A sort's sign, as the cells have it; for a legend. @size: pixels */
void lk_hours_picture_draw_sign (GtkSnapshot *snapshot, LkRefusalSort sort, const GdkRGBA *color,
                                 float x, float y, float size);

G_END_DECLS
