/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkRestoreDialog:
 *
 * Opens a backup or a move: asks for the passphrase, shows what is in it and what would become of
 * it, and takes it.
 */
#define LK_TYPE_RESTORE_DIALOG (lk_restore_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkRestoreDialog, lk_restore_dialog, LK, RESTORE_DIALOG, AdwWindow)

/* Asks for the file first. */
void lk_restore_dialog_choose (GtkWindow *parent, LkAppContext *context);

G_END_DECLS
