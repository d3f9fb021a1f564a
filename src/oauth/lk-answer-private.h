/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-secret.h"

G_BEGIN_DECLS

/**
 * LkAnswer:
 * @state: (nullable): which attempt it belongs to
 * @code: (nullable): the authorization code
 * @error: (nullable): the provider's word for a refusal
 * @description: (nullable): its sentence
 *
 * What the provider sent back through the browser. Untrusted.
 */
typedef struct
{
  LkSecret *state;
  LkSecret *code;
  char     *error;
  char     *description;
} LkAnswer;

LkAnswer *lk_answer_new_from_query   (const char *query, const char * const *code_names);
LkAnswer *lk_answer_new_from_address (const char *address, const char * const *code_names);
void      lk_answer_free             (LkAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAnswer, lk_answer_free)

G_END_DECLS
