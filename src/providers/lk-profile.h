/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "lk-fault.h"
#include "lk-records.h"
#include "lk-token-set.h"

G_BEGIN_DECLS

#define LK_PROVIDER_ERROR (lk_provider_error_quark ())

/**
 * LkProviderError:
 * @LK_PROVIDER_ERROR_SYNTAX: a profile is not JSON, or a value has the wrong type
 * @LK_PROVIDER_ERROR_UNKNOWN_WORD: unknown placeholder, class or "needs"
 * @LK_PROVIDER_ERROR_INSECURE: an address that is neither https nor http on loopback
 * @LK_PROVIDER_ERROR_MISSING_VALUE: a template names a value that is empty
 * @LK_PROVIDER_ERROR_NO_STEP: the provider has no such step (no refresh, no revoke…)
 * @LK_PROVIDER_ERROR_NOT_FOUND: no such profile, or what it extends
 *
 * Messages of the first three begin with "FILE:LINE: KEY: ".
 */
typedef enum
{
  LK_PROVIDER_ERROR_SYNTAX,
  LK_PROVIDER_ERROR_UNKNOWN_WORD,
  LK_PROVIDER_ERROR_INSECURE,
  LK_PROVIDER_ERROR_MISSING_VALUE,
  LK_PROVIDER_ERROR_NO_STEP,
  LK_PROVIDER_ERROR_NOT_FOUND,
} LkProviderError;

GQuark lk_provider_error_quark (void);

/**
 * LkStep:
 *
 * The steps a profile can describe; the words ("token", "refresh"…) are lk_step_to_string().
 */
typedef enum
{
  LK_STEP_AUTHORIZE,
  LK_STEP_TOKEN,
  LK_STEP_REFRESH,
  LK_STEP_REVOKE,
  LK_STEP_VERIFY,
  LK_STEP_ACCOUNTS,
  LK_STEP_API,
} LkStep;

const char *lk_step_to_string   (LkStep step);
gboolean    lk_step_from_string (const char *word, LkStep *step);

/**
 * LkPkce: how the code challenge is made. Hex is TikTok's Login Kit for desktop
 *   (developers.tiktok.com/doc/login-kit-desktop, read 2026-11-21), base64url is RFC 7636.
 */
typedef enum
{
  LK_PKCE_NONE,
  LK_PKCE_BASE64URL,
  LK_PKCE_HEX,
} LkPkce;

/**
 * LkRedirectModes: how the answer can come back. Flags.
 */
typedef enum
{
  LK_REDIRECT_LOOPBACK            = 1 << 0, /* a free port on 127.0.0.1 */
  LK_REDIRECT_LOOPBACK_REGISTERED = 1 << 1, /* the very address registered, port included */
  LK_REDIRECT_HTTPS_PASTE         = 1 << 2, /* a page elsewhere; the person pastes its address */
} LkRedirectModes;

/**
 * LkProfile:
 *
 * An API family with its own OAuth, as data (format: README.md of this folder). Immutable.
 */
typedef struct _LkProfile LkProfile;

#define LK_TYPE_PROFILE (lk_profile_get_type ())

GType               lk_profile_get_type              (void);
LkProfile          *lk_profile_ref                   (LkProfile *self);
void                lk_profile_unref                 (LkProfile *self);

const char         *lk_profile_get_id                (LkProfile *self);
const char         *lk_profile_get_name              (LkProfile *self);
const char         *lk_profile_get_family            (LkProfile *self);
const char         *lk_profile_get_docs              (LkProfile *self);
const char         *lk_profile_get_portal            (LkProfile *self);
const char         *lk_profile_get_checked           (LkProfile *self);
const char         *lk_profile_get_file              (LkProfile *self);
const char         *lk_profile_get_client_id_label   (LkProfile *self);
const char         *lk_profile_get_secret_label      (LkProfile *self);
gboolean            lk_profile_get_secret_required   (LkProfile *self);
LkRedirectModes     lk_profile_get_redirect_modes    (LkProfile *self);
const char         *lk_profile_get_redirect_register (LkProfile *self);
const char         *lk_profile_get_redirect_path     (LkProfile *self);
const char * const *lk_profile_get_code_names        (LkProfile *self);
LkPkce              lk_profile_get_pkce              (LkProfile *self);
const char * const *lk_profile_get_default_scopes    (LkProfile *self);
const char         *lk_profile_get_scope_joiner      (LkProfile *self);
char              **lk_profile_dup_scope_set_names   (LkProfile *self);
const char * const *lk_profile_get_scope_set         (LkProfile *self, const char *name);
gboolean            lk_profile_has_step              (LkProfile *self, LkStep step);
gint64              lk_profile_get_fallback_life     (LkProfile *self);
gboolean            lk_profile_is_sandbox            (LkProfile *self);

/**
 * lk_profile_check_redirect:
 *
 * Checks an address that the person says is registered: absolute, https or http on loopback as
 * the profile allows, no query or fragment, trailing slash where the provider wants one.
 */
gboolean            lk_profile_check_redirect        (LkProfile *self, const char *redirect,
                                                      GError **error);

/**
 * LkValues:
 *
 * What the templates of one request may name: "client.id", "client.secret", "redirect_uri",
 * "state", "scope", "code", "pkce.challenge", "pkce.verifier", "token.access", "token.refresh",
 * "account_hint", "app.id", "app.version", "call.account", "call.center", "call.media". "now" is
 * the server's time, in seconds since 1970 UTC, for steps that are signed. Secrets are kept as
 * #LkSecret until filled in.
 */
typedef struct _LkValues LkValues;

LkValues *lk_values_new        (void);
void      lk_values_free       (LkValues *self);
void      lk_values_set        (LkValues *self, const char *name, const char *value);
void      lk_values_set_secret (LkValues *self, const char *name, LkSecret *value);

/* For what the other side sent back: the tokens and secrets among the values are masked in it. */
gboolean  lk_values_mask          (LkValues *self, char **text);
void      lk_values_mask_fault    (LkValues *self, LkFault *fault);
void      lk_values_mask_accounts (LkValues *self, GPtrArray *accounts);

/**
 * LkRequest:
 *
 * A request ready to be sent. May carry secrets in its URL, headers and body; wiped when freed,
 * never logged. lk_request_get_path() is the part of the address that may be logged.
 */
typedef struct _LkRequest LkRequest;

LkRequest  *lk_request_new              (const char *method, const char *url);
LkRequest  *lk_request_ref              (LkRequest *self);
void        lk_request_unref            (LkRequest *self);
void        lk_request_add_header       (LkRequest *self, const char *name, const char *value);
void        lk_request_set_body         (LkRequest *self, const char *content_type, GBytes *body);
const char *lk_request_get_method       (LkRequest *self);
const char *lk_request_get_url          (LkRequest *self);
const char *lk_request_get_path         (LkRequest *self);
const char *lk_request_get_content_type (LkRequest *self);
GBytes     *lk_request_get_body         (LkRequest *self);
size_t      lk_request_get_n_headers    (LkRequest *self);
void        lk_request_get_header       (LkRequest *self, size_t index, const char **name,
                                         const char **value);

/**
 * lk_profile_build_authorize_uri:
 *
 * Returns: (transfer full): the address to open in the browser
 */
char       *lk_profile_build_authorize_uri (LkProfile *self, LkValues *values, GError **error);
LkRequest  *lk_profile_build_request       (LkProfile *self, LkStep step, LkValues *values,
                                            GError **error);

/**
 * LkReply:
 * @status: HTTP status
 * @date: the server's "Date" in seconds since 1970 UTC, 0 when it sent none
 * @content_type: (nullable)
 * @body: the bytes, never %NULL
 * @headers: (nullable) (element-type utf8 utf8): by small-letter name; see lk_reply_set_header()
 *
 * What came back. Owned by the caller of the transport.
 */
typedef struct
{
  int         status;
  gint64      date;
  char       *content_type;
  char       *trace_id;
  GBytes     *body;
  GHashTable *headers;
} LkReply;

LkReply    *lk_reply_new        (int status, GBytes *body);
void        lk_reply_free       (LkReply *self);
/* Upper and lower case of @name are alike; a second value of a header goes after the first. */
void        lk_reply_set_header (LkReply *self, const char *name, const char *value);
const char *lk_reply_get_header (const LkReply *self, const char *name);

/**
 * lk_profile_read_tokens:
 * @step: %LK_STEP_TOKEN or %LK_STEP_REFRESH
 * @now: the server's time when known, else ours; relative ends count from it
 * @identity: (out) (optional) (nullable) (transfer full)
 * @label: (out) (optional) (nullable) (transfer full)
 * @accounts: (out) (optional) (nullable) (transfer full) (element-type LkAccount): %NULL when the
 *   reply does not speak of accounts, empty when it names none
 * @fault: (out) (transfer full): why there are no tokens
 *
 * Judges "ok" first, then the error shapes, the rules, the HTTP status; never assumes JSON. An
 * access token that is not %LK_CLASS_OK is never returned. Generation is left 0.
 *
 * Returns: (transfer full) (nullable): the token set, or %NULL with @fault set
 */
LkTokenSet *lk_profile_read_tokens (LkProfile *self, LkStep step, const LkReply *reply, gint64 now,
                                    char **identity, char **label, GPtrArray **accounts,
                                    LkFault **fault);

/**
 * lk_profile_read_reply:
 *
 * Judges the reply of any other step.
 *
 * Returns: (transfer full) (nullable): the fault, %NULL when the reply is a success
 */
LkFault    *lk_profile_read_reply  (LkProfile *self, LkStep step, const LkReply *reply);

/**
 * lk_profile_read_identity:
 *
 * Reads identity, its name and accounts from a successful verify or accounts reply, as far as the
 * profile maps them.
 */
void        lk_profile_read_identity (LkProfile *self, LkStep step, const LkReply *reply,
                                      char **identity, char **name, GPtrArray **accounts);

/**
 * lk_profile_classify:
 * @fault: code, sub, type, message, step, http_status as known; its klass is set by this
 *
 * Applies the profile's ordered rules, then what the HTTP status says.
 */
void        lk_profile_classify    (LkProfile *self, LkFault *fault);

/**
 * lk_profile_read_fault:
 * @json: a reply body, possibly a success
 *
 * Finds code, message and trace id by the profile's error shapes and classifies. For text that
 * people paste; @step and @http_status as known (%NULL, 0).
 *
 * Returns: (transfer full) (nullable): %NULL when no shape fits
 */
LkFault    *lk_profile_read_fault  (LkProfile *self, const char *json, gssize length,
                                    const char *step, int http_status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkProfile, lk_profile_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkValues, lk_values_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRequest, lk_request_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkReply, lk_reply_free)

G_END_DECLS
