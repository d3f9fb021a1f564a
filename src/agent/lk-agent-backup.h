/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-backup.h"
#include "lk-ledger-batch.h"

G_BEGIN_DECLS

/* State of the ledger while a restore has put secrets into the keyring that nothing names yet. */
#define LK_AGENT_RESTORING "restoring"

/* One at a time: FALSE with LK_AGENT_ERROR_IN_USE while another is under way. */
gboolean  lk_agent_backup_begin         (LkAgentContext *context, GError **error);
void      lk_agent_backup_end           (LkAgentContext *context);
gboolean  lk_agent_backup_is_under_way  (LkAgentContext *context);
/* Tells how far it is, not too often. @told: when it was told last, monotonic microseconds */
void      lk_agent_backup_tell          (LkAgentContext *context, const char *cookie, guint done,
                                         guint total, gint64 *told);

/* lk-agent-backup.c. @fd: (transfer full); @ids: (nullable) for all; errors are LK_AGENT_ERROR. */
void      lk_agent_backup_write_async   (LkAgentContext *context, int fd, LkSecret *passphrase,
                                         gboolean moves, const char * const *ids,
                                         const char *cookie, GAsyncReadyCallback callback,
                                         gpointer user_data);
/* (transfer full): what WriteBackup tells */
GVariant *lk_agent_backup_write_finish  (LkAgentContext *context, GAsyncResult *result,
                                         GError **error);

/* lk-agent-restore.c. @preview: only tells what it would do; @use: nobody else uses what it holds.
 * (transfer full): what RestoreBackup tells, as a pair */
void      lk_agent_restore_async        (LkAgentContext *context, int fd, LkSecret *passphrase,
                                         gboolean preview, gboolean use, const char *cookie,
                                         GAsyncReadyCallback callback, gpointer user_data);
GVariant *lk_agent_restore_finish       (LkAgentContext *context, GAsyncResult *result,
                                         GError **error);

/* lk-agent-restore-undo.c: takes away what a restore that was cut off left in the keyring. */
void      lk_agent_restore_clean        (LkAgentContext *context);
/* Forgets tokens of @ids and secrets of @clients, (element-type utf8). Finished by _undo_finish:
 * FALSE when something stayed. */
void      lk_agent_restore_undo_async   (LkAgentContext *context, GPtrArray *ids,
                                         GPtrArray *clients, GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean  lk_agent_restore_undo_finish  (LkAgentContext *context, GAsyncResult *result);

/* lk-agent-programs-backup.c: (element-type GVariant) rules that a person made for @connection, and
 * the way back. @rule: an a{sv} from a file; nullable when it is none */
GPtrArray     *lk_agent_programs_list_rules (LkAgentContext *context, const char *connection);
LkStateRecord *lk_agent_programs_read_rule  (const char *connection, GVariant *rule);
void           lk_agent_programs_take_rule  (LkAgentContext *context, const LkStateRecord *rule);

/* lk-agent-backup-bus.c */
void      lk_agent_backup_connect       (LkAgentContext *context);

G_END_DECLS
