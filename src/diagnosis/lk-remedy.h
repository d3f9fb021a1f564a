/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-enquiry.h"

G_BEGIN_DECLS

/**
 * LkCheck: how a step proves itself.
 * @LK_CHECK_NONE: it cannot be checked from here, and says so
 * @LK_CHECK_PROBES: by probes, see lk_remedy_get_questions()
 * @LK_CHECK_CALL: by repeating the refused call; its answer is the fact "call"
 * @LK_CHECK_SIGN_IN: by a new sign-in of this connection, see LkFacts.signed_in
 * @LK_CHECK_SECRET: by the probe "secret" with a new client secret, before the old one is dropped
 * @LK_CHECK_TIME: by waiting until LkFault.retry_at
 */
typedef enum
{
  LK_CHECK_NONE,
  LK_CHECK_PROBES,
  LK_CHECK_CALL,
  LK_CHECK_SIGN_IN,
  LK_CHECK_SECRET,
  LK_CHECK_TIME,
} LkCheck;

typedef enum
{
  LK_VERDICT_NOT_YET,  /* asked, and it is not so */
  LK_VERDICT_DONE,     /* asked, and it is so */
  LK_VERDICT_UNKNOWN,  /* nobody asked yet, or the answer did not come */
} LkVerdictOfStep;

/**
 * LkRemedyStep:
 * @id: word, unique in its remedy
 * @title: translated, a few words
 * @todo: translated clicks or sentences, in order, with the names of this case filled in
 * @why: (nullable): translated
 * @links: pairs of a translated label and the name of a link of the profile, see
 *   lk_profile_dup_link(); never %NULL
 * @check: how it proves itself
 * @turn: whose turn it is
 * @watchable: it may take days; "Ask the Admin" and watching make sense
 */
typedef struct
{
  char    *id;
  char    *title;
  char   **todo;
  char    *why;
  char   **links;
  LkCheck  check;
  LkTurn   turn;
  gboolean watchable;
} LkRemedyStep;

/**
 * LkRemedy:
 * @id: "reconnect", "permission", "scope", "app", "rate", "provider-down", "media", "secret",
 *   "clock", "account-status", "request", "network" or "keyring"
 * @cause: of the finding it is for
 * @values: (nullable): of the finding: what the texts name
 * @title: translated
 * @steps: (element-type LkRemedyStep): never empty; the last one repeats the refused call where
 *   there is one
 *
 * What to do about a finding. From data/catalogue/remedies.xml and the facts.
 */
typedef struct
{
  char       *id;
  char       *cause;
  GHashTable *values;
  char       *title;
  GPtrArray  *steps;
} LkRemedy;

/* (nullable): %NULL when the finding has no remedy that Latchkey knows */
LkRemedy        *lk_remedy_new            (LkDiagnosis *diagnosis, const LkFinding *finding,
                                           const LkFacts *facts);
/* The same from what was kept: remedy id, cause, values of the finding. (nullable) */
LkRemedy        *lk_remedy_restore        (LkDiagnosis *diagnosis, const char *id,
                                           const char *cause, GHashTable *values,
                                           const LkFacts *facts);
void             lk_remedy_free           (LkRemedy *self);
/* What has to be asked for step @step; (element-type LkQuestion) (transfer full), never NULL. */
GPtrArray       *lk_remedy_get_questions  (const LkRemedy *self, guint step, const LkFacts *facts);
/* What the answers newer than @since say about it. */
LkVerdictOfStep  lk_remedy_judge          (const LkRemedy *self, guint step, const LkFacts *facts,
                                           gint64 since);
/* The same in words, translated, such as "The role is still Analyst". (transfer full) */
char            *lk_remedy_dup_verdict    (const LkRemedy *self, guint step, const LkFacts *facts,
                                           gint64 since);

/* "Ask the Admin": a ready message with clicks, account ids, role and request ids, translated;
 * no secret. (transfer full) */
char            *lk_remedy_dup_request    (LkDiagnosis *diagnosis, const LkRemedy *self,
                                           const LkFacts *facts, char **subject);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRemedy, lk_remedy_free)

G_END_DECLS
