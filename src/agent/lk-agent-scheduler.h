/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentScheduler:
 *
 * Renews by itself what is due, by the rules of lk-agent-plan.h, and everything when a person asks.
 */
LkAgentScheduler *lk_agent_scheduler_new              (LkAgentContext *context);
void              lk_agent_scheduler_free             (LkAgentScheduler *self);
/* Whether keyring and journal are ready for renewals. */
void              lk_agent_scheduler_set_ready        (LkAgentScheduler *self, gboolean ready);
void              lk_agent_scheduler_stop             (LkAgentScheduler *self);
/* The computer is about to sleep, or awake again. */
void              lk_agent_scheduler_set_asleep       (LkAgentScheduler *self, gboolean asleep);
/* Asks the connection again when it is due. */
void              lk_agent_scheduler_plan             (LkAgentScheduler *self,
                                                       LkAgentConnection *connection);
void              lk_agent_scheduler_network_returned (LkAgentScheduler *self);
/* Renews every connection that can be; gives how many. */
guint             lk_agent_scheduler_renew_all        (LkAgentScheduler *self);
/* Seconds before its end at which a token is renewed at the latest, as the person chose. */
gint64            lk_agent_scheduler_get_margin       (LkAgentScheduler *self);

G_END_DECLS
