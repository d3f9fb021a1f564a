/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"
#include "lk-policy.h"

G_BEGIN_DECLS

/* In @removed_at of a record: there is no way back, and tokens may still have to be forgotten. */
#define LK_AGENT_REMOVED_FOR_GOOD 1

/**
 * LkAgentConnection:
 *
 * One connection: its record, its object on the bus, and its tokens once they were read.
 */
#define LK_TYPE_AGENT_CONNECTION (lk_agent_connection_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentConnection, lk_agent_connection, LK, AGENT_CONNECTION, GObject)

/* @record: (transfer full) */
LkAgentConnection  *lk_agent_connection_new           (LkAgentContext *context,
                                                       LkConnectionRecord *record);
const char         *lk_agent_connection_get_id        (LkAgentConnection *self);
LkAgentContext     *lk_agent_connection_get_context   (LkAgentConnection *self);
LkConnectionRecord *lk_agent_connection_get_record    (LkAgentConnection *self);
LkProfile          *lk_agent_connection_get_profile   (LkAgentConnection *self); /* nullable */
const LkClientRecord *lk_agent_connection_get_client  (LkAgentConnection *self); /* nullable */
gboolean            lk_agent_connection_can_renew     (LkAgentConnection *self);

/* "ending" begins so many seconds before the end. */
#define LK_AGENT_ENDING_S (7 * 24 * 60 * 60)

/* lk-agent-connection-view.c: what the bus shows of it, made when it is asked for. */
LkHealth            lk_agent_connection_get_health    (LkAgentConnection *self);
gint64              lk_agent_connection_get_authorization_ends (LkAgentConnection *self);
/* (nullable): what is wrong now, the property Fault */
LkFault            *lk_agent_connection_dup_fault     (LkAgentConnection *self);
/* Both at the price of one. */
void                lk_agent_connection_get_state     (LkAgentConnection *self, LkHealth *health,
                                                       gint64 *ends);
GVariant           *lk_agent_connection_get_property  (LkAgentConnection *self, const char *name);
GVariant           *lk_agent_connection_to_variant    (LkAgentConnection *self);
GVariant           *lk_agent_connection_take_news     (LkAgentConnection *self);
LkTokenSet         *lk_agent_connection_dup_shape     (LkAgentConnection *self);

/* On the bus and off it. */
gboolean            lk_agent_connection_is_published  (LkAgentConnection *self);
void                lk_agent_connection_flush         (LkAgentConnection *self);
void                lk_agent_connection_publish       (LkAgentConnection *self);
void                lk_agent_connection_withdraw      (LkAgentConnection *self);

/* After the record was changed: properties, renewal plan; save also writes and adds @kind to the
 * history when it is not NULL. */
void                lk_agent_connection_sync          (LkAgentConnection *self);
void                lk_agent_connection_save          (LkAgentConnection *self, const char *kind,
                                                       const char *text);
void                lk_agent_connection_fail          (LkAgentConnection *self, const char *kind,
                                                       LkFault *fault);
void                lk_agent_connection_set_busy      (LkAgentConnection *self, const char *busy);
const char         *lk_agent_connection_get_busy      (LkAgentConnection *self); /* never NULL */
void                lk_agent_connection_set_circuit_open (LkAgentConnection *self, gboolean open);
gboolean            lk_agent_connection_is_circuit_open  (LkAgentConnection *self);
/* What the monitor plans, seconds since 1970 UTC; 0 for nothing. */
void                lk_agent_connection_set_next_probe   (LkAgentConnection *self, gint64 at);

/* Whether the provider may be asked about the token because of a refusal at @endpoint: once a
 * minute for the same one. */
gboolean            lk_agent_connection_begin_asking  (LkAgentConnection *self,
                                                       const char *endpoint);

/* What the provider says that it reaches and is allowed to; what is new or gone is told. */
void                lk_agent_connection_take_accounts (LkAgentConnection *self,
                                                       GPtrArray *accounts);
void                lk_agent_connection_take_scopes   (LkAgentConnection *self, char **scopes);

/* Tokens. take_tokens changes the record but does not write it. */
LkTokenSet         *lk_agent_connection_get_tokens    (LkAgentConnection *self); /* nullable */
void                lk_agent_connection_take_tokens   (LkAgentConnection *self,
                                                       LkTokenSet *tokens);
void                lk_agent_connection_forget_tokens (LkAgentConnection *self);
void                lk_agent_connection_recovered     (LkAgentConnection *self,
                                                       LkTokenSet *tokens);

/* When the agent should renew by itself, in seconds since 1970 UTC; LK_END_NEVER for not at all. */
gint64              lk_agent_connection_get_due       (LkAgentConnection *self);
void                lk_agent_connection_put_off       (LkAgentConnection *self, gboolean failed);
void                lk_agent_connection_retry_now     (LkAgentConnection *self);

/* lk-agent-connection-tokens.c: operations; errors are LK_AGENT_ERROR. */
void        lk_agent_connection_load_async    (LkAgentConnection *self,
                                               GAsyncReadyCallback callback, gpointer user_data);
LkTokenSet *lk_agent_connection_load_finish   (LkAgentConnection *self, GAsyncResult *result,
                                               GError **error);
void        lk_agent_connection_renew_async   (LkAgentConnection *self,
                                               GAsyncReadyCallback callback, gpointer user_data);
LkTokenSet *lk_agent_connection_renew_finish  (LkAgentConnection *self, GAsyncResult *result,
                                               GError **error);

/* lk-agent-connection-park.c: connections that are moved away or on hold. */
/* Whether it is not used here; @error then says why. */
gboolean    lk_agent_connection_is_parked     (LkAgentConnection *self, GError **error);
/* Changes nothing on the disk; file: (nullable) */
void        lk_agent_connection_park          (LkAgentConnection *self, LkParked parked,
                                               const char *file);
/* Uses it here from now on, and writes that down. */
void        lk_agent_connection_take_back     (LkAgentConnection *self);

/* lk-agent-connection-probe.c */
void        lk_agent_connection_verify_async  (LkAgentConnection *self,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean    lk_agent_connection_verify_finish (LkAgentConnection *self, GAsyncResult *result,
                                               GError **error);
void        lk_agent_connection_revoke_async  (LkAgentConnection *self,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean    lk_agent_connection_revoke_finish (LkAgentConnection *self, GAsyncResult *result,
                                               GError **error);

/* The methods on the bus; a skeleton lives for one call only. lk-agent-connection-ops.c */
void        lk_agent_connection_connect_ops   (LkAgentConnection *self,
                                               LkDBusConnection1 *skeleton);
/* lk-agent-connection-call.c and -diagnose.c: more of them. */
void        lk_agent_connection_connect_calls (LkAgentConnection *self,
                                               LkDBusConnection1 *skeleton);
void        lk_agent_connection_connect_enquiry (LkAgentConnection *self,
                                                 LkDBusConnection1 *skeleton);
/* The access token, when GetToken would hand it out at once. (transfer full) (nullable) */
LkSecret   *lk_agent_connection_dup_token_at_hand (LkAgentConnection *self, gint64 min_valid);

G_END_DECLS
