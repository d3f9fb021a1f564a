/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-call-request.h"
#include "lk-records.h"
#include "lk-remedy-record.h"
#include "lk-storage-error.h"

G_BEGIN_DECLS

/**
 * LkLedger:
 *
 * Everything that is not secret, in SQLite (WAL). One worker thread owns the database and serves
 * calls first in, first out. Opening migrates, after a backup beside the file; a newer version is
 * refused; nothing is ever deleted because it could not be read.
 */
#define LK_TYPE_LEDGER (lk_ledger_get_type ())
G_DECLARE_FINAL_TYPE (LkLedger, lk_ledger, LK, LEDGER, GObject)

void       lk_ledger_open_async               (const char *path, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
LkLedger  *lk_ledger_open_finish              (GAsyncResult *result, GError **error);

/* Waits for what is queued, then closes. The object refuses calls afterwards. */
void       lk_ledger_close_async              (LkLedger *self, GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean   lk_ledger_close_finish             (LkLedger *self, GAsyncResult *result,
                                               GError **error);

/* (element-type LkClientRecord) */
void       lk_ledger_list_clients_async       (LkLedger *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_clients_finish      (LkLedger *self, GAsyncResult *result,
                                               GError **error);
/* Adds; a taken name is LK_STORAGE_ERROR_EXISTS. */
void       lk_ledger_add_client_async         (LkLedger *self, const LkClientRecord *client,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void       lk_ledger_remove_client_async      (LkLedger *self, const char *name,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);

/* (element-type LkConnectionRecord), removed ones included */
void       lk_ledger_list_connections_async   (LkLedger *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_connections_finish  (LkLedger *self, GAsyncResult *result,
                                               GError **error);
/* Adds or replaces by id, and appends @event (nullable) in the same transaction. */
void       lk_ledger_put_connection_async     (LkLedger *self, const LkConnectionRecord *connection,
                                               const LkEvent *event, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* Removes it and its events for good. */
void       lk_ledger_remove_connection_async  (LkLedger *self, const char *id,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void       lk_ledger_add_event_async          (LkLedger *self, const LkEvent *event,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* Newest first. @connection: (nullable) for all; @before: event id to go on from, 0 for newest. */
void       lk_ledger_list_events_async        (LkLedger *self, const char *connection,
                                               gint64 before, guint limit,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_events_finish       (LkLedger *self, GAsyncResult *result,
                                               GError **error);

/* Calls that @connection keeps, and events of each kind that are noted. */
#define LK_LEDGER_CALLS_KEPT 50
#define LK_LEDGER_NOTES_KEPT 5000

/**
 * lk_ledger_note_async:
 * @call: (nullable): what was refused, to be sent again
 *
 * For events that programs cause and that may be many: one that is like another of the last minute
 * is counted there instead, and @call takes the place of its call; old ones of the kind go.
 */
void       lk_ledger_note_async               (LkLedger *self, const LkEvent *event,
                                               LkCallRequest *call, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* The number of the event; 0 with an error. */
gint64     lk_ledger_note_finish              (LkLedger *self, GAsyncResult *result,
                                               GError **error);
void       lk_ledger_get_event_async          (LkLedger *self, const char *connection, gint64 id,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/* @call: (out) (optional) (nullable) (transfer full): what was refused. LK_STORAGE_ERROR_NOT_FOUND
 * when the connection has no such event. */
LkEvent   *lk_ledger_get_event_finish         (LkLedger *self, GAsyncResult *result,
                                               LkCallRequest **call, GError **error);

/* (element-type LkRemedyRecord), oldest first */
void       lk_ledger_list_remedies_async      (LkLedger *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lk_ledger_list_remedies_finish     (LkLedger *self, GAsyncResult *result,
                                               GError **error);
/* Adds or replaces by id. */
void       lk_ledger_put_remedy_async         (LkLedger *self, const LkRemedyRecord *remedy,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void       lk_ledger_remove_remedy_async      (LkLedger *self, const char *id,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);

/* Finishes every call above that has no finish of its own. */
gboolean   lk_ledger_write_finish             (LkLedger *self, GAsyncResult *result,
                                               GError **error);

G_END_DECLS
