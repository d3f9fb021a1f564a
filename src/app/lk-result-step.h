/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkResultStep:
 *
 * How a sign-in ended: what it reaches and what it lacks, or why it failed. Signals "finish" and
 * "again".
 */
#define LK_TYPE_RESULT_STEP (lk_result_step_get_type ())
G_DECLARE_FINAL_TYPE (LkResultStep, lk_result_step, LK, RESULT_STEP, GtkWidget)

/* @connection: (nullable): %NULL while the agent has not shown it yet; @again: known before */
void lk_result_step_show_done    (LkResultStep *self, LkAppContext *context,
                                  LkDBusConnection1 *connection, gboolean again,
                                  const LkFault *fault);
void lk_result_step_show_failed  (LkResultStep *self, LkAppContext *context,
                                  const LkFault *fault);
void lk_result_step_show_message (LkResultStep *self, const char *icon, const char *title,
                                  const char *text);
void lk_result_step_set_redirect (LkResultStep *self, const char *redirect);

G_END_DECLS
