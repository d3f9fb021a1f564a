/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-sign-in.h"

G_BEGIN_DECLS

/**
 * LkAgentSignIns:
 *
 * The attempts at a sign-in, each with an object on the bus until two minutes after its end.
 */
LkAgentSignIns *lk_agent_sign_ins_new          (LkAgentContext *context);
void            lk_agent_sign_ins_free         (LkAgentSignIns *self);

/**
 * LkAgentSignInWish:
 * @client: name of the developer app
 * @scopes: (nullable): %NULL for the profile's default
 * @reconnect: (nullable): id of the connection to sign in again
 * @name: (nullable): name of the new connection
 * @lifetime: seconds, 0 for the default
 */
typedef struct
{
  const char         *client;
  const char * const *scopes;
  const char         *reconnect;
  const char         *name;
  guint               lifetime;
} LkAgentSignInWish;

void            lk_agent_sign_ins_start_async  (LkAgentSignIns *self,
                                                const LkAgentSignInWish *wish,
                                                GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): the object's path. Errors are LK_AGENT_ERROR. */
char           *lk_agent_sign_ins_start_finish (LkAgentContext *context, GAsyncResult *result,
                                                GError **error);
/* Gives a pasted address to the attempt that it belongs to. (transfer full): its path */
char           *lk_agent_sign_ins_paste        (LkAgentSignIns *self, LkSecret *address,
                                                GError **error);

/* Ends those of an app that goes away, which only wait for a person. FALSE when one has gone
 * further: its answer will need the app. */
gboolean        lk_agent_sign_ins_end_client   (LkAgentSignIns *self, const char *client);

/* One attempt. */
#define LK_TYPE_AGENT_SIGN_IN (lk_agent_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentSignIn, lk_agent_sign_in, LK, AGENT_SIGN_IN, GObject)

/* Signal "gone": it may be forgotten. @sign_in: (transfer full) */
LkAgentSignIn  *lk_agent_sign_in_new           (LkAgentContext *context, LkSignIn *sign_in,
                                                const LkAgentSignInWish *wish, const char *path);
LkSignIn       *lk_agent_sign_in_get_attempt   (LkAgentSignIn *self);
const char     *lk_agent_sign_in_get_path      (LkAgentSignIn *self);
const char     *lk_agent_sign_in_get_client    (LkAgentSignIn *self);
gboolean        lk_agent_sign_in_has_ended     (LkAgentSignIn *self);
void            lk_agent_sign_in_withdraw      (LkAgentSignIn *self);

/**
 * lk_agent_keep_async:
 *
 * Makes a connection of a finished attempt: keyring first, then ledger, then the bus.
 */
void            lk_agent_keep_async            (LkAgentContext *context, LkSignIn *sign_in,
                                                const char *client, const char *reconnect,
                                                const char *name, GAsyncReadyCallback callback,
                                                gpointer user_data);
/* (transfer full) */
LkAgentConnection *lk_agent_keep_finish        (LkAgentContext *context, GAsyncResult *result,
                                                GError **error);

G_END_DECLS
