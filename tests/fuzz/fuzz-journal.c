/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A journal file of any content: opens or is refused, never crashes, never invents tokens. */

#include <glib/gstdio.h>

#include "fuzz.h"
#include "lk-journal.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *dir = g_dir_make_tmp ("latchkey-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "journal", NULL);
  g_autoptr(LkSecret) key = lk_secret_new ("00112233445566778899aabbccddeeff"
                                           "00112233445566778899aabbccddeeff");
  g_autoptr(LkJournal) journal = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) left = NULL;
  const char *name;

  g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE,
                            0600, NULL);
  journal = lk_journal_new (path, &error);
  if (journal != NULL)
    {
      g_autoptr(GPtrArray) open = NULL;

      lk_journal_set_key (journal, key, NULL);
      open = lk_journal_get_open (journal, NULL);
      for (size_t i = 0; open != NULL && i < open->len; i++)
        {
          const LkJournalOpen *entry = g_ptr_array_index (open, i);

          g_assert (entry->tokens == NULL);
        }
    }

  g_clear_object (&journal);
  left = g_dir_open (dir, 0, NULL);
  while (left != NULL && (name = g_dir_read_name (left)) != NULL)
    {
      g_autofree char *file = g_build_filename (dir, name, NULL);

      g_remove (file);
    }
  g_rmdir (dir);

  return 0;
}
