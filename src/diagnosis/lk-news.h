/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-facts.h"

G_BEGIN_DECLS

/* Whether a row of the probe "status" is an incident that goes on. */
gboolean lk_news_is_open (const LkProbeAnswer *status, guint row);
/* When it began, in seconds since 1970 UTC; 0 when the feed does not say. */
gint64   lk_news_get_at  (const LkProbeAnswer *status, guint row);

G_END_DECLS
