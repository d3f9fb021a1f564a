/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/**
 * lk_state_record_new:
 * @connection: (nullable): the state goes when this connection does
 * @value: an a{sv}; a floating one is taken
 *
 * Returns: (transfer full): a state to be kept
 */
LkStateRecord *
lk_state_record_new (const char *kind,
                     const char *key,
                     const char *connection,
                     GVariant   *value)
{
  LkStateRecord *self;

  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT), NULL);

  self = g_new0 (LkStateRecord, 1);
  self->kind = g_strdup (kind);
  self->key = g_strdup (key);
  self->connection = g_strdup (connection);
  self->value = g_variant_ref_sink (value);

  return self;
}

LkStateRecord *
lk_state_record_copy (const LkStateRecord *self)
{
  if (self == NULL)
    return NULL;

  return lk_state_record_new (self->kind, self->key, self->connection, self->value);
}

void
lk_state_record_free (LkStateRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->kind);
  g_free (self->key);
  g_free (self->connection);
  g_clear_pointer (&self->value, g_variant_unref);
  g_free (self);
}

/* In the worker's thread. */

static gpointer
read_state (sqlite3_stmt *statement)
{
  g_autoptr(GVariant) value = lk_ledger_dup_dict (statement, 3);

  if (value == NULL)
    return NULL;

  return lk_state_record_new (lk_ledger_text_of (statement, 1), lk_ledger_text_of (statement, 0),
                              lk_ledger_text_of (statement, 2), value);
}

static gboolean
list_states (sqlite3     *db,
             LkLedgerJob *job,
             GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT key, kind, connection, value FROM states WHERE kind = ? "
                       "ORDER BY key", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);

  return lk_ledger_read_rows (db, statement, read_state, (GDestroyNotify) lk_state_record_free,
                              job, error);
}

gboolean
lk_ledger_write_state (sqlite3             *db,
                       const LkStateRecord *state,
                       GError             **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO states (kind, key, connection, value) VALUES (?, ?, ?, ?) "
                       "ON CONFLICT (kind, key) DO UPDATE SET connection = excluded.connection, "
                       "value = excluded.value", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, state->kind);
  lk_ledger_bind_text (statement, 2, state->key);
  lk_ledger_bind_text (statement, 3, state->connection);
  lk_ledger_bind_dict (statement, 4, state->value);

  return lk_ledger_finish_write (db, statement, error);
}

static gboolean
put_state (sqlite3     *db,
           LkLedgerJob *job,
           GError     **error)
{
  return lk_ledger_write_state (db, job->state, error);
}

gboolean
lk_ledger_drop_state (sqlite3             *db,
                      const LkStateRecord *state,
                      GError             **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "DELETE FROM states WHERE kind = ? AND key = ?", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, state->kind);
  lk_ledger_bind_text (statement, 2, state->key);

  return lk_ledger_finish_write (db, statement, error);
}

static gboolean
remove_state (sqlite3     *db,
              LkLedgerJob *job,
              GError     **error)
{
  return lk_ledger_drop_state (db, job->state, error);
}

/* The calls. */

/**
 * lk_ledger_list_states_async:
 * @kind: whose states
 *
 * Reads all states of @kind.
 */
void
lk_ledger_list_states_async (LkLedger           *self,
                             const char         *kind,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (kind != NULL);

  job = lk_ledger_job_new (list_states);
  job->name = g_strdup (kind);
  lk_ledger_start (self, lk_ledger_list_states_async, job, cancellable, callback, user_data);
}

/**
 * lk_ledger_list_states_finish:
 *
 * Returns: (transfer full) (element-type LkStateRecord): by key
 */
GPtrArray *
lk_ledger_list_states_finish (LkLedger     *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return lk_ledger_finish_rows (self, result, lk_ledger_list_states_async, error);
}

/**
 * lk_ledger_put_state_async:
 *
 * Adds @state, or replaces the one of its kind and key. A connection that the ledger does not have
 * is %LK_STORAGE_ERROR_NOT_FOUND.
 */
void
lk_ledger_put_state_async (LkLedger            *self,
                           const LkStateRecord *state,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (state != NULL && state->kind != NULL && state->key != NULL);

  job = lk_ledger_job_new (put_state);
  job->state = lk_state_record_copy (state);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}

/**
 * lk_ledger_remove_state_async:
 *
 * Forgets the state; one that is not there is no error.
 */
void
lk_ledger_remove_state_async (LkLedger           *self,
                              const char         *kind,
                              const char         *key,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (kind != NULL && key != NULL);

  job = lk_ledger_job_new (remove_state);
  job->state = lk_state_record_new (kind, key, NULL, g_variant_new ("a{sv}", NULL));
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}
