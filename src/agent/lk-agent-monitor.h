/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentMonitor:
 *
 * Watches what nobody calls: whether tokens without an end are alive, whether scopes, roles and
 * accounts changed, whether a provider says that it has trouble.
 */
LkAgentMonitor *lk_agent_monitor_new  (LkAgentContext *context);
void  lk_agent_monitor_free (LkAgentMonitor *self);

/* After the ledger was read, and whenever it may ask the network. */
void  lk_agent_monitor_set_ready (LkAgentMonitor *self, gboolean ready);
/* When it asks about this connection by itself, seconds since 1970 UTC; 0 for never. */
gint64 lk_agent_monitor_get_next (LkAgentMonitor *self, LkAgentConnection *connection);
/* Incidents as in Agent1.Incidents. (transfer floating) */
GVariant *lk_agent_monitor_to_variant (LkAgentMonitor *self);

G_END_DECLS
