/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkWindow:
 *
 * The main window. What it can do is in its actions ("win.…"), see lk-window-actions.c.
 */
#define LK_TYPE_WINDOW (lk_window_get_type ())
G_DECLARE_FINAL_TYPE (LkWindow, lk_window, LK, WINDOW, AdwApplicationWindow)

GtkWidget *lk_window_new (GtkApplication *application, LkAppContext *context);

G_END_DECLS
