/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-backup.h"
#include "lk-profile-set.h"

G_BEGIN_DECLS

typedef enum
{
  LK_RESTORE_ADD,
  LK_RESTORE_REPLACE, /* the tokens of a connection that is here */
  LK_RESTORE_SKIP,
} LkRestoreAction;

/**
 * LkRestoreClient:
 * @record: (owned): as it will be here
 * @name: (owned): in the file
 * @add: else it is here already, by the name in @record
 */
typedef struct
{
  LkClientRecord *record;
  char           *name;
  gboolean        add;
} LkRestoreClient;

/**
 * LkRestoreConnection:
 * @record: (owned): as it will be here
 * @id: (owned): in the file
 * @reason: a literal, of a skipped one: "here", "made-here", "older"
 */
typedef struct
{
  LkConnectionRecord *record;
  char               *id;
  gboolean            has_tokens;
  LkRestoreAction     action;
  const char         *reason;
} LkRestoreConnection;

/**
 * LkRestorePlan:
 *
 * What is in a file, without its secrets, and what would become of it here. Pure.
 */
typedef struct
{
  LkBackupInfo *info;        /* (owned) (nullable): until it was read */
  GPtrArray    *clients;     /* (element-type LkRestoreClient) */
  GPtrArray    *connections; /* (element-type LkRestoreConnection) */
  GPtrArray    *rules;       /* (element-type LkBackupItem) */
  GVariant     *settings;    /* (owned) (nullable) */
  GHashTable   *by_name;     /* (owned) name in the file → LkRestoreClient */
  GHashTable   *by_id;       /* (owned) id in the file → LkRestoreConnection */
} LkRestorePlan;

LkRestorePlan *lk_restore_plan_new    (void);
void           lk_restore_plan_free   (LkRestorePlan *self);
/* Takes down what @item says; its secrets stay with it. */
void           lk_restore_plan_add    (LkRestorePlan *self, LkBackupItem *item);

/**
 * lk_restore_plan_decide:
 * @clients: (element-type LkClientRecord): that are here
 * @connections: (element-type LkConnectionRecord): that are here, removed ones too
 * @use: nobody else uses what is in a copy
 * @now: seconds since 1970 UTC
 */
void           lk_restore_plan_decide (LkRestorePlan *self, GPtrArray *clients,
                                       GPtrArray *connections, gboolean use, gint64 now);
/* The pair that ReadBackup answers: a{sv}, aa{sv}. @settings: those that would be taken, an a{sv};
 * (transfer floating) */
GVariant      *lk_restore_plan_tell   (LkRestorePlan *self, LkProfileSet *profiles,
                                       GVariant *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRestorePlan, lk_restore_plan_free)

G_END_DECLS
