/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where this agent lives: on the host, or inside a Flatpak. */
gboolean    lk_agent_sandbox_is_flatpak   (void);
/* Where a panel looks for our icons besides its own folders; empty when it finds them there. */
const char *lk_agent_sandbox_get_icon_dir (void);

G_END_DECLS
