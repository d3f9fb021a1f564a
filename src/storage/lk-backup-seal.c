/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gcrypt.h>

#include "lk-backup-seal.h"
#include "lk-journal-record.h"

#define MAGIC "LKBACKUP"
#define MAGIC_SIZE 8
#define VERSION 1
#define KDF_SCRYPT 1
#define CIPHER_AES256_GCM 1

#define COST_AT 12
#define LANES_AT 13
#define SALT_AT 16
#define SALT_SIZE 32
#define SUM_AT 48
#define SUM_SIZE 16
#define MAC_AT 64
#define MAC_SIZE 32
#define NONCE_SIZE 12
#define KEY_SIZE 32

/* scrypt's p; more than a few only costs time. */
#define LANES 1
#define LANES_MAX 4

struct _LkBackupSeal
{
  guint8           header[LK_BACKUP_HEADER_SIZE];
  gcry_cipher_hd_t cipher;
};

G_DEFINE_QUARK (lk-backup-error-quark, lk_backup_error)

static gboolean
fail (GError      **error,
      LkBackupError code,
      const char   *message)
{
  g_set_error_literal (error, LK_BACKUP_ERROR, (int) code, message);
  return FALSE;
}

static void
put_sum (const guint8 *header,
         guint8       *sum)
{
  guint8 whole[KEY_SIZE];

  lk_storage_prepare_gcrypt ();
  gcry_md_hash_buffer (GCRY_MD_SHA256, whole, header, SUM_AT);
  memcpy (sum, whole, SUM_SIZE);
}

/* The same text typed on another keyboard may be made of other characters. */
static char *
dup_normal (LkSecret *passphrase)
{
  char *normal = NULL;

  if (!g_str_is_ascii (lk_secret_open (passphrase)))
    normal = g_utf8_normalize (lk_secret_open (passphrase), -1, G_NORMALIZE_NFC);

  return normal != NULL ? normal : g_strdup (lk_secret_open (passphrase));
}

static gboolean
derive (LkSecret     *passphrase,
        const guint8 *header,
        guint8       *keys,
        GError      **error)
{
  char *normal = dup_normal (passphrase);
  gcry_error_t code;

  lk_storage_prepare_gcrypt ();
  code = gcry_kdf_derive (normal, strlen (normal), GCRY_KDF_SCRYPT, 1 << header[COST_AT],
                          header + SALT_AT, SALT_SIZE, header[LANES_AT], 2 * KEY_SIZE, keys);
  lk_wipe_string (normal);
  if (code != 0)
    {
      g_set_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FAILED,
                   "The key of the backup could not be made: %s", gcry_strerror (code));
      return FALSE;
    }

  return TRUE;
}

static void
put_mac (const guint8 *keys,
         const guint8 *header,
         guint8       *mac)
{
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, keys + KEY_SIZE, KEY_SIZE);
  gsize size = MAC_SIZE;

  g_hmac_update (hmac, header, MAC_AT);
  g_hmac_get_digest (hmac, mac, &size);
}

static gboolean
start_cipher (LkBackupSeal *self,
              const guint8 *keys,
              GError      **error)
{
  if (gcry_cipher_open (&self->cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM,
                        GCRY_CIPHER_SECURE) != 0 ||
      gcry_cipher_setkey (self->cipher, keys, KEY_SIZE) != 0)
    return fail (error, LK_BACKUP_ERROR_FAILED, "The cipher could not be set up");

  return TRUE;
}

/**
 * lk_backup_seal_new:
 * @cost: log2 of scrypt's N
 *
 * Returns: (transfer full): a new header and the key that belongs to it
 */
LkBackupSeal *
lk_backup_seal_new (LkSecret *passphrase,
                    guint     cost,
                    GError  **error)
{
  g_autoptr(LkBackupSeal) self = g_new0 (LkBackupSeal, 1);
  guint8 keys[2 * KEY_SIZE];
  gboolean made;

  g_return_val_if_fail (cost >= LK_BACKUP_COST_MIN && cost <= LK_BACKUP_COST_MAX, NULL);

  if (g_utf8_strlen (lk_secret_open (passphrase), -1) < LK_BACKUP_PASSPHRASE_MIN)
    {
      fail (error, LK_BACKUP_ERROR_WEAK, "The passphrase is too short");
      return NULL;
    }

  memcpy (self->header, MAGIC, MAGIC_SIZE);
  self->header[9] = VERSION;
  self->header[10] = KDF_SCRYPT;
  self->header[11] = CIPHER_AES256_GCM;
  self->header[COST_AT] = (guint8) cost;
  self->header[LANES_AT] = LANES;
  if (!lk_journal_random (self->header + SALT_AT, SALT_SIZE))
    {
      fail (error, LK_BACKUP_ERROR_FAILED, "The system gives no random numbers");
      return NULL;
    }
  put_sum (self->header, self->header + SUM_AT);

  made = derive (passphrase, self->header, keys, error);
  if (made)
    put_mac (keys, self->header, self->header + MAC_AT);
  made = made && start_cipher (self, keys, error);
  lk_wipe (keys, sizeof keys);

  return made ? g_steal_pointer (&self) : NULL;
}

/**
 * lk_backup_header_check:
 *
 * Whether @header is one that this version can read, and its cost one that it accepts.
 */
gboolean
lk_backup_header_check (const guint8 *header,
                        size_t        size,
                        GError      **error)
{
  guint8 sum[SUM_SIZE];

  if (size < MAGIC_SIZE || memcmp (header, MAGIC, MAGIC_SIZE) != 0)
    return fail (error, LK_BACKUP_ERROR_FOREIGN, "The file is not a Latchkey backup");
  if (size >= 10 && (header[8] << 8 | header[9]) > VERSION)
    return fail (error, LK_BACKUP_ERROR_NEWER, "The backup was made by a newer Latchkey");
  if (size < LK_BACKUP_HEADER_SIZE)
    return fail (error, LK_BACKUP_ERROR_CUT, "The end of the backup is missing");

  put_sum (header, sum);
  if (memcmp (sum, header + SUM_AT, SUM_SIZE) != 0)
    return fail (error, LK_BACKUP_ERROR_DAMAGED, "The beginning of the backup was changed");
  if ((header[8] << 8 | header[9]) != VERSION || header[10] != KDF_SCRYPT ||
      header[11] != CIPHER_AES256_GCM || header[14] != 0 || header[15] != 0)
    return fail (error, LK_BACKUP_ERROR_DAMAGED, "The backup is of no known kind");
  if (header[COST_AT] < LK_BACKUP_COST_MIN || header[COST_AT] > LK_BACKUP_COST_MAX ||
      header[LANES_AT] < 1 || header[LANES_AT] > LANES_MAX)
    return fail (error, LK_BACKUP_ERROR_DAMAGED,
                 "What the backup asks for its key is out of bounds");

  return TRUE;
}

/**
 * lk_backup_seal_open:
 *
 * Returns: (transfer full): the key that belongs to @header, when @passphrase is the right one
 */
LkBackupSeal *
lk_backup_seal_open (const guint8 *header,
                     size_t        size,
                     LkSecret     *passphrase,
                     GError      **error)
{
  g_autoptr(LkBackupSeal) self = NULL;
  guint8 keys[2 * KEY_SIZE];
  guint8 mac[MAC_SIZE];
  guint8 differs = 0;
  gboolean opened;

  if (!lk_backup_header_check (header, size, error))
    return NULL;

  self = g_new0 (LkBackupSeal, 1);
  memcpy (self->header, header, LK_BACKUP_HEADER_SIZE);
  opened = derive (passphrase, header, keys, error);
  if (opened)
    {
      put_mac (keys, header, mac);
      for (size_t i = 0; i < MAC_SIZE; i++)
        differs |= mac[i] ^ header[MAC_AT + i];
      if (differs != 0)
        opened = fail (error, LK_BACKUP_ERROR_PASSPHRASE, "The passphrase is another one");
    }
  opened = opened && start_cipher (self, keys, error);
  lk_wipe (keys, sizeof keys);
  lk_wipe (mac, sizeof mac);

  return opened ? g_steal_pointer (&self) : NULL;
}

void
lk_backup_seal_free (LkBackupSeal *self)
{
  if (self == NULL)
    return;

  if (self->cipher != NULL)
    gcry_cipher_close (self->cipher);
  g_free (self);
}

const guint8 *
lk_backup_seal_get_header (LkBackupSeal *self)
{
  return self->header;
}

static gboolean
begin_chunk (LkBackupSeal *self,
             guint64       number,
             gboolean      last)
{
  guint8 nonce[NONCE_SIZE] = { 0, 0, 0, last ? 1 : 0 };
  guint64 big = GUINT64_TO_BE (number);

  memcpy (nonce + 4, &big, sizeof big);

  return gcry_cipher_reset (self->cipher) == 0 &&
         gcry_cipher_setiv (self->cipher, nonce, NONCE_SIZE) == 0 &&
         gcry_cipher_authenticate (self->cipher, self->header, LK_BACKUP_HEADER_SIZE) == 0 &&
         gcry_cipher_final (self->cipher) == 0;
}

gboolean
lk_backup_seal_encrypt (LkBackupSeal *self,
                        guint64       number,
                        gboolean      last,
                        guint8       *data,
                        size_t        size,
                        GError      **error)
{
  if (!begin_chunk (self, number, last) ||
      gcry_cipher_encrypt (self->cipher, data, size, NULL, 0) != 0 ||
      gcry_cipher_gettag (self->cipher, data + size, LK_BACKUP_TAG_SIZE) != 0)
    return fail (error, LK_BACKUP_ERROR_FAILED, "The backup could not be encrypted");

  return TRUE;
}

gboolean
lk_backup_seal_decrypt (LkBackupSeal *self,
                        guint64       number,
                        gboolean      last,
                        guint8       *data,
                        size_t        size)
{
  if (size < LK_BACKUP_TAG_SIZE)
    return FALSE;

  size -= LK_BACKUP_TAG_SIZE;

  return begin_chunk (self, number, last) &&
         gcry_cipher_decrypt (self->cipher, data, size, NULL, 0) == 0 &&
         gcry_cipher_checktag (self->cipher, data + size, LK_BACKUP_TAG_SIZE) == 0;
}
