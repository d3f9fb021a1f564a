/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-agent-incidents.h"

G_BEGIN_DECLS

/**
 * LkAgentMonitor:
 *
 * Watches what nobody calls: whether tokens are alive, whether scopes, roles and accounts changed,
 * whether a provider says that it has trouble. It asks about one connection at a time, spread over
 * the period, and never while a rate limit or a circuit holds the app's calls. What fails in
 * passing is asked again later, and is no fault of the connection.
 */
LkAgentMonitor   *lk_agent_monitor_new              (LkAgentContext *context);
void              lk_agent_monitor_free             (LkAgentMonitor *self);

/* After the ledger was read, and whenever it may ask the network. */
void              lk_agent_monitor_set_ready        (LkAgentMonitor *self, gboolean ready);
void              lk_agent_monitor_network_returned (LkAgentMonitor *self);
/* When it asks about this connection by itself, seconds since 1970 UTC; 0 for never. */
gint64            lk_agent_monitor_get_next         (LkAgentMonitor *self,
                                                     LkAgentConnection *connection);
/* Whether the provider says that it has trouble: what it refuses meanwhile proves nothing. */
gboolean          lk_agent_monitor_has_incident     (LkAgentMonitor *self, const char *provider);
/* Incidents as in Agent1.Incidents. (transfer floating) */
GVariant         *lk_agent_monitor_to_variant       (LkAgentMonitor *self);
LkAgentIncidents *lk_agent_monitor_get_incidents    (LkAgentMonitor *self);

G_END_DECLS
