/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-connection-cache.h"

G_BEGIN_DECLS

GDBusObjectManager *lk_agent_client_get_manager (LkAgentClient *self);
/* Of the agent that is ready. (transfer none) (nullable) */
LkConnectionCache  *lk_agent_client_get_cache   (LkAgentClient *self);

G_END_DECLS
