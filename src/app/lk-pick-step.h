/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LkPickStep:
 *
 * First step of a sign-in: with which developer app, or which provider for a new one. Signals
 * "app-picked" (name) and "provider-picked" (one dictionary of ListProviders).
 */
#define LK_TYPE_PICK_STEP (lk_pick_step_get_type ())
G_DECLARE_FINAL_TYPE (LkPickStep, lk_pick_step, LK, PICK_STEP, GtkWidget)

/* @clients, @providers: replies of the agent. @only: (nullable): names of the apps to offer. */
void lk_pick_step_fill (LkPickStep *self, GVariant *clients, GVariant *providers,
                        const char * const *only);

G_END_DECLS
