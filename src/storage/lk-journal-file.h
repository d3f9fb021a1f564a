/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "lk-storage-error.h"

G_BEGIN_DECLS

/* The journal's file: whole appends that are on the disk when the call returns. */
typedef struct _LkJournalFile LkJournalFile;

LkJournalFile *lk_journal_file_open       (const char *path, GBytes **content, GError **error);
void           lk_journal_file_free       (LkJournalFile *self);

/* Up to where the file holds whole records; what follows is a write that was cut off. */
void           lk_journal_file_set_whole  (LkJournalFile *self, size_t whole);
gboolean       lk_journal_file_get_gap    (LkJournalFile *self, size_t *gap, GError **error);
size_t         lk_journal_file_get_size   (LkJournalFile *self);

gboolean       lk_journal_file_append     (LkJournalFile *self, GBytes *bytes, GError **error);
gboolean       lk_journal_file_replace    (LkJournalFile *self, const guint8 *data, size_t size,
                                           GError **error);
/* Beside the file, as "NAME.damaged-…"; the same content is kept once. */
gboolean       lk_journal_file_copy_aside (LkJournalFile *self, GError **error);

G_END_DECLS
