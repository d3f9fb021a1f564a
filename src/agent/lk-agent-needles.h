/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-secret.h"

G_BEGIN_DECLS

/**
 * LkAgentNeedles:
 *
 * Secrets to look for in a text, each in the forms that it is written in: as it is,
 * percent-encoded, with JSON's escapes, in base64.
 */
typedef struct _LkAgentNeedles LkAgentNeedles;

LkAgentNeedles *lk_agent_needles_new   (void);
void            lk_agent_needles_free  (LkAgentNeedles *self);
/* @secret: (nullable) */
void            lk_agent_needles_add   (LkAgentNeedles *self, LkSecret *secret);
/* Looks for all of them in one pass over the whole text, found or not. */
gboolean        lk_agent_needles_match (LkAgentNeedles *self, const char *text, size_t length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentNeedles, lk_agent_needles_free)

G_END_DECLS
