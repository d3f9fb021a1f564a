/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-clock.h"
#include "lk-http.h"
#include "lk-profile.h"
#include "lk-records.h"

G_BEGIN_DECLS

/**
 * LkSignInState:
 * @LK_SIGN_IN_WAITING: the browser is with the person; listener and pasted address race
 * @LK_SIGN_IN_EXCHANGING: a code came back and is being exchanged
 * @LK_SIGN_IN_VERIFYING: tokens are here; asking whose they are and what they reach
 * @LK_SIGN_IN_QUESTION: it is another login than the one being reconnected; accept or not
 * @LK_SIGN_IN_DONE: tokens, identity and accounts can be taken
 * @LK_SIGN_IN_FAILED: lk_sign_in_get_fault() says why
 * @LK_SIGN_IN_CANCELLED: by the person
 */
typedef enum
{
  LK_SIGN_IN_WAITING,
  LK_SIGN_IN_EXCHANGING,
  LK_SIGN_IN_VERIFYING,
  LK_SIGN_IN_QUESTION,
  LK_SIGN_IN_DONE,
  LK_SIGN_IN_FAILED,
  LK_SIGN_IN_CANCELLED,
} LkSignInState;

const char *lk_sign_in_state_to_string (LkSignInState state); /* "waiting", "exchanging"… */

/**
 * LkSignInOptions:
 * @client: the developer app
 * @secret: (nullable): its secret
 * @scopes: (nullable): scopes to ask for; the profile's default when %NULL
 * @expected_identity: (nullable): on a reconnect, the identity that must come back
 * @lifetime: seconds until the attempt expires, 300 when 0
 */
typedef struct
{
  const LkClientRecord *client;
  LkSecret             *secret;
  const char * const   *scopes;
  const char           *expected_identity;
  guint                 lifetime;
} LkSignInOptions;

/**
 * LkSignIn:
 *
 * One attempt at an authorization: state, PKCE, the loopback listener, a pasted address, the
 * exchange, and the verify probe. Properties "state" (notified) and signal-free otherwise. Nothing
 * is stored: whoever started it takes tokens and facts when it is done.
 */
#define LK_TYPE_SIGN_IN (lk_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (LkSignIn, lk_sign_in, LK, SIGN_IN, GObject)

/* Starts listening where the profile and the client's redirect allow it. Fails with a
 * #LkProviderError, or G_IO_ERROR_ADDRESS_IN_USE when the registered port is taken. */
LkSignIn           *lk_sign_in_new               (LkProfile *profile, LkHttp *http, LkClock *clock,
                                                  const LkSignInOptions *options, GError **error);
const char         *lk_sign_in_get_authorize_uri (LkSignIn *self);
const char         *lk_sign_in_get_redirect_uri  (LkSignIn *self);
gboolean            lk_sign_in_is_listening      (LkSignIn *self);
gint64              lk_sign_in_get_expires       (LkSignIn *self); /* seconds since 1970 UTC */
LkSignInState       lk_sign_in_get_state         (LkSignIn *self);

/* A pasted address. %FALSE with an error that says what is wrong leaves the attempt waiting:
 * G_IO_ERROR_INVALID_ARGUMENT (not an address, no code in it, another attempt's state). */
gboolean            lk_sign_in_paste             (LkSignIn *self, LkSecret *address,
                                                  GError **error);
/* The word that TikTok's page showed instead of coming back: "redirect_uri", "client_key",
 * "code_challenge", "scope", "non_sandbox_target" or another. Ends the attempt as failed. */
void                lk_sign_in_report_page       (LkSignIn *self, const char *word);
void                lk_sign_in_accept_identity   (LkSignIn *self, gboolean accept);
void                lk_sign_in_cancel            (LkSignIn *self);

const LkFault      *lk_sign_in_get_fault         (LkSignIn *self);
LkTokenSet         *lk_sign_in_get_tokens        (LkSignIn *self);
const char         *lk_sign_in_get_identity      (LkSignIn *self);
const char         *lk_sign_in_get_identity_name (LkSignIn *self);
GPtrArray          *lk_sign_in_get_accounts      (LkSignIn *self); /* NULL: not known */
const char * const *lk_sign_in_get_scopes_asked  (LkSignIn *self);
gboolean            lk_sign_in_was_verified      (LkSignIn *self);

/* RFC 7636 verifier and the two challenges. */
LkSecret           *lk_pkce_new_verifier         (void);
char               *lk_pkce_dup_challenge        (LkSecret *verifier, LkPkce pkce);
char               *lk_random_token              (size_t bytes); /* base64url, no padding */

G_END_DECLS
