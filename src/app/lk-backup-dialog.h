/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkBackupDialog:
 *
 * Writes connections into an encrypted file: as a copy, or to hand them over to another computer.
 */
#define LK_TYPE_BACKUP_DIALOG (lk_backup_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkBackupDialog, lk_backup_dialog, LK, BACKUP_DIALOG, AdwWindow)

/* @connection: (nullable): the only one; else all of them and the settings */
void lk_backup_dialog_present (GtkWindow *parent, LkAppContext *context,
                               LkDBusConnection1 *connection);

G_END_DECLS
