/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-call.h"

G_BEGIN_DECLS

/**
 * LkAgentSource:
 *
 * Where one call of the engine takes token and client secret from: a connection. One object a call,
 * so that what the engine tells about it can be told from others of the same connection.
 */
#define LK_TYPE_AGENT_SOURCE (lk_agent_source_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentSource, lk_agent_source, LK, AGENT_SOURCE, GObject)

/* @may_renew: probes ask how the token is and leave it so. */
LkAgentSource     *lk_agent_source_new            (LkAgentConnection *connection,
                                                   gboolean may_renew);
/* One that has no token but @secret, to see whether it fits; @client is what it belongs to. */
LkAgentSource     *lk_agent_source_new_for_secret (LkAgentContext *context,
                                                   const LkClientRecord *client,
                                                   LkSecret *secret);
/* Instead of the one in the keyring. */
void               lk_agent_source_set_secret     (LkAgentSource *self, LkSecret *secret);
/* What a call was made with; (nullable) before it. */
LkSecret          *lk_agent_source_get_secret     (LkAgentSource *self);

G_END_DECLS
