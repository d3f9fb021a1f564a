/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-ledger.h"

G_BEGIN_DECLS

/* A callback that keeps the result, and the wait for it: test code reads from top to bottom. */
void          storage_test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *storage_test_wait      (GAsyncResult **result);

/* Iterates until @check is true; fails the test after ten seconds. */
typedef gboolean (*StorageTestCheck) (gpointer data);
void          storage_test_until     (StorageTestCheck check, gpointer data);

/* Removes @folder with the files and folders in it. */
void          storage_test_remove    (const char *folder);

/* Opens and closes a ledger. */
LkLedger     *storage_test_open      (const char *path, GError **error);
void          storage_test_close     (LkLedger *ledger);

/* The file tests/data/ledgers/v<version>.sql as a database at @path, then @extra (nullable). */
void          storage_test_make_old  (const char *path, int version, const char *extra);
void          storage_test_make_v1   (const char *path, const char *extra);

/* How often a file was replaced, since it was asked last. */
typedef struct _StorageTestWrites StorageTestWrites;

StorageTestWrites *storage_test_writes_new  (const char *folder, const char *name);
guint              storage_test_writes_take (StorageTestWrites *self);
void               storage_test_writes_free (StorageTestWrites *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StorageTestWrites, storage_test_writes_free)

G_END_DECLS
