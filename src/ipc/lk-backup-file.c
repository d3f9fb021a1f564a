/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* statx() */

#include "config.h"

#include "lk-backup-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "lk-ipc.h"

#define PASSPHRASE_MIN 8

struct _LkBackupFile
{
  char    *path;
  char    *beside;  /* (nullable): where it is written until it is whole */
  int      fd;
  gboolean made;    /* there was nothing at the path */
  gboolean moves;
  gboolean settled; /* nothing is to be taken away */
};

/* 0 where the system cannot tell. */
static guint64
get_mount (const char *folder)
{
  struct statx info;

  if (statx (AT_FDCWD, folder, 0, STATX_MNT_ID, &info) != 0 || !(info.stx_mask & STATX_MNT_ID))
    return 0;
  return info.stx_mnt_id;
}

/* A Flatpak has a root and a /tmp of its own, and lets anything be written there, also by the name
 * of a folder that it does not see. It is gone with the sandbox. */
static gboolean
is_out_of_sight (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  guint64 mount = get_mount (folder);

  if (!g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return FALSE;
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  return mount != 0 && (mount == get_mount ("/") || mount == get_mount ("/tmp"));
}

static void
set_error (const char *path, int code, GError **error)
{
  if (code == ENOENT && is_out_of_sight (path))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _("Latchkey’s Flatpak does not see this folder. Use the window, or add "
                           "--filesystem=FOLDER to “flatpak run”."));
  else
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
}

static LkBackupFile *
fail (LkBackupFile *self, int code, GError **error)
{
  set_error (self->path, code, error);
  lk_backup_file_free (self);
  return NULL;
}

/* In a portal's folder other names than the chosen one may be refused; then it is written in
 * place. */
static gboolean
open_beside (LkBackupFile *self)
{
  g_autofree char *uuid = g_uuid_string_random ();

  self->beside = g_strdup_printf ("%s.%.8s.part", self->path, uuid);
  self->fd = g_open (self->beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    g_clear_pointer (&self->beside, g_free);
  return self->fd >= 0;
}

LkBackupFile *
lk_backup_file_open (const char *path, gboolean moves, GError **error)
{
  LkBackupFile *self = g_new0 (LkBackupFile, 1);
  struct stat info;

  self->path = g_strdup (path);
  self->moves = moves;
  self->fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  self->made = self->fd >= 0;
  if (self->made)
    return is_out_of_sight (path) ? fail (self, ENOENT, error) : self;
  if (errno != EEXIST || stat (path, &info) != 0)
    return fail (self, errno, error);
  if (info.st_size > 0 && moves)
    return fail (self, EEXIST, error);
  if (info.st_size > 0 && S_ISREG (info.st_mode) && open_beside (self))
    return self;
  self->fd = g_open (path, O_RDWR | O_CLOEXEC);
  return self->fd >= 0 ? self : fail (self, errno, error);
}

int
lk_backup_file_read (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    set_error (path, errno, error);
  return fd;
}

int
lk_backup_file_get_fd (LkBackupFile *self)
{
  return self->fd;
}

gboolean
lk_backup_file_commit (LkBackupFile *self, GError **error)
{
  if (self->beside != NULL && g_rename (self->beside, self->path) != 0)
    {
      int code = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      return FALSE;
    }
  self->settled = TRUE;
  return TRUE;
}

gboolean
lk_backup_file_fail (LkBackupFile *self, const GError *why)
{
  gboolean unsure = why->domain != LK_AGENT_ERROR
                    || g_error_matches (why, LK_AGENT_ERROR, LK_AGENT_ERROR_LOST);

  if (self->moves && unsure)
    self->settled = TRUE;
  return self->settled;
}

void
lk_backup_file_free (LkBackupFile *self)
{
  if (!self->settled && self->beside != NULL)
    g_unlink (self->beside);
  else if (!self->settled && self->made)
    g_unlink (self->path);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->beside);
  g_free (self->path);
  g_free (self);
}

/* Tenths of bits, as if each different character were chosen by chance among those of its kinds.
 * Names and years deserve less; it is a hint, and the words that show it say no more. */
static guint
count_bits (const char *passphrase)
{
  static const guint letters[] = { 60, 10, 26, 26, 20 };
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint kinds = 0;
  guint choice = 1;
  guint different;

  for (const char *at = passphrase; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_hash_table_add (seen, GUINT_TO_POINTER (c));
      kinds |= c >= 0x80 ? 1 : g_ascii_isdigit (c) ? 2 : g_ascii_islower (c) ? 4
               : g_ascii_isupper (c) ? 8 : 16;
    }
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (kinds & 1u << i)
      choice += letters[i];
  different = g_hash_table_size (seen);
  /* A character that comes again tells little. */
  return (10 * different + 4 * ((guint) g_utf8_strlen (passphrase, -1) - different))
         * g_bit_storage (choice);
}

guint
lk_passphrase_strength (const char *passphrase)
{
  guint bits;

  if (g_utf8_strlen (passphrase, -1) < PASSPHRASE_MIN)
    return 0;
  bits = count_bits (passphrase);
  return bits < 550 ? 1 : bits < 800 ? 2 : 3;
}
