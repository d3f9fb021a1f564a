/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-remedy.h"
#include "lk-texts.h"

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

G_END_DECLS
