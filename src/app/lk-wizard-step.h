/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-remedy-item.h"

G_BEGIN_DECLS

/**
 * LkWizardStep:
 *
 * One step of a remedy: what to do, where, why, and how it checks itself. Signal "later" is emitted
 * when the person leaves it for later.
 */
#define LK_TYPE_WIZARD_STEP (lk_wizard_step_get_type ())
G_DECLARE_FINAL_TYPE (LkWizardStep, lk_wizard_step, LK, WIZARD_STEP, GtkWidget)

void lk_wizard_step_set_context (LkWizardStep *self, LkAppContext *context);
/* @item: (nullable) */
void lk_wizard_step_set_step    (LkWizardStep *self, LkRemedyItem *item, guint step);
void lk_wizard_step_refresh     (LkWizardStep *self);
void lk_wizard_step_grab_first  (LkWizardStep *self);

G_END_DECLS
