/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files and folders that a ledger cannot be opened in, or not for long. */

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

#include <glib/gstdio.h>

#include "storage-test.h"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("latchkey-ledger-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "ledger.db", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  storage_test_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static GBytes *
read_file (const char *path)
{
  char *content;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));

  return g_bytes_new_take (content, size);
}

static void
assert_refused (const char     *path,
                LkStorageError  code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkLedger) ledger = storage_test_open (path, &error);

  g_assert_null (ledger);
  g_assert_error (error, LK_STORAGE_ERROR, (int) code);
}

static void
assert_refused_unchanged (const char     *path,
                          LkStorageError  code)
{
  g_autoptr(GBytes) before = read_file (path);
  g_autoptr(GBytes) after = NULL;

  assert_refused (path, code);
  after = read_file (path);
  g_assert_true (g_bytes_equal (before, after));
}

static gint64
read_version (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 version;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  version = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return version;
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  data)
{
  storage_test_make_v1 (fixture->path, "PRAGMA user_version = 1000");
  assert_refused_unchanged (fixture->path, LK_STORAGE_ERROR_NEWER);
}

static void
test_not_ours (Fixture       *fixture,
               gconstpointer  data)
{
  storage_test_make_v1 (fixture->path, "PRAGMA application_id = 77");
  assert_refused_unchanged (fixture->path, LK_STORAGE_ERROR_DAMAGED);
  g_assert_true (g_file_set_contents (fixture->path, "not a database, but somebody's text\n", -1,
                                      NULL));
  assert_refused_unchanged (fixture->path, LK_STORAGE_ERROR_DAMAGED);
}

/* Every page but the first overwritten in turn; the file is left for somebody who can save it. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GBytes) good = NULL;
  const char *bytes;
  size_t size, page = 4096;

  storage_test_make_v1 (fixture->path, NULL);
  good = read_file (fixture->path);
  bytes = g_bytes_get_data (good, &size);
  g_assert_cmpuint (size, >, 3 * page);
  for (size_t at = page; at < size; at += page)
    {
      g_autofree char *bad = g_memdup2 (bytes, size);

      memset (bad + at, 0xa5, page);
      g_assert_true (g_file_set_contents (fixture->path, bad, (gssize) size, NULL));
      assert_refused_unchanged (fixture->path, LK_STORAGE_ERROR_DAMAGED);
    }
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) (size - page), NULL));
  assert_refused_unchanged (fixture->path, LK_STORAGE_ERROR_DAMAGED);
}

/* The second version's last statement fails: nothing of its first ones is left behind, and when
 * the obstacle is gone the same file migrates. */
static void
test_failed_step (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  LkLedger *ledger;
  sqlite3 *db = NULL;

  storage_test_make_v1 (fixture->path, "CREATE TABLE events_connection (x)");
  assert_refused (fixture->path, LK_STORAGE_ERROR_FAILED);
  g_assert_cmpint (read_version (fixture->path), ==, 1);

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "SELECT removed_at FROM connections", NULL, NULL, NULL), !=,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "DROP TABLE events_connection", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (db);
  ledger = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
  storage_test_close (ledger);
  g_object_unref (ledger);
  g_assert_cmpint (read_version (fixture->path), >, 1);
}

static void
test_unwritable (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *below = g_build_filename (fixture->path, "deeper", "ledger.db", NULL);

  g_assert_true (g_file_set_contents (fixture->path, "a file", -1, NULL));
  assert_refused (below, LK_STORAGE_ERROR_READ_ONLY);
  assert_refused ("/proc/latchkey/ledger.db", LK_STORAGE_ERROR_READ_ONLY);
}

/* Two agents would renew the same tokens. The first one's end lets the second in. */
static void
test_second (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  LkLedger *first = storage_test_open (fixture->path, &error);
  LkLedger *second;

  g_assert_no_error (error);
  assert_refused (fixture->path, LK_STORAGE_ERROR_FAILED);
  storage_test_close (first);
  g_object_unref (first);
  second = storage_test_open (fixture->path, &error);
  g_assert_no_error (error);
  storage_test_close (second);
  g_object_unref (second);
}

/* The code of the error, -1 for none. */
static int
put_large (LkLedger *ledger)
{
  g_autoptr(LkConnectionRecord) record = lk_connection_record_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  record->id = g_strdup ("large");
  record->name = g_strnfill (300 * 1024, 'x');
  lk_ledger_put_connection_async (ledger, record, NULL, NULL, storage_test_result_cb, &result);
  if (lk_ledger_write_finish (ledger, storage_test_wait (&result), &error))
    return -1;

  g_test_message ("%s", error->message);
  g_assert_cmpuint (error->domain, ==, LK_STORAGE_ERROR);
  return error->code;
}

/* A full disk says so, and when there is room again the same ledger goes on. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = storage_test_open (fixture->path, &error);
  struct rlimit before, limit;
  int code;

  g_assert_no_error (error);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 128 * 1024;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  code = put_large (ledger);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (code, ==, LK_STORAGE_ERROR_FULL);
  g_assert_cmpint (put_large (ledger), ==, -1);
  storage_test_close (ledger);
  g_object_unref (ledger);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/newer", Fixture, NULL, set_up, test_newer, tear_down);
  g_test_add ("/ledger/not-ours", Fixture, NULL, set_up, test_not_ours, tear_down);
  g_test_add ("/ledger/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/ledger/failed-step", Fixture, NULL, set_up, test_failed_step, tear_down);
  g_test_add ("/ledger/unwritable", Fixture, NULL, set_up, test_unwritable, tear_down);
  g_test_add ("/ledger/second", Fixture, NULL, set_up, test_second, tear_down);
  g_test_add ("/ledger/full", Fixture, NULL, set_up, test_full, tear_down);

  return g_test_run ();
}
