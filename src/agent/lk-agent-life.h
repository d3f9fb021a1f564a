/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentLife:
 *
 * Starts with the session or not, as the setting "autostart" says; "autostart-state" tells what
 * came of it. Done for the first time when there is a connection to look after. What the person
 * changed elsewhere since then (systemctl, the desktop's own list of programs that start) is taken
 * over into the setting. Inside a Flatpak the desktop is also told how the connections are.
 */
LkAgentLife *lk_agent_life_new  (LkAgentContext *context);
void         lk_agent_life_free (LkAgentLife *self);

G_END_DECLS
