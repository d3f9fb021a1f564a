/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Programs that took tokens, as Agent1.ListPrograms gives them, in words. Pure. */

/* Those of one connection, newest first; (transfer full), not floating. */
GVariant *lk_program_words_filter      (GVariant *programs, const char *connection);
/* "report.py", for people. */
char     *lk_program_words_dup_name    (GVariant *program);
/* "3 tokens · the last 2 hours ago" */
char     *lk_program_words_dup_taken   (GVariant *program, gint64 now);
/* "3 tokens · the last 2 hours ago · allowed" */
char     *lk_program_words_dup_facts   (GVariant *program, gint64 now);
/* "report.py, nightly.sh · the last token 2 hours ago"; of at least one program, newest first. */
char     *lk_program_words_dup_summary (GVariant *programs, gint64 now);

G_END_DECLS
