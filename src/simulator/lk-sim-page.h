/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-sim-message.h"

G_BEGIN_DECLS

void lk_sim_page_reply   (LkSimReply *reply, guint status, const char *title, const char *body);
/* What a scope lets an app do, in words; the scope itself when there are none. */
const char *lk_sim_scope_text (const char *scope);

void lk_sim_append       (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
