/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>

#include <sys/random.h>

#include <gcrypt.h>

#include "lk-journal-record.h"
#include "lk-journal.h"

#define NONCE_SIZE 12
#define TAG_SIZE 16
#define SECURE_MEMORY (32 * 1024)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gcry_cipher_hd_t, gcry_cipher_close, NULL)

/* The library is shared with libsecret; whoever comes first sets it up. */
void
lk_storage_prepare_gcrypt (void)
{
  static gsize prepared = 0;

  if (!g_once_init_enter (&prepared))
    return;

  if (!gcry_control (GCRYCTL_INITIALIZATION_FINISHED_P))
    {
      gcry_check_version (GCRYPT_VERSION);
      gcry_control (GCRYCTL_SUSPEND_SECMEM_WARN);
      gcry_control (GCRYCTL_INIT_SECMEM, SECURE_MEMORY, 0);
      gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
  g_once_init_leave (&prepared, 1);
}

gboolean
lk_journal_random (guint8 *buffer,
                   size_t  size)
{
  ssize_t got;

  /* Up to 256 bytes come whole or not at all. */
  do
    got = getrandom (buffer, size, 0);
  while (got < 0 && errno == EINTR);

  return got == (ssize_t) size;
}

/* Binds the content to its record: a reply cannot be moved to another connection or renewal. */
static gboolean
start_cipher (gcry_cipher_hd_t      *cipher,
              const guint8          *key,
              const guint8          *nonce,
              const LkJournalRecord *record)
{
  guint64 generation = GUINT64_TO_BE (record->generation);
  guint8 type = (guint8) record->type;

  lk_storage_prepare_gcrypt ();

  return gcry_cipher_open (cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM,
                           GCRY_CIPHER_SECURE) == 0 &&
         gcry_cipher_setkey (*cipher, key, LK_JOURNAL_KEY_SIZE) == 0 &&
         gcry_cipher_setiv (*cipher, nonce, NONCE_SIZE) == 0 &&
         gcry_cipher_authenticate (*cipher, "LKJ1", 4) == 0 &&
         gcry_cipher_authenticate (*cipher, &type, sizeof type) == 0 &&
         gcry_cipher_authenticate (*cipher, &generation, sizeof generation) == 0 &&
         gcry_cipher_authenticate (*cipher, record->connection, strlen (record->connection)) == 0;
}

gboolean
lk_journal_record_seal (LkJournalRecord *record,
                        const guint8    *key,
                        LkSecret        *content,
                        GError         **error)
{
  g_auto(gcry_cipher_hd_t) cipher = NULL;
  size_t size = lk_secret_get_length (content);
  g_autofree guint8 *sealed = g_malloc (NONCE_SIZE + TAG_SIZE + size);

  if (!lk_journal_random (sealed, NONCE_SIZE) ||
      !start_cipher (&cipher, key, sealed, record) ||
      gcry_cipher_final (cipher) != 0 ||
      gcry_cipher_encrypt (cipher, sealed + NONCE_SIZE + TAG_SIZE, size, lk_secret_open (content),
                           size) != 0 ||
      gcry_cipher_gettag (cipher, sealed + NONCE_SIZE, TAG_SIZE) != 0)
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                   "The reply could not be encrypted");
      return FALSE;
    }

  g_clear_pointer (&record->sealed, g_bytes_unref);
  record->sealed = g_bytes_new_take (g_steal_pointer (&sealed), NONCE_SIZE + TAG_SIZE + size);

  return TRUE;
}

/**
 * lk_journal_record_unseal:
 *
 * Returns: (transfer full) (nullable): the content; %NULL when @key is another one, or the record
 *   was changed
 */
LkSecret *
lk_journal_record_unseal (const LkJournalRecord *record,
                          const guint8          *key)
{
  g_auto(gcry_cipher_hd_t) cipher = NULL;
  size_t size;
  const guint8 *sealed = g_bytes_get_data (record->sealed, &size);
  char *content;

  if (size < NONCE_SIZE + TAG_SIZE)
    return NULL;

  size -= NONCE_SIZE + TAG_SIZE;
  content = g_malloc0 (size + 1);
  if (!start_cipher (&cipher, key, sealed, record) ||
      gcry_cipher_final (cipher) != 0 ||
      gcry_cipher_decrypt (cipher, content, size, sealed + NONCE_SIZE + TAG_SIZE, size) != 0 ||
      gcry_cipher_checktag (cipher, sealed + NONCE_SIZE, TAG_SIZE) != 0)
    {
      lk_wipe (content, size);
      g_free (content);
      return NULL;
    }

  return lk_secret_new_take (content);
}
