/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LkCopyButton:
 *
 * An icon button that copies its property "text" and says so for two seconds.
 */
#define LK_TYPE_COPY_BUTTON (lk_copy_button_get_type ())
G_DECLARE_FINAL_TYPE (LkCopyButton, lk_copy_button, LK, COPY_BUTTON, GtkButton)

GtkWidget *lk_copy_button_new      (const char *text, const char *what);
void       lk_copy_button_set_text (LkCopyButton *self, const char *text);

G_END_DECLS
