/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Settings that are chosen from a list, in words. Pure. */

/* (element-type guint32): what is offered for setting @key, @now among it. */
GArray *lk_settings_words_list_choices (const char *key, guint32 now);
/* "Every 6 hours", "22:00", "For a year". (transfer full) */
char   *lk_settings_words_dup_choice   (const char *key, guint32 value);
/* "14 days", "1 day". (transfer full) */
char   *lk_settings_words_dup_days     (guint32 days);

G_END_DECLS
