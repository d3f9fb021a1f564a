/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-journal"

#include "config.h"

#include "lk-journal.h"

#include <string.h>

#include "lk-journal-file.h"
#include "lk-journal-record.h"
#include "lk-vault.h"

/* Rewritten with what is open when it has grown beyond this. */
#define SIZE_MAX_SETTLED (256 * 1024)

/* A renewal that is not settled. */
typedef struct
{
  LkJournalRecord *intent;  /* (owned) */
  LkJournalRecord *reply;   /* (owned) (nullable) */
} Renewal;

struct _LkJournal
{
  GObject        parent_instance;

  LkJournalFile *file;      /* (owned) */
  GPtrArray     *open;      /* (owned) (element-type Renewal): oldest first */
  gboolean       damaged;   /* reading met bytes that are no record */
  gboolean       has_key;
  guint8         key[LK_JOURNAL_KEY_SIZE];
};

G_DEFINE_FINAL_TYPE (LkJournal, lk_journal, G_TYPE_OBJECT)

static void
renewal_free (Renewal *renewal)
{
  lk_journal_record_free (renewal->intent);
  g_clear_pointer (&renewal->reply, lk_journal_record_free);
  g_free (renewal);
}

static Renewal *
lk_journal_find (LkJournal  *self,
                 const char *connection,
                 guint      *position)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      Renewal *renewal = g_ptr_array_index (self->open, i);

      if (g_str_equal (renewal->intent->connection, connection))
        {
          if (position != NULL)
            *position = i;
          return renewal;
        }
    }

  return NULL;
}

/* Takes @record. What it means for what is open. */
static void
lk_journal_apply (LkJournal       *self,
                  LkJournalRecord *taken)
{
  g_autoptr(LkJournalRecord) record = taken;
  guint position = 0;
  Renewal *renewal = lk_journal_find (self, record->connection, &position);

  switch (record->type)
    {
    case LK_JOURNAL_RECORD_INTENT:
      if (renewal != NULL)
        g_ptr_array_remove_index (self->open, position);
      renewal = g_new0 (Renewal, 1);
      renewal->intent = g_steal_pointer (&record);
      g_ptr_array_add (self->open, renewal);
      break;
    case LK_JOURNAL_RECORD_REPLY:
      /* Its intent may have been what was damaged; the tokens are worth more than the story. */
      if (renewal == NULL)
        {
          renewal = g_new0 (Renewal, 1);
          renewal->intent = g_new0 (LkJournalRecord, 1);
          renewal->intent->type = LK_JOURNAL_RECORD_INTENT;
          renewal->intent->connection = g_strdup (record->connection);
          renewal->intent->generation = record->generation;
          renewal->intent->fingerprint = g_strdup ("");
          g_ptr_array_add (self->open, renewal);
        }
      g_clear_pointer (&renewal->reply, lk_journal_record_free);
      renewal->reply = g_steal_pointer (&record);
      break;
    case LK_JOURNAL_RECORD_SETTLE:
      if (renewal != NULL)
        g_ptr_array_remove_index (self->open, position);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
all_zero (const guint8 *data,
          size_t        size)
{
  for (size_t i = 0; i < size; i++)
    if (data[i] != 0)
      return FALSE;

  return TRUE;
}

/* Bytes that are no record are what a power loss left of the last write (cut off, or zeros), or
 * damage. The record after a cut-off write says how long that was. */
static void
lk_journal_load (LkJournal *self,
                 GBytes    *content)
{
  size_t size, at = 0, whole = 0;
  const guint8 *data = g_bytes_get_data (content, &size);

  while (at < size)
    {
      g_autoptr(LkJournalRecord) record = NULL;
      size_t used = 0;
      LkJournalRead read = lk_journal_record_read (data + at, size - at, &record, &used);

      if (read != LK_JOURNAL_READ_RECORD)
        {
          at = lk_journal_record_find (data, size, at + 1);
          if (at == size && read == LK_JOURNAL_READ_BAD && !all_zero (data + whole, size - whole))
            self->damaged = TRUE;
          continue;
        }
      if (at - whole != record->gap)
        self->damaged = TRUE;
      lk_journal_apply (self, g_steal_pointer (&record));
      at += used;
      whole = at;
    }

  lk_journal_file_set_whole (self->file, whole);
}

static gboolean
lk_journal_append (LkJournal       *self,
                   LkJournalRecord *record,
                   GError         **error)
{
  g_autoptr(GBytes) bytes = NULL;
  size_t gap;

  if (!lk_journal_file_get_gap (self->file, &gap, error))
    return FALSE;

  record->gap = (guint32) gap;
  bytes = lk_journal_record_write (record);
  if (!lk_journal_file_append (self->file, bytes, error))
    return FALSE;

  lk_journal_apply (self, lk_journal_record_copy (record));

  return TRUE;
}

/* Writes the file anew with what is open. */
static gboolean
lk_journal_rewrite (LkJournal *self,
                    GError   **error)
{
  g_autoptr(GByteArray) content = g_byte_array_new ();

  for (guint i = 0; i < self->open->len; i++)
    {
      Renewal *renewal = g_ptr_array_index (self->open, i);
      LkJournalRecord *records[] = { renewal->intent, renewal->reply };

      for (guint j = 0; j < G_N_ELEMENTS (records) && records[j] != NULL; j++)
        {
          g_autoptr(GBytes) bytes = NULL;

          records[j]->gap = 0;
          bytes = lk_journal_record_write (records[j]);
          g_byte_array_append (content, g_bytes_get_data (bytes, NULL),
                               (guint) g_bytes_get_size (bytes));
        }
    }

  return lk_journal_file_replace (self->file, content->data, content->len, error);
}

static gboolean
lk_journal_set_damage_aside (LkJournal *self,
                             GError   **error)
{
  if (!self->damaged)
    return TRUE;

  if (!lk_journal_file_copy_aside (self->file, error) || !lk_journal_rewrite (self, error))
    return FALSE;

  self->damaged = FALSE;
  return TRUE;
}

static void
lk_journal_finalize (GObject *object)
{
  LkJournal *self = LK_JOURNAL (object);

  lk_wipe (self->key, sizeof self->key);
  g_clear_pointer (&self->file, lk_journal_file_free);
  g_clear_pointer (&self->open, g_ptr_array_unref);

  G_OBJECT_CLASS (lk_journal_parent_class)->finalize (object);
}

static void
lk_journal_class_init (LkJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_journal_finalize;
}

static void
lk_journal_init (LkJournal *self)
{
  self->open = g_ptr_array_new_with_free_func ((GDestroyNotify) renewal_free);
}

/**
 * lk_journal_new:
 *
 * Opens the journal at @path, or makes it with its folder, readable by nobody else. A file with
 * damage opens too; lk_journal_get_open() tells.
 *
 * Returns: (transfer full): the journal
 */
LkJournal *
lk_journal_new (const char *path,
                GError    **error)
{
  g_autoptr(LkJournal) self = g_object_new (LK_TYPE_JOURNAL, NULL);
  g_autoptr(GBytes) content = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self->file = lk_journal_file_open (path, &content, error);
  if (self->file == NULL)
    return NULL;

  lk_journal_load (self, content);

  return g_steal_pointer (&self);
}

static LkSecret *
key_to_secret (const guint8 *bytes)
{
  static const char digits[] = "0123456789abcdef";
  char *hex = g_malloc0 (2 * LK_JOURNAL_KEY_SIZE + 1);

  for (guint i = 0; i < LK_JOURNAL_KEY_SIZE; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }

  return lk_secret_new_take (hex);
}

/**
 * lk_journal_make_key:
 *
 * Returns: (transfer full) (nullable): a new key as hex digits, from the system's random source
 */
LkSecret *
lk_journal_make_key (void)
{
  guint8 bytes[LK_JOURNAL_KEY_SIZE];
  LkSecret *key;

  if (!lk_journal_random (bytes, sizeof bytes))
    return NULL;

  key = key_to_secret (bytes);
  lk_wipe (bytes, sizeof bytes);

  return key;
}

/**
 * lk_journal_set_key:
 * @key: 64 hex digits
 *
 * Gives the key that replies are encrypted with.
 */
gboolean
lk_journal_set_key (LkJournal *self,
                    LkSecret  *key,
                    GError   **error)
{
  const char *hex = lk_secret_open (key);
  guint8 bytes[LK_JOURNAL_KEY_SIZE];

  g_return_val_if_fail (LK_IS_JOURNAL (self), FALSE);

  if (strlen (hex) != 2 * sizeof bytes || strspn (hex, "0123456789abcdefABCDEF") != strlen (hex))
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                   "The journal's key is not made of %u hex digits",
                   (guint) (2 * sizeof bytes));
      return FALSE;
    }

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                         g_ascii_xdigit_value (hex[2 * i + 1]));
  memcpy (self->key, bytes, sizeof bytes);
  lk_wipe (bytes, sizeof bytes);
  self->has_key = TRUE;

  return TRUE;
}

gboolean
lk_journal_has_key (LkJournal *self)
{
  g_return_val_if_fail (LK_IS_JOURNAL (self), FALSE);

  return self->has_key;
}

/**
 * lk_journal_dup_key:
 *
 * Returns: (transfer full) (nullable): the key that was given, as hex digits
 */
LkSecret *
lk_journal_dup_key (LkJournal *self)
{
  g_return_val_if_fail (LK_IS_JOURNAL (self), NULL);

  return self->has_key ? key_to_secret (self->key) : NULL;
}

/**
 * lk_journal_intend:
 *
 * Notes that the refresh token with @refresh_fingerprint is about to be sent. Refused with
 * %LK_STORAGE_ERROR_EXISTS when a reply to that very token is kept and not settled: sending it
 * again would throw the reply away.
 */
gboolean
lk_journal_intend (LkJournal  *self,
                   const char *connection,
                   guint64     generation,
                   const char *refresh_fingerprint,
                   gint64      at,
                   GError    **error)
{
  LkJournalRecord record = {
    .type = LK_JOURNAL_RECORD_INTENT,
    .connection = (char *) connection,
    .generation = generation,
    .fingerprint = (char *) refresh_fingerprint,
    .at = at,
  };
  Renewal *renewal;

  g_return_val_if_fail (LK_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (connection != NULL && refresh_fingerprint != NULL, FALSE);

  renewal = lk_journal_find (self, connection, NULL);
  if (renewal != NULL && renewal->reply != NULL &&
      g_str_equal (renewal->intent->fingerprint, refresh_fingerprint))
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_EXISTS,
                   "The journal still keeps the reply to this refresh token");
      return FALSE;
    }

  return lk_journal_append (self, &record, error);
}

/**
 * lk_journal_keep_reply:
 *
 * Keeps what the request that was intended brought, encrypted.
 */
gboolean
lk_journal_keep_reply (LkJournal  *self,
                       const char *connection,
                       LkTokenSet *tokens,
                       GError    **error)
{
  g_autoptr(LkJournalRecord) record = NULL;
  g_autoptr(LkSecret) content = NULL;
  Renewal *renewal;

  g_return_val_if_fail (LK_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (connection != NULL && tokens != NULL, FALSE);

  renewal = lk_journal_find (self, connection, NULL);
  if (!self->has_key || renewal == NULL)
    {
      g_set_error_literal (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                           self->has_key ? "The journal knows of no renewal for this reply"
                                         : "The journal has no key to keep a reply with");
      return FALSE;
    }

  record = g_new0 (LkJournalRecord, 1);
  record->type = LK_JOURNAL_RECORD_REPLY;
  record->connection = g_strdup (connection);
  record->generation = renewal->intent->generation;
  content = lk_token_set_to_secret (tokens);

  return lk_journal_record_seal (record, self->key, content, error) &&
         lk_journal_append (self, record, error);
}

/**
 * lk_journal_settle:
 *
 * Ends the renewal of @connection; a success too when none is open.
 */
gboolean
lk_journal_settle (LkJournal  *self,
                   const char *connection,
                   GError    **error)
{
  LkJournalRecord record = {
    .type = LK_JOURNAL_RECORD_SETTLE,
    .connection = (char *) connection,
  };

  g_return_val_if_fail (LK_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (connection != NULL, FALSE);

  if (lk_journal_find (self, connection, NULL) == NULL)
    return TRUE;
  if (!lk_journal_append (self, &record, error))
    return FALSE;

  if (!self->damaged &&
      (self->open->len == 0 || lk_journal_file_get_size (self->file) > SIZE_MAX_SETTLED))
    {
      g_autoptr(GError) unimportant = NULL;

      /* The renewal is settled either way; the file is only longer than it need be. */
      if (!lk_journal_rewrite (self, &unimportant))
        g_info ("The journal was not compacted: %s", unimportant->message);
    }

  return TRUE;
}

/**
 * lk_journal_get_open:
 *
 * Returns: (transfer full) (element-type LkJournalOpen): what a start has to replay. When the file
 *   was damaged, the first call fails with %LK_STORAGE_ERROR_DAMAGED: by then a copy of the file
 *   is kept beside it, and the next call gives what could still be read.
 */
GPtrArray *
lk_journal_get_open (LkJournal *self,
                     GError   **error)
{
  g_autoptr(GPtrArray) result = NULL;

  g_return_val_if_fail (LK_IS_JOURNAL (self), NULL);

  if (self->damaged)
    {
      if (lk_journal_set_damage_aside (self, error))
        g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED,
                     "A part of the journal cannot be read, a copy was kept");
      return NULL;
    }

  result = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_journal_open_free);
  for (guint i = 0; i < self->open->len; i++)
    {
      Renewal *renewal = g_ptr_array_index (self->open, i);
      LkJournalOpen *entry = g_new0 (LkJournalOpen, 1);
      g_autoptr(LkSecret) content = NULL;

      entry->connection = g_strdup (renewal->intent->connection);
      entry->generation = renewal->intent->generation;
      entry->refresh_fingerprint = g_strdup (renewal->intent->fingerprint);
      entry->at = renewal->intent->at;
      entry->has_reply = renewal->reply != NULL;
      if (entry->has_reply && self->has_key)
        content = lk_journal_record_unseal (renewal->reply, self->key);
      if (content != NULL)
        entry->tokens = lk_token_set_from_secret (content, NULL);
      g_ptr_array_add (result, entry);
    }

  return g_steal_pointer (&result);
}

void
lk_journal_open_free (LkJournalOpen *self)
{
  g_free (self->connection);
  g_free (self->refresh_fingerprint);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_free (self);
}
