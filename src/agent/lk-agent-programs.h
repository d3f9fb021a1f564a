/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentPrograms:
 *
 * Which programs take tokens of which connection, and whether they may.
 */
LkAgentPrograms *lk_agent_programs_new  (LkAgentContext *context);
void  lk_agent_programs_free (LkAgentPrograms *self);

/* Who asks, from the credentials of a peer. @pid: of the process that holds the other end. (transfer full) */
char *lk_agent_programs_dup_name_of_pid (LkAgentPrograms *self, pid_t pid);
/* TRUE when @program may have a token of @connection at once, without asking anybody. */
gboolean lk_agent_programs_may_take   (LkAgentPrograms *self, LkAgentConnection *connection,
                                       const char *program);
/* Asks when it has to; an error is LK_AGENT_ERROR_REFUSED or _TIMED_OUT. */
void  lk_agent_programs_ask_async     (LkAgentPrograms *self, LkAgentConnection *connection,
                                       const char *program, GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean lk_agent_programs_ask_finish (LkAgentPrograms *self, GAsyncResult *result, GError **error);
/* After a token was handed out. */
void  lk_agent_programs_note          (LkAgentPrograms *self, LkAgentConnection *connection,
                                       const char *program);

G_END_DECLS
