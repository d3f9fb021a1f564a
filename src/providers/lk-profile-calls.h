/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-call-request.h"
#include "lk-facts.h"
#include "lk-profile.h"

G_BEGIN_DECLS

/**
 * lk_profile_build_call:
 * @values: "client.id", "client.secret", "token.access"
 * @now: seconds since 1970 UTC by the server's clock, for providers that sign requests
 *
 * Builds the person's own call: resolves the target against the "api" address, adds its headers
 * and, where the profile says so, the trailing slash and the signature. An address that is not
 * below the API's own host is refused with %LK_PROVIDER_ERROR_INSECURE: a token goes nowhere else.
 *
 * Returns: (transfer full): the request
 */
LkRequest  *lk_profile_build_call        (LkProfile *self, LkCallRequest *call, LkValues *values,
                                          gint64 now, GError **error);
/* Path of a call as it will be sent, for budgets, scopes and logs. (transfer full) (nullable) */
char       *lk_profile_dup_call_path     (LkProfile *self, const LkCallRequest *call);
/* The account that a call is about, by the parameter names in "api.account". (transfer full)
 * (nullable) */
char       *lk_profile_dup_call_account  (LkProfile *self, const LkCallRequest *call);

/* Probes: cheap requests that gather evidence. Names that the rules of diagnosis know:
 *   identity        whose token it is; columns id, name, email; no row where the provider only
 *                   proves that the token is alive
 *   reach           accounts of the token; id, name
 *   account         one account ("call.account"); id, name, status, reason, role, center
 *   centers         Business Centers of the login; id, name, role, status, kind
 *   center-assets   accounts in a center ("call.center"), all or one ("call.account"); id, name,
 *                   role, relation, state, owner
 *   center-members  people of a center; id, name, email, role, state
 *   asset-members   people of an account in a center; id, name, email, role
 *   asset-partners  partner centers of an account in a center; id, name, role
 *   partners        partner centers of a center; id, name
 *   granted         scopes of the token; scope, one a row
 *   secret          whether id and secret of the app fit; no columns. No fault: they do; class
 *                   app_config: they do not; anything else tells nothing
 *   video           one video ("call.media"); state ("ready", "processing", "failed", else the
 *                   provider's own word), and id, reason where the provider tells them
 *   status          the provider's own news of incidents, no token; title, at (seconds since 1970
 *                   UTC), text, link
 * Words in columns are the provider's own where nothing else is said.
 */
gboolean    lk_profile_has_probe         (LkProfile *self, const char *name);
/* (transfer full): names, sorted */
char      **lk_profile_dup_probe_names   (LkProfile *self);
/* Whether it wants a token. "status" does not. */
gboolean    lk_profile_probe_needs_token (LkProfile *self, const char *name);
/* @values: as for calls, and "call.account", "call.center", "call.media" as the probe wants. */
LkRequest  *lk_profile_build_probe       (LkProfile *self, const char *name, LkValues *values,
                                          gint64 now, GError **error);
/**
 * lk_profile_read_probe:
 * @answer: probe, center and account are set; fault, http_status, trace_id and rows are filled in
 *
 * Reads what a probe's reply says. A reply that cannot be read is a fault (local, "unreadable" or
 * "not-json"), never no rows.
 */
void        lk_profile_read_probe        (LkProfile *self, const LkReply *reply,
                                          LkProbeAnswer *answer);
/* Masks the tokens and secrets among @values in all that the other side said. */
void        lk_values_mask_answer        (LkValues *values, LkProbeAnswer *answer);

/* The address of a page of the provider's website, by name: "center", "center-members",
 * "center-accounts", "center-tiktok-accounts", "center-partners", "center-settings", "account",
 * "billing", "authorized-apps", "apps", "docs", "status", "ticket". {call.center}, {call.account}
 * and {client.id} are filled in; %NULL when there is none or a value is missing.
 * (transfer full) (nullable) */
char       *lk_profile_dup_link          (LkProfile *self, const char *name, LkValues *values);

/**
 * LkRateLimit:
 * @path: (nullable): the path it is for; %NULL for all
 * @seconds: length of the window; 0 for the day, which begins at 00:00 UTC
 * @calls: how many
 * @per: what shares it: "app", "account" or "token"
 * @each_path: each path has its own count
 */
typedef struct
{
  char   *path;
  guint   seconds;
  guint   calls;
  char   *per;
  gboolean each_path;
} LkRateLimit;

/**
 * LkRateWait:
 * @seconds: how long to wait; 0 for until 00:00 UTC
 * @again: seconds to wait when a second refusal comes within a minute; 0 for the same
 * @limit: word for LkFault.limit; @slowed word for LkFault.slowed
 */
typedef struct
{
  guint       seconds;
  guint       again;
  const char *limit;
  const char *slowed;
} LkRateWait;

/* (element-type LkRateLimit) (transfer none): what is documented, never %NULL */
GPtrArray  *lk_profile_get_rate_limits   (LkProfile *self);
/* How long a refusal of class rate or quota asks to wait: headers that the profile names first,
 * then its "rate.waits", then a minute. @reply: (nullable) */
void        lk_profile_get_rate_wait     (LkProfile *self, const LkFault *fault,
                                          const LkReply *reply, gint64 now, LkRateWait *wait);
/* Whether a refusal proves that nothing was carried out: classes that are always judged before the
 * work (token, scope, rate…). Errors of the server and lost replies prove nothing. */
gboolean    lk_profile_proves_untouched  (LkProfile *self, const LkFault *fault);

G_END_DECLS
