/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-examination.h"

G_BEGIN_DECLS

/**
 * LkFindingCard:
 *
 * A finding in short: what it is, how sure that is, the button that fixes it, and where to read
 * more. Signals "fix", "details", "dismiss".
 */
#define LK_TYPE_FINDING_CARD (lk_finding_card_get_type ())
G_DECLARE_FINAL_TYPE (LkFindingCard, lk_finding_card, LK, FINDING_CARD, GtkWidget)

/* @examination: (nullable); @fault: (nullable): what to explain while nothing is found yet. */
void lk_finding_card_set     (LkFindingCard *self, LkAppContext *context,
                              LkExamination *examination, const LkFault *fault,
                              gboolean dismissable);

G_END_DECLS
