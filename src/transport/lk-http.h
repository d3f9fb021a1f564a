/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-profile.h"

G_BEGIN_DECLS

#define LK_TRANSPORT_ERROR (lk_transport_error_quark ())

/**
 * LkTransportError:
 * @LK_TRANSPORT_ERROR_OFFLINE: nothing was sent: no network, name not found, refused
 * @LK_TRANSPORT_ERROR_TLS: nothing was sent: the certificate is not to be trusted
 * @LK_TRANSPORT_ERROR_TIMED_OUT: no reply in time; it may have been carried out
 * @LK_TRANSPORT_ERROR_LOST: sent, but the reply was cut off; it may have been carried out
 * @LK_TRANSPORT_ERROR_TOO_LARGE: the reply is over the limit
 * @LK_TRANSPORT_ERROR_INSECURE: the address is neither https nor http on loopback
 */
typedef enum
{
  LK_TRANSPORT_ERROR_OFFLINE,
  LK_TRANSPORT_ERROR_TLS,
  LK_TRANSPORT_ERROR_TIMED_OUT,
  LK_TRANSPORT_ERROR_LOST,
  LK_TRANSPORT_ERROR_TOO_LARGE,
  LK_TRANSPORT_ERROR_INSECURE,
} LkTransportError;

GQuark   lk_transport_error_quark (void);

/* A fault in normal form for a transport error, local code "offline", "tls", "timed-out",
 * "reply-lost", "reply-too-large" or "insecure". */
LkFault *lk_transport_error_to_fault (const GError *error);

#define LK_HTTP_MAX_REPLY (1024 * 1024) /* bytes */
#define LK_HTTP_DEADLINE  30            /* seconds */

/**
 * LkHttp:
 *
 * The only HTTP client: no redirects followed, no cookies, no cache, replies over
 * %LK_HTTP_MAX_REPLY refused while they arrive, one deadline for the whole exchange.
 *
 * Signal "dated" (const char *host, gint64 date, gint64 boot): a reply that is neither from a cache
 * nor older than a sleep of the computer said what time it is, in seconds since 1970 UTC; @boot is
 * that moment in microseconds since boot. It comes before the reply is handed over.
 */
#define LK_TYPE_HTTP (lk_http_get_type ())
G_DECLARE_FINAL_TYPE (LkHttp, lk_http, LK, HTTP, GObject)

LkHttp  *lk_http_new          (void);
void     lk_http_set_deadline (LkHttp *self, guint seconds);
void     lk_http_send_async   (LkHttp *self, LkRequest *request, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
LkReply *lk_http_send_finish  (LkHttp *self, GAsyncResult *result, GError **error);

G_END_DECLS
