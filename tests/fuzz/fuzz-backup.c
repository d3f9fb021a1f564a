/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The content of a backup, as if it were authentic, and the beginning of a file: read or refused,
 * never crashes; what was read can be written and read again. */

#include <string.h>

#include "fuzz.h"
#include "lk-backup-seal.h"

static void
check_again (const LkBackupItem *item)
{
  g_autoptr(LkBackupBuffer) out = lk_backup_buffer_new ();
  g_autoptr(LkBackupItem) again = NULL;
  const guint8 *data;
  size_t size;
  size_t used;

  g_assert_true (lk_backup_item_write (item, out, NULL));
  data = lk_backup_buffer_get (out, &size);
  g_assert_true (lk_backup_item_read (data, size, &used, &again, NULL));
  g_assert_cmpuint (used, ==, size);
  g_assert_nonnull (again);
  g_assert_cmpint (again->type, ==, item->type);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  size_t at = 0;
  size_t used = 0;

  lk_backup_header_check (data, size, NULL);
  do
    {
      g_autoptr(LkBackupItem) item = NULL;

      if (!lk_backup_item_read (data + at, size - at, &used, &item, NULL))
        break;
      g_assert (used <= size - at);
      if (item != NULL)
        check_again (item);
      at += used;
    }
  while (used > 0);

  return 0;
}
