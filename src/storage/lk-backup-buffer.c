/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "lk-backup.h"

/* Content that holds secrets: memory that it outgrows is wiped. */
struct _LkBackupBuffer
{
  guint8 *data; /* (owned) */
  size_t  room;
  size_t  start;
  size_t  end;
};

LkBackupBuffer *
lk_backup_buffer_new (void)
{
  return g_new0 (LkBackupBuffer, 1);
}

void
lk_backup_buffer_append (LkBackupBuffer *self,
                         const void     *data,
                         size_t          size)
{
  size_t used = self->end - self->start;

  if (self->room - self->end < size)
    {
      size_t room = MAX (2 * (used + size), 4096);
      guint8 *grown = g_malloc (room);

      if (used > 0)
        memcpy (grown, self->data + self->start, used);
      lk_wipe (self->data, self->room);
      g_free (self->data);
      self->data = grown;
      self->room = room;
      self->start = 0;
      self->end = used;
    }
  if (size > 0)
    memcpy (self->data + self->end, data, size);
  self->end += size;
}

void
lk_backup_buffer_skip (LkBackupBuffer *self,
                       size_t          size)
{
  g_return_if_fail (size <= self->end - self->start);

  self->start += size;
  if (self->start == self->end)
    self->start = self->end = 0;
}

guint8 *
lk_backup_buffer_get (LkBackupBuffer *self,
                      size_t         *size)
{
  *size = self->end - self->start;
  return self->data != NULL ? self->data + self->start : (guint8 *) "";
}

void
lk_backup_buffer_free (LkBackupBuffer *self)
{
  if (self == NULL)
    return;

  lk_wipe (self->data, self->room);
  g_free (self->data);
  g_free (self);
}

void
lk_backup_info_free (LkBackupInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->made_on);
  g_free (self->made_by);
  g_free (self);
}

LkBackupItem *
lk_backup_item_new (LkBackupType type)
{
  LkBackupItem *self = g_new0 (LkBackupItem, 1);

  self->type = type;

  return self;
}

void
lk_backup_item_free (LkBackupItem *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->info, lk_backup_info_free);
  g_clear_pointer (&self->client, lk_client_record_free);
  g_clear_pointer (&self->secret, lk_secret_unref);
  g_clear_pointer (&self->connection, lk_connection_record_free);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_clear_pointer (&self->values, g_variant_unref);
  g_free (self->owner);
  g_free (self);
}
