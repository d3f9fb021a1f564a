/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-page-private.h"

G_BEGIN_DECLS

/* What is to become of one request that came to the right address in the right way. */
typedef enum
{
  LK_LOOPBACK_ANSWER, /* answer now with the page, go on listening */
  LK_LOOPBACK_HOLD,   /* keep the browser waiting until lk_loopback_release() */
} LkLoopbackVerdict;

/**
 * LkLoopbackHandler:
 * @query: still encoded; carries secrets
 * @page: (out): the page, for %LK_LOOPBACK_ANSWER
 */
typedef LkLoopbackVerdict (*LkLoopbackHandler) (const char *query, LkPage *page,
                                                gpointer user_data);

/**
 * LkLoopback:
 *
 * The private listener that a browser comes back to. On 127.0.0.1 and, where there is one, ::1;
 * one exact path, GET only, the Host header checked. Knows nothing of OAuth.
 */
#define LK_TYPE_LOOPBACK (lk_loopback_get_type ())
G_DECLARE_FINAL_TYPE (LkLoopback, lk_loopback, LK, LOOPBACK, GObject)

LkLoopback *lk_loopback_new      (guint16 port, const char *path, LkLoopbackHandler handler,
                                  gpointer user_data, GError **error);
guint16     lk_loopback_get_port (LkLoopback *self);
gboolean    lk_loopback_is_held  (LkLoopback *self);
void        lk_loopback_release  (LkLoopback *self, LkPage page, const char * const *details);
void        lk_loopback_close    (LkLoopback *self);

G_END_DECLS
