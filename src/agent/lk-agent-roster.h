/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentRoster:
 *
 * The connections that are on the bus, in order and counted: Agent1.ListConnections,
 * FindConnection, Summary and ConnectionsChanged. Follows "connection-changed"; also notices when
 * time alone makes a connection end soon, or end.
 */
LkAgentRoster *lk_agent_roster_new  (LkAgentContext *context);
void           lk_agent_roster_free (LkAgentRoster *self);

/* What the roster remembers of a connection. */
typedef struct
{
  LkAgentConnection *connection; /* (owned) */
  gint64             ends;       /* of the authorization */
  guint64            name;       /* a digest: decides the place by name */
  guint64            words;      /* a digest of all that a search looks at */
  LkHealth           health;
} LkAgentRosterEntry;

/* In order of names, or of ends, nearest first, those without an end left out; valid until the main
 * loop runs again. (transfer none) (element-type LkAgentRosterEntry) */
GPtrArray     *lk_agent_roster_get_by_name (LkAgentRoster *self);
GPtrArray     *lk_agent_roster_get_by_ends (LkAgentRoster *self);
/* Goes up with each change that can change an answer of ListConnections. */
guint64        lk_agent_roster_get_version (LkAgentRoster *self);

/* lk-agent-roster-list.c */
typedef struct _LkAgentRosterLists LkAgentRosterLists;

/* Answers ListConnections and FindConnection. */
LkAgentRosterLists *lk_agent_roster_lists_new  (LkAgentContext *context, LkAgentRoster *roster);
void                lk_agent_roster_lists_free (LkAgentRosterLists *self);

G_END_DECLS
