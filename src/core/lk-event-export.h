/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-records.h"

G_BEGIN_DECLS

/* Lines of the history as text for other programs. Each appends to what is there, so that a long
 * history can be written a piece at a time. */

/**
 * lk_event_export_csv_header:
 *
 * The names of the columns, as RFC 4180 writes them (CRLF at the end); they stay.
 */
void lk_event_export_csv_header (GString *out);

/**
 * lk_event_export_csv_row:
 *
 * One line of the history. Times are RFC 3339 in UTC. A cell that a spreadsheet would take for a
 * formula has an apostrophe before it.
 */
void lk_event_export_csv_row    (GString *out, const LkEvent *event);

/**
 * lk_event_export_json_row:
 * @finding: (nullable): JSON that explains the fault, as lk_finding_to_json() writes it
 *
 * One line of the history as an object on one line, without a line break after it: a line of JSON
 * lines, or an element of an array that the caller writes "[", "," and "]" of. Keys stay; what is
 * not known is null.
 */
void lk_event_export_json_row   (GString *out, const LkEvent *event, const char *finding);

G_END_DECLS
