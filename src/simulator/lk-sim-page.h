/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-message.h"

G_BEGIN_DECLS

void lk_sim_page_reply   (LkSimReply *reply, guint status, const char *title, const char *body);
void lk_sim_append       (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
