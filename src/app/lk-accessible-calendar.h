/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void lk_accessible_calendar_name (GtkCalendar *calendar);

G_END_DECLS
