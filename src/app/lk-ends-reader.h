/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkEnd:
 * @id, @name: of the connection
 * @at: when its authorization ends
 * @can_renew: whether it is renewed until then
 */
typedef struct
{
  char     *id;
  char     *name;
  gint64    at;
  gboolean  can_renew;
} LkEnd;

void       lk_end_free              (LkEnd *self);
/* Reads coming ends from the agent, the nearest first, page by page, up to @until. */
void       lk_ends_read_async       (LkDBusAgent1 *agent, gint64 until, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* (element-type LkEnd) (transfer full) */
GPtrArray *lk_ends_read_finish      (GAsyncResult *result, GError **error);
/* The ends as a calendar file (iCalendar). @days: how long before a calendar reminds. */
GBytes    *lk_ends_to_calendar      (GPtrArray *ends, const guint32 *days, gsize n_days,
                                     gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEnd, lk_end_free)

G_END_DECLS
