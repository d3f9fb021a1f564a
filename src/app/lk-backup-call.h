/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-app-context.h"

G_BEGIN_DECLS

/* A call of the agent with a file and a passphrase, which travel as file descriptors. @method:
 * "WriteBackup", "ReadBackup" or "RestoreBackup"; @fd: (transfer none); @options: (transfer
 * floating): an a{sv}. It may take minutes. */
void      lk_backup_call_async  (LkDBusAgent1 *agent, const char *method, int fd,
                                 const char *passphrase, GVariant *options,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* (transfer full): the answer's values */
GVariant *lk_backup_call_finish (LkDBusAgent1 *agent, GAsyncResult *result, GError **error);

G_END_DECLS
