/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lk-backup.h"

G_BEGIN_DECLS

/* A *.latchkey-backup file; numbers are big-endian:
 *
 *    0  "LKBACKUP"
 *    8  version, 2 bytes: 1
 *   10  key from the passphrase, 1 byte: 1, scrypt with r = 8
 *   11  cipher, 1 byte: 1, AES-256-GCM in chunks
 *   12  log2 of scrypt's N, 1 byte; scrypt's p, 1 byte; 2 bytes 0
 *   16  salt, 32 bytes
 *   48  first 16 bytes of SHA-256 over bytes 0–47: tells damage from a wrong passphrase
 *   64  HMAC-SHA256 over bytes 0–63
 *   96  chunks of 64 KiB of content, each followed by its 16 bytes tag; the last may be shorter
 *
 * scrypt gives 64 bytes from the passphrase (UTF-8, NFC) and the salt: the first 32 are the key of
 * the chunks, the others that of the HMAC. A chunk's nonce is 0, 0, 0, whether it is the last (1
 * byte), and its number from 0 (8 bytes); the whole header is authenticated with each. A key is
 * never used for two files, so no nonce comes twice. Swapped, missing and foreign chunks do not fit
 * their number, and a file that was cut has no last one.
 */
#define LK_BACKUP_HEADER_SIZE 96
#define LK_BACKUP_TAG_SIZE    16
#define LK_BACKUP_CHUNK_SIZE  (64 * 1024)
#define LK_BACKUP_SEALED_SIZE (LK_BACKUP_CHUNK_SIZE + LK_BACKUP_TAG_SIZE)

typedef struct _LkBackupSeal LkBackupSeal;

LkBackupSeal *lk_backup_seal_new      (LkSecret *passphrase, guint cost, GError **error);
LkBackupSeal *lk_backup_seal_open     (const guint8 *header, size_t size, LkSecret *passphrase,
                                       GError **error);
void          lk_backup_seal_free     (LkBackupSeal *self);
const guint8 *lk_backup_seal_get_header (LkBackupSeal *self);

/* What can be said of a header without the passphrase. */
gboolean      lk_backup_header_check  (const guint8 *header, size_t size, GError **error);

/* In place. @data: @size bytes of content, then room for the tag */
gboolean      lk_backup_seal_encrypt  (LkBackupSeal *self, guint64 number, gboolean last,
                                       guint8 *data, size_t size, GError **error);
/* In place. @size: with the tag. %FALSE when it is not that chunk; @data is then of no use */
gboolean      lk_backup_seal_decrypt  (LkBackupSeal *self, guint64 number, gboolean last,
                                       guint8 *data, size_t size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupSeal, lk_backup_seal_free)

G_END_DECLS
