/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "lk-ledger-batch.h"
#include "lk-ledger-query.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef struct _LkLedgerJob LkLedgerJob;
typedef struct _LkLedgerPlaces LkLedgerPlaces;

/* Runs in the worker's thread, or in the reader's. */
typedef gboolean (*LkLedgerRun) (sqlite3 *db, LkLedgerJob *job, GError **error);

/* One call, as data. Owns all that it points to. */
struct _LkLedgerJob
{
  /* input */
  LkLedgerRun         run;
  LkClientRecord     *client;      /* (nullable) */
  LkConnectionRecord *connection;  /* (nullable) */
  LkEvent            *event;       /* (nullable) */
  LkCallRequest      *call;        /* (nullable); of lk_ledger_get_event() it is an output */
  LkRemedyRecord     *remedy;      /* (nullable) */
  LkStateRecord      *state;       /* (nullable) */
  LkLedgerBatch      *batch;       /* (nullable) */
  LkEventQuery       *query;       /* (nullable) */
  GPtrArray          *counts;      /* (nullable) (element-type LkCount) */
  LkLedgerPlaces     *places;      /* (unowned) (nullable): of the reader that runs it */
  char               *name;        /* (nullable) */
  gint64              before;
  gint64              since;
  gint64              until;
  guint               limit;

  /* output */
  gint64              id;
  guint64             total;
  GPtrArray          *rows;        /* (nullable) */
  gboolean            removed;     /* lines of the history may be gone */
  gboolean            more;        /* of the same is to be done */
};

void      lk_ledger_job_free           (LkLedgerJob *job);

/* The thread that owns the database. Takes tasks first in, first out; their data is a job. */
typedef struct _LkLedgerWorker LkLedgerWorker;

LkLedgerWorker *lk_ledger_worker_new   (const char *path);
void            lk_ledger_worker_open  (LkLedgerWorker *self, GTask *task);
void            lk_ledger_worker_run   (LkLedgerWorker *self, GTask *task);
void            lk_ledger_worker_close (LkLedgerWorker *self, GTask *task);
/* Lets go of it: the thread ends when it has done what it was given. */
void            lk_ledger_worker_free  (LkLedgerWorker *self);

/* A thread and a database connection that only read, and end when nobody asks any more. */
typedef struct _LkLedgerReader LkLedgerReader;

LkLedgerReader *lk_ledger_worker_get_reader (LkLedgerWorker *self);

LkLedgerReader *lk_ledger_reader_new      (const char *path);
void            lk_ledger_reader_run      (LkLedgerReader *self, GTask *task);
void            lk_ledger_reader_set_idle (LkLedgerReader *self, guint milliseconds);
gboolean        lk_ledger_reader_is_awake (LkLedgerReader *self);
/* Lines of the history are gone: what was counted is counted again. From any thread. */
void            lk_ledger_reader_forget   (LkLedgerReader *self);
/* Stops what it does, refuses more, and waits for the thread. */
void            lk_ledger_reader_end      (LkLedgerReader *self);
void            lk_ledger_reader_unref    (LkLedgerReader *self);

/* Which line stands where in what a query finds; see lk-ledger-places.c. */
LkLedgerPlaces *lk_ledger_places_new      (void);
void            lk_ledger_places_free     (LkLedgerPlaces *self);
void            lk_ledger_places_clear    (LkLedgerPlaces *self);
/* The condition of @query, and its values from ?1 on. */
char           *lk_ledger_query_dup_where (const LkEventQuery *query, gboolean paging);
void            lk_ledger_query_bind      (const LkEventQuery *query, sqlite3_stmt *statement);
gboolean        lk_ledger_query_add_functions (sqlite3 *db);
/**
 * lk_ledger_places_find:
 * @first, @last: (out): ids of the oldest and the newest that match; 0 for none
 * @from: (out): id to read down from
 * @skip: (out): how many of those from it on come before what is wanted
 */
gboolean        lk_ledger_places_find     (LkLedgerPlaces *self, sqlite3 *db,
                                           const LkEventQuery *query, guint64 *total,
                                           gint64 *first, gint64 *from, guint *skip,
                                           GError **error);

/* Opens, checks and migrates; see lk-ledger-schema.c. */
sqlite3  *lk_ledger_schema_open        (const char *path, GError **error);

/* Runs @job, which it takes, in the worker; the result is tagged @tag. */
LkLedgerJob *lk_ledger_job_new       (LkLedgerRun run);
void      lk_ledger_start            (LkLedger *self, gpointer tag, LkLedgerJob *job,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
GPtrArray *lk_ledger_finish_rows     (LkLedger *self, GAsyncResult *result, gpointer tag,
                                      GError **error);

/* Into this layer's domain. @doing: "read", "written". Returns %FALSE. */
gboolean  lk_ledger_set_error          (GError **error, sqlite3 *db, const char *doing);
gboolean  lk_ledger_exec               (sqlite3 *db, const char *sql, GError **error);

/* Statements and their values. bind_json takes @text; finish_write is for those without rows. */
typedef gpointer (*LkLedgerReadRow) (sqlite3_stmt *statement);

sqlite3_stmt *lk_ledger_prepare      (sqlite3 *db, const char *sql, GError **error);
void      lk_ledger_bind_text        (sqlite3_stmt *statement, int column, const char *text);
void      lk_ledger_bind_json        (sqlite3_stmt *statement, int column, char *text);
/* @dict: (transfer floating); nothing when it is %NULL */
void      lk_ledger_bind_dict        (sqlite3_stmt *statement, int column, GVariant *dict);
const char *lk_ledger_text_of        (sqlite3_stmt *statement, int column);
/* (transfer full) (nullable): an a{sv}; %NULL when the column holds none */
GVariant *lk_ledger_dup_dict         (sqlite3_stmt *statement, int column);
gboolean  lk_ledger_finish_write     (sqlite3 *db, sqlite3_stmt *statement, GError **error);
gboolean  lk_ledger_read_rows        (sqlite3 *db, sqlite3_stmt *statement, LkLedgerReadRow read,
                                      GDestroyNotify row_free, LkLedgerJob *job, GError **error);

#define LK_LEDGER_EVENT_COLUMNS \
  "id, connection, at, kind, text, fault, count, " \
  "EXISTS (SELECT 1 FROM calls WHERE calls.event = events.id)"

gpointer  lk_ledger_read_event       (sqlite3_stmt *statement);
/* Within a transaction: the tallies are written too. */
gboolean  lk_ledger_write_event      (sqlite3 *db, const LkEvent *event, GError **error);
/* The same; what only repeats the line before is counted there. */
gboolean  lk_ledger_write_or_count_event (sqlite3 *db, const LkEvent *event, GError **error);
/* Adds what @event stands for, @count times, to the tallies. Within a transaction. */
gboolean  lk_ledger_tally_event      (sqlite3 *db, const LkEvent *event, guint count,
                                      GError **error);
/* Takes those of a connection away, from the sum of all too. Within a transaction. */
gboolean  lk_ledger_drop_tallies     (sqlite3 *db, const char *connection, GError **error);

/* Runs @parts within a transaction. */
gboolean  lk_ledger_transact         (sqlite3 *db, LkLedgerJob *job, LkLedgerRun parts,
                                      GError **error);
/* As lk_ledger_start(), in the reader. */
void      lk_ledger_start_reading    (LkLedger *self, gpointer tag, LkLedgerJob *job,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* For tests: how long the reader waits for more, and whether it does. */
void      lk_ledger_set_reader_idle  (LkLedger *self, guint milliseconds);
gboolean  lk_ledger_is_reader_awake  (LkLedger *self);

gboolean  lk_ledger_list_clients       (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_add_client         (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_remove_client      (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_list_connections   (sqlite3 *db, LkLedgerJob *job, GError **error);
/* Parts of a transaction. */
gboolean  lk_ledger_write_client       (sqlite3 *db, const LkClientRecord *client, GError **error);
gboolean  lk_ledger_write_connection   (sqlite3 *db, const LkConnectionRecord *record,
                                        GError **error);
gboolean  lk_ledger_write_state        (sqlite3 *db, const LkStateRecord *state, GError **error);
gboolean  lk_ledger_drop_state         (sqlite3 *db, const LkStateRecord *state, GError **error);

gboolean  lk_ledger_put_connection     (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_remove_connection  (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_add_event          (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_list_events        (sqlite3 *db, LkLedgerJob *job, GError **error);

/* Values that a column keeps as JSON. The readers fail on other JSON; NULL stays NULL. */
char     *lk_ledger_accounts_to_json   (GPtrArray *accounts);
gboolean  lk_ledger_accounts_from_json (const char *json, GPtrArray *accounts);
char     *lk_ledger_words_to_json      (const char * const *words);
gboolean  lk_ledger_words_from_json    (const char *json, char ***words);
char     *lk_ledger_fault_to_json      (const LkFault *fault);
gboolean  lk_ledger_fault_from_json    (const char *json, LkFault **fault);

G_END_DECLS
