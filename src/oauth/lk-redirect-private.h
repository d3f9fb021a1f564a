/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-profile.h"
#include "lk-records.h"

G_BEGIN_DECLS

/**
 * LkRedirect:
 * @uri: (nullable): the exact address; %NULL when the port is not known before listening
 * @listen: whether the answer comes to a listener of ours
 * @host: (nullable): loopback host as written in the address
 * @port: 0 for any free one
 * @path: (nullable): exact path
 *
 * Where the answer of a sign-in comes to.
 */
typedef struct
{
  char     *uri;
  gboolean  listen;
  char     *host;
  guint16   port;
  char     *path;
} LkRedirect;

LkRedirect *lk_redirect_choose  (LkProfile *profile, const LkClientRecord *client, GError **error);
char       *lk_redirect_dup_uri (const LkRedirect *self, guint16 port);
void        lk_redirect_free    (LkRedirect *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRedirect, lk_redirect_free)

G_END_DECLS
