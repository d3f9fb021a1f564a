/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-agent-program.h"

G_BEGIN_DECLS

/**
 * LkAgentPrograms:
 *
 * Which programs take tokens of which connection, and whether they may. A rule holds for a program
 * and a connection: "allow", "deny", or "ask", which asks the first time when the setting
 * ask-programs is on. It keeps honest programs apart and is no protection from a hostile one of the
 * same user.
 */
LkAgentPrograms *lk_agent_programs_new          (LkAgentContext *context);
void             lk_agent_programs_free         (LkAgentPrograms *self);
/* Reads what the ledger remembers; to be done before anybody can ask. */
void             lk_agent_programs_load_async   (LkAgentPrograms *self,
                                                 GAsyncReadyCallback callback, gpointer user_data);
void             lk_agent_programs_load_finish  (LkAgentPrograms *self, GAsyncResult *result);
/* Writes what the ledger does not know yet; for the end. */
void             lk_agent_programs_save         (LkAgentPrograms *self);

/* Who holds the other end of a socket. Never NULL. */
LkAgentProgram  *lk_agent_programs_identify     (LkAgentPrograms *self, pid_t pid,
                                                 const char *claimed);
/* TRUE when @program may have a token of @connection at once, without asking anybody. */
gboolean         lk_agent_programs_may_take     (LkAgentPrograms *self,
                                                 LkAgentConnection *connection,
                                                 const LkAgentProgram *program);
/* After a token was handed out. */
void             lk_agent_programs_note         (LkAgentPrograms *self,
                                                 LkAgentConnection *connection,
                                                 const LkAgentProgram *program);
/* Tells who the sender of a call is, asks the person when it has to, and gives the program. Errors:
 * LK_AGENT_ERROR_NOT_ALLOWED, _NOT_ANSWERED. @claimed: what the program says of itself */
void             lk_agent_programs_admit_async  (LkAgentPrograms *self,
                                                 LkAgentConnection *connection,
                                                 GDBusMethodInvocation *invocation,
                                                 const char *claimed,
                                                 GAsyncReadyCallback callback, gpointer user_data);
LkAgentProgram  *lk_agent_programs_admit_finish (LkAgentConnection *connection,
                                                 GAsyncResult *result, GError **error);

G_END_DECLS
