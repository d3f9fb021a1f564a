/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentWarnings:
 *
 * Which warnings are open, told and put off; tells them through the notifier.
 */
LkAgentWarnings *lk_agent_warnings_new  (LkAgentContext *context);
void  lk_agent_warnings_free (LkAgentWarnings *self);

void  lk_agent_warnings_set_ready (LkAgentWarnings *self, gboolean ready);
void  lk_agent_warnings_snooze    (LkAgentWarnings *self, LkAgentConnection *connection,
                                   gint64 until);

G_END_DECLS
