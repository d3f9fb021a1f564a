/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * lk_accessible_pages_follow:
 * @stack: a #GtkStack or an #AdwViewStack
 * @pages: (transfer full): its pages
 *
 * Hides the pages that are not shown from assistive technology; GTK 4.8 presents all of them.
 */
void lk_accessible_pages_follow (gpointer stack, GtkSelectionModel *pages);

G_END_DECLS
