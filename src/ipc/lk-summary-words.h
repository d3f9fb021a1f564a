/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the window's main page and the panel's icon say alike: "2 connections need you. 1 ends this
 * week. 47 are fine." (transfer full) */
char *lk_summary_words_dup (guint attention, guint ending, guint fine);

G_END_DECLS
