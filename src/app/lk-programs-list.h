/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-settings-link.h"

G_BEGIN_DECLS

/**
 * LkProgramsList:
 *
 * Programs that took tokens, of which connection, and what each may. Signal "failed" (sentence).
 */
#define LK_TYPE_PROGRAMS_LIST (lk_programs_list_get_type ())
G_DECLARE_FINAL_TYPE (LkProgramsList, lk_programs_list, LK, PROGRAMS_LIST, AdwPreferencesGroup)

void lk_programs_list_set_link (LkProgramsList *self, LkSettingsLink *link);

G_END_DECLS
