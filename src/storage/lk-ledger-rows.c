/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

#define CONNECTION_COLUMNS \
  "id, name, client, provider, identity, identity_name, accounts, accounts_known, scopes_asked, " \
  "scopes_granted, created, obtained, access_ends, refresh_ends, refresh_obtained, " \
  "last_renewed, last_verified, fingerprint, generation, has_refresh, fault, removed_at, " \
  "signed_in, refusal, refusal_event, parked, parked_at, parked_file"

sqlite3_stmt *
lk_ledger_prepare (sqlite3    *db,
                   const char *sql,
                   GError    **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    lk_ledger_set_error (error, db, "read");

  return statement;
}

void
lk_ledger_bind_text (sqlite3_stmt *statement,
                     int           column,
                     const char   *text)
{
  sqlite3_bind_text (statement, column, text, -1, SQLITE_TRANSIENT);
}

void
lk_ledger_bind_json (sqlite3_stmt *statement,
                     int           column,
                     char         *text)
{
  sqlite3_bind_text (statement, column, text, -1, g_free);
}

void
lk_ledger_bind_dict (sqlite3_stmt *statement,
                     int           column,
                     GVariant     *dict)
{
  g_autoptr(GVariant) owned = dict != NULL ? g_variant_ref_sink (dict) : NULL;

  /* An empty one has no bytes, which is not the same as none. */
  if (owned != NULL && g_variant_get_size (owned) == 0)
    sqlite3_bind_zeroblob (statement, column, 0);
  else if (owned != NULL)
    sqlite3_bind_blob (statement, column, g_variant_get_data (owned),
                       (int) g_variant_get_size (owned), SQLITE_TRANSIENT);
}

GVariant *
lk_ledger_dup_dict (sqlite3_stmt *statement,
                    int           column)
{
  const void *data = sqlite3_column_blob (statement, column);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GVariant) raw = NULL;

  if (sqlite3_column_type (statement, column) != SQLITE_BLOB)
    return NULL;

  bytes = g_bytes_new (data, (size_t) sqlite3_column_bytes (statement, column));
  raw = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));

  return g_variant_get_normal_form (raw);
}

const char *
lk_ledger_text_of (sqlite3_stmt *statement,
                   int           column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

gboolean
lk_ledger_finish_write (sqlite3      *db,
                        sqlite3_stmt *statement,
                        GError      **error)
{
  return sqlite3_step (statement) == SQLITE_DONE || lk_ledger_set_error (error, db, "written");
}

/* A row that cannot be understood fails the whole list: without it the list would be wrong. */
gboolean
lk_ledger_read_rows (sqlite3        *db,
                     sqlite3_stmt   *statement,
                     LkLedgerReadRow read,
                     GDestroyNotify  row_free,
                     LkLedgerJob    *job,
                     GError        **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  int step;

  while ((step = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gpointer row = read (statement);

      if (row == NULL)
        {
          g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED,
                       "The ledger cannot be read: row %s is not understood",
                       lk_ledger_text_of (statement, 0));
          return FALSE;
        }
      g_ptr_array_add (rows, row);
    }
  if (step != SQLITE_DONE)
    return lk_ledger_set_error (error, db, "read");

  job->rows = g_steal_pointer (&rows);

  return TRUE;
}

static gpointer
read_client (sqlite3_stmt *statement)
{
  LkClientRecord *client = g_new0 (LkClientRecord, 1);

  client->name = g_strdup (lk_ledger_text_of (statement, 0));
  client->provider = g_strdup (lk_ledger_text_of (statement, 1));
  client->client_id = g_strdup (lk_ledger_text_of (statement, 2));
  client->redirect = g_strdup (lk_ledger_text_of (statement, 3));
  client->created = sqlite3_column_int64 (statement, 4);

  return client;
}

gboolean
lk_ledger_list_clients (sqlite3     *db,
                        LkLedgerJob *job,
                        GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT name, provider, client_id, redirect, created FROM clients "
                       "ORDER BY created, name", error);

  return statement != NULL && lk_ledger_read_rows (db, statement, read_client,
                                         (GDestroyNotify) lk_client_record_free, job, error);
}

gboolean
lk_ledger_write_client (sqlite3              *db,
                        const LkClientRecord *client,
                        GError              **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO clients (name, provider, client_id, redirect, created) "
                       "VALUES (?, ?, ?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, client->name);
  lk_ledger_bind_text (statement, 2, client->provider);
  lk_ledger_bind_text (statement, 3, client->client_id);
  lk_ledger_bind_text (statement, 4, client->redirect);
  sqlite3_bind_int64 (statement, 5, client->created);

  return lk_ledger_finish_write (db, statement, error);
}

gboolean
lk_ledger_add_client (sqlite3     *db,
                      LkLedgerJob *job,
                      GError     **error)
{
  return lk_ledger_write_client (db, job->client, error);
}

static gboolean
remove_by_key (sqlite3     *db,
               const char  *sql,
               LkLedgerJob *job,
               GError     **error)
{
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, job->name);

  return lk_ledger_finish_write (db, statement, error);
}

gboolean
lk_ledger_remove_client (sqlite3     *db,
                         LkLedgerJob *job,
                         GError     **error)
{
  return remove_by_key (db, "DELETE FROM clients WHERE name = ?", job, error);
}

static gpointer
read_connection (sqlite3_stmt *statement)
{
  g_autoptr(LkConnectionRecord) record = lk_connection_record_new ();

  record->id = g_strdup (lk_ledger_text_of (statement, 0));
  record->name = g_strdup (lk_ledger_text_of (statement, 1));
  record->client = g_strdup (lk_ledger_text_of (statement, 2));
  record->provider = g_strdup (lk_ledger_text_of (statement, 3));
  record->identity = g_strdup (lk_ledger_text_of (statement, 4));
  record->identity_name = g_strdup (lk_ledger_text_of (statement, 5));
  record->accounts_known = sqlite3_column_int (statement, 7) != 0;
  record->created = sqlite3_column_int64 (statement, 10);
  record->obtained = sqlite3_column_int64 (statement, 11);
  record->access_ends = sqlite3_column_int64 (statement, 12);
  record->refresh_ends = sqlite3_column_int64 (statement, 13);
  record->refresh_obtained = sqlite3_column_int64 (statement, 14);
  record->last_renewed = sqlite3_column_int64 (statement, 15);
  record->last_verified = sqlite3_column_int64 (statement, 16);
  record->fingerprint = g_strdup (lk_ledger_text_of (statement, 17));
  record->generation = (guint64) sqlite3_column_int64 (statement, 18);
  record->has_refresh = sqlite3_column_int (statement, 19) != 0;
  record->removed_at = sqlite3_column_int64 (statement, 21);
  record->signed_in = sqlite3_column_int64 (statement, 22);
  record->refusal_event = sqlite3_column_int64 (statement, 24);
  record->parked_at = sqlite3_column_int64 (statement, 26);
  record->parked_file = g_strdup (lk_ledger_text_of (statement, 27));
  if (!lk_ledger_accounts_from_json (lk_ledger_text_of (statement, 6), record->accounts) ||
      !lk_ledger_words_from_json (lk_ledger_text_of (statement, 8), &record->scopes_asked) ||
      !lk_ledger_words_from_json (lk_ledger_text_of (statement, 9), &record->scopes_granted) ||
      !lk_ledger_fault_from_json (lk_ledger_text_of (statement, 20), &record->fault) ||
      !lk_ledger_fault_from_json (lk_ledger_text_of (statement, 23), &record->refusal) ||
      !lk_parked_from_string (lk_ledger_text_of (statement, 25), &record->parked))
    return NULL;

  return g_steal_pointer (&record);
}

gboolean
lk_ledger_list_connections (sqlite3     *db,
                            LkLedgerJob *job,
                            GError     **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "SELECT " CONNECTION_COLUMNS " FROM connections "
                       "ORDER BY created, id", error);

  return statement != NULL && lk_ledger_read_rows (db, statement, read_connection,
                                         (GDestroyNotify) lk_connection_record_free, job, error);
}

static void
bind_connection (sqlite3_stmt             *statement,
                 const LkConnectionRecord *record)
{
  lk_ledger_bind_text (statement, 1, record->id);
  lk_ledger_bind_text (statement, 2, record->name);
  lk_ledger_bind_text (statement, 3, record->client);
  lk_ledger_bind_text (statement, 4, record->provider);
  lk_ledger_bind_text (statement, 5, record->identity);
  lk_ledger_bind_text (statement, 6, record->identity_name);
  lk_ledger_bind_json (statement, 7, lk_ledger_accounts_to_json (record->accounts));
  sqlite3_bind_int (statement, 8, record->accounts_known);
  lk_ledger_bind_json (statement, 9,
             lk_ledger_words_to_json ((const char * const *) record->scopes_asked));
  lk_ledger_bind_json (statement, 10,
             lk_ledger_words_to_json ((const char * const *) record->scopes_granted));
  sqlite3_bind_int64 (statement, 11, record->created);
  sqlite3_bind_int64 (statement, 12, record->obtained);
  sqlite3_bind_int64 (statement, 13, record->access_ends);
  sqlite3_bind_int64 (statement, 14, record->refresh_ends);
  sqlite3_bind_int64 (statement, 15, record->refresh_obtained);
  sqlite3_bind_int64 (statement, 16, record->last_renewed);
  sqlite3_bind_int64 (statement, 17, record->last_verified);
  lk_ledger_bind_text (statement, 18, record->fingerprint);
  sqlite3_bind_int64 (statement, 19, (gint64) record->generation);
  sqlite3_bind_int (statement, 20, record->has_refresh);
  lk_ledger_bind_json (statement, 21, lk_ledger_fault_to_json (record->fault));
  sqlite3_bind_int64 (statement, 22, record->removed_at);
  sqlite3_bind_int64 (statement, 23, record->signed_in);
  lk_ledger_bind_json (statement, 24, lk_ledger_fault_to_json (record->refusal));
  sqlite3_bind_int64 (statement, 25, record->refusal_event);
  lk_ledger_bind_text (statement, 26, lk_parked_to_string (record->parked));
  sqlite3_bind_int64 (statement, 27, record->parked_at);
  lk_ledger_bind_text (statement, 28, record->parked_file);
}

/* Not REPLACE, which would delete the row first and its history with it. */
gboolean
lk_ledger_write_connection (sqlite3                  *db,
                            const LkConnectionRecord *record,
                            GError                  **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO connections (" CONNECTION_COLUMNS ") VALUES "
             "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
             "ON CONFLICT (id) DO UPDATE SET name = excluded.name, client = excluded.client, "
             "provider = excluded.provider, identity = excluded.identity, "
             "identity_name = excluded.identity_name, accounts = excluded.accounts, "
             "accounts_known = excluded.accounts_known, scopes_asked = excluded.scopes_asked, "
             "scopes_granted = excluded.scopes_granted, created = excluded.created, "
             "obtained = excluded.obtained, access_ends = excluded.access_ends, "
             "refresh_ends = excluded.refresh_ends, "
             "refresh_obtained = excluded.refresh_obtained, "
             "last_renewed = excluded.last_renewed, last_verified = excluded.last_verified, "
             "fingerprint = excluded.fingerprint, generation = excluded.generation, "
             "has_refresh = excluded.has_refresh, fault = excluded.fault, "
             "removed_at = excluded.removed_at, signed_in = excluded.signed_in, "
             "refusal = excluded.refusal, refusal_event = excluded.refusal_event, "
             "parked = excluded.parked, parked_at = excluded.parked_at, "
             "parked_file = excluded.parked_file", error);

  if (statement == NULL)
    return FALSE;

  bind_connection (statement, record);

  return lk_ledger_finish_write (db, statement, error);
}

gboolean
lk_ledger_write_event (sqlite3       *db,
                       const LkEvent *event,
                       GError       **error)
{
  g_autoptr(sqlite3_stmt) statement =
    lk_ledger_prepare (db, "INSERT INTO events (connection, at, kind, text, fault, count) "
                       "VALUES (?, ?, ?, ?, ?, ?)", error);
  guint count = MAX (event->count, 1);

  if (statement == NULL)
    return FALSE;

  lk_ledger_bind_text (statement, 1, event->connection);
  sqlite3_bind_int64 (statement, 2, event->at);
  lk_ledger_bind_text (statement, 3, event->kind);
  lk_ledger_bind_text (statement, 4, event->text);
  lk_ledger_bind_json (statement, 5, lk_ledger_fault_to_json (event->fault));
  sqlite3_bind_int64 (statement, 6, count);

  return lk_ledger_finish_write (db, statement, error) &&
         lk_ledger_tally_event (db, event, count, error);
}

gboolean
lk_ledger_transact (sqlite3     *db,
                    LkLedgerJob *job,
                    LkLedgerRun  parts,
                    GError     **error)
{
  if (lk_ledger_exec (db, "BEGIN IMMEDIATE", error) && parts (db, job, error) &&
      lk_ledger_exec (db, "COMMIT", error))
    return TRUE;

  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

static gboolean
put_connection_parts (sqlite3     *db,
                      LkLedgerJob *job,
                      GError     **error)
{
  return lk_ledger_write_connection (db, job->connection, error) &&
         (job->event == NULL || lk_ledger_write_or_count_event (db, job->event, error));
}

gboolean
lk_ledger_put_connection (sqlite3     *db,
                          LkLedgerJob *job,
                          GError     **error)
{
  return lk_ledger_transact (db, job, put_connection_parts, error);
}

static gboolean
remove_connection_parts (sqlite3     *db,
                         LkLedgerJob *job,
                         GError     **error)
{
  job->removed = TRUE;

  return lk_ledger_drop_tallies (db, job->name, error) &&
         remove_by_key (db, "DELETE FROM connections WHERE id = ?", job, error);
}

gboolean
lk_ledger_remove_connection (sqlite3     *db,
                             LkLedgerJob *job,
                             GError     **error)
{
  return lk_ledger_transact (db, job, remove_connection_parts, error);
}

static gboolean
add_event_parts (sqlite3     *db,
                 LkLedgerJob *job,
                 GError     **error)
{
  return lk_ledger_write_or_count_event (db, job->event, error);
}

gboolean
lk_ledger_add_event (sqlite3     *db,
                     LkLedgerJob *job,
                     GError     **error)
{
  return lk_ledger_transact (db, job, add_event_parts, error);
}

gpointer
lk_ledger_read_event (sqlite3_stmt *statement)
{
  g_autoptr(LkEvent) event =
    lk_event_new (lk_ledger_text_of (statement, 1), sqlite3_column_int64 (statement, 2),
                  lk_ledger_text_of (statement, 3), lk_ledger_text_of (statement, 4));

  event->id = sqlite3_column_int64 (statement, 0);
  event->count = (guint) sqlite3_column_int64 (statement, 6);
  event->repeatable = sqlite3_column_int (statement, 7) != 0;
  if (!lk_ledger_fault_from_json (lk_ledger_text_of (statement, 5), &event->fault))
    return NULL;

  return g_steal_pointer (&event);
}

gboolean
lk_ledger_list_events (sqlite3     *db,
                       LkLedgerJob *job,
                       GError     **error)
{
  const char *sql = job->name != NULL
    ? "SELECT " LK_LEDGER_EVENT_COLUMNS " FROM events "
      "WHERE connection = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2"
    : "SELECT " LK_LEDGER_EVENT_COLUMNS " FROM events "
      "WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
  g_autoptr(sqlite3_stmt) statement = lk_ledger_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, job->before > 0 ? job->before : G_MAXINT64);
  sqlite3_bind_int64 (statement, 2, job->limit);
  if (job->name != NULL)
    lk_ledger_bind_text (statement, 3, job->name);

  return lk_ledger_read_rows (db, statement, lk_ledger_read_event,
                              (GDestroyNotify) lk_event_free, job, error);
}
