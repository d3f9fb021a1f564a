/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_STORAGE_ERROR (lk_storage_error_quark ())

/**
 * LkStorageError:
 * @LK_STORAGE_ERROR_LOCKED: the keyring is locked
 * @LK_STORAGE_ERROR_CANCELLED: the person closed the keyring's question
 * @LK_STORAGE_ERROR_ABSENT: no program answers for the keyring
 * @LK_STORAGE_ERROR_BROKEN: the keyring answers with errors, or lost what it had taken
 * @LK_STORAGE_ERROR_NOT_FOUND: the keyring works and has no such item
 * @LK_STORAGE_ERROR_NEWER: the ledger was written by a newer Latchkey
 * @LK_STORAGE_ERROR_DAMAGED: the ledger or journal cannot be read
 * @LK_STORAGE_ERROR_READ_ONLY: the folder or file cannot be written
 * @LK_STORAGE_ERROR_FULL: the disk is full
 * @LK_STORAGE_ERROR_EXISTS: a name is taken
 * @LK_STORAGE_ERROR_FAILED: anything else
 */
typedef enum
{
  LK_STORAGE_ERROR_LOCKED,
  LK_STORAGE_ERROR_CANCELLED,
  LK_STORAGE_ERROR_ABSENT,
  LK_STORAGE_ERROR_BROKEN,
  LK_STORAGE_ERROR_NOT_FOUND,
  LK_STORAGE_ERROR_NEWER,
  LK_STORAGE_ERROR_DAMAGED,
  LK_STORAGE_ERROR_READ_ONLY,
  LK_STORAGE_ERROR_FULL,
  LK_STORAGE_ERROR_EXISTS,
  LK_STORAGE_ERROR_FAILED,
} LkStorageError;

GQuark         lk_storage_error_quark      (void);
LkStorageError lk_storage_error_from_errno (int code);

G_END_DECLS
