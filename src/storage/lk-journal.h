/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-storage-error.h"
#include "lk-token-set.h"

G_BEGIN_DECLS

/**
 * LkJournal:
 *
 * The rotation journal: an append-only file in the data folder that survives kill -9 and power
 * loss. Each record is length-prefixed and authenticated; a torn last record is ignored, a damaged
 * one in the middle is reported and kept aside, never deleted. The reply record is encrypted
 * (AES-256-GCM through libgcrypt) with a key that lives in the keyring. Writes are fsync'ed before
 * the call returns; they are small, and the order matters more than the microseconds, so these
 * functions block (at most a few ms).
 */
#define LK_TYPE_JOURNAL (lk_journal_get_type ())
G_DECLARE_FINAL_TYPE (LkJournal, lk_journal, LK, JOURNAL, GObject)

#define LK_JOURNAL_KEY_SIZE 32 /* bytes; kept in the keyring as 64 hex digits */

LkJournal *lk_journal_new         (const char *path, GError **error);
LkSecret  *lk_journal_make_key    (void);
gboolean   lk_journal_set_key     (LkJournal *self, LkSecret *key, GError **error);
gboolean   lk_journal_has_key     (LkJournal *self);
LkSecret  *lk_journal_dup_key     (LkJournal *self);

/* Step 2: before the request is sent. */
gboolean   lk_journal_intend      (LkJournal *self, const char *connection, guint64 generation,
                                   const char *refresh_fingerprint, gint64 at, GError **error);

/* Step 4: the reply, before the keyring is touched. Fails without a key. */
gboolean   lk_journal_keep_reply  (LkJournal *self, const char *connection, LkTokenSet *tokens,
                                   GError **error);

/* Step 6: the keyring has it; also after a definite refusal. Compacts when nothing is open. */
gboolean   lk_journal_settle      (LkJournal *self, const char *connection, GError **error);

/**
 * LkJournalOpen:
 * @connection: whose
 * @generation: of the token set that was being renewed
 * @refresh_fingerprint: of the refresh token that was sent
 * @at: when, seconds since 1970 UTC
 * @has_reply: a reply was kept
 * @tokens: (nullable): the reply, when there is a key to read it with
 *
 * A renewal that was begun and not settled.
 */
typedef struct
{
  char       *connection;
  guint64     generation;
  char       *refresh_fingerprint;
  gint64      at;
  gboolean    has_reply;
  LkTokenSet *tokens;
} LkJournalOpen;

/* (element-type LkJournalOpen) (transfer full): what a start has to replay. After damage the first
 * call fails with LK_STORAGE_ERROR_DAMAGED, and the next one gives what could still be read. */
GPtrArray *lk_journal_get_open    (LkJournal *self, GError **error);
void       lk_journal_open_free   (LkJournalOpen *self);

G_END_DECLS
