/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentTray:
 *
 * The icon in the panel, while the settings want one and a panel shows such icons; a
 * #LkAgentTrayItem lives just as long.
 */
LkAgentTray *lk_agent_tray_new  (LkAgentContext *context);
void         lk_agent_tray_free (LkAgentTray *self);

G_END_DECLS
