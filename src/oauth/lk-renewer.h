/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-clock.h"
#include "lk-http.h"
#include "lk-journal.h"
#include "lk-profile.h"
#include "lk-records.h"
#include "lk-vault.h"

G_BEGIN_DECLS

#define LK_OAUTH_ERROR (lk_oauth_error_quark ())

/**
 * LkOauthError:
 * @LK_OAUTH_ERROR_REFUSED: the provider answered with a fault, see the out parameter
 * @LK_OAUTH_ERROR_LOST: sent, and no reply came, twice; the old token may still live
 * @LK_OAUTH_ERROR_CANNOT_RENEW: no refresh token, or the provider has no refresh
 */
typedef enum
{
  LK_OAUTH_ERROR_REFUSED,
  LK_OAUTH_ERROR_LOST,
  LK_OAUTH_ERROR_CANNOT_RENEW,
} LkOauthError;

GQuark lk_oauth_error_quark (void);

/**
 * LkRenewer:
 *
 * Renewals in the one order that loses nothing: (1) vault writable, (2) intent in the journal,
 * (3) request, (4) reply in the journal, (5) vault, read back, (6) journal settled. One operation
 * per connection; everyone who asks meanwhile joins it.
 */
#define LK_TYPE_RENEWER (lk_renewer_get_type ())
G_DECLARE_FINAL_TYPE (LkRenewer, lk_renewer, LK, RENEWER, GObject)

LkRenewer  *lk_renewer_new            (LkHttp *http, LkVault *vault, LkJournal *journal,
                                       LkClock *clock);

/**
 * lk_renewer_renew_async:
 * @connection: copied; its id names the operation
 *
 * Cancelling leaves the operation running for the others; once a request is out it always runs to
 * its end, because dropping a reply would lose a rotated token.
 */
void        lk_renewer_renew_async    (LkRenewer *self, LkProfile *profile,
                                       const LkClientRecord *client,
                                       const LkConnectionRecord *connection,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);

/**
 * lk_renewer_renew_finish:
 * @fault: (out) (optional) (nullable) (transfer full): facts for the diagnosis
 *
 * Returns: (transfer full): the new token set, already in the vault. Errors: LK_OAUTH_ERROR,
 *   LK_STORAGE_ERROR (nothing was sent unless step 4 was passed), LK_TRANSPORT_ERROR.
 */
LkTokenSet *lk_renewer_renew_finish   (LkRenewer *self, GAsyncResult *result, LkFault **fault,
                                       GError **error);
gboolean    lk_renewer_is_renewing    (LkRenewer *self, const char *connection);

/* What the journal kept of @connection is of no use any more: it was signed in again, or forgotten.
 * Otherwise a replay could bring tokens back that nobody wants. */
void        lk_renewer_forget         (LkRenewer *self, const char *connection);

/**
 * lk_renewer_replay_async:
 *
 * At start: puts replies that the journal kept into the vault, and settles what needs nothing.
 * Needs an unlocked vault; call again after an unlock.
 *
 * Finish returns (element-type LkReplayed) (transfer full).
 */
typedef struct
{
  char       *connection;
  LkTokenSet *tokens;     /* (nullable): recovered, in the vault; generation set */
  gboolean    reply_lost; /* a request was out and no reply was kept: may need a new sign-in */
} LkReplayed;

void        lk_replayed_free          (LkReplayed *self);
void        lk_renewer_replay_async   (LkRenewer *self, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GPtrArray  *lk_renewer_replay_finish  (LkRenewer *self, GAsyncResult *result, GError **error);

G_END_DECLS
