/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LkItemWatch:
 *
 * Tells when a list or any property of its items changed: signal "changed", once per turn of the
 * main loop however much happened. Filters and sorters of GTK 4.8 do not look at their items again
 * by themselves.
 */
#define LK_TYPE_ITEM_WATCH (lk_item_watch_get_type ())
G_DECLARE_FINAL_TYPE (LkItemWatch, lk_item_watch, LK, ITEM_WATCH, GObject)

LkItemWatch *lk_item_watch_new (GListModel *model);

G_END_DECLS
