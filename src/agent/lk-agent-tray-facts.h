/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"
#include "lk-agent-tray-words.h"

G_BEGIN_DECLS

LkTrayFacts *lk_agent_tray_facts_gather (LkAgentContext *context);

G_END_DECLS
