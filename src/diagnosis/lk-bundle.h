/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-enquiry.h"

G_BEGIN_DECLS

/**
 * lk_bundle_new:
 * @findings: (element-type LkFinding)
 * @versions: (nullable): lines "NAME VERSION" of programs and libraries
 *
 * The support bundle: request ids, UTC times, redacted messages, scopes, probe answers, versions.
 * English and stable, for the people of a support; times are RFC 3339.
 *
 * Returns: (transfer full): JSON, indented
 */
char     *lk_bundle_new         (const LkFacts *facts, GPtrArray *findings,
                                 const char * const *versions);
/**
 * lk_bundle_find_secret:
 * @line: (out) (optional): the first line that seems to hold one, from 1
 *
 * Returns: whether something in the text looks like a token or a secret
 */
gboolean  lk_bundle_find_secret (const char *text, guint *line);

G_END_DECLS
