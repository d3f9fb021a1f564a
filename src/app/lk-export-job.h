/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-ipc.h"

G_BEGIN_DECLS

typedef enum
{
  LK_EXPORT_CSV,
  LK_EXPORT_JSON, /* an array of objects */
} LkExportFormat;

/**
 * LkExportProgress:
 * @done: events that are written
 * @total: of so many, as far as it is known
 */
typedef void (*LkExportProgress) (guint64 done, guint64 total, gpointer user_data);

/* Writes events from the agent to @file, page by page and never all in memory. They go to a file
 * beside it that takes its place at the end; when something fails or it is cancelled, nothing is
 * left and @file is what it was.
 * @options: of Agent1.ListEvents. @progress: (nullable). Errors: of GIO and of the agent. */
void     lk_export_job_run_async    (LkDBusAgent1 *agent, GVariant *options, LkExportFormat format,
                                     GFile *file, LkExportProgress progress, gpointer progress_data,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
/* @written: (out): events */
gboolean lk_export_job_run_finish   (GAsyncResult *result, guint64 *written, GError **error);

/* Why a file could not be written, and what to do. (transfer full) */
char    *lk_export_error_to_sentence (const GError *error);

G_END_DECLS
