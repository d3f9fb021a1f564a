/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-month-words.h"

G_BEGIN_DECLS

/**
 * LkMonthPicture:
 *
 * The last 30 days as a small picture: a bar of calls for each day, the refused ones striped on
 * top, and a mark below for renewals, hollow where one failed. Time runs as the text does. For a
 * screen reader it is an image whose name tells the numbers; a day is chosen with the arrow keys or
 * a click. Signal "chosen" tells when get_chosen() changed.
 */
#define LK_TYPE_MONTH_PICTURE (lk_month_picture_get_type ())
G_DECLARE_FINAL_TYPE (LkMonthPicture, lk_month_picture, LK, MONTH_PICTURE, GtkWidget)

/* @month: copied; (nullable) */
void              lk_month_picture_set_month  (LkMonthPicture *self, const LkMonth *month);
/* The day that was chosen; (nullable) (transfer none) */
const LkMonthDay *lk_month_picture_get_chosen (LkMonthPicture *self);

G_END_DECLS
