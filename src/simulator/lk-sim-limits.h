/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-family.h"
#include "lk-sim-message.h"

G_BEGIN_DECLS

typedef struct _LkSimLimits LkSimLimits;

LkSimLimits *lk_sim_limits_new    (void);
void         lk_sim_limits_free   (LkSimLimits *self);
void         lk_sim_limits_clear  (LkSimLimits *self);
gboolean     lk_sim_limits_set    (LkSimLimits *self, LkSimFamily family, JsonObject *object,
                                   const char **problem);
gboolean     lk_sim_limits_refuse (LkSimLimits *self, gint64 now, gint64 time,
                                   const LkSimRequest *request, LkSimReply *reply);

G_END_DECLS
