/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-state.h"

G_BEGIN_DECLS

void lk_sim_state_init_tokens (LkSimState *self);

G_END_DECLS
