/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger"

#include "config.h"

#include "lk-ledger-private.h"

/**
 * lk_ledger_batch_new:
 *
 * Returns: (transfer full): an empty batch
 */
LkLedgerBatch *
lk_ledger_batch_new (void)
{
  LkLedgerBatch *self = g_atomic_rc_box_new0 (LkLedgerBatch);

  self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_client_record_free);
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_connection_record_free);
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_state_record_free);
  self->forget = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_state_record_free);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_event_free);

  return self;
}

LkLedgerBatch *
lk_ledger_batch_ref (LkLedgerBatch *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
batch_clear (LkLedgerBatch *self)
{
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->connections);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->forget);
  g_ptr_array_unref (self->events);
}

void
lk_ledger_batch_unref (LkLedgerBatch *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) batch_clear);
}

/* In the worker's thread. */

static gboolean
apply_parts (sqlite3     *db,
             LkLedgerJob *job,
             GError     **error)
{
  const LkLedgerBatch *batch = job->batch;

  for (guint i = 0; i < batch->clients->len; i++)
    if (!lk_ledger_write_client (db, g_ptr_array_index (batch->clients, i), error))
      return FALSE;
  for (guint i = 0; i < batch->connections->len; i++)
    if (!lk_ledger_write_connection (db, g_ptr_array_index (batch->connections, i), error))
      return FALSE;
  for (guint i = 0; i < batch->states->len; i++)
    if (!lk_ledger_write_state (db, g_ptr_array_index (batch->states, i), error))
      return FALSE;
  for (guint i = 0; i < batch->forget->len; i++)
    if (!lk_ledger_drop_state (db, g_ptr_array_index (batch->forget, i), error))
      return FALSE;
  for (guint i = 0; i < batch->events->len; i++)
    if (!lk_ledger_write_or_count_event (db, g_ptr_array_index (batch->events, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
apply (sqlite3     *db,
       LkLedgerJob *job,
       GError     **error)
{
  return lk_ledger_transact (db, job, apply_parts, error);
}

void
lk_ledger_apply_async (LkLedger           *self,
                       LkLedgerBatch      *batch,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  LkLedgerJob *job;

  g_return_if_fail (LK_IS_LEDGER (self));
  g_return_if_fail (batch != NULL);

  job = lk_ledger_job_new (apply);
  job->batch = lk_ledger_batch_ref (batch);
  lk_ledger_start (self, lk_ledger_start, job, cancellable, callback, user_data);
}
