/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-settings-link.h"

G_BEGIN_DECLS

/**
 * LkWarnDays:
 *
 * The days before an end on which to warn: some to tick, and others to add.
 */
#define LK_TYPE_WARN_DAYS (lk_warn_days_get_type ())
G_DECLARE_FINAL_TYPE (LkWarnDays, lk_warn_days, LK, WARN_DAYS, AdwPreferencesRow)

void lk_warn_days_set_link (LkWarnDays *self, LkSettingsLink *link);

G_END_DECLS
