/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-app-context.h"
#include "lk-enquiry.h"

G_BEGIN_DECLS

/**
 * LkExamination:
 *
 * One look into why a connection was refused: the agent gathers facts, the rules make findings of
 * them. Signal "changed" is emitted when it begins, ends or fails.
 */
#define LK_TYPE_EXAMINATION (lk_examination_get_type ())
G_DECLARE_FINAL_TYPE (LkExamination, lk_examination, LK, EXAMINATION, GObject)

/* @event: of the history, or 0; @fault: (nullable): a refusal from elsewhere. Neither: the
 * connection's own. Begins at once. */
LkExamination     *lk_examination_new            (LkAppContext *context,
                                                  LkDBusConnection1 *connection, gint64 event,
                                                  const LkFault *fault);
/* Asks again, newly. */
void               lk_examination_run            (LkExamination *self);
gboolean           lk_examination_is_busy        (LkExamination *self);
LkDBusConnection1 *lk_examination_get_connection (LkExamination *self);
gint64             lk_examination_get_event      (LkExamination *self);
/* The most likely finding; (transfer none) (nullable): %NULL before the first answer */
const LkFinding   *lk_examination_get_finding    (LkExamination *self);
GPtrArray         *lk_examination_get_findings   (LkExamination *self); /* (nullable) */
const LkFacts     *lk_examination_get_facts      (LkExamination *self); /* (nullable) */
const GError      *lk_examination_get_error      (LkExamination *self); /* (nullable) */
/* Whether there is a remedy to go through. */
gboolean           lk_examination_can_fix        (LkExamination *self);
/* Gives the path of the Remedy1. */
void               lk_examination_fix_async      (LkExamination *self,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
char              *lk_examination_fix_finish     (LkExamination *self, GAsyncResult *result,
                                                  GError **error);

G_END_DECLS
