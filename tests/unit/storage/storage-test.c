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

struct _StorageTestWrites
{
  GFileMonitor *monitor; /* (owned) */
  char         *folder;  /* (owned) */
  char         *name;    /* (owned) */
  guint         count;
  gboolean      caught_up;
};

static void
folder_changed_cb (GFileMonitor     *monitor,
                   GFile            *file,
                   GFile            *other,
                   GFileMonitorEvent event,
                   gpointer          user_data)
{
  StorageTestWrites *self = user_data;
  g_autofree char *name = g_file_get_basename (event == G_FILE_MONITOR_EVENT_RENAMED ? other
                                                                                      : file);

  if (event == G_FILE_MONITOR_EVENT_RENAMED && g_str_equal (name, self->name))
    self->count++;
  else if (event == G_FILE_MONITOR_EVENT_CREATED && g_str_equal (name, "mark"))
    self->caught_up = TRUE;
}

StorageTestWrites *
storage_test_writes_new (const char *folder,
                         const char *name)
{
  StorageTestWrites *self = g_new0 (StorageTestWrites, 1);
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  g_autoptr(GError) error = NULL;

  self->folder = g_strdup (folder);
  self->name = g_strdup (name);
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (folder_changed_cb), self);

  return self;
}

static gboolean
has_caught_up (gpointer data)
{
  return ((StorageTestWrites *) data)->caught_up;
}

guint
storage_test_writes_take (StorageTestWrites *self)
{
  g_autofree char *mark = g_build_filename (self->folder, "mark", NULL);
  guint count;

  /* The folder tells in order, so what comes before a file of our own is complete. */
  self->caught_up = FALSE;
  g_assert_true (g_file_set_contents_full (mark, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  storage_test_until (has_caught_up, self);
  g_unlink (mark);
  count = self->count;
  self->count = 0;

  return count;
}

void
storage_test_writes_free (StorageTestWrites *self)
{
  g_object_unref (self->monitor);
  g_free (self->folder);
  g_free (self->name);
  g_free (self);
}
