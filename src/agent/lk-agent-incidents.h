/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentIncidents:
 *
 * What providers say of their own troubles. A status page is read at most each half hour, once for
 * all providers that share it, and only while something is connected to one of them.
 */
typedef struct _LkAgentIncidents LkAgentIncidents;

LkAgentIncidents    *lk_agent_incidents_new        (LkAgentContext *context);
void                 lk_agent_incidents_free       (LkAgentIncidents *self);
void                 lk_agent_incidents_set_ready  (LkAgentIncidents *self, gboolean ready);
/* Something may have been connected to its provider, or taken away. */
void                 lk_agent_incidents_plan       (LkAgentIncidents *self,
                                                    LkAgentConnection *connection);
/* The period or whether it is paused was changed. */
void                 lk_agent_incidents_plan_all   (LkAgentIncidents *self);
/* An answer that came by another way. */
void                 lk_agent_incidents_take       (LkAgentIncidents *self, const char *provider,
                                                    const LkProbeAnswer *answer);
/* (element-type LkStateRecord): of the kind "status" */
void                 lk_agent_incidents_restore    (LkAgentIncidents *self, GPtrArray *states);
gboolean             lk_agent_incidents_has_open   (LkAgentIncidents *self, const char *provider);
/* (transfer floating) */
GVariant            *lk_agent_incidents_to_variant (LkAgentIncidents *self);

G_END_DECLS
