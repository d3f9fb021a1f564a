/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-agent-source.h"

G_BEGIN_DECLS

/* Whether one of the tokens and secrets that are in memory stands in @text. @also: (nullable) */
gboolean lk_agent_secrets_is_at_hand    (LkAgentContext *context, LkSecret *also, const char *text,
                                         size_t length);

/* The same for all that the keyring holds. */
void     lk_agent_secrets_find_async    (LkAgentContext *context, GBytes *text,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_agent_secrets_find_finish   (LkAgentContext *context, GAsyncResult *result,
                                         gboolean *found, GError **error);

/* Asks the provider whether @secret is that of the app; changes nothing. */
void     lk_agent_secrets_check_async   (LkAgentContext *context, const char *client,
                                         LkSecret *secret, GAsyncReadyCallback callback,
                                         gpointer user_data);
/* @answer: (out): with a fault when it does not fit */
gboolean lk_agent_secrets_check_finish  (LkAgentContext *context, GAsyncResult *result,
                                         LkProbeAnswer **answer, GError **error);

/* lk-agent-secrets-bus.c: answers CheckClientSecret, ListHolds and FindSecrets of Agent1. */
void     lk_agent_secrets_connect       (LkAgentContext *context);

G_END_DECLS
