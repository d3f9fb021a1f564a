/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-hours.h"

G_BEGIN_DECLS

/**
 * LkHoursSign:
 *
 * A sort of refusals as the picture draws it, for its legend.
 */
#define LK_TYPE_HOURS_SIGN (lk_hours_sign_get_type ())
G_DECLARE_FINAL_TYPE (LkHoursSign, lk_hours_sign, LK, HOURS_SIGN, GtkWidget)

GtkWidget *lk_hours_sign_new (LkRefusalSort sort);

G_END_DECLS
