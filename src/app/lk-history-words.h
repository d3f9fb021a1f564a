/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-diagnosis.h"

G_BEGIN_DECLS

/* "Renewed", "report.py took the token", "Could not be renewed: …". (transfer full) */
char *lk_history_words_dup (const char *kind, const char *text, const LkFault *fault,
                            LkDiagnosis *diagnosis);

/* "2 minutes ago", "12 times, last 2 minutes ago". (transfer full) */
char *lk_history_words_dup_when (gint64 at, guint count, gint64 now);

G_END_DECLS
