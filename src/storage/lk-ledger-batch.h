/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ledger-query.h"

G_BEGIN_DECLS

/**
 * LkLedgerBatch:
 * @clients: (element-type LkClientRecord): to be added
 * @connections: (element-type LkConnectionRecord): to be added or replaced
 * @states: (element-type LkStateRecord): to be put
 * @forget: (element-type LkStateRecord): to be removed; their values do not count
 * @events: (element-type LkEvent): to be appended
 *
 * Many changes that are made together: all of them are in the ledger, or none. Reference counted,
 * so that thousands of records need not be copied; not to be changed once it was given away.
 */
typedef struct
{
  GPtrArray *clients;
  GPtrArray *connections;
  GPtrArray *states;
  GPtrArray *forget;
  GPtrArray *events;
} LkLedgerBatch;

LkLedgerBatch *lk_ledger_batch_new   (void);
LkLedgerBatch *lk_ledger_batch_ref   (LkLedgerBatch *self);
void           lk_ledger_batch_unref (LkLedgerBatch *self);

/* Finished by lk_ledger_write_finish(). A name that is taken is LK_STORAGE_ERROR_EXISTS. */
void           lk_ledger_apply_async (LkLedger *self, LkLedgerBatch *batch,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLedgerBatch, lk_ledger_batch_unref)

G_END_DECLS
