/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-agent-source.h"

G_BEGIN_DECLS

/**
 * lk_agent_refusals_note_async:
 * @call: what was sent
 * @program: (nullable): who asked for it
 * @source: with what
 * @result: what came of it
 *
 * What a call leaves behind: lines of the history for a refusal and for each repeat, the last
 * refusal of the connection, the state of its circuit, and, when it succeeded, that the token is
 * alive. Replies when the number of the line is known.
 */
void     lk_agent_refusals_note_async  (LkAgentConnection *connection, LkCallRequest *call,
                                        const char *program, LkAgentSource *source,
                                        const LkCallResult *result,
                                        GAsyncReadyCallback callback, gpointer user_data);
/* The line of the refusal in the history; 0 for a success, or when it could not be written. */
gint64   lk_agent_refusals_note_finish (LkAgentConnection *connection, GAsyncResult *result);

/* Nothing is to be explained any more. */
void     lk_agent_refusals_dismiss     (LkAgentConnection *connection);
/* Brings CircuitOpen in line with the engine and tells the history. @fault: (nullable): of the call
 * that opened it. */
void     lk_agent_refusals_sync_circuit (LkAgentConnection *connection, const LkFault *fault);
/* What a probe said of the token: it lives, or the provider calls it dead. */
void     lk_agent_refusals_heed_probe  (LkAgentConnection *connection,
                                        const LkProbeAnswer *answer);

G_END_DECLS
