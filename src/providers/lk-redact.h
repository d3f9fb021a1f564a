/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lk_redact:
 * @text: (nullable): text of another side, such as an error message or a body
 * @secrets: (nullable) (array zero-terminated=1): values that must not be in it
 *
 * Masks the given values, what follows words such as "access_token" or "Bearer", tokens by their
 * known beginnings, and long runs that look like keys. Request and log ids stay.
 *
 * Returns: (transfer full) (nullable): valid UTF-8
 */
char *lk_redact (const char *text, const char * const *secrets);

/**
 * lk_redact_take_name:
 * @text: (nullable) (transfer full): a name that others gave, valid UTF-8
 *
 * Makes one line of it, without signs that cannot be seen and let a text read as another one: it
 * goes into sentences, letters and terminals.
 *
 * Returns: (transfer full) (nullable)
 */
char *lk_redact_take_name (char *text);

G_END_DECLS
