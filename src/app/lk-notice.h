/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkNotice:
 *
 * The bar under the header: the one thing about the machine (agent, ledger, keyring, network, own
 * profiles) that the person should know now, and what to do about it. Comes and goes by itself.
 */
#define LK_TYPE_NOTICE (lk_notice_get_type ())
G_DECLARE_FINAL_TYPE (LkNotice, lk_notice, LK, NOTICE, GtkWidget)

void lk_notice_set_context (LkNotice *self, LkAppContext *context);

G_END_DECLS
