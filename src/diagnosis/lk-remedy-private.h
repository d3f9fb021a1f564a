/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-enquiry-private.h"
#include "lk-remedy.h"

G_BEGIN_DECLS

/**
 * LkRemedyWhole:
 * @remedy: what others see
 * @plans: (element-type LkPlan): of the steps, in the same order; borrowed
 *
 * A remedy with what it was made from. @diagnosis outlives it.
 */
typedef struct
{
  LkRemedy     remedy;
  LkDiagnosis *diagnosis;
  char        *family;
  GPtrArray   *plans;
} LkRemedyWhole;

const LkPlan *lk_remedy_get_plan   (const LkRemedy *self, guint step);
const char   *lk_remedy_get_value  (const LkRemedy *self, const char *word);
void          lk_remedy_init_words (const LkRemedy *self, LkWords *words);

/**
 * LkLook: one look at a step.
 * @since: answers older than this do not count
 * @words: (nullable): where to put the verdict in words
 */
typedef struct
{
  const LkRemedy *remedy;
  const LkFacts  *facts;
  LkCase          about;
  gint64          since;
  char          **words;
} LkLook;

/* Gives @verdict back, with the words for it. */
LkVerdictOfStep      lk_look_tell      (LkLook *look, LkVerdictOfStep verdict, const char *format,
                                        ...) G_GNUC_PRINTF (3, 4);
LkVerdictOfStep      lk_look_not_asked (LkLook *look);
LkVerdictOfStep      lk_look_no_answer (LkLook *look, const LkFault *fault);
/* (nullable): %NULL when it is older than the look goes back */
const LkProbeAnswer *lk_look_newest    (const LkLook *look, const char *probe);

/* @proof: word of a plan */
LkVerdictOfStep lk_look_prove         (LkLook *look, const char *proof);
LkVerdictOfStep lk_prove_seat         (LkLook *look);
LkVerdictOfStep lk_prove_who          (LkLook *look);
LkVerdictOfStep lk_prove_role         (LkLook *look);
LkVerdictOfStep lk_prove_bound        (LkLook *look);
LkVerdictOfStep lk_prove_scope_known  (LkLook *look);
LkVerdictOfStep lk_prove_scope        (LkLook *look);

G_END_DECLS
