/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-ledger-query.h"

G_BEGIN_DECLS

/**
 * LkAgentHistory:
 *
 * What happened, for those who look: EventsChanged, counts of what is no line of the history, and
 * how long it is kept.
 */
LkAgentHistory *lk_agent_history_new   (LkAgentContext *context);
void            lk_agent_history_free  (LkAgentHistory *self);

/* The ledger can be used now. */
void            lk_agent_history_open  (LkAgentHistory *self);
/* Before the ledger closes: writes what was counted. */
void            lk_agent_history_close (LkAgentHistory *self);

/* One more of @kind, "call" or another of #LkTally that left no line of its own. Kept in memory,
 * and written a few minutes later or at the end. */
void            lk_agent_history_count (LkAgentHistory *self, LkAgentConnection *connection,
                                        const char *kind);

/* Writes what was counted, and calls back when that is done. */
void            lk_agent_history_flush_async  (LkAgentHistory *self, GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean        lk_agent_history_flush_finish (LkAgentHistory *self, GAsyncResult *result,
                                               GError **error);

/* lk-agent-history-bus.c: answers ListEvents and Tally. */
typedef struct _LkAgentHistoryBus LkAgentHistoryBus;

LkAgentHistoryBus *lk_agent_history_bus_new  (LkAgentContext *context);
void               lk_agent_history_bus_free (LkAgentHistoryBus *self);

/* lk-agent-metrics.c: answers Metrics. */
void            lk_agent_metrics_connect (LkAgentContext *context);

G_END_DECLS
