/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean lk_agent_text_check     (const char *what, const char *text, size_t longest,
                                  GError **error);
/* (transfer full) (nullable): what is left of a text of the other side */
char    *lk_agent_text_dup_clean (const char *text, size_t longest);

G_END_DECLS
