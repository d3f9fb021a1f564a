/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_BACKOFF_TRIES 3  /* requests, the first one included */
#define LK_BACKOFF_BASE  1  /* seconds */
#define LK_BACKOFF_CAP   30 /* seconds */

/**
 * lk_backoff_delay:
 * @tries: requests that failed so far, 1 or more
 *
 * Full jitter: even over 0 … min (cap, base · 2^(tries - 1)), so that many callers which failed
 * together do not come back together.
 *
 * Returns: microseconds to wait, or -1 when it was tried often enough
 */
gint64 lk_backoff_delay (guint tries, GRand *random);

G_END_DECLS
