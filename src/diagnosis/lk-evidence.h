/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-classify.h"

G_BEGIN_DECLS

/* Fill evidence, assumptions and confidence of a finding. */
void lk_evidence_of_paste (LkCatalogue *catalogue, const LkVerdict *verdict, const LkPaste *paste,
                           LkFinding *finding);
void lk_evidence_of_fault (LkCatalogue *catalogue, const LkVerdict *verdict, LkFinding *finding);

G_END_DECLS
