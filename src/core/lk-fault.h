/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "lk-class.h"

G_BEGIN_DECLS

/* The provider word of faults that Latchkey itself found, rather than a platform. */
#define LK_FAULT_LOCAL "latchkey"

/**
 * LkFault:
 * @klass: what kind of failure it is
 * @provider: (nullable): profile id, or %LK_FAULT_LOCAL
 * @family: (nullable): the profile's family, such as "tiktok-ads"; decides between codes that
 *   several families share
 * @step: (nullable): "authorize", "token", "refresh", "revoke", "verify", "accounts" or "api"
 * @endpoint: (nullable): path of the request, never its query
 * @method: (nullable): of the request, such as "GET"
 * @account: (nullable): the account (advertiser, shop) that the request was about
 * @http_status: the HTTP status, 0 when not known
 * @code: (nullable): the platform's own code, as text
 * @sub: (nullable): its sub-code
 * @type: (nullable): its error type, for platforms that print one
 * @message: (nullable): the platform's own message, redacted
 * @trace_id: (nullable): request id or log id that the platform's support asks for
 * @hint: (nullable): word that the matching profile rule carries
 * @limit: (nullable): of a rate limit, which one: "second", "minute", "day" or "unknown"
 * @slowed: (nullable): of a rate limit, what has to wait: "app", "account", "path" or "value"
 * @retry_at: when it may be tried again, in seconds since 1970 UTC, 0 when not known
 * @at: when it happened, in seconds since 1970 UTC, 0 when not known
 *
 * A failed reply in one normal form. Carries facts, never sentences, and never a secret.
 */
typedef struct
{
  LkClass  klass;
  char    *provider;
  char    *family;
  char    *step;
  char    *endpoint;
  char    *method;
  char    *account;
  int      http_status;
  char    *code;
  char    *sub;
  char    *type;
  char    *message;
  char    *trace_id;
  char    *hint;
  char    *limit;
  char    *slowed;
  gint64   retry_at;
  gint64   at;
} LkFault;

#define LK_TYPE_FAULT (lk_fault_get_type ())

GType     lk_fault_get_type     (void);
LkFault  *lk_fault_new          (LkClass klass);
LkFault  *lk_fault_new_local    (LkClass klass, const char *code, const char *message);
LkFault  *lk_fault_copy         (const LkFault *self);
void      lk_fault_free         (LkFault *self);
gboolean  lk_fault_is_local     (const LkFault *self, const char *code);
GVariant *lk_fault_to_variant   (const LkFault *self);
LkFault  *lk_fault_from_variant (GVariant *dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkFault, lk_fault_free)

G_END_DECLS
