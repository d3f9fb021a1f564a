/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkAppStep:
 *
 * Enters a developer app once: name, id, secret, and the address to register for it. Signal
 * "added" (name) when the agent has it.
 */
#define LK_TYPE_APP_STEP (lk_app_step_get_type ())
G_DECLARE_FINAL_TYPE (LkAppStep, lk_app_step, LK, APP_STEP, GtkWidget)

/* @provider: one dictionary of ListProviders */
void lk_app_step_set_provider (LkAppStep *self, LkAppContext *context, GVariant *provider);
void lk_app_step_grab_first   (LkAppStep *self);
/* Shows what to click in the provider's portal. */
void lk_app_step_help         (LkAppStep *self);

G_END_DECLS
