/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-remedy-item.h"

G_BEGIN_DECLS

/**
 * LkWizardEnd:
 *
 * The end of a remedy: what was wrong, what changed and how that was proven, what runs again.
 * Signal "finish" is emitted when the person has read it.
 */
#define LK_TYPE_WIZARD_END (lk_wizard_end_get_type ())
G_DECLARE_FINAL_TYPE (LkWizardEnd, lk_wizard_end, LK, WIZARD_END, GtkWidget)

void lk_wizard_end_set_item   (LkWizardEnd *self, LkAppContext *context, LkRemedyItem *item);
void lk_wizard_end_grab_first (LkWizardEnd *self);

G_END_DECLS
