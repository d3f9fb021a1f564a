/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentClients:
 *
 * The developer apps. Errors of all functions are LK_AGENT_ERROR.
 */
LkAgentClients       *lk_agent_clients_new               (LkAgentContext *context);
void                  lk_agent_clients_free              (LkAgentClients *self);
void                  lk_agent_clients_take              (LkAgentClients *self,
                                                          GPtrArray *records);
const LkClientRecord *lk_agent_clients_lookup            (LkAgentClients *self, const char *name);
char                **lk_agent_clients_dup_names         (LkAgentClients *self);
GVariant             *lk_agent_clients_to_variant        (LkAgentClients *self);

/* Secret to the keyring, then the app to the ledger. @secret is NULL for an app without one. */
void                  lk_agent_clients_add_async         (LkAgentClients *self,
                                                          const LkClientRecord *record,
                                                          LkSecret *secret,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
void                  lk_agent_clients_set_secret_async  (LkAgentClients *self, const char *name,
                                                          LkSecret *secret,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
void                  lk_agent_clients_remove_async      (LkAgentClients *self, const char *name,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
/* Finishes the three above; @context is the source object. */
gboolean              lk_agent_clients_change_finish     (LkAgentContext *context,
                                                          GAsyncResult *result, GError **error);

/* NULL without an error for an app that has no secret. */
void                  lk_agent_clients_dup_secret_async  (LkAgentClients *self, const char *name,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
LkSecret             *lk_agent_clients_dup_secret_finish (LkAgentContext *context,
                                                          GAsyncResult *result, GError **error);

G_END_DECLS
