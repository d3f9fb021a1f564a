/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/* In the worker's thread. */

static gpointer
read_remedy (sqlite3_stmt *statement)
{
  g_autoptr(LkRemedyRecord) remedy = lk_remedy_record_new ();
  g_autoptr(GVariant) dict = lk_ledger_dup_dict (statement, 4);

  remedy->id = g_strdup (lk_ledger_text_of (statement, 0));
  remedy->connection = g_strdup (lk_ledger_text_of (statement, 1));
  remedy->started = sqlite3_column_int64 (statement, 2);
  remedy->ended = sqlite3_column_int64 (statement, 3);
  if (dict == NULL || !lk_remedy_record_read_variant (remedy, dict))
    return NULL;

  return g_steal_pointer (&remedy);
}

static gboolean
list_remedies (sqlite3     *db,
               LkLedgerJob *job,
               GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT id, connection, started, ended, remedy FROM remedies "
                       "ORDER BY started, id", error);

  return statement != NULL &&
         lk_ledger_read_rows (db, statement, read_remedy, (GDestroyNotify) lk_remedy_record_free,
                              job, error);
}

static gboolean
put_remedy (sqlite3     *db,
            LkLedgerJob *job,
            GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO remedies (id, connection, started, ended, remedy) "
                       "VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                       "ended = excluded.ended, remedy = excluded.remedy", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->remedy->id);
  lk_ledger_bind_text (statement, 2, job->remedy->connection);
  sqlite3_bind_int64 (statement, 3, job->remedy->started);
  sqlite3_bind_int64 (statement, 4, job->remedy->ended);
  lk_ledger_bind_dict (statement, 5, lk_remedy_record_to_variant (job->remedy));

  return lk_ledger_finish_write (db, statement, error);
}

static gboolean
remove_remedy (sqlite3     *db,
               LkLedgerJob *job,
               GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "DELETE FROM remedies WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);

  return lk_ledger_finish_write (db, statement, error);
}

/* The calls. */

void
lk_ledger_list_remedies_async (LkLedger           *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_return_if_fail (LK_IS_LEDGER (self));

  lk_ledger_start (self, lk_ledger_list_remedies_async, lk_ledger_job_new (list_remedies),
                   cancellable, callback, user_data);
}

/**
 * lk_ledger_list_remedies_finish:
 *
 * Returns: (transfer full) (element-type LkRemedyRecord): oldest first
 */
GPtrArray *
lk_ledger_list_remedies_finish (LkLedger     *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_remedies_async, error);
}

/**
 * lk_ledger_put_remedy_async:
 *
 * Adds @remedy, or replaces the one with its id. A connection that the ledger does not have is
 * %LK_STORAGE_ERROR_NOT_FOUND.
 */
void
lk_ledger_put_remedy_async (LkLedger             *self,
                            const LkRemedyRecord *remedy,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (remedy != NULL);

  job = lk_ledger_job_new (put_remedy);
  job->remedy = lk_remedy_record_copy (remedy);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

void
lk_ledger_remove_remedy_async (LkLedger           *self,
                               const char         *id,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (id != NULL);

  job = lk_ledger_job_new (remove_remedy);
  job->name = g_strdup (id);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}
