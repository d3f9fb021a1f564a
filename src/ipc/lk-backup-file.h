/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LK_BACKUP_SUFFIX ".latchkey-backup"

/**
 * LkBackupFile:
 *
 * The file that a client has a backup written into. A copy takes the place of an older one only
 * when it is whole. A move never takes the place of anything: the tokens in an older file may be
 * nowhere else.
 */
typedef struct _LkBackupFile LkBackupFile;

/* Errors are G_IO_ERROR; EXISTS for a move whose file is there and not empty; NOT_FOUND also for a
 * folder that a Flatpak does not see: what is written there would be gone with the sandbox. */
LkBackupFile *lk_backup_file_open   (const char *path, gboolean moves, GError **error);
int           lk_backup_file_get_fd (LkBackupFile *self);
/* It is whole: puts it into its place. */
gboolean      lk_backup_file_commit (LkBackupFile *self, GError **error);
/* What the agent answered instead. Takes the file away, unless connections may have been moved into
 * it: then it stays, and TRUE is returned. */
gboolean      lk_backup_file_fail   (LkBackupFile *self, const GError *why);
void          lk_backup_file_free   (LkBackupFile *self);

/* A descriptor of a file that somebody wrote, for reading it; or -1. */
int           lk_backup_file_read   (const char *path, GError **error);

/* 0 to 3: how long it would take to guess @passphrase, roughly; 0 is too short to be taken. */
guint         lk_passphrase_strength (const char *passphrase);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupFile, lk_backup_file_free)

G_END_DECLS
