/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lk-backup-seal.h"

struct _LkBackupWriter
{
  int             fd;      /* (owned) */
  LkBackupSeal   *seal;    /* (owned) */
  LkBackupBuffer *pending; /* (owned): content that is in no chunk yet */
  guint8         *chunk;   /* (owned) */
  guint64         number;
};

static gboolean
fail_with_errno (GError    **error,
                 const char *doing)
{
  int code = errno;

  g_set_error (error, LK_BACKUP_ERROR,
               code == ENOSPC || code == EDQUOT ? LK_BACKUP_ERROR_FULL : LK_BACKUP_ERROR_FAILED,
               "The backup could not be %s: %s", doing, g_strerror (code));
  return FALSE;
}

static gboolean
write_all (LkBackupWriter *self,
           const guint8   *data,
           size_t          size,
           GError        **error)
{
  while (size > 0)
    {
      ssize_t n = write (self->fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_with_errno (error, "written");
      data += n;
      size -= (size_t) n;
    }

  return TRUE;
}

/**
 * lk_backup_writer_new:
 * @fd: (transfer full): an ordinary file that can be written
 * @cost: %LK_BACKUP_COST but in tests
 *
 * Returns: (transfer full): a writer, after the header was written
 */
LkBackupWriter *
lk_backup_writer_new (int       fd,
                      LkSecret *passphrase,
                      guint     cost,
                      GError  **error)
{
  g_autoptr(LkBackupWriter) self = g_new0 (LkBackupWriter, 1);

  self->fd = fd;
  self->pending = lk_backup_buffer_new ();
  self->chunk = g_malloc0 (LK_BACKUP_SEALED_SIZE);
  self->seal = lk_backup_seal_new (passphrase, cost, error);
  if (self->seal == NULL)
    return NULL;

  if (lseek (fd, 0, SEEK_SET) < 0 || ftruncate (fd, 0) < 0)
    {
      fail_with_errno (error, "written");
      return NULL;
    }
  if (!write_all (self, lk_backup_seal_get_header (self->seal), LK_BACKUP_HEADER_SIZE, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
lk_backup_writer_free (LkBackupWriter *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->seal, lk_backup_seal_free);
  g_clear_pointer (&self->pending, lk_backup_buffer_free);
  lk_wipe (self->chunk, LK_BACKUP_SEALED_SIZE);
  g_free (self->chunk);
  g_free (self);
}

static gboolean
write_chunk (LkBackupWriter *self,
             gboolean        last,
             GError        **error)
{
  size_t size;
  const guint8 *data = lk_backup_buffer_get (self->pending, &size);

  size = MIN (size, LK_BACKUP_CHUNK_SIZE);
  memcpy (self->chunk, data, size);
  lk_backup_buffer_skip (self->pending, size);

  return lk_backup_seal_encrypt (self->seal, self->number++, last, self->chunk, size, error) &&
         write_all (self, self->chunk, size + LK_BACKUP_TAG_SIZE, error);
}

gboolean
lk_backup_writer_add (LkBackupWriter     *self,
                      const LkBackupItem *item,
                      GError            **error)
{
  size_t size;

  if (!lk_backup_item_write (item, self->pending, error))
    return FALSE;

  /* One chunk stays behind: only the end knows which is the last. */
  for (;;)
    {
      lk_backup_buffer_get (self->pending, &size);
      if (size <= LK_BACKUP_CHUNK_SIZE)
        return TRUE;
      if (!write_chunk (self, FALSE, error))
        return FALSE;
    }
}

gboolean
lk_backup_writer_settle (LkBackupWriter *self,
                         GError        **error)
{
  return fsync (self->fd) == 0 || fail_with_errno (error, "written");
}

gboolean
lk_backup_writer_finish (LkBackupWriter *self,
                         GError        **error)
{
  return write_chunk (self, TRUE, error) && lk_backup_writer_settle (self, error);
}

gboolean
lk_backup_writer_discard (LkBackupWriter *self)
{
  return ftruncate (self->fd, 0) == 0 && fsync (self->fd) == 0;
}
