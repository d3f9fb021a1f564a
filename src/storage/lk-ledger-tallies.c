/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

#define HOUR 3600

/* The connection that stands for all of them. */
#define ALL ""

void
lk_tally_free (LkTally *self)
{
  if (self == NULL)
    return;

  g_free (self->kind);
  g_free (self);
}

LkCount *
lk_count_new (const char *connection,
              gint64      at,
              const char *kind,
              LkClass     klass,
              guint64     count)
{
  LkCount *self = g_new0 (LkCount, 1);

  self->connection = g_strdup (connection);
  self->at = at;
  self->kind = g_strdup (kind);
  self->klass = klass;
  self->count = count;

  return self;
}

void
lk_count_free (LkCount *self)
{
  if (self == NULL)
    return;

  g_free (self->connection);
  g_free (self->kind);
  g_free (self);
}

/* In the worker's thread. */

static const char *
class_to_text (LkClass klass)
{
  return klass == LK_CLASS_OK ? "" : lk_class_to_string (klass);
}

static LkClass
class_from_text (const char *text)
{
  LkClass klass = LK_CLASS_UNKNOWN;

  if (text == NULL || text[0] == '\0')
    return LK_CLASS_OK;

  lk_class_from_string (text, &klass);

  return klass;
}

static gint64
hour_of (gint64 at)
{
  return at - at % HOUR;
}

static gboolean
add_to_hour (sqlite3       *db,
             const char    *connection,
             const LkCount *count,
             GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO tallies (connection, hour, kind, class, count) "
                       "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                       "count = count + excluded.count", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, connection);
  sqlite3_bind_int64 (statement, 2, hour_of (count->at));
  lk_ledger_bind_text (statement, 3, count->kind);
  lk_ledger_bind_text (statement, 4, class_to_text (count->klass));
  sqlite3_bind_int64 (statement, 5, (gint64) count->count);

  return lk_ledger_finish_write (db, statement, error);
}

/* Not more than a connection that is there has. */
static gboolean
add_to_total (sqlite3       *db,
              const LkCount *count,
              GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO totals (connection, kind, class, count) "
                       "SELECT id, ?2, ?3, ?4 FROM connections WHERE id = ?1 "
                       "ON CONFLICT DO UPDATE SET count = count + excluded.count", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, count->connection);
  lk_ledger_bind_text (statement, 2, count->kind);
  lk_ledger_bind_text (statement, 3, class_to_text (count->klass));
  sqlite3_bind_int64 (statement, 4, (gint64) count->count);

  return lk_ledger_finish_write (db, statement, error);
}

static gboolean
add_count (sqlite3       *db,
           const LkCount *count,
           GError       **error)
{
  if (!add_to_total (db, count, error))
    return FALSE;
  if (sqlite3_changes (db) == 0)
    return TRUE;

  return add_to_hour (db, count->connection, count, error) && add_to_hour (db, ALL, count, error);
}

/* The same words as in the migration to version 4. */
static const char *
get_counted_kind (const char *kind)
{
  static const char * const counted[] = {
    "renewed", "renewal-failed", "verified", "verify-failed", "handed-out", NULL,
  };

  if (g_strcmp0 (kind, "call-refused") == 0)
    return "refused";

  return kind != NULL && g_strv_contains (counted, kind) ? kind : NULL;
}

gboolean
lk_ledger_tally_event (sqlite3       *db,
                       const LkEvent *event,
                       guint          count,
                       GError       **error)
{
  const char *kind = get_counted_kind (event->kind);
  LkClass klass = event->fault != NULL ? event->fault->klass : LK_CLASS_OK;
  g_autoptr(LkCount) one = NULL;

  if (kind == NULL)
    return TRUE;

  one = lk_count_new (event->connection, event->at, kind, klass, count);

  return add_count (db, one, error);
}

gboolean
lk_ledger_drop_tallies (sqlite3    *db,
                        const char *connection,
                        GError    **error)
{
  static const char * const steps[] = {
    "UPDATE tallies AS kept SET count = kept.count - gone.count FROM tallies AS gone "
    "WHERE gone.connection = ?1 AND kept.connection = '' AND kept.hour = gone.hour "
    "AND kept.kind = gone.kind AND kept.class = gone.class",
    "DELETE FROM tallies WHERE connection = '' AND count <= 0 AND ?1 <> ''",
    "DELETE FROM tallies WHERE connection = ?1",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, steps[i], error);

      if (statement == NULL)
        return FALSE;
      lk_ledger_bind_text (statement, 1, connection);
      if (!lk_ledger_finish_write (db, statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_counts_parts (sqlite3     *db,
                  LkLedgerJob *job,
                  GError     **error)
{
  for (guint i = 0; i < job->counts->len; i++)
    {
      if (!add_count (db, job->counts->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_counts (sqlite3     *db,
            LkLedgerJob *job,
            GError     **error)
{
  return lk_ledger_transact (db, job, add_counts_parts, error);
}

/* In the reader's thread. */

static gpointer
read_tally (sqlite3_stmt *statement)
{
  LkTally *tally = g_new0 (LkTally, 1);

  tally->start = sqlite3_column_int64 (statement, 0);
  tally->kind = g_strdup (lk_ledger_text_of (statement, 1));
  tally->klass = class_from_text (lk_ledger_text_of (statement, 2));
  tally->count = (guint64) sqlite3_column_int64 (statement, 3);

  return tally;
}

static gboolean
list_tallies (sqlite3     *db,
              LkLedgerJob *job,
              GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT ?2 + (hour - ?2) / ?4 * ?4 AS start, kind, class, sum (count) "
                       "FROM tallies WHERE connection = ?1 AND hour >= ?2 AND hour < ?3 "
                       "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name != NULL ? job->name : ALL);
  sqlite3_bind_int64 (statement, 2, hour_of (job->since));
  sqlite3_bind_int64 (statement, 3, job->until > 0 ? job->until : G_MAXINT64);
  sqlite3_bind_int64 (statement, 4, job->limit);

  return lk_ledger_read_rows (db, statement, read_tally, (GDestroyNotify) lk_tally_free, job,
                              error);
}

static gpointer
read_total (sqlite3_stmt *statement)
{
  return lk_count_new (lk_ledger_text_of (statement, 0), 0, lk_ledger_text_of (statement, 1),
                       class_from_text (lk_ledger_text_of (statement, 2)),
                       (guint64) sqlite3_column_int64 (statement, 3));
}

static gboolean
list_totals (sqlite3     *db,
             LkLedgerJob *job,
             GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT connection, kind, class, count FROM totals "
                       "ORDER BY connection, kind, class", error);

  return statement != NULL &&
         lk_ledger_read_rows (db, statement, read_total, (GDestroyNotify) lk_count_free, job,
                              error);
}

/* The calls. */

void
lk_ledger_list_tallies_async (LkLedger           *self,
                              const char         *connection,
                              gint64              since,
                              gint64              until,
                              guint               bucket,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (bucket > 0 && bucket % HOUR == 0);

  job = lk_ledger_job_new (list_tallies);
  job->name = g_strdup (connection);
  job->since = since;
  job->until = until;
  job->limit = bucket;
  lk_ledger_start_reading (self, lk_ledger_list_tallies_async, job, cancellable, callback,
                           user_data);
}

/**
 * lk_ledger_list_tallies_finish:
 *
 * Returns: (transfer full) (element-type LkTally): oldest first
 */
GPtrArray *
lk_ledger_list_tallies_finish (LkLedger     *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_tallies_async, error);
}

void
lk_ledger_list_totals_async (LkLedger           *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_return_if_fail (LK_IS_LEDGER (self));

  lk_ledger_start_reading (self, lk_ledger_list_totals_async, lk_ledger_job_new (list_totals),
                           cancellable, callback, user_data);
}

/**
 * lk_ledger_list_totals_finish:
 *
 * Returns: (transfer full) (element-type LkCount): by connection
 */
GPtrArray *
lk_ledger_list_totals_finish (LkLedger     *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_totals_async, error);
}

void
lk_ledger_add_counts_async (LkLedger           *self,
                            GPtrArray          *counts,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (counts != NULL);

  job = lk_ledger_job_new (add_counts);
  job->counts = g_ptr_array_ref (counts);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}
