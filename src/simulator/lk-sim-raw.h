/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-sim-faults.h"

G_BEGIN_DECLS

void lk_sim_raw_send_async  (GIOStream *stream, const LkSimFault *fault, const LkSimReply *reply,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
void lk_sim_raw_send_finish (GAsyncResult *result);

G_END_DECLS
