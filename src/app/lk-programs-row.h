/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkProgramsRow:
 *
 * Which programs took tokens of a connection, and what was decided about them. Hidden while there
 * are none.
 */
#define LK_TYPE_PROGRAMS_ROW (lk_programs_row_get_type ())
G_DECLARE_FINAL_TYPE (LkProgramsRow, lk_programs_row, LK, PROGRAMS_ROW, AdwExpanderRow)

/* @connection: (nullable) */
void lk_programs_row_set_connection (LkProgramsRow *self, LkAppContext *context,
                                     LkDBusConnection1 *connection);
void lk_programs_row_reload         (LkProgramsRow *self);

G_END_DECLS
