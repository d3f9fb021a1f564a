/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "lk-ledger-private.h"

/* "LkLd", so that file(1) and we tell it from other databases. */
#define APPLICATION_ID 0x4c6b4c64

#define BUSY_TIMEOUT_MS 5000

/* As PRAGMA auto_vacuum tells it. */
#define AUTO_VACUUM_INCREMENTAL 2

/* What each version adds to the one before. A step that was released is never changed. */
static const char * const migrations[] = {
  /* 1: clients, connections, their history */
  "CREATE TABLE clients ("
  "  name TEXT PRIMARY KEY NOT NULL,"
  "  provider TEXT NOT NULL,"
  "  client_id TEXT NOT NULL,"
  "  redirect TEXT,"
  "  created INTEGER NOT NULL) STRICT;"
  "CREATE TABLE connections ("
  "  id TEXT PRIMARY KEY NOT NULL,"
  "  name TEXT NOT NULL,"
  "  client TEXT,"
  "  provider TEXT,"
  "  identity TEXT,"
  "  identity_name TEXT,"
  "  accounts TEXT NOT NULL,"
  "  accounts_known INTEGER NOT NULL,"
  "  scopes_asked TEXT,"
  "  scopes_granted TEXT,"
  "  created INTEGER NOT NULL,"
  "  obtained INTEGER NOT NULL,"
  "  access_ends INTEGER NOT NULL,"
  "  refresh_ends INTEGER NOT NULL,"
  "  refresh_obtained INTEGER NOT NULL,"
  "  last_renewed INTEGER NOT NULL,"
  "  last_verified INTEGER NOT NULL,"
  "  fingerprint TEXT,"
  "  generation INTEGER NOT NULL,"
  "  has_refresh INTEGER NOT NULL,"
  "  fault TEXT) STRICT;"
  "CREATE UNIQUE INDEX connections_name ON connections (name);"
  "CREATE TABLE events ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,"
  "  at INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  text TEXT,"
  "  fault TEXT) STRICT;",

  /* 2: a removed connection stays for a while and frees its name; history by connection */
  "ALTER TABLE connections ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;"
  "DROP INDEX connections_name;"
  "CREATE UNIQUE INDEX connections_name ON connections (name) WHERE removed_at = 0;"
  "CREATE INDEX events_connection ON events (connection, id);",

  /* 3: refused calls, the last of them beside its connection, and remedies under way. A call and a
   * remedy are a{sv} as GVariant writes it. */
  "ALTER TABLE connections ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0;"
  "UPDATE connections SET signed_in = coalesce ((SELECT max (at) FROM events WHERE"
  "  connection = connections.id AND kind IN ('signed-in', 'reconnected')), created);"
  "ALTER TABLE connections ADD COLUMN refusal TEXT;"
  "ALTER TABLE connections ADD COLUMN refusal_event INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE events ADD COLUMN count INTEGER NOT NULL DEFAULT 1;"
  "CREATE TABLE calls ("
  "  event INTEGER PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,"
  "  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,"
  "  call BLOB NOT NULL) STRICT;"
  "CREATE INDEX calls_connection ON calls (connection, event);"
  "CREATE TABLE remedies ("
  "  id TEXT PRIMARY KEY NOT NULL,"
  "  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,"
  "  started INTEGER NOT NULL,"
  "  ended INTEGER NOT NULL,"
  "  remedy BLOB NOT NULL) STRICT;"
  "CREATE INDEX remedies_connection ON remedies (connection);",

  /* 4: what a part of the agent remembers; how often things came, by the hour (connection '' is the
   * sum of all; class '' is no fault) and since ever; and histories of a million lines. */
  "CREATE TABLE states ("
  "  kind TEXT NOT NULL,"
  "  key TEXT NOT NULL,"
  "  connection TEXT REFERENCES connections (id) ON DELETE CASCADE,"
  "  value BLOB NOT NULL,"
  "  PRIMARY KEY (kind, key)) STRICT;"
  "CREATE INDEX states_connection ON states (connection);"
  "CREATE TABLE tallies ("
  "  connection TEXT NOT NULL,"
  "  hour INTEGER NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  class TEXT NOT NULL,"
  "  count INTEGER NOT NULL,"
  "  PRIMARY KEY (connection, hour, kind, class)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE totals ("
  "  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,"
  "  kind TEXT NOT NULL,"
  "  class TEXT NOT NULL,"
  "  count INTEGER NOT NULL,"
  "  PRIMARY KEY (connection, kind, class)) STRICT, WITHOUT ROWID;"
  "INSERT INTO tallies SELECT connection, at - at % 3600, CASE kind"
  "  WHEN 'call-refused' THEN 'refused' ELSE kind END AS counted,"
  "  iif (json_valid (fault), coalesce (json_extract (fault, '$.class'), ''), ''), sum (count)"
  "  FROM events"
  "  WHERE kind IN ('call-refused', 'renewed', 'renewal-failed', 'verified', 'verify-failed',"
  "  'handed-out') GROUP BY 1, 2, 3, 4;"
  "INSERT INTO totals SELECT connection, kind, class, sum (count) FROM tallies GROUP BY 1, 2, 3;"
  "INSERT INTO tallies SELECT '', hour, kind, class, sum (count) FROM tallies GROUP BY 2, 3, 4;"
  "CREATE INDEX events_at ON events (at);"
  "CREATE INDEX events_kind ON events (kind);"
  "CREATE INDEX events_connection_kind ON events (connection, kind);",

  /* 5: connections that were moved to another computer, or are on hold. */
  "ALTER TABLE connections ADD COLUMN parked TEXT NOT NULL DEFAULT '';"
  "ALTER TABLE connections ADD COLUMN parked_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE connections ADD COLUMN parked_file TEXT;",
};

#define LATEST ((int) G_N_ELEMENTS (migrations))

/* sqlite3_system_errno() forgets the one of a write to the log; the log's file remembers. */
static int
last_errno (sqlite3 *db)
{
  int code = sqlite3_system_errno (db);
  sqlite3_file *log = NULL;

  if (code == 0 &&
      sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log != NULL && log->pMethods != NULL)
    log->pMethods->xFileControl (log, SQLITE_FCNTL_LAST_ERRNO, &code);

  return code;
}

static LkStorageError
code_of (sqlite3 *db)
{
  switch (sqlite3_errcode (db))
    {
    case SQLITE_FULL:
      return LK_STORAGE_ERROR_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return LK_STORAGE_ERROR_READ_ONLY;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return lk_storage_error_from_errno (last_errno (db));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return LK_STORAGE_ERROR_DAMAGED;
    case SQLITE_CONSTRAINT:
      switch (sqlite3_extended_errcode (db))
        {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
          return LK_STORAGE_ERROR_EXISTS;
        case SQLITE_CONSTRAINT_FOREIGNKEY:
          return LK_STORAGE_ERROR_NOT_FOUND;
        default:
          return LK_STORAGE_ERROR_FAILED;
        }
    default:
      return LK_STORAGE_ERROR_FAILED;
    }
}

gboolean
lk_ledger_set_error (GError    **error,
                     sqlite3    *db,
                     const char *doing)
{
  g_set_error (error, LK_STORAGE_ERROR, (int) code_of (db), "The ledger could not be %s: %s",
               doing, sqlite3_errmsg (db));
  return FALSE;
}

gboolean
lk_ledger_exec (sqlite3    *db,
                const char *sql,
                GError    **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return lk_ledger_set_error (error, db, "written");

  return TRUE;
}

static gboolean
read_number (sqlite3    *db,
             const char *sql,
             gint64     *number,
             GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step (statement) != SQLITE_ROW)
    return lk_ledger_set_error (error, db, "read");

  *number = sqlite3_column_int64 (statement, 0);

  return TRUE;
}

static gboolean
set_damaged (GError    **error,
             const char *why)
{
  g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_DAMAGED, "The ledger cannot be read: %s",
               why);
  return FALSE;
}

static gboolean
check_integrity (sqlite3 *db,
                 GError **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  const char *answer;

  if (sqlite3_prepare_v2 (db, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step (statement) != SQLITE_ROW)
    return lk_ledger_set_error (error, db, "read");

  answer = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (answer, "ok") != 0)
    return set_damaged (error, answer != NULL ? answer : "no answer");

  return TRUE;
}

/* Reads only. @version: 0 for a new file. */
static gboolean
check (sqlite3 *db,
       int     *version,
       GError **error)
{
  gint64 application, number, objects;

  if (!read_number (db, "PRAGMA application_id", &application, error) ||
      !read_number (db, "PRAGMA user_version", &number, error) ||
      !read_number (db, "SELECT count(*) FROM sqlite_schema", &objects, error) ||
      !check_integrity (db, error))
    return FALSE;

  if (application != APPLICATION_ID && (application != 0 || number != 0 || objects != 0))
    return set_damaged (error, "the file is a database of another program");
  if (number < 0)
    return set_damaged (error, "it has no version");
  if (number > LATEST)
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NEWER,
                   "The ledger has version %" G_GINT64_FORMAT ", this Latchkey reads up to %d",
                   number, LATEST);
      return FALSE;
    }
  if (sqlite3_db_readonly (db, "main") == 1)
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_READ_ONLY,
                   "The ledger cannot be written");
      return FALSE;
    }
  *version = (int) number;

  return TRUE;
}

/* A file that only its owner may read, before SQLite makes one that others may. */
static gboolean
touch (const char *path,
       GError    **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0 && errno == EACCES)
    fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, LK_STORAGE_ERROR, (int) lk_storage_error_from_errno (code),
                   "The ledger could not be opened: %s", g_strerror (code));
      return FALSE;
    }
  close (fd);

  return TRUE;
}

/* Beside the file; under its final name only when it is whole. */
static gboolean
back_up (sqlite3    *db,
         const char *path,
         int         version,
         GError    **error)
{
  g_autofree char *final = g_strdup_printf ("%s.backup-v%d", path, version);
  g_autofree char *beside = g_strconcat (final, ".new", NULL);
  g_autoptr(sqlite3) copy = NULL;
  sqlite3_backup *backup;

  g_unlink (beside);
  if (!touch (beside, error))
    return FALSE;
  if (sqlite3_open_v2 (beside, &copy, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    return lk_ledger_set_error (error, copy, "backed up");

  backup = sqlite3_backup_init (copy, "main", db, "main");
  if (backup != NULL)
    sqlite3_backup_step (backup, -1);
  if (backup == NULL || sqlite3_backup_finish (backup) != SQLITE_OK)
    return lk_ledger_set_error (error, copy, "backed up");

  if (g_rename (beside, final) != 0)
    {
      g_set_error (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_FAILED,
                   "The ledger could not be backed up: %s", g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

static gboolean
migrate_step (sqlite3 *db,
              int      version,
              GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                           APPLICATION_ID, version);

  if (lk_ledger_exec (db, "BEGIN IMMEDIATE", error) &&
      lk_ledger_exec (db, migrations[version - 1], error) &&
      lk_ledger_exec (db, mark, error) &&
      lk_ledger_exec (db, "COMMIT", error))
    return TRUE;

  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

static gboolean
migrate (sqlite3    *db,
         const char *path,
         int         version,
         GError    **error)
{
  if (version == LATEST)
    return TRUE;
  if (version > 0 && !back_up (db, path, version, error))
    return FALSE;

  while (version < LATEST)
    {
      version++;
      if (!migrate_step (db, version, error))
        {
          g_prefix_error (error, "Migration to version %d: ", version);
          return FALSE;
        }
      g_info ("The ledger has version %d now", version);
    }

  return TRUE;
}

/* A file that shrinks when the history does; one that was made without it is written anew, once. */
static gboolean
make_shrinkable (sqlite3 *db,
                 GError **error)
{
  gint64 mode = 0;

  if (!read_number (db, "PRAGMA auto_vacuum", &mode, error))
    return FALSE;
  if (mode == AUTO_VACUUM_INCREMENTAL)
    return TRUE;

  return lk_ledger_exec (db, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM", error);
}

static gboolean
prepare (sqlite3    *db,
         const char *path,
         int         version,
         GError    **error)
{
  g_autoptr(GError) problem = NULL;

  /* Only before the first table, and before WAL writes the first page, it costs nothing. */
  if (version == 0 && !lk_ledger_exec (db, "PRAGMA auto_vacuum = INCREMENTAL", error))
    return FALSE;
  if (!lk_ledger_exec (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON", error) ||
      !migrate (db, path, version, error))
    return FALSE;
  if (version < LATEST && !make_shrinkable (db, &problem))
    g_message ("The ledger will not shrink: %s", problem->message);

  return TRUE;
}

/**
 * lk_ledger_schema_open:
 *
 * Opens the database at @path, or makes it. It is looked over before the first byte is written: a
 * file that is damaged, newer or not ours stays as it is.
 */
sqlite3 *
lk_ledger_schema_open (const char *path,
                       GError    **error)
{
  g_autoptr(sqlite3) db = NULL;
  int version = 0;

  if (!touch (path, error))
    return NULL;
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      lk_ledger_set_error (error, db, "opened");
      return NULL;
    }

  sqlite3_extended_result_codes (db, 0);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (!check (db, &version, error) || !prepare (db, path, version, error))
    return NULL;
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);

  return g_steal_pointer (&db);
}
