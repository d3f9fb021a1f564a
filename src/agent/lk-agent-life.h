/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentLife:
 *
 * Starts with the session or not: systemd user unit, XDG autostart, Background portal.
 */
LkAgentLife *lk_agent_life_new  (LkAgentContext *context);
void  lk_agent_life_free (LkAgentLife *self);

G_END_DECLS
