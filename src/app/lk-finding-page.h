/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-examination.h"

G_BEGIN_DECLS

/**
 * LkFindingPage:
 *
 * All that an examination found: what is known and what assumed, what was asked, whose turn it is,
 * and the way to the remedy. Signal "fix".
 */
#define LK_TYPE_FINDING_PAGE (lk_finding_page_get_type ())
G_DECLARE_FINAL_TYPE (LkFindingPage, lk_finding_page, LK, FINDING_PAGE, GtkWidget)

void           lk_finding_page_set_examination (LkFindingPage *self, LkAppContext *context,
                                                LkExamination *examination);
LkExamination *lk_finding_page_get_examination (LkFindingPage *self); /* (nullable) */

G_END_DECLS
