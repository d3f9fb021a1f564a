/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentTrial:
 *
 * The offline simulator as a child of the agent, with an app for each of its providers.
 */
LkAgentTrial *lk_agent_trial_new          (LkAgentContext *context);
void          lk_agent_trial_free         (LkAgentTrial *self);
void          lk_agent_trial_stop         (LkAgentTrial *self);
void          lk_agent_trial_resume       (LkAgentTrial *self);
const char   *lk_agent_trial_get_address  (LkAgentTrial *self); /* "" while it does not run */
void          lk_agent_trial_start_async  (LkAgentTrial *self, GAsyncReadyCallback callback,
                                           gpointer user_data);
/* (transfer full): names of the apps */
char        **lk_agent_trial_start_finish (LkAgentContext *context, GAsyncResult *result,
                                           GError **error);

G_END_DECLS
