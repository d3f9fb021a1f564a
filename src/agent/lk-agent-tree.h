/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentTree:
 *
 * The connections on the bus, below …/Agent/connections/. There may be thousands, so none is an
 * object of GDBus: calls, properties and introspection are answered from the records, one call at a
 * time, and what is told of changes is made from what differs.
 */
LkAgentTree *lk_agent_tree_new     (LkAgentContext *context);
void         lk_agent_tree_free    (LkAgentTree *self);
void         lk_agent_tree_export  (LkAgentTree *self, GDBusConnection *bus);

/* Connections come and go. @facts: all properties, as a{sv} */
void         lk_agent_tree_added   (LkAgentTree *self, LkAgentConnection *connection,
                                    GVariant *facts);
void         lk_agent_tree_removed (LkAgentTree *self, LkAgentConnection *connection);
/* While nobody asked what there is, nobody has to be told. */
void         lk_agent_tree_set_loading (LkAgentTree *self, gboolean loading);

/* A property may differ; what does is told soon, or at once with flush. */
void         lk_agent_tree_changed (LkAgentTree *self, LkAgentConnection *connection);
void         lk_agent_tree_flush   (LkAgentTree *self, LkAgentConnection *connection);
/* A signal of Connection1. @parameters: (transfer floating) */
void         lk_agent_tree_emit    (LkAgentTree *self, LkAgentConnection *connection,
                                    const char *signal, GVariant *parameters);

G_END_DECLS
