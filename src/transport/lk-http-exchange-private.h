/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "lk-http.h"

G_BEGIN_DECLS

/* One request and its reply, from the first byte to the last. The deadline covers all of it. */
void     lk_http_exchange_async  (SoupSession *session, SoupMessage *message, guint deadline,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
LkReply *lk_http_exchange_finish (GAsyncResult *result, GError **error);

G_END_DECLS
