/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* "win.back-up", "win.back-up-one" (id), "win.restore-backup" and "win.take-back" (id). */
void lk_window_install_moves (GtkWidgetClass *widget_class);

G_END_DECLS
