/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Replaces @n_removed items at @position by @added (element-type GObject) (nullable elements) and
 * tells of it. */
typedef void (*LkListChange) (guint position, guint n_removed, GPtrArray *added,
                              gpointer user_data);

/**
 * lk_list_diff:
 * @items: (element-type GObject) (nullable elements): a list
 * @first, @n_old: a part of it
 * @now: (element-type GObject): what that part is to be
 * @change: makes one change in @items
 *
 * Takes as few steps as it can while what is in both stays what it is, so that views keep their
 * place: an item that is in both parts is neither removed nor added unless it has moved backwards.
 */
void lk_list_diff (GPtrArray *items, guint first, guint n_old, GPtrArray *now,
                   LkListChange change, gpointer user_data);

G_END_DECLS
