/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-journal-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

/* Far beyond what open renewals can fill; such a file is not ours. */
#define SIZE_LIMIT (64 * 1024 * 1024)

struct _LkJournalFile
{
  char   *path;
  int     fd;
  size_t  whole;
};

static void
close_descriptor (int *fd)
{
  if (*fd >= 0)
    close (*fd);
}

typedef int Descriptor;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descriptor, close_descriptor)

static gboolean
set_error (GError    **error,
           int         code,
           const char *doing)
{
  g_set_error (error, LK_STORAGE_ERROR, (int) lk_storage_error_from_errno (code),
               "The journal could not be %s: %s", doing, g_strerror (code));
  return FALSE;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           size_t        size)
{
  while (size > 0)
    {
      ssize_t written = write (fd, data, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      data += written;
      size -= (size_t) written;
    }

  return TRUE;
}

/* A new name is on the disk only when its folder is. */
static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto(Descriptor) fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 && fsync (fd) == 0;
}

static gboolean
read_all (int       fd,
          GBytes  **content,
          GError  **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16384];
  ssize_t got;

  if (lseek (fd, 0, SEEK_SET) < 0)
    return set_error (error, errno, "read");

  while ((got = read (fd, buffer, sizeof buffer)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return set_error (error, errno, "read");
      if (bytes->len + (size_t) got > SIZE_LIMIT)
        {
          g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED,
                       "The journal is larger than a journal can be");
          return FALSE;
        }
      g_byte_array_append (bytes, buffer, (guint) got);
    }
  *content = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));

  return TRUE;
}

LkJournalFile *
lk_journal_file_open (const char *path,
                      GBytes    **content,
                      GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto(Descriptor) fd = -1;
  g_autoptr(GBytes) found = NULL;
  LkJournalFile *self;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      set_error (error, errno, "made");
      return NULL;
    }

  fd = open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 || !sync_folder (path))
    {
      set_error (error, errno, "opened");
      return NULL;
    }
  if (!read_all (fd, &found, error))
    return NULL;

  self = g_new0 (LkJournalFile, 1);
  self->path = g_strdup (path);
  self->fd = fd;
  fd = -1;
  *content = g_steal_pointer (&found);

  return self;
}

void
lk_journal_file_free (LkJournalFile *self)
{
  close (self->fd);
  g_free (self->path);
  g_free (self);
}

void
lk_journal_file_set_whole (LkJournalFile *self,
                           size_t         whole)
{
  self->whole = whole;
}

gboolean
lk_journal_file_get_gap (LkJournalFile *self,
                         size_t        *gap,
                         GError       **error)
{
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    return set_error (error, errno, "read");

  *gap = (size_t) info.st_size > self->whole ? (size_t) info.st_size - self->whole : 0;

  return TRUE;
}

size_t
lk_journal_file_get_size (LkJournalFile *self)
{
  return self->whole;
}

gboolean
lk_journal_file_append (LkJournalFile *self,
                        GBytes        *bytes,
                        GError       **error)
{
  size_t gap, size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!lk_journal_file_get_gap (self, &gap, error))
    return FALSE;
  if (!write_all (self->fd, data, size) || fdatasync (self->fd) != 0)
    {
      int code = errno;

      /* Our own unfinished write; when it stays, the next record says how long it is. */
      if (ftruncate (self->fd, (off_t) (self->whole + gap)) != 0)
        g_debug ("The unfinished record stays: %s", g_strerror (errno));
      return set_error (error, code, "written");
    }

  self->whole += gap + size;

  return TRUE;
}

gboolean
lk_journal_file_replace (LkJournalFile *self,
                         const guint8  *data,
                         size_t         size,
                         GError       **error)
{
  g_autofree char *beside = g_strconcat (self->path, ".new", NULL);
  g_auto(Descriptor) fd = open (beside, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC |
                                O_NOFOLLOW, 0600);

  if (fd < 0)
    return set_error (error, errno, "written");
  if (!write_all (fd, data, size) || fsync (fd) != 0 || g_rename (beside, self->path) != 0)
    {
      int code = errno;

      g_unlink (beside);
      return set_error (error, code, "written");
    }

  close (self->fd);
  self->fd = fd;
  self->whole = size;
  fd = -1;
  if (!sync_folder (self->path))
    return set_error (error, errno, "written");

  return TRUE;
}

gboolean
lk_journal_file_copy_aside (LkJournalFile *self,
                            GError       **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *path = NULL;
  g_auto(Descriptor) fd = -1;
  struct stat info;
  size_t size;
  const guint8 *data;

  if (!read_all (self->fd, &content, error))
    return FALSE;
  if (fstat (self->fd, &info) != 0)
    return set_error (error, errno, "read");

  data = g_bytes_get_data (content, &size);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  path = g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT "-%.8s", self->path,
                          (gint64) info.st_mtime, sum);
  fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 || !write_all (fd, data, size) || fsync (fd) != 0 || !sync_folder (path))
    return set_error (error, errno, "copied");

  return TRUE;
}
