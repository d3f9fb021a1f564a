/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-diagnosis.h"
#include "lk-facts.h"
#include "lk-scopes.h"

G_BEGIN_DECLS

/**
 * LkQuestion:
 *
 * A probe that would tell more, with what it asks about.
 */
typedef struct
{
  char *probe;
  char *center;  /* (nullable) */
  char *account; /* (nullable) */
  char *media;   /* (nullable): of the probe "video" */
} LkQuestion;

LkQuestion *lk_question_new  (const char *probe, const char *center, const char *account);
void        lk_question_free (LkQuestion *self);

/**
 * lk_enquiry_next:
 * @profile: which probes there are
 *
 * The cheapest probe whose answer can still change the finding; the tree of tiktok-api.md 5.3 as
 * rules: facts in, question out. What a code alone settles (a rate limit) asks nothing.
 *
 * Returns: (transfer full) (nullable): %NULL when the cause is settled or nothing can be asked
 */
LkQuestion *lk_enquiry_next      (LkDiagnosis *diagnosis, LkProfile *profile,
                                  const LkFacts *facts);

/**
 * lk_enquiry_conclude:
 *
 * What the facts say, most likely first. Each finding has cause, turn, remedy, confidence and
 * evidence (each probe's answer in words, translated).
 *
 * Returns: (transfer full) (element-type LkFinding): never empty; a success is a finding too
 */
GPtrArray  *lk_enquiry_conclude  (LkDiagnosis *diagnosis, const LkFacts *facts);

/**
 * lk_enquiry_guess:
 *
 * Fills cause, turn and remedy of a finding that was made without facts, such as one from a text.
 * What probes would have to tell is left out.
 */
void        lk_enquiry_guess     (LkDiagnosis *diagnosis, LkFinding *finding);

/* All questions that the permission matrix needs and that have no answer yet; the next one.
 * (transfer full) (nullable) */
LkQuestion *lk_enquiry_next_of_survey (LkDiagnosis *diagnosis, LkProfile *profile,
                                       const LkFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkQuestion, lk_question_free)

G_END_DECLS
