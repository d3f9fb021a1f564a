/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "lk-diagnosis.h"

G_BEGIN_DECLS

/**
 * LkFindingView:
 *
 * A finding in words: what it is, what is known and what assumed, what to do, where guides
 * disagree, and the facts behind it one click away.
 */
#define LK_TYPE_FINDING_VIEW (lk_finding_view_get_type ())
G_DECLARE_FINAL_TYPE (LkFindingView, lk_finding_view, LK, FINDING_VIEW, GtkWidget)

/* @finding is read, not kept; @checked: when it was found, 0 for nothing to say. */
void lk_finding_view_set_finding (LkFindingView *self, const LkFinding *finding, gint64 checked,
                                  gint64 now);

G_END_DECLS
