/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkWizardPage:
 *
 * Takes a person through a remedy: the steps at the side, one in view, and what came of it at the
 * end. Signals: "title-changed"; "leave" (with a translated word for the toast, or %NULL) when the
 * person goes on later or is done.
 */
#define LK_TYPE_WIZARD_PAGE (lk_wizard_page_get_type ())
G_DECLARE_FINAL_TYPE (LkWizardPage, lk_wizard_page, LK, WIZARD_PAGE, GtkWidget)

void           lk_wizard_page_set_context (LkWizardPage *self, LkAppContext *context);
/* @remedy: (nullable) */
void           lk_wizard_page_set_remedy  (LkWizardPage *self, LkDBusRemedy1 *remedy);
LkDBusRemedy1 *lk_wizard_page_get_remedy  (LkWizardPage *self);
/* Never %NULL. */
const char    *lk_wizard_page_get_title   (LkWizardPage *self);
void           lk_wizard_page_grab_first  (LkWizardPage *self);
void           lk_wizard_page_set_narrow  (LkWizardPage *self, gboolean narrow);

G_END_DECLS
