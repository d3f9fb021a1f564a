/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-remedy.h"

G_BEGIN_DECLS

/* What a remedy under way is called in the interface. Pure: no widgets, no clock. */

/**
 * LkStepMark:
 *
 * How a step stands in the list. A tick is for proof only.
 */
typedef enum
{
  LK_STEP_MARK_LATER,
  LK_STEP_MARK_NOW,
  LK_STEP_MARK_DONE,
  LK_STEP_MARK_TOLD,
} LkStepMark;

/**
 * LkStepWatch:
 * @state: of the step, as Remedy1 says it
 * @checked: when it was checked last, 0 for never
 * @next: when the agent checks by itself, 0 when it does not
 * @busy: a check is under way
 * @now: of the clock
 *
 * What is known about the checks of one step.
 */
typedef struct
{
  const char *state;
  gint64      checked;
  gint64      next;
  gboolean    busy;
  gint64      now;
} LkStepWatch;

LkStepMark  lk_remedy_words_get_mark        (const char *state, gboolean current);
const char *lk_remedy_words_get_icon        (LkStepMark mark);
/* "checked", "now"…: for screen readers and tooltips. */
const char *lk_remedy_words_get_mark_text   (LkStepMark mark);
/* "3. Raise the role, now" */
char       *lk_remedy_words_dup_step        (guint number, const char *title, LkStepMark mark);
/* "14:31:05" in local time. */
char       *lk_remedy_words_dup_clock       (gint64 at);
/* "4:59" or "1:02:03" */
char       *lk_remedy_words_dup_countdown   (gint64 seconds);
/* "Latchkey checks every 15 s: the role is still Analyst (14:31:05)" */
char       *lk_remedy_words_dup_checking    (const LkStepWatch *watch, LkCheck check,
                                             const char *verdict);
/* "Checked at 14:31:05. Latchkey asked for the people of the ad account." */
char       *lk_remedy_words_dup_proof       (LkCheck check, gint64 at, GPtrArray *questions);
/* "Whose sign-in this is": what a probe asks. */
char       *lk_remedy_words_dup_probe       (const char *probe);
/* "GET /open_api/v1.3/campaign/get/"; NULL when it is not kept. */
char       *lk_remedy_words_dup_call        (GVariant *call);
/* What the repeated call was answered; NULL before. */
char       *lk_remedy_words_dup_answer      (const LkFacts *facts);
/* What was wrong, for the end of it: "The role on “Nordwind DE 3” was Analyst; the call needs
 * Operator." @scope: (nullable): name of the scope that it is about. NULL when the cause has no
 * sentence of its own. */
char       *lk_remedy_words_dup_wrong       (const LkRemedy *remedy, const char *scope);
/* "Fix Permission…", for the button that starts a remedy. */
const char *lk_remedy_words_get_fix_label   (const char *remedy);
/* "It is your turn."; NULL when nobody has one. */
const char *lk_remedy_words_get_turn        (LkTurn turn);
/* What the main button of a step does. */
const char *lk_remedy_words_get_button      (LkCheck check);

G_END_DECLS
