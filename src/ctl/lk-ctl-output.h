/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "lk-ctl.h"

G_BEGIN_DECLS

/**
 * LkCtlTable:
 *
 * Rows of text, printed with aligned columns. Cells are made safe for a terminal when added.
 */
typedef struct _LkCtlTable LkCtlTable;

LkCtlTable *lk_ctl_table_new    (void);
void        lk_ctl_table_free   (LkCtlTable *self);
void        lk_ctl_table_add    (LkCtlTable *self, const char *cell, ...) G_GNUC_NULL_TERMINATED;
void        lk_ctl_table_print  (LkCtlTable *self);

/* Control characters in names that came over the network must not steer the terminal. */
char       *lk_ctl_dup_safe     (const char *text);
/* To the standard output and the standard error; a newline is added. */
void        lk_ctl_print        (const char *format, ...) G_GNUC_PRINTF (1, 2);
void        lk_ctl_note         (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* "in 2 hours", "3 days ago", "never", "unknown". @past: what 0 means is "never" then. */
char       *lk_ctl_dup_end_words   (LkCtl *self, gint64 seconds);
char       *lk_ctl_dup_past_words  (LkCtl *self, gint64 seconds);

/* One member each; empty text, 0 and "no end" become null. */
void        lk_ctl_json_string  (JsonBuilder *builder, const char *key, const char *text);
void        lk_ctl_json_time    (JsonBuilder *builder, const char *key, gint64 seconds);
void        lk_ctl_json_strv    (JsonBuilder *builder, const char *key,
                                 const char * const *words);
void        lk_ctl_json_flag    (JsonBuilder *builder, const char *key, gboolean flag);
void        lk_ctl_json_finding (JsonBuilder *builder, const char *key, const LkFinding *finding);
/* Prints what was built: on one line, or indented when a person looks. */
void        lk_ctl_json_print   (JsonBuilder *builder);
char       *lk_ctl_json_dup     (JsonBuilder *builder, gboolean pretty);

void        lk_ctl_connection_to_json (LkCtl *self, LkCtlConnection *connection,
                                       JsonBuilder *builder);
const char *lk_ctl_connection_state_words (LkCtlConnection *connection);
void        lk_ctl_finding_print      (const LkFinding *finding);
void        lk_ctl_finding_note       (const LkFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCtlTable, lk_ctl_table_free)

G_END_DECLS
