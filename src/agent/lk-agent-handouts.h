/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/* One program that takes a token again and again is one line in the history every five minutes. */
LkAgentHandouts *lk_agent_handouts_new  (void);
void             lk_agent_handouts_free (LkAgentHandouts *self);
void             lk_agent_handouts_note (LkAgentConnection *connection, const char *program);

G_END_DECLS
