/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times in words. Pure; @now comes from the caller. All return (transfer full). */

/* "in 6 days", "2 hours ago", "just now", "never", "no end date". */
char *lk_time_words_dup_relative (gint64 at, gint64 now);
/* "6 days left", "1 h 19 min left", "ended". */
char *lk_time_words_dup_left     (gint64 ends, gint64 now);
/* "6 d", "1 h": for a bar's side. */
char *lk_time_words_dup_short    (gint64 ends, gint64 now);
/* "Friday 27 November 2026, 14:02 CET"; NULL for times that are not known. */
char *lk_time_words_dup_absolute (gint64 at);

G_END_DECLS
