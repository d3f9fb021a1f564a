/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ends of authorizations in words. Pure; times are seconds since 1970 UTC; (transfer full) */

/* "Sign-in ends in 6 days", "Access ends in 6 days. Latchkey can’t renew it" */
char     *lk_end_words_dup_what    (gint64 ends, gboolean can_renew, gint64 now);
/* "Ended", "This Week", "Next Week", "Week of 7 December": the heading of an agenda. */
char     *lk_end_words_dup_week    (gint64 ends, gint64 now);
/* Whether both stand below the same heading. */
gboolean  lk_end_words_is_same_week (gint64 a, gint64 b, gint64 now);
/* "27 Nov" */
char     *lk_end_words_dup_date    (gint64 ends);
/* "“Brand EU” is the next to end, in 6 days." */
char     *lk_end_words_dup_next    (const char *name, gint64 ends, gint64 now);

G_END_DECLS
