/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-remedy-item.h"

G_BEGIN_DECLS

/**
 * LkAskDialog:
 *
 * A ready message for the person who can do it; then Latchkey watches until it is done.
 */
#define LK_TYPE_ASK_DIALOG (lk_ask_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkAskDialog, lk_ask_dialog, LK, ASK_DIALOG, AdwWindow)

void lk_ask_dialog_present (GtkWindow *parent, LkAppContext *context, LkRemedyItem *item);

G_END_DECLS
