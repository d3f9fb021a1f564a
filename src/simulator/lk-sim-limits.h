/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-family.h"
#include "lk-sim-message.h"

G_BEGIN_DECLS

typedef struct _LkSimLimits LkSimLimits;

LkSimLimits *lk_sim_limits_new    (void);
void         lk_sim_limits_free   (LkSimLimits *self);
void         lk_sim_limits_clear  (LkSimLimits *self);
gboolean     lk_sim_limits_set    (LkSimLimits *self, LkSimFamily family, const char *mode,
                                   guint limit);
gboolean     lk_sim_limits_refuse (LkSimLimits *self, gint64 now, const LkSimRequest *request,
                                   LkSimReply *reply);

G_END_DECLS
