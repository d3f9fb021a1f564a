/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkPreferences:
 *
 * The agent's settings in a window. What is changed counts at once; what could not be changed is
 * told, and shows as it was.
 */
#define LK_TYPE_PREFERENCES (lk_preferences_get_type ())
G_DECLARE_FINAL_TYPE (LkPreferences, lk_preferences, LK, PREFERENCES, AdwPreferencesWindow)

GtkWindow *lk_preferences_new (GtkWindow *parent, LkAppContext *context);

G_END_DECLS
