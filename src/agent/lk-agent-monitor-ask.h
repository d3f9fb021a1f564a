/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"

G_BEGIN_DECLS

/**
 * LkAgentFound:
 * @answered: the provider said something about the token
 * @offline: nothing was sent
 * @fault: (nullable): why there is no answer
 * @roles: (nullable): a{ss}, account → role, as far as it was told
 */
typedef struct
{
  gboolean  answered;
  gboolean  offline;
  LkFault  *fault;
  GVariant *roles;
} LkAgentFound;

void          lk_agent_found_free         (LkAgentFound *self);

/* Whether the profile has anything to ask. */
gboolean      lk_agent_monitor_can_ask    (LkProfile *profile);

/* Asks what a connection reaches and is allowed to, and writes what is different from before into
 * record and history. @roles: (nullable): a{ss} of the last time. */
void          lk_agent_monitor_ask_async  (LkAgentConnection *connection, GVariant *roles,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full). Errors: NotFound (profile or app are gone), Keyring*. */
LkAgentFound *lk_agent_monitor_ask_finish (LkAgentConnection *connection, GAsyncResult *result,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentFound, lk_agent_found_free)

G_END_DECLS
