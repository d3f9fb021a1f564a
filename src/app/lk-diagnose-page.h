/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkDiagnosePage:
 *
 * Paste an error, read what it means. Works without agent and network; the text is not stored.
 */
#define LK_TYPE_DIAGNOSE_PAGE (lk_diagnose_page_get_type ())
G_DECLARE_FINAL_TYPE (LkDiagnosePage, lk_diagnose_page, LK, DIAGNOSE_PAGE, GtkWidget)

void lk_diagnose_page_set_context (LkDiagnosePage *self, LkAppContext *context);
void lk_diagnose_page_set_narrow  (LkDiagnosePage *self, gboolean narrow);
void lk_diagnose_page_grab_text   (LkDiagnosePage *self);

G_END_DECLS
