/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentScheduler:
 *
 * Renews by itself what is due: one alarm for the nearest, a few renewals at once.
 */
LkAgentScheduler *lk_agent_scheduler_new              (LkAgentContext *context);
void              lk_agent_scheduler_free             (LkAgentScheduler *self);
/* Whether keyring and journal are ready for renewals. */
void              lk_agent_scheduler_set_ready        (LkAgentScheduler *self, gboolean ready);
void              lk_agent_scheduler_stop             (LkAgentScheduler *self);
/* Asks the connection again when it is due. */
void              lk_agent_scheduler_plan             (LkAgentScheduler *self,
                                                       LkAgentConnection *connection);
void              lk_agent_scheduler_network_returned (LkAgentScheduler *self);

G_END_DECLS
