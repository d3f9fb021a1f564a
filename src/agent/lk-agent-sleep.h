/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentSleep:
 *
 * Hears of the computer's sleep from the login manager, where there is one, and asks it to wait for
 * what is under way: a rotated token that came just before a sleep is in the keyring after it.
 */
LkAgentSleep *lk_agent_sleep_new     (LkAgentContext *context);
void          lk_agent_sleep_free    (LkAgentSleep *self);
/* Nothing is under way any more. */
void          lk_agent_sleep_settled (LkAgentSleep *self);

G_END_DECLS
