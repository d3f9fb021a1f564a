/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ledger.h"

G_BEGIN_DECLS

/* Reading much of the ledger, on a thread and a database connection of its own that end when nobody
 * asks for a while: nothing that is written waits for it. */

/**
 * LkEventQuery:
 * @connection: (nullable): id
 * @kinds: (nullable): %NULL for all
 * @search: (nullable): in text, name of the connection, code and message of the fault; no case
 * @since, @until: times; 0 for no bound
 * @before, @after: event ids; 0 for none; with @after oldest first
 * @offset, @limit: of what matches
 */
typedef struct
{
  char   *connection;
  char  **kinds;
  char   *search;
  gint64  since;
  gint64  until;
  gint64  before;
  gint64  after;
  guint   offset;
  guint   limit;
} LkEventQuery;

LkEventQuery *lk_event_query_copy (const LkEventQuery *self);
void          lk_event_query_free (LkEventQuery *self);

void       lk_ledger_query_events_async  (LkLedger *self, const LkEventQuery *query,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* (element-type LkEvent); @total: (out): how many match without offset, limit, before, after */
GPtrArray *lk_ledger_query_events_finish (LkLedger *self, GAsyncResult *result, guint64 *total,
                                          GError **error);

/**
 * LkTally:
 * @start: of the bucket
 * @kind: "call", "refused", "renewed", "renewal-failed", "verified", "verify-failed", "handed-out"
 * @klass: of the fault; LK_CLASS_OK for none
 *
 * How often something came, by the hour. Events add to it by themselves; calls that succeeded are no
 * events and are counted with lk_ledger_count_async().
 */
typedef struct
{
  gint64   start;
  char    *kind;
  LkClass  klass;
  guint    count;
} LkTally;

void       lk_tally_free                 (LkTally *self);
void       lk_ledger_count_async         (LkLedger *self, const char *connection, gint64 at,
                                          const char *kind, LkClass klass, guint count,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* @connection: (nullable); @bucket: seconds, whole hours. (element-type LkTally), oldest first */
void       lk_ledger_list_tallies_async  (LkLedger *self, const char *connection, gint64 since,
                                          gint64 until, guint bucket, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_tallies_finish (LkLedger *self, GAsyncResult *result, GError **error);

/* Drops what is older, a portion at a time so that nothing waits long. */
void       lk_ledger_expire_async        (LkLedger *self, gint64 before, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);

/**
 * LkStateRecord:
 * @kind: "warning", "program", "probe" and the like: whose it is
 * @key: unique within the kind
 * @connection: (nullable): it goes with this one
 * @value: a{sv}
 *
 * What a part of the agent remembers over restarts.
 */
typedef struct
{
  char     *kind;
  char     *key;
  char     *connection;
  GVariant *value;
} LkStateRecord;

LkStateRecord *lk_state_record_new (const char *kind, const char *key, const char *connection,
                                    GVariant *value);
LkStateRecord *lk_state_record_copy (const LkStateRecord *self);
void           lk_state_record_free (LkStateRecord *self);

void       lk_ledger_list_states_async   (LkLedger *self, const char *kind,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *lk_ledger_list_states_finish  (LkLedger *self, GAsyncResult *result, GError **error);
/* Both finish with lk_ledger_write_finish(). */
void       lk_ledger_put_state_async     (LkLedger *self, const LkStateRecord *state,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
void       lk_ledger_remove_state_async  (LkLedger *self, const char *kind, const char *key,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEventQuery, lk_event_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTally, lk_tally_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkStateRecord, lk_state_record_free)

G_END_DECLS
