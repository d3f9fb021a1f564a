/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/* Seconds in which what comes again is counted. */
#define QUIET_S 60
/* So many lines of the history are looked through for one that is alike. */
#define LOOK_BACK "100"

/* In the worker's thread. */

static gboolean
is_alike (const LkEvent *known,
          const LkEvent *event)
{
  const LkFault *a = known->fault;
  const LkFault *b = event->fault;

  if (known->at < event->at - QUIET_S || known->at > event->at + QUIET_S)
    return FALSE;
  if (a == NULL || b == NULL)
    return a == b;

  return a->klass == b->klass && g_strcmp0 (a->code, b->code) == 0
         && g_strcmp0 (a->sub, b->sub) == 0 && g_strcmp0 (a->account, b->account) == 0
         && g_strcmp0 (a->limit, b->limit) == 0;
}

/* *@id stays 0 when there is none. */
static gboolean
find_alike (sqlite3       *db,
            const LkEvent *event,
            gint64        *id,
            GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT " LK_LEDGER_EVENT_COLUMNS " FROM events WHERE connection = ?1 "
                       "AND kind = ?2 AND text IS ?3 "
                       "AND id > (SELECT coalesce (max (id), 0) - " LOOK_BACK " FROM events) "
                       "ORDER BY id DESC", error);
  int step;

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, event->connection);
  lk_ledger_bind_text (statement, 2, event->kind);
  lk_ledger_bind_text (statement, 3, event->text);
  while (*id == 0 && (step = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr(LkEvent) known = lk_ledger_read_event (statement);

      if (known != NULL && is_alike (known, event))
        *id = known->id;
    }

  return *id != 0 || step == SQLITE_DONE || lk_ledger_set_error (error, db, "read");
}

static gboolean
count_event (sqlite3       *db,
             gint64         id,
             const LkEvent *event,
             GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "UPDATE events SET count = count + 1, at = ?2, fault = ?3 "
                       "WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int64 (statement, 2, event->at);
  lk_ledger_bind_json (statement, 3, lk_ledger_fault_to_json (event->fault));

  return lk_ledger_finish_write (db, statement, error) &&
         lk_ledger_tally_event (db, event, 1, error);
}

#define DAY (24 * 60 * 60)

/* A token that is proven alive every few hours leaves a line a day, unless something comes
 * between. */
static gboolean
find_proof (sqlite3       *db,
            const LkEvent *event,
            gint64        *id,
            GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT id, kind, at FROM events WHERE connection = ? "
                       "ORDER BY id DESC LIMIT 1", error);
  int step;

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, event->connection);
  step = sqlite3_step (statement);
  if (step != SQLITE_ROW)
    return step == SQLITE_DONE || lk_ledger_set_error (error, db, "read");
  if (g_strcmp0 (lk_ledger_text_of (statement, 1), event->kind) == 0 &&
      sqlite3_column_int64 (statement, 2) / DAY == event->at / DAY)
    *id = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

gboolean
lk_ledger_write_or_count_event (sqlite3       *db,
                                const LkEvent *event,
                                GError       **error)
{
  gint64 id = 0;

  if (g_strcmp0 (event->kind, "verified") == 0 && !find_proof (db, event, &id, error))
    return FALSE;

  return id != 0 ? count_event (db, id, event, error) : lk_ledger_write_event (db, event, error);
}

static gboolean
write_call (sqlite3       *db,
            gint64         id,
            const char    *connection,
            LkCallRequest *call,
            GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT OR REPLACE INTO calls (event, connection, call) "
                       "VALUES (?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);
  lk_ledger_bind_text (statement, 2, connection);
  lk_ledger_bind_dict (statement, 3, lk_call_request_to_variant (call));

  return lk_ledger_finish_write (db, statement, error);
}

/* A call that is not kept must not leave an earlier one in its place. */
static gboolean
forget_call (sqlite3 *db,
             gint64   id,
             GError **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "DELETE FROM calls WHERE event = ?", error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, id);

  return lk_ledger_finish_write (db, statement, error);
}

/* @sql: with the connection as ?1, the kind as ?2, and how many stay as ?3 */
static gboolean
drop_old (sqlite3       *db,
          const char    *sql,
          const LkEvent *event,
          int            kept,
          GError       **error)
{
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, event->connection);
  lk_ledger_bind_text (statement, 2, event->kind);
  sqlite3_bind_int (statement, 3, kept);

  return lk_ledger_finish_write (db, statement, error);
}

static gboolean
append (sqlite3     *db,
        LkLedgerJob *job,
        GError     **error)
{
  if (!lk_ledger_write_event (db, job->event, error))
    return FALSE;

  job->id = sqlite3_last_insert_rowid (db);
  if (!drop_old (db, "DELETE FROM events WHERE connection = ?1 AND kind = ?2 AND id <= "
                 "(SELECT id FROM events WHERE connection = ?1 AND kind = ?2 "
                 "ORDER BY id DESC LIMIT 1 OFFSET ?3)", job->event, LK_LEDGER_NOTES_KEPT, error))
    return FALSE;
  job->removed = sqlite3_changes (db) > 0;

  return TRUE;
}

static gboolean
note_parts (sqlite3     *db,
            LkLedgerJob *job,
            GError     **error)
{
  const LkEvent *event = job->event;

  if (!find_alike (db, event, &job->id, error))
    return FALSE;
  if (job->id != 0 ? !count_event (db, job->id, event, error) : !append (db, job, error))
    return FALSE;
  if (job->call == NULL)
    return forget_call (db, job->id, error);

  return write_call (db, job->id, event->connection, job->call, error) &&
         drop_old (db, "DELETE FROM calls WHERE connection = ?1 AND ?2 = ?2 AND event <= "
                   "(SELECT event FROM calls WHERE connection = ?1 "
                   "ORDER BY event DESC LIMIT 1 OFFSET ?3)", event, LK_LEDGER_CALLS_KEPT, error);
}

static gboolean
note (sqlite3     *db,
      LkLedgerJob *job,
      GError     **error)
{
  return lk_ledger_transact (db, job, note_parts, error);
}

static gboolean
get_event (sqlite3     *db,
           LkLedgerJob *job,
           GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT " LK_LEDGER_EVENT_COLUMNS
                       ", (SELECT call FROM calls WHERE calls.event = events.id) FROM events "
                       "WHERE connection = ?1 AND id = ?2", error);
  g_autoptr(GVariant) call = NULL;
  int step;

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);
  sqlite3_bind_int64 (statement, 2, job->before);
  step = sqlite3_step (statement);
  if (step != SQLITE_ROW && step != SQLITE_DONE)
    return lk_ledger_set_error (error, db, "read");
  if (step == SQLITE_ROW)
    job->event = lk_ledger_read_event (statement);
  if (job->event == NULL)
    {
      g_set_error_literal (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND,
                           "There is no such line in the history");
      return FALSE;
    }
  call = lk_ledger_dup_dict (statement, 8);
  if (call != NULL)
    job->call = lk_call_request_from_variant (call);

  return TRUE;
}

/* The calls. */

void
lk_ledger_note_async (LkLedger           *self,
                      const LkEvent      *event,
                      LkCallRequest      *call,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (event != NULL);

  job = lk_ledger_job_new (note);
  job->event = lk_event_copy (event);
  job->call = call != NULL ? lk_call_request_ref (call) : NULL;
  lk_ledger_start (self, lk_ledger_note_async, job, cancellable, callback, user_data);
}

gint64
lk_ledger_note_finish (LkLedger     *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), 0);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_note_async), 0);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return 0;

  return ((LkLedgerJob *) g_task_get_task_data (G_TASK (result)))->id;
}

void
lk_ledger_get_event_async (LkLedger           *self,
                           const char         *connection,
                           gint64              id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (connection != NULL);

  job = lk_ledger_job_new (get_event);
  job->name = g_strdup (connection);
  job->before = id;
  lk_ledger_start (self, lk_ledger_get_event_async, job, cancellable, callback, user_data);
}

LkEvent *
lk_ledger_get_event_finish (LkLedger       *self,
                            GAsyncResult   *result,
                            LkCallRequest **call,
                            GError        **error)
{
  LkLedgerJob *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_ledger_get_event_async), NULL);

  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  if (call != NULL)
    *call = g_steal_pointer (&job->call);

  return g_steal_pointer (&job->event);
}
