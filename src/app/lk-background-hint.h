/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * lk_background_hint_show:
 * @window: that is about to close
 *
 * Says, once ever, that Latchkey goes on without its window, if it has something to look after.
 * The window closes when that was read.
 *
 * Returns: whether @window has to stay until then
 */
gboolean lk_background_hint_show (GtkWindow *window, LkAppContext *context);

G_END_DECLS
