/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkAgentCall:
 * @owner: (owned): who answers
 * @invocation: (owned) (nullable): until it is answered; a dropped call answers with an error
 *
 * A call on the bus while it is answered.
 */
typedef struct
{
  GObject               *owner;
  GDBusMethodInvocation *invocation;
} LkAgentCall;

LkAgentCall *lk_agent_call_new         (gpointer owner, GDBusMethodInvocation *invocation);
void         lk_agent_call_free        (LkAgentCall *call);
/* The descriptor that came with the call, or -1. The caller closes it. */
int          lk_agent_call_steal_fd    (GUnixFDList *fds, GVariant *handle);
/* Reads the secret that came with the call; the callback's data is @call (transfer full) and its
 * result is for lk_secret_from_fd_finish(). */
void         lk_agent_call_read_secret (LkAgentCall *call, GUnixFDList *fds, GVariant *handle,
                                        GAsyncReadyCallback callback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentCall, lk_agent_call_free)

G_END_DECLS
