/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-window-private.h"

G_BEGIN_DECLS

/* Asks in @window whether a program may have a token, as long as the agent wants to know. */
void lk_program_question_watch (LkWindow *window, LkAppContext *context);

G_END_DECLS
