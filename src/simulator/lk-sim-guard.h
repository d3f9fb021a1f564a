/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-routes.h"

G_BEGIN_DECLS

#define API "/open_api/v1.3"

/* What stands between a Marketing API request and its answer. Each guard that returns %FALSE or
 * %NULL has put the refusal into the reply. */

/**
 * LkSimPaging:
 *
 * A page of a list: how many there are, and which of them are shown.
 */
typedef struct
{
  gint64 page;
  gint64 size;
  gint64 seen;
} LkSimPaging;

LkSimGrant  *lk_sim_guard_scope      (LkSimState *state, const LkSimRequest *request,
                                      const char *scope, LkSimReply *reply);
gboolean     lk_sim_guard_advertiser (LkSimState *state, LkSimGrant *grant,
                                      const char *advertiser, gboolean change,
                                      LkSimReply *reply);
LkSimCenter *lk_sim_guard_center     (LkSimState *state, LkSimGrant *grant,
                                      const LkSimRequest *request, gboolean as_admin,
                                      LkSimReply *reply);
gboolean     lk_sim_guard_word       (const LkSimRequest *request, const char *name,
                                      const char *const *words, LkSimReply *reply);
gboolean     lk_sim_guard_paging     (const LkSimRequest *request, gint64 most,
                                      LkSimPaging *paging, LkSimReply *reply);
void         lk_sim_refuse_missing   (LkSimReply *reply, const char *name);

gboolean     lk_sim_paging_shows     (LkSimPaging *self);
void         lk_sim_paging_begin     (JsonBuilder *data);
void         lk_sim_paging_end       (LkSimPaging *self, JsonBuilder *data, LkSimReply *reply);

gboolean     lk_sim_scope_covers     (LkSimGrant *grant, const char *scope);

G_END_DECLS
