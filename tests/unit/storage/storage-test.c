/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "storage-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#define DEADLINE_S 10

void
storage_test_result_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("Nothing happened for %d seconds", DEADLINE_S);
  return G_SOURCE_REMOVE;
}

void
storage_test_until (StorageTestCheck check,
                    gpointer         data)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_S, late_cb, NULL);

  while (!check (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

static gboolean
has_result (gpointer data)
{
  GAsyncResult **result = data;

  return *result != NULL;
}

GAsyncResult *
storage_test_wait (GAsyncResult **result)
{
  storage_test_until (has_result, result);

  return *result;
}

void
storage_test_remove (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        storage_test_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

LkLedger *
storage_test_open (const char *path,
                   GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  lk_ledger_open_async (path, NULL, storage_test_result_cb, &result);

  return lk_ledger_open_finish (storage_test_wait (&result), error);
}

void
storage_test_close (LkLedger *ledger)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lk_ledger_close_async (ledger, storage_test_result_cb, &result);
  lk_ledger_close_finish (ledger, storage_test_wait (&result), &error);
  g_assert_no_error (error);
}

void
storage_test_make_v1 (const char *path,
                      const char *extra)
{
  storage_test_make_old (path, 1, extra);
}

void
storage_test_make_old (const char *path,
                       int         version,
                       const char *extra)
{
  g_autofree char *file = g_strdup_printf (TEST_DATA "/ledgers/v%d.sql", version);
  g_autofree char *text = NULL;
  sqlite3 *db = NULL;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, text, NULL, NULL, NULL), ==, SQLITE_OK);
  if (extra != NULL)
    g_assert_cmpint (sqlite3_exec (db, extra, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}
