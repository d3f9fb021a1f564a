/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-call.h"

LkAgentCall *
lk_agent_call_new (gpointer owner, GDBusMethodInvocation *invocation)
{
  LkAgentCall *call = g_new0 (LkAgentCall, 1);

  call->owner = g_object_ref (owner);
  call->invocation = invocation;
  return call;
}

void
lk_agent_call_free (LkAgentCall *call)
{
  if (call->invocation != NULL)
    g_dbus_method_invocation_return_error_literal (g_steal_pointer (&call->invocation),
                                                   LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED,
                                                   "the call was dropped");
  g_object_unref (call->owner);
  g_free (call);
}

int
lk_agent_call_steal_fd (GUnixFDList *fds, GVariant *handle)
{
  int index = g_variant_get_handle (handle);

  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    return -1;
  return g_unix_fd_list_get (fds, index, NULL);
}

void
lk_agent_call_read_secret (LkAgentCall *call, GUnixFDList *fds, GVariant *handle,
                           GAsyncReadyCallback callback)
{
  lk_secret_from_fd_async (lk_agent_call_steal_fd (fds, handle), callback, call);
}
