/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-routes.h"

G_BEGIN_DECLS

/* Answers of the control addresses. */

void     lk_sim_control_ok       (LkSimReply *reply);
void     lk_sim_control_bad      (LkSimReply *reply, const char *problem);
gboolean lk_sim_control_has_json (const LkSimRequest *request, LkSimReply *reply);

G_END_DECLS
