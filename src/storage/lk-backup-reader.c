/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lk-backup-seal.h"

struct _LkBackupReader
{
  int             fd;      /* (owned) */
  LkBackupSeal   *seal;    /* (owned) */
  LkBackupBuffer *content; /* (owned): authentic, not yet read */
  guint8         *sealed;  /* (owned): the chunk that comes next, and one byte of the one after */
  size_t          size;    /* of what is in it */
  guint64         number;
  gboolean        started;
  gboolean        last;    /* the last chunk was read */
};

#define AHEAD (LK_BACKUP_SEALED_SIZE + 1)

/* Up to @size bytes, fewer at the end of the file. */
static gboolean
read_up_to (int      fd,
            guint8  *data,
            size_t   size,
            size_t  *got,
            GError **error)
{
  *got = 0;
  while (*got < size)
    {
      ssize_t n = read (fd, data + *got, size - *got);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FAILED,
                       "The backup could not be read: %s", g_strerror (errno));
          return FALSE;
        }
      if (n == 0)
        break;
      *got += (size_t) n;
    }

  return TRUE;
}

/**
 * lk_backup_reader_new:
 * @fd: (transfer full): the file
 *
 * Returns: (transfer full): a reader at the first item, when @passphrase is the right one
 */
LkBackupReader *
lk_backup_reader_new (int       fd,
                      LkSecret *passphrase,
                      GError  **error)
{
  g_autoptr(LkBackupReader) self = g_new0 (LkBackupReader, 1);
  guint8 header[LK_BACKUP_HEADER_SIZE];
  size_t size;

  self->fd = fd;
  self->content = lk_backup_buffer_new ();
  self->sealed = g_malloc0 (AHEAD);
  if (lseek (fd, 0, SEEK_SET) < 0)
    {
      g_set_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FAILED,
                   "The backup could not be read: %s", g_strerror (errno));
      return NULL;
    }
  if (!read_up_to (fd, header, sizeof header, &size, error))
    return NULL;
  self->seal = lk_backup_seal_open (header, size, passphrase, error);
  if (self->seal == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
lk_backup_reader_free (LkBackupReader *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->seal, lk_backup_seal_free);
  g_clear_pointer (&self->content, lk_backup_buffer_free);
  lk_wipe (self->sealed, AHEAD);
  g_free (self->sealed);
  g_free (self);
}

gboolean
lk_backup_reader_rewind (LkBackupReader *self,
                         GError        **error)
{
  if (lseek (self->fd, LK_BACKUP_HEADER_SIZE, SEEK_SET) < 0)
    {
      g_set_error (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_FAILED,
                   "The backup could not be read: %s", g_strerror (errno));
      return FALSE;
    }

  g_clear_pointer (&self->content, lk_backup_buffer_free);
  self->content = lk_backup_buffer_new ();
  self->number = 0;
  self->size = 0;
  self->started = FALSE;
  self->last = FALSE;

  return TRUE;
}

/* What is wrong with a chunk that does not fit: the end of a whole file that is missing leaves a
 * chunk that fits as one in the middle. */
static gboolean
refuse_chunk (LkBackupReader *self,
              const guint8   *copy,
              size_t          size,
              GError        **error)
{
  gboolean cut = size < LK_BACKUP_SEALED_SIZE;

  if (self->last && !cut)
    {
      memcpy (self->sealed, copy, size);
      cut = lk_backup_seal_decrypt (self->seal, self->number, FALSE, self->sealed, size);
    }
  g_set_error_literal (error, LK_BACKUP_ERROR,
                       cut ? LK_BACKUP_ERROR_CUT : LK_BACKUP_ERROR_DAMAGED,
                       cut ? "The end of the backup is missing or was changed"
                           : "The backup was changed after it was written");
  return FALSE;
}

static gboolean
read_chunk (LkBackupReader *self,
            GError        **error)
{
  size_t got;
  size_t size;
  g_autofree guint8 *copy = NULL;
  guint8 ahead = 0;

  if (!read_up_to (self->fd, self->sealed + self->size, AHEAD - self->size, &got, error))
    return FALSE;

  self->size += got;
  self->last = self->size < AHEAD;
  size = MIN (self->size, LK_BACKUP_SEALED_SIZE);
  ahead = self->sealed[LK_BACKUP_SEALED_SIZE];
  copy = g_memdup2 (self->sealed, size);
  if (!lk_backup_seal_decrypt (self->seal, self->number, self->last, self->sealed, size))
    return refuse_chunk (self, copy, size, error);

  lk_backup_buffer_append (self->content, self->sealed, size - LK_BACKUP_TAG_SIZE);
  lk_wipe (self->sealed, size);
  self->number++;
  self->sealed[0] = ahead;
  self->size = self->last ? 0 : 1;

  return TRUE;
}

/* The first item tells about the file, and no other does. */
static gboolean
check_place (LkBackupReader *self,
             LkBackupItem   *item,
             GError        **error)
{
  gboolean first = !self->started;

  self->started = TRUE;
  if ((item != NULL && item->type == LK_BACKUP_INFO) == first)
    return TRUE;

  g_set_error_literal (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED,
                       "The backup does not begin with what it is");
  return FALSE;
}

gboolean
lk_backup_reader_next (LkBackupReader *self,
                       LkBackupItem  **item,
                       GError        **error)
{
  *item = NULL;
  for (;;)
    {
      g_autoptr(LkBackupItem) found = NULL;
      size_t size;
      size_t used;
      const guint8 *data = lk_backup_buffer_get (self->content, &size);

      if (!lk_backup_item_read (data, size, &used, &found, error))
        return FALSE;
      if (used == 0 && self->last)
        break;
      if (used == 0)
        {
          if (!read_chunk (self, error))
            return FALSE;
          continue;
        }

      lk_backup_buffer_skip (self->content, used);
      if (!check_place (self, found, error))
        return FALSE;
      *item = g_steal_pointer (&found);
      if (*item != NULL)
        return TRUE;
    }

  /* Authentic, and yet half an item at the end: no version of this program wrote it. */
  {
    size_t left;

    lk_backup_buffer_get (self->content, &left);
    if (left > 0 || !self->started)
      {
        g_set_error_literal (error, LK_BACKUP_ERROR, LK_BACKUP_ERROR_DAMAGED,
                             "The last item of the backup is not whole");
        return FALSE;
      }
  }

  return TRUE;
}
