/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ipc.h"

G_BEGIN_DECLS

GDBusObjectManager *lk_agent_client_get_manager (LkAgentClient *self);

G_END_DECLS
