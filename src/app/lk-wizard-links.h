/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-remedy-item.h"

G_BEGIN_DECLS

/* Fills @box with a button for each page of the provider that the step names. */
void lk_wizard_links_fill (GtkBox *box, LkAppContext *context, LkRemedyItem *item,
                           const LkRemedyStep *step);

G_END_DECLS
