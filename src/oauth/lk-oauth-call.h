/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-http.h"
#include "lk-profile.h"
#include "lk-records.h"

G_BEGIN_DECLS

/**
 * lk_oauth_verify_async:
 *
 * Runs the profile's verify and accounts steps with @tokens. The finish function fills a
 * #LkIdentity: a fault when the provider refused, identity and accounts when it did not.
 */
typedef struct
{
  LkFault   *fault;    /* (nullable) */
  char      *identity; /* (nullable) */
  char      *name;     /* (nullable) */
  GPtrArray *accounts; /* (nullable) (element-type LkAccount): NULL when nobody told */
  gint64     date;     /* the server's clock, 0 when unknown */
} LkIdentity;

void        lk_identity_free       (LkIdentity *self);
void        lk_oauth_verify_async  (LkHttp *http, LkProfile *profile, const LkClientRecord *client,
                                    LkSecret *client_secret, LkTokenSet *tokens,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
LkIdentity *lk_oauth_verify_finish (GAsyncResult *result, GError **error);

/* Revokes on the server. %LK_PROVIDER_ERROR_NO_STEP when the provider cannot. */
void        lk_oauth_revoke_async  (LkHttp *http, LkProfile *profile, const LkClientRecord *client,
                                    LkSecret *client_secret, LkTokenSet *tokens,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* %FALSE with @fault set when the provider refused. */
gboolean    lk_oauth_revoke_finish (GAsyncResult *result, LkFault **fault, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkIdentity, lk_identity_free)

G_END_DECLS
