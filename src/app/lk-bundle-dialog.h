/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-examination.h"

G_BEGIN_DECLS

/**
 * LkBundleDialog:
 *
 * The support bundle, in full, before it is copied or saved; it is given out only after nobody
 * found a secret in it.
 */
#define LK_TYPE_BUNDLE_DIALOG (lk_bundle_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LkBundleDialog, lk_bundle_dialog, LK, BUNDLE_DIALOG, AdwWindow)

/* @examination must have facts. */
void lk_bundle_dialog_present (GtkWindow *parent, LkAppContext *context,
                               LkExamination *examination);

G_END_DECLS
