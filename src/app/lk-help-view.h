/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-help.h"

G_BEGIN_DECLS

/**
 * LkHelpView:
 *
 * One topic as a page. Signals "topic" (id) and "action" (name) when a link is chosen; addresses
 * open by themselves.
 */
#define LK_TYPE_HELP_VIEW (lk_help_view_get_type ())
G_DECLARE_FINAL_TYPE (LkHelpView, lk_help_view, LK, HELP_VIEW, GtkWidget)

void lk_help_view_set_topic  (LkHelpView *self, const LkHelpTopic *topic);
/* To the block with index @block, and the keyboard with it; -1 for the top. */
void lk_help_view_show_block (LkHelpView *self, int block);

G_END_DECLS
