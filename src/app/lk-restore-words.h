/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What Agent1.ReadBackup and RestoreBackup tell, in words. Pure; all return (transfer full). */

/* "Moved away from “desk”, 2 hours ago." */
char *lk_restore_words_dup_origin  (GVariant *told, gint64 now);
/* What becomes, or became, of one connection. */
char *lk_restore_words_dup_outcome (GVariant *connection);
/* Apps, rules, settings, profiles that are missing; empty when there is nothing to say. */
char *lk_restore_words_dup_rest    (GVariant *told, guint shown);
/* What a restore did, in a sentence or two. */
char *lk_restore_words_dup_done    (GVariant *told);
guint lk_restore_words_get         (GVariant *told, const char *key);

G_END_DECLS
