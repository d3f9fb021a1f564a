/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-renewer.h"

G_BEGIN_DECLS

#define LK_JOURNAL_KEY_KIND  "journal-key"
#define LK_JOURNAL_KEY_NAME  "journal"
#define LK_JOURNAL_KEY_LABEL "Latchkey: journal key"

/* The states of a renewal. The numbered steps are those of lk-renewer.h; what stands between them
 * only reads. */
typedef enum
{
  LK_RENEWAL_PROBE,         /* step 1 */
  LK_RENEWAL_LOOKUP_KEY,
  LK_RENEWAL_STORE_KEY,
  LK_RENEWAL_LOOKUP_TOKENS,
  LK_RENEWAL_LOOKUP_SECRET,
  LK_RENEWAL_REQUEST,       /* steps 2 and 3 */
  LK_RENEWAL_STORE,         /* step 5, after 4 */
  LK_RENEWAL_REREAD,        /* after a refusal: has somebody else renewed? */
} LkRenewalState;

typedef struct
{
  /* input */
  LkHttp             *http;        /* (owned) */
  LkVault            *vault;       /* (owned) */
  LkJournal          *journal;     /* (owned) */
  LkClock            *clock;       /* (owned) */
  LkProfile          *profile;     /* (owned) */
  LkClientRecord     *client;      /* (owned) */
  LkConnectionRecord *connection;  /* (owned) */

  /* in progress */
  LkSecret           *key;         /* (owned) (nullable): of the journal, freshly made */
  LkSecret           *secret;      /* (owned) (nullable): the client's */
  LkTokenSet         *old;         /* (owned) (nullable) */
  LkTokenSet         *renewed;     /* (owned) (nullable) */
  LkRequest          *request;     /* (owned) (nullable) */
  gboolean            repeated;    /* the request went out a second time */
  gboolean            was_lost;    /* an earlier run with this refresh token lost its reply */
  gboolean            recovered;   /* @renewed is what the journal had kept */

  /* output */
  LkFault            *fault;       /* (owned) (nullable) */
} LkRenewal;

/* lk-renewal.c */
void           lk_renewal_enter        (GTask *task, LkRenewalState state);
/* lk-renewal-prepare.c */
void           lk_renewal_prepare      (GTask *task, LkRenewalState state);
void           lk_renewal_set_fault    (LkRenewal *self, LkClass klass, const char *code);
void           lk_renewal_die_in_tests (int step);
GPtrArray     *lk_renewal_list_open    (LkJournal *journal, GError **error);
LkJournalOpen *lk_renewal_find_open    (GPtrArray *entries, const char *connection);

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

/* The recovery of what a stop left open. Not to run beside a renewal. */
void          lk_replay_run_async   (LkVault *vault, LkJournal *journal,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray    *lk_replay_run_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
