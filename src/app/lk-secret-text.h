/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* What a person typed or pasted, on its way to the agent: a list of one descriptor. */
GUnixFDList *lk_secret_text_to_fds (const char *text, GError **error);

G_END_DECLS
