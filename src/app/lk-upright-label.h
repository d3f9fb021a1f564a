/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LkUprightLabel:
 *
 * A line of text that runs upward, for the head of a narrow column.
 */
#define LK_TYPE_UPRIGHT_LABEL (lk_upright_label_get_type ())
G_DECLARE_FINAL_TYPE (LkUprightLabel, lk_upright_label, LK, UPRIGHT_LABEL, GtkWidget)

GtkWidget *lk_upright_label_new (const char *text);

G_END_DECLS
