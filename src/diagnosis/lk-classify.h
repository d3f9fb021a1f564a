/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-catalogue.h"
#include "lk-paste.h"

G_BEGIN_DECLS

/**
 * LkGround: what a class rests on, strongest first.
 */
typedef enum
{
  LK_GROUND_CODE,
  LK_GROUND_SUCCESS,
  LK_GROUND_MESSAGE,
  LK_GROUND_STATUS,
  LK_GROUND_NOTHING,
} LkGround;

/**
 * LkVerdict:
 * @fault: the facts with their class
 * @rule: (nullable): the rule of the catalogue that fits
 * @fact: (nullable): the candidate chosen, borrowed from the paste
 * @family_given, @family_certain: named by the caller; named by an address in the text
 * @others: (nullable): further error codes in the text, the first few
 */
typedef struct
{
  LkFault           *fault;
  const LkRule      *rule;
  const LkPasteFact *fact;
  LkGround           ground;
  gboolean           family_given;
  gboolean           family_certain;
  char              *others;
} LkVerdict;

LkProfile *lk_classify_find_profile (LkProfileSet *profiles, const LkFault *fault);
gboolean   lk_classify_is_tiktok    (const char *family);

void lk_classify       (LkCatalogue *catalogue, LkProfileSet *profiles, LkVerdict *verdict,
                        const char *text);
void lk_classify_paste (LkCatalogue *catalogue, LkProfileSet *profiles, const LkPaste *paste,
                        const LkHints *hints, LkVerdict *verdict);
void lk_decide_action  (LkCatalogue *catalogue, const LkVerdict *verdict, LkFinding *finding);

G_END_DECLS
