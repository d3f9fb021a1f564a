/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-renewer.h"

G_BEGIN_DECLS

#define LK_JOURNAL_KEY_KIND  "journal-key"
#define LK_JOURNAL_KEY_NAME  "journal"
#define LK_JOURNAL_KEY_LABEL "Latchkey: journal key"

/* What a renewal works with; all borrowed, kept alive by whoever runs it. */
typedef struct
{
  LkHttp    *http;
  LkVault   *vault;
  LkJournal *journal;
  LkClock   *clock;
} LkRenewalTools;

/* One renewal, from the probe to the settled journal. Not cancellable on purpose. */
void          lk_renewal_run_async  (const LkRenewalTools *tools, LkProfile *profile,
                                     const LkClientRecord *client,
                                     const LkConnectionRecord *connection,
                                     GAsyncReadyCallback callback, gpointer user_data);
LkTokenSet   *lk_renewal_run_finish (GAsyncResult *result, LkFault **fault, GError **error);
char         *lk_renewal_dup_label  (const char *name);
LkJournalOpen *lk_renewal_find_open (GPtrArray *entries, const char *connection);

/* The recovery of what a stop left open. Not to run beside a renewal. */
void          lk_replay_run_async   (LkVault *vault, LkJournal *journal,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray    *lk_replay_run_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
