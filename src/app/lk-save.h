/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes @bytes beside @file, and puts it in @file's place when it is complete: when something
 * fails, nothing is left and @file is what it was. Errors: of GIO. */
void     lk_save_async  (GFile *file, GBytes *bytes, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_save_finish (GAsyncResult *result, GError **error);
/* A hidden name beside @file for what is not complete yet. (transfer full) */
GFile   *lk_save_get_part (GFile *file);

G_END_DECLS
