/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-journal-record.h"

#include <string.h>

#define MAGIC "LKJ1"
#define MAGIC_SIZE 4
#define HEADER_CHECKED 16
#define HEADER_CHECK_SIZE 8
#define HEADER_SIZE (HEADER_CHECKED + HEADER_CHECK_SIZE)
#define TRAILER_SIZE 16
#define PAYLOAD_MAX (4 * 1024 * 1024)

static void
put_u32 (guint8  *to,
         guint32  value)
{
  value = GUINT32_TO_BE (value);
  memcpy (to, &value, sizeof value);
}

static guint32
get_u32 (const guint8 *from)
{
  guint32 value;

  memcpy (&value, from, sizeof value);
  return GUINT32_FROM_BE (value);
}

static void
checksum (const guint8 *data,
          size_t        size,
          guint8       *start,
          size_t        start_size)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_size = sizeof digest;

  g_checksum_update (sum, data, (gssize) size);
  g_checksum_get_digest (sum, digest, &digest_size);
  memcpy (start, digest, start_size);
}

static gboolean
checksum_matches (const guint8 *data,
                  size_t        size,
                  const guint8 *start,
                  size_t        start_size)
{
  guint8 expected[32];

  checksum (data, size, expected, start_size);
  return memcmp (expected, start, start_size) == 0;
}

static void
append_u64 (GByteArray *payload,
            guint64     value)
{
  value = GUINT64_TO_BE (value);
  g_byte_array_append (payload, (const guint8 *) &value, sizeof value);
}

static void
append_text (GByteArray *payload,
             const char *text)
{
  size_t size = MIN (strlen (text), G_MAXUINT16);
  guint16 length = GUINT16_TO_BE ((guint16) size);

  g_byte_array_append (payload, (const guint8 *) &length, sizeof length);
  g_byte_array_append (payload, (const guint8 *) text, (guint) size);
}

static gboolean
read_u64 (const guint8 **at,
          const guint8  *end,
          guint64       *value)
{
  if ((size_t) (end - *at) < sizeof *value)
    return FALSE;

  memcpy (value, *at, sizeof *value);
  *value = GUINT64_FROM_BE (*value);
  *at += sizeof *value;

  return TRUE;
}

static char *
read_text (const guint8 **at,
           const guint8  *end)
{
  size_t length;
  const char *text;

  if (end - *at < 2)
    return NULL;

  length = (size_t) ((*at)[0] << 8 | (*at)[1]);
  text = (const char *) *at + 2;
  if ((size_t) (end - *at) - 2 < length || !g_utf8_validate_len (text, length, NULL))
    return NULL;

  *at += 2 + length;
  return g_strndup (text, length);
}

static gboolean
read_payload (LkJournalRecord *record,
              const guint8    *at,
              const guint8    *end)
{
  guint64 number = 0;

  record->connection = read_text (&at, end);
  if (record->connection == NULL)
    return FALSE;

  switch (record->type)
    {
    case LK_JOURNAL_RECORD_INTENT:
      if (!read_u64 (&at, end, &record->generation))
        return FALSE;
      record->fingerprint = read_text (&at, end);
      if (record->fingerprint == NULL || !read_u64 (&at, end, &number))
        return FALSE;
      record->at = (gint64) number;
      return at == end;
    case LK_JOURNAL_RECORD_REPLY:
      if (!read_u64 (&at, end, &record->generation))
        return FALSE;
      record->sealed = g_bytes_new (at, (size_t) (end - at));
      return TRUE;
    case LK_JOURNAL_RECORD_SETTLE:
      return at == end;
    default:
      return FALSE;
    }
}

/**
 * lk_journal_record_read:
 * @record: (out): the record, when there is one
 * @used: (out): its size
 *
 * Reads the record at the beginning of @data.
 */
LkJournalRead
lk_journal_record_read (const guint8     *data,
                        size_t            size,
                        LkJournalRecord **record,
                        size_t           *used)
{
  g_autoptr(LkJournalRecord) found = g_new0 (LkJournalRecord, 1);
  size_t length, whole;

  if (memcmp (data, MAGIC, MIN (size, MAGIC_SIZE)) != 0)
    return LK_JOURNAL_READ_BAD;
  if (size < HEADER_SIZE)
    return LK_JOURNAL_READ_SHORT;

  length = get_u32 (data + 12);
  whole = HEADER_SIZE + length + TRAILER_SIZE;
  if (!checksum_matches (data, HEADER_CHECKED, data + HEADER_CHECKED, HEADER_CHECK_SIZE) ||
      length > PAYLOAD_MAX)
    return LK_JOURNAL_READ_BAD;
  if (size < whole)
    return LK_JOURNAL_READ_SHORT;
  if (!checksum_matches (data, HEADER_SIZE + length, data + HEADER_SIZE + length, TRAILER_SIZE))
    return LK_JOURNAL_READ_BAD;

  found->type = (LkJournalRecordType) data[4];
  found->gap = get_u32 (data + 8);
  if (!read_payload (found, data + HEADER_SIZE, data + HEADER_SIZE + length))
    return LK_JOURNAL_READ_BAD;

  *record = g_steal_pointer (&found);
  *used = whole;

  return LK_JOURNAL_READ_RECORD;
}

/**
 * lk_journal_record_find:
 *
 * Returns: where, at @from or after it, the next whole record begins; @size when there is none
 */
size_t
lk_journal_record_find (const guint8 *data,
                        size_t        size,
                        size_t        from)
{
  for (; from < size; from++)
    {
      g_autoptr(LkJournalRecord) record = NULL;
      size_t used;

      if (data[from] == MAGIC[0] &&
          lk_journal_record_read (data + from, size - from, &record,
                                  &used) == LK_JOURNAL_READ_RECORD)
        break;
    }

  return from;
}

/**
 * lk_journal_record_write:
 *
 * Returns: (transfer full): the bytes of @record
 */
GBytes *
lk_journal_record_write (const LkJournalRecord *record)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 header[HEADER_SIZE] = { 0 };
  guint8 trailer[TRAILER_SIZE];

  g_byte_array_append (bytes, header, sizeof header);
  append_text (bytes, record->connection);
  if (record->type != LK_JOURNAL_RECORD_SETTLE)
    append_u64 (bytes, record->generation);
  if (record->type == LK_JOURNAL_RECORD_INTENT)
    {
      append_text (bytes, record->fingerprint);
      append_u64 (bytes, (guint64) record->at);
    }
  if (record->type == LK_JOURNAL_RECORD_REPLY)
    g_byte_array_append (bytes, g_bytes_get_data (record->sealed, NULL),
                         (guint) g_bytes_get_size (record->sealed));

  memcpy (bytes->data, MAGIC, MAGIC_SIZE);
  bytes->data[4] = (guint8) record->type;
  put_u32 (bytes->data + 8, record->gap);
  put_u32 (bytes->data + 12, bytes->len - HEADER_SIZE);
  checksum (bytes->data, HEADER_CHECKED, bytes->data + HEADER_CHECKED, HEADER_CHECK_SIZE);
  checksum (bytes->data, bytes->len, trailer, sizeof trailer);
  g_byte_array_append (bytes, trailer, sizeof trailer);

  return g_byte_array_free_to_bytes (bytes);
}

LkJournalRecord *
lk_journal_record_copy (const LkJournalRecord *record)
{
  LkJournalRecord *copy = g_memdup2 (record, sizeof *record);

  copy->connection = g_strdup (record->connection);
  copy->fingerprint = g_strdup (record->fingerprint);
  copy->sealed = record->sealed != NULL ? g_bytes_ref (record->sealed) : NULL;

  return copy;
}

void
lk_journal_record_free (LkJournalRecord *record)
{
  g_free (record->connection);
  g_free (record->fingerprint);
  g_clear_pointer (&record->sealed, g_bytes_unref);
  g_free (record);
}
