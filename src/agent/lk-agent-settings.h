/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

#define LK_SETTINGS_SCHEMA "io.github.latchkey_app.Latchkey"

/* Keys, types, ranges and defaults stand in data/settings. */
GSettings *lk_agent_settings_new     (void);
/* Connects the methods of Agent1 that read and write settings. */
void       lk_agent_settings_connect (LkAgentContext *context);

G_END_DECLS
