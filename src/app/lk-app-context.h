/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-clock.h"
#include "lk-diagnosis.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkAppContext:
 *
 * What every page needs: the agent, the diagnosis, the clock. Property "now" is notified four
 * times a minute, so that whatever shows "2 minutes ago" can follow. Signal "profiles-changed" is
 * emitted after the provider files were read again; what came from the old profiles is gone then.
 */
#define LK_TYPE_APP_CONTEXT (lk_app_context_get_type ())
G_DECLARE_FINAL_TYPE (LkAppContext, lk_app_context, LK, APP_CONTEXT, GObject)

LkAppContext  *lk_app_context_new             (LkAgentClient *client, LkProfileSet *profiles,
                                               LkClock *clock);
LkAgentClient *lk_app_context_get_client      (LkAppContext *self);
LkDBusAgent1  *lk_app_context_get_agent       (LkAppContext *self); /* NULL unless ready */
LkDiagnosis   *lk_app_context_get_diagnosis   (LkAppContext *self);
LkProfileSet  *lk_app_context_get_profiles    (LkAppContext *self);
gint64         lk_app_context_get_now         (LkAppContext *self);
void           lk_app_context_start           (LkAppContext *self);
void           lk_app_context_reload_profiles (LkAppContext *self);

G_END_DECLS
