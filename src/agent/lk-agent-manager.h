/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/* Answers the methods of Agent1. */
void lk_agent_manager_connect (LkAgentContext *context);

G_END_DECLS
