/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Days and hours in words, in the person's own zone. Pure; @now comes from the caller. Times are
 * seconds since 1970 UTC; texts are (transfer full). */

gboolean lk_day_is_same          (gint64 a, gint64 b);
/* The midnight before @at, @days later or, below 0, earlier. */
gint64   lk_day_get_start        (gint64 at, int days);
/* "Today", "Yesterday", "Friday 20 November", with the year when it is another one. */
char    *lk_day_words_dup_day    (gint64 at, gint64 now);
/* "14:02" */
char    *lk_day_words_dup_clock  (gint64 at);
/* A day or a part of one: "Today", "Friday 20 November, 14:00 to 15:00". */
char    *lk_day_words_dup_span   (gint64 since, gint64 until, gint64 now);

G_END_DECLS
