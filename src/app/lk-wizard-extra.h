/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-remedy-item.h"

G_BEGIN_DECLS

/**
 * LkWizardExtra:
 *
 * What a step shows beside its words: a countdown, the call and its answer, scopes before and
 * after, the provider's own news, the state of a video.
 */
#define LK_TYPE_WIZARD_EXTRA (lk_wizard_extra_get_type ())
G_DECLARE_FINAL_TYPE (LkWizardExtra, lk_wizard_extra, LK, WIZARD_EXTRA, GtkWidget)

void lk_wizard_extra_set_step (LkWizardExtra *self, LkAppContext *context, LkRemedyItem *item,
                               guint step);
/* Moves the countdown on. */
void lk_wizard_extra_tick     (LkWizardExtra *self, gint64 now);

G_END_DECLS
