/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/* What is written meanwhile waits for one portion. */
#define PORTION_US (20 * 1000)
#define STEP 50

/* Pages that may stay free: the next lines fill them. The rest goes back to the disk. */
#define FREE_PAGES 512
#define FREE_SHARE 10
#define GIVE_BACK 100

/* In the worker's thread. Each of these does a little and says how much that was. */

typedef gboolean (*Step) (sqlite3 *db, LkLedgerJob *job, int *changes, GError **error);

static gboolean
run_step (sqlite3      *db,
          sqlite3_stmt *statement,
          int          *changes,
          GError      **error)
{
  if (!lk_ledger_finish_write (db, statement, error))
    return FALSE;

  *changes = sqlite3_changes (db);

  return TRUE;
}

static gboolean
drop_events (sqlite3     *db,
             LkLedgerJob *job,
             int         *changes,
             GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ?1 "
                       "ORDER BY at LIMIT ?2)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, job->since);
  sqlite3_bind_int64 (statement, 2, STEP);
  if (!run_step (db, statement, changes, error))
    return FALSE;

  job->removed = job->removed || *changes > 0;

  return TRUE;
}

/* By connection: within one the hours are in order. */
static gboolean
drop_hours (sqlite3     *db,
            LkLedgerJob *job,
            int         *changes,
            GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "DELETE FROM tallies WHERE connection = ?1 AND (hour, kind, class) IN "
                       "(SELECT hour, kind, class FROM tallies WHERE connection = ?1 AND hour < ?2 "
                       "ORDER BY hour LIMIT ?3)", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);
  sqlite3_bind_int64 (statement, 2, job->until);
  sqlite3_bind_int64 (statement, 3, STEP);

  return run_step (db, statement, changes, error);
}

static gboolean
next_connection (sqlite3     *db,
                 LkLedgerJob *job,
                 GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT min (connection) FROM tallies WHERE connection > ?1", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return lk_ledger_set_error (error, db, "read");

  g_free (job->name);
  job->name = g_strdup (lk_ledger_text_of (statement, 0));

  return TRUE;
}

static gboolean
drop_tallies (sqlite3     *db,
              LkLedgerJob *job,
              int         *changes,
              GError     **error)
{
  *changes = 0;
  if (job->name == NULL)
    return TRUE;
  if (!drop_hours (db, job, changes, error))
    return FALSE;
  if (*changes > 0)
    return TRUE;
  if (!next_connection (db, job, error))
    return FALSE;

  *changes = job->name != NULL;

  return TRUE;
}

static gboolean
read_number (sqlite3    *db,
             const char *sql,
             gint64     *number,
             GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return lk_ledger_set_error (error, db, "read");

  *number = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

static gboolean
give_back (sqlite3     *db,
           LkLedgerJob *job,
           int         *changes,
           GError     **error)
{
  gint64 pages, free_pages;

  if (!read_number (db, "PRAGMA page_count", &pages, error) ||
      !read_number (db, "PRAGMA freelist_count", &free_pages, error))
    return FALSE;

  *changes = free_pages > FREE_PAGES && free_pages > pages / FREE_SHARE;

  return *changes == 0 ||
         lk_ledger_exec (db, "PRAGMA incremental_vacuum(" G_STRINGIFY (GIVE_BACK) ")", error);
}

static const Step steps[] = { drop_events, drop_tallies, give_back };

/* In one transaction, as much as there is time for; a step that found nothing leads to the next. */
static gboolean
portion_parts (sqlite3     *db,
               LkLedgerJob *job,
               GError     **error)
{
  gint64 deadline = g_get_monotonic_time () + PORTION_US;

  while (job->limit < G_N_ELEMENTS (steps) && g_get_monotonic_time () < deadline)
    {
      int changes = 0;

      if (!steps[job->limit] (db, job, &changes, error))
        return FALSE;
      if (changes == 0)
        job->limit++;
    }
  job->more = job->limit < G_N_ELEMENTS (steps);

  return TRUE;
}

static gboolean
run_portion (sqlite3     *db,
             LkLedgerJob *job,
             GError     **error)
{
  return lk_ledger_transact (db, job, portion_parts, error);
}

/* The call. A portion is a job of its own, so that others come between two of them. */

static void start_portion (GTask *task, guint step, const char *connection);

typedef struct
{
  gint64 events_before;
  gint64 tallies_before;
} Expiry;

static void
portion_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkLedgerJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (job->more && !g_task_return_error_if_cancelled (task))
    start_portion (g_steal_pointer (&task), job->limit, job->name);
  else if (!job->more)
    g_task_return_boolean (task, TRUE);
}

/* Takes @task. */
static void
start_portion (GTask      *task,
               guint       step,
               const char *connection)
{
  Expiry *expiry = g_task_get_task_data (task);
  LkLedgerJob *job = lk_ledger_job_new (run_portion);

  job->since = expiry->events_before;
  job->until = expiry->tallies_before;
  job->limit = step;
  job->name = g_strdup (connection);
  lk_ledger_start (g_task_get_source_object (task), lk_ledger_start, job,
                   g_task_get_cancellable (task), portion_cb, task);
}

void
lk_ledger_expire_async (LkLedger           *self,
                        gint64              events_before,
                        gint64              tallies_before,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Expiry *expiry;

  g_return_if_fail (LK_IS_LEDGER (self));

  expiry = g_new0 (Expiry, 1);
  expiry->events_before = events_before;
  expiry->tallies_before = tallies_before;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_ledger_expire_async);
  g_task_set_task_data (task, expiry, g_free);
  start_portion (g_steal_pointer (&task), 0, "");
}

gboolean
lk_ledger_expire_finish (LkLedger     *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_expire_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
