/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-token-set.h"

G_BEGIN_DECLS

/**
 * LkHealth:
 *
 * What a connection needs from the person. The order is the order of urgency.
 */
typedef enum
{
  LK_HEALTH_FINE,
  LK_HEALTH_ENDING,
  LK_HEALTH_ATTENTION,
} LkHealth;

/* All times below are seconds. Rules: DESIGN.md 5, "When". */
#define LK_MARGIN_DEFAULT (5 * 60)
gint64      lk_policy_renewal_margin     (gint64 life, gint64 least);
gint64      lk_policy_renewal_due        (LkTokenSet *tokens, gint64 least, guint32 seed);
gint64      lk_policy_renewal_pace       (gint64 life);
gint64      lk_policy_urgency            (gint64 access_ends, gint64 refresh_ends, gint64 now);
gint64      lk_policy_next_probe         (gint64 proven, gint64 period, gint64 now, guint32 seed);
gboolean    lk_policy_is_usable          (LkTokenSet *tokens, gint64 now, gint64 min_valid);
gint64      lk_policy_authorization_ends (LkTokenSet *tokens, gboolean can_renew);
LkHealth    lk_policy_health             (gint64 authorization_ends, gboolean needs_person,
                                          gint64 warn_before, gint64 now);
gint64      lk_policy_backoff            (guint attempt, gint64 base, gint64 cap, guint32 seed);
const char *lk_health_to_string          (LkHealth health);
gboolean    lk_health_from_string        (const char *word, LkHealth *health);

G_END_DECLS
