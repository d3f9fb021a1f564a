/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean lk_sim_profiles_write (const char *folder, const char *base_uri, GError **error);

G_END_DECLS
