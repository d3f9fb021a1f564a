/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int      lk_agent_run      (void);
gboolean lk_agent_activate (void);

G_END_DECLS
