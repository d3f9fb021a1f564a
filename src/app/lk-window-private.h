/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-examination.h"
#include "lk-window.h"

G_BEGIN_DECLS

LkAppContext *lk_window_get_context       (LkWindow *self);
/* The name of the page that shows, as in lk-window.ui. */
const char   *lk_window_get_page          (LkWindow *self);
void          lk_window_toast             (LkWindow *self, const char *text);
void          lk_window_toast_error       (LkWindow *self, const GError *error);
void          lk_window_add_toast         (LkWindow *self, AdwToast *toast);
void          lk_window_show_connection   (LkWindow *self, LkDBusConnection1 *connection);
void          lk_window_show_home         (LkWindow *self);
/* One page back. */
void          lk_window_go_back           (LkWindow *self);
void          lk_window_show_finding      (LkWindow *self, LkExamination *examination);
void          lk_window_show_matrix       (LkWindow *self, LkDBusConnection1 *connection);
/* The Remedy1 at @path, as soon as it is known. */
void          lk_window_show_remedy       (LkWindow *self, const char *path);
/* Starts the remedy of a finding, or goes on with it. */
void          lk_window_fix               (LkWindow *self, LkExamination *examination);
void          lk_window_show_diagnose     (LkWindow *self);
void          lk_window_show_activity     (LkWindow *self);
void          lk_window_toggle_search     (LkWindow *self);

/* lk-window-actions.c */
void          lk_window_install_actions   (GtkWidgetClass *widget_class);

G_END_DECLS
