/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-agent-notice.h"

G_BEGIN_DECLS

/**
 * LkAgentWarnings:
 *
 * Which warnings are open, told and put off; tells them through the notifier and the outlet.
 */
LkAgentWarnings *lk_agent_warnings_new  (LkAgentContext *context);
void  lk_agent_warnings_free (LkAgentWarnings *self);

/* After the ledger was read. What was told before is not told again; what became true since is. */
void  lk_agent_warnings_set_ready (LkAgentWarnings *self, gboolean ready);
/* Tells nothing about @connection until then, but for something new; takes back what is on show. */
void  lk_agent_warnings_snooze    (LkAgentWarnings *self, LkAgentConnection *connection,
                                   gint64 until);
/* Shows @notice after the quiet hours. @notice: (transfer full) */
void  lk_agent_warnings_show      (LkAgentWarnings *self, LkAgentNotice *notice);

G_END_DECLS
