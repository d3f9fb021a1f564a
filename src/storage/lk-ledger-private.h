/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "lk-ledger.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close_v2)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef struct _LkLedgerJob LkLedgerJob;

/* Runs in the worker's thread. */
typedef gboolean (*LkLedgerRun) (sqlite3 *db, LkLedgerJob *job, GError **error);

/* One call, as data. Owns all that it points to. */
struct _LkLedgerJob
{
  /* input */
  LkLedgerRun         run;
  LkClientRecord     *client;      /* (nullable) */
  LkConnectionRecord *connection;  /* (nullable) */
  LkEvent            *event;       /* (nullable) */
  char               *name;        /* (nullable) */
  gint64              before;
  guint               limit;

  /* output */
  GPtrArray          *rows;        /* (nullable) */
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

/* Opens, checks and migrates; see lk-ledger-schema.c. */
sqlite3  *lk_ledger_schema_open        (const char *path, GError **error);

/* Into this layer's domain. @doing: "read", "written". Returns %FALSE. */
gboolean  lk_ledger_set_error          (GError **error, sqlite3 *db, const char *doing);
gboolean  lk_ledger_exec               (sqlite3 *db, const char *sql, GError **error);

gboolean  lk_ledger_list_clients       (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_add_client         (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_remove_client      (sqlite3 *db, LkLedgerJob *job, GError **error);
gboolean  lk_ledger_list_connections   (sqlite3 *db, LkLedgerJob *job, GError **error);
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
