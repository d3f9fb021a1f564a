/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkConnectionPick:
 *
 * A popover to choose one connection of thousands, or all. Signal "picked" has its id and its name,
 * both %NULL for all.
 */
#define LK_TYPE_CONNECTION_PICK (lk_connection_pick_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionPick, lk_connection_pick, LK, CONNECTION_PICK, GtkPopover)

void lk_connection_pick_set_context (LkConnectionPick *self, LkAppContext *context);

G_END_DECLS
