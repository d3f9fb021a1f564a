/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-family.h"
#include "lk-sim-message.h"

G_BEGIN_DECLS

/* What was asked of the simulator since it started or was reset. */
typedef struct
{
  GHashTable *requests; /* path -> count */
  GHashTable *tokens;   /* "family/grant/ok" or "family/grant/refused" -> count */
  guint       in_flight;
  guint       most_in_flight;
} LkSimStats;

LkSimStats *lk_sim_stats_new         (void);
void        lk_sim_stats_free        (LkSimStats *self);
void        lk_sim_stats_clear       (LkSimStats *self);
void        lk_sim_stats_begin       (LkSimStats *self, const char *path);
void        lk_sim_stats_end         (LkSimStats *self);
void        lk_sim_stats_count_token (LkSimStats *self, LkSimFamily family, const char *grant,
                                      gboolean granted);
void        lk_sim_stats_build       (LkSimStats *self, JsonBuilder *builder);

G_END_DECLS
