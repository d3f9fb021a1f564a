/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lk-secret.h"
#include "lk-storage-error.h"

G_BEGIN_DECLS

/* One record of the rotation journal; numbers are big-endian:
 *
 *    0  "LKJ1"
 *    4  type, 1 byte; 3 bytes 0
 *    8  gap, 4 bytes: how many bytes before this record are a write that was cut off
 *   12  length of the payload, 4 bytes
 *   16  first 8 bytes of SHA-256 over bytes 0–15
 *   24  payload
 *       first 16 bytes of SHA-256 over all of the above
 *
 * Payloads are texts (2 bytes of length, then the bytes) and 8-byte numbers:
 *   intent: connection, generation, fingerprint, at
 *   reply:  connection, generation, then to the end: 12 bytes nonce, 16 bytes tag, AES-256-GCM;
 *           what is authenticated with it: magic, type, connection, generation
 *   settle: connection
 */
typedef enum
{
  LK_JOURNAL_RECORD_INTENT = 1,
  LK_JOURNAL_RECORD_REPLY,
  LK_JOURNAL_RECORD_SETTLE,
} LkJournalRecordType;

typedef struct
{
  LkJournalRecordType  type;
  guint32              gap;
  char                *connection;
  guint64              generation;
  char                *fingerprint;  /* (nullable): intent only */
  gint64               at;           /* intent only */
  GBytes              *sealed;       /* (nullable): reply only */
} LkJournalRecord;

/**
 * LkJournalRead:
 * @LK_JOURNAL_READ_RECORD: a whole record
 * @LK_JOURNAL_READ_SHORT: the beginning of a record, cut off by the end of the data
 * @LK_JOURNAL_READ_BAD: bytes that are no record
 */
typedef enum
{
  LK_JOURNAL_READ_RECORD,
  LK_JOURNAL_READ_SHORT,
  LK_JOURNAL_READ_BAD,
} LkJournalRead;

LkJournalRead    lk_journal_record_read (const guint8 *data, size_t size, LkJournalRecord **record,
                                         size_t *used);
GBytes          *lk_journal_record_write (const LkJournalRecord *record);
size_t           lk_journal_record_find (const guint8 *data, size_t size, size_t from);
LkJournalRecord *lk_journal_record_copy (const LkJournalRecord *record);
void             lk_journal_record_free (LkJournalRecord *record);

/* Encrypts into and out of a reply record. @key: LK_JOURNAL_KEY_SIZE bytes. */
gboolean         lk_journal_record_seal (LkJournalRecord *record, const guint8 *key,
                                         LkSecret *content, GError **error);
LkSecret        *lk_journal_record_unseal (const LkJournalRecord *record, const guint8 *key);

/* Sets libgcrypt up, once; it is shared with libsecret. */
void             lk_storage_prepare_gcrypt (void);

/* Fills @buffer from the system's random source. */
gboolean         lk_journal_random      (guint8 *buffer, size_t size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkJournalRecord, lk_journal_record_free)

G_END_DECLS
