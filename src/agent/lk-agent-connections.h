/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentConnections:
 *
 * All connections, by id; also those that were removed and can still be restored.
 */
LkAgentConnections *lk_agent_connections_new           (LkAgentContext *context);
void                lk_agent_connections_free          (LkAgentConnections *self);

/* What the ledger held at the start. @records: (element-type LkConnectionRecord) */
void                lk_agent_connections_take          (LkAgentConnections *self,
                                                        GPtrArray *records);
void                lk_agent_connections_add           (LkAgentConnections *self,
                                                        LkAgentConnection *connection);
LkAgentConnection  *lk_agent_connections_lookup        (LkAgentConnections *self, const char *id);
/* By id or, failing that, by name; only those that are on the bus. */
LkAgentConnection  *lk_agent_connections_find          (LkAgentConnections *self,
                                                        const char *id_or_name);
LkAgentConnection  *lk_agent_connections_find_twin     (LkAgentConnections *self,
                                                        const char *client,
                                                        const char *identity);
char               *lk_agent_connections_dup_free_name (LkAgentConnections *self,
                                                        const char *wish);
gboolean            lk_agent_connections_is_name_free  (LkAgentConnections *self, const char *name);
/* A connection that is being made has its name before it is in the list. */
void                lk_agent_connections_promise_name  (LkAgentConnections *self, const char *name);
void                lk_agent_connections_break_promise (LkAgentConnections *self, const char *name);
/* (transfer full) (element-type LkAgentConnection): removed ones, too */
GPtrArray          *lk_agent_connections_list          (LkAgentConnections *self);
GHashTable         *lk_agent_connections_count         (LkAgentConnections *self);
void                lk_agent_connections_sync          (LkAgentConnections *self);

/* Soft removal, its undoing, and the end. */
void                lk_agent_connections_remove        (LkAgentConnections *self,
                                                        LkAgentConnection *connection);
gboolean            lk_agent_connections_restore       (LkAgentConnections *self, const char *id,
                                                        GError **error);
void                lk_agent_connections_purge         (LkAgentConnections *self,
                                                        LkAgentConnection *connection);
void                lk_agent_connections_purge_client  (LkAgentConnections *self,
                                                        const char *client);

/* An app's secret was replaced: what failed because of it may be tried again. */
void                lk_agent_connections_retry_client  (LkAgentConnections *self,
                                                        const char *client);

/* Who waits for a renewal. join: (transfer full); TRUE for the first, who has to do it. */
gboolean            lk_agent_connections_join_renewal  (LkAgentConnections *self, const char *id,
                                                        GTask *task);
GPtrArray          *lk_agent_connections_steal_renewal (LkAgentConnections *self, const char *id);
gboolean            lk_agent_connections_is_renewing   (LkAgentConnections *self, const char *id);

G_END_DECLS
