/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ledger-query.h"
#include "lk-policy.h"

G_BEGIN_DECLS

/* All numbers as OpenMetrics text, from plain values; made in any thread. */

/**
 * LkMetricsRow:
 * @access_ends, @authorization_ends: %LK_END_NEVER and 0 (not known) are left out of the text
 * @last_renewed, @last_verified: 0 for never, left out too
 */
typedef struct
{
  char     *id;
  char     *name;
  char     *client;
  char     *provider;
  LkHealth  health;
  gint64    access_ends;
  gint64    authorization_ends;
  gint64    last_renewed;
  gint64    last_verified;
  gboolean  circuit_open;
} LkMetricsRow;

/**
 * LkMetrics:
 * @rows: (element-type LkMetricsRow)
 * @totals: (nullable) (element-type LkCount): since ever
 * @incidents: as Agent1.Incidents
 */
typedef struct
{
  char      *keyring;
  char      *ledger;
  gboolean   online;
  GVariant  *incidents;
  GPtrArray *rows;
  GPtrArray *totals;
} LkMetrics;

LkMetrics *lk_metrics_new      (void);
void       lk_metrics_free     (LkMetrics *self);
GBytes    *lk_metrics_to_bytes (const LkMetrics *self);

G_END_DECLS
