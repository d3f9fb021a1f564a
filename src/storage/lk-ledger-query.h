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
 * @search: (nullable): stands in the text, the name of the connection, or the code, message, path
 *   or request id of the fault. Case does not count: for letters of ASCII as SQLite compares them;
 *   a search that holds others is compared in NFC with Unicode's full case folding.
 * @since, @until: times, the first counts and the last does not; 0 for no bound
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
 * How often something came, by the hour. Events add to it by themselves; calls that succeeded are
 * no events and are counted with lk_ledger_add_counts_async().
 */
typedef struct
{
  gint64   start;
  char    *kind;
  LkClass  klass;
  guint64  count;
} LkTally;

void       lk_tally_free                 (LkTally *self);
/* @connection: (nullable): %NULL for the sum of all; @bucket: seconds, whole hours; the first one
 * starts with the hour of @since. (element-type LkTally), oldest first */
void       lk_ledger_list_tallies_async  (LkLedger *self, const char *connection, gint64 since,
                                          gint64 until, guint bucket, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_tallies_finish (LkLedger *self, GAsyncResult *result, GError **error);

/**
 * LkCount:
 * @at: a time within the hour that it is added to; in totals not used
 * @kind, @klass, @count: as of #LkTally
 *
 * How often something came to one connection.
 */
typedef struct
{
  char    *connection;
  gint64   at;
  char    *kind;
  LkClass  klass;
  guint64  count;
} LkCount;

LkCount   *lk_count_new                  (const char *connection, gint64 at, const char *kind,
                                          LkClass klass, guint64 count);
void       lk_count_free                 (LkCount *self);
/* Adds what is no event; counts of connections that are gone are left out. @counts: (element-type
 * LkCount), not changed until it is done. Finishes with lk_ledger_write_finish(). */
void       lk_ledger_add_counts_async    (LkLedger *self, GPtrArray *counts,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* Since ever, retention or not. (element-type LkCount), by connection */
void       lk_ledger_list_totals_async   (LkLedger *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_totals_finish  (LkLedger *self, GAsyncResult *result, GError **error);

/**
 * lk_ledger_expire_async:
 * @events_before, @tallies_before: times; 0 to keep all of them
 *
 * Drops what is older, a portion at a time so that nothing else waits long, and gives the room back
 * to the disk when there is much of it. Cancelling stops after the portion under way.
 */
void       lk_ledger_expire_async        (LkLedger *self, gint64 events_before,
                                          gint64 tallies_before, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean   lk_ledger_expire_finish       (LkLedger *self, GAsyncResult *result, GError **error);

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
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCount, lk_count_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkStateRecord, lk_state_record_free)

G_END_DECLS
