/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-enquiry.h"
#include "lk-paste.h"
#include "lk-texts.h"

G_BEGIN_DECLS

/* A clock that is further off than this is worth a word. */
#define LK_SKEW_LIMIT 20
/* TikTok asks that its status feed be read no more often. */
#define LK_STATUS_AGE (30 * 60)
/* A login in more Business Centers than this is not looked up in all of them. */
#define LK_MAX_CENTERS 10

typedef enum
{
  LK_TRI_UNKNOWN,
  LK_TRI_NO,
  LK_TRI_YES,
} LkTri;

/**
 * LkCase:
 * @base: (nullable): what can be said without any probe
 * @fault: what was refused, classed; never %NULL
 * @path: (nullable): of the call without "/open_api/v1.3", or the one that the message names
 * @account: (nullable): the account of the call, or the one that the message names
 * @text: the message in lower case
 * @media: (nullable): a video that the message names
 *
 * Facts, read once for the rules.
 */
typedef struct
{
  LkDiagnosis   *diagnosis;
  const LkFacts *facts;
  LkFinding     *base;
  const LkFault *fault;
  LkAuto         action;
  const char    *family;
  char          *path;
  char          *account;
  char          *text;
  char          *media;
} LkCase;

/**
 * LkSeat: the account of a case as a Business Center sees it.
 * @answer: (nullable): where it was found
 * @role: (nullable): the highest role of the login
 */
typedef struct
{
  const LkProbeAnswer *answer;
  const char          *center;
  const char          *role;
  const char          *relation;
  const char          *state;
  const char          *owner;
} LkSeat;

void     lk_case_init          (LkCase *self, LkDiagnosis *diagnosis, const LkFacts *facts);
void     lk_case_init_finding  (LkCase *self, LkDiagnosis *diagnosis, const LkFacts *facts,
                                const LkFinding *finding);
void     lk_case_clear         (LkCase *self);

/* The first group of a pattern in a message; (transfer full) (nullable) */
char    *lk_find_in_message    (LkPattern *pattern, const char *message);

/* Answers */
const LkProbeAnswer *lk_case_find     (const LkCase *self, const char *probe);
/* An answer that is one: not refused. (nullable) */
const LkProbeAnswer *lk_case_answered (const LkCase *self, const char *probe);
/* The refusal of a probe. (nullable) */
const LkFault       *lk_case_refused  (const LkCase *self, const char *probe);
gboolean lk_fault_is_dead_token (const LkFault *fault);
gboolean lk_fault_is_no_reply   (const LkFault *fault);
gboolean lk_fault_is_other_app  (const LkFault *fault);

/* Knowledge */
LkTri    lk_case_is_alive      (const LkCase *self);
LkTri    lk_case_is_listed     (const LkCase *self);
LkTri    lk_case_has_scope     (const LkCase *self, char **scope);
gboolean lk_case_may_ask       (const LkCase *self, const char *probe);
LkTri    lk_case_same_login    (const LkCase *self);
gboolean lk_case_is_writing    (const LkCase *self);
/* Roles on the account that allow the call; %NULL when any does, or nobody knows. */
const char * const *lk_case_needed_roles (const LkCase *self);
gboolean lk_role_suffices      (const char *role, const char * const *needed);
gboolean lk_case_get_seat      (const LkCase *self, LkSeat *seat);
/* The Business Centers cannot be read with this app. @closed: by scope or list, so none can. */
gboolean lk_case_is_unlisted   (const LkCase *self, gboolean *closed);
/* The centers of the login, the one that owns the account first; (transfer container) */
GPtrArray *lk_case_list_centers (const LkCase *self);
/* The center that decides about the account. (nullable) */
const char *lk_case_get_center (const LkCase *self);
/* A center that the login is no admin of, which may hold the account unseen. (nullable) */
const char *lk_case_get_hiding_center (const LkCase *self);
const char *lk_case_get_center_column (const LkCase *self, const char *center, const char *column);
/* A problem of the account itself: a cause, or %NULL. */
const char *lk_case_account_trouble (const LkCase *self);
/* An open incident of the status feed: its row, or -1. */
int      lk_case_find_incident (const LkCase *self);
/* The clock is off by this many seconds (ours behind: > 0); 0 when it is right or not known. */
gint64   lk_case_get_skew      (const LkCase *self);
/* A word such as "campaigns" for what the call changes, or %NULL. */
const char *lk_case_get_things (const LkCase *self);
/* "catalog", "pixel"… when the message is about one, or %NULL. */
const char *lk_case_get_asset  (const LkCase *self, char **id);
/* The fault is about permission on an account, a Business Center or an asset. */
gboolean lk_case_is_about_access (const LkCase *self);
/* The question, unless the provider has no such probe, it was asked, or is in vain. */
LkQuestion    *lk_case_ask           (const LkCase *self, LkProfile *profile, const char *probe,
                                      const char *center, const char *account);
/* Asking on would be refused or lost as well; (nullable) */
const LkFault *lk_case_find_obstacle (const LkCase *self);
/* A refused app: the code or the message settles why; it is likely that the secret is wrong. */
gboolean lk_case_app_is_settled  (const LkCase *self);
gboolean lk_case_suspects_secret (const LkCase *self);

/**
 * LkSuspicion: a cause, and how sure it is.
 */
typedef struct
{
  const char *cause;
  double      confidence;
  LkTurn      turn; /* LK_TURN_NOBODY for the one of the cause */
  GHashTable *values;
} LkSuspicion;

/* What the rules suspect; (element-type LkSuspicion). With the first, nothing else matters. */
gboolean     lk_suspect_again   (const LkCase *self, GPtrArray *out);
void         lk_suspect_token   (const LkCase *self, GPtrArray *out);
void         lk_suspect_scope   (const LkCase *self, GPtrArray *out);
void         lk_suspect_access  (const LkCase *self, GPtrArray *out);
void         lk_suspect_app     (const LkCase *self, GPtrArray *out);
void         lk_suspect_other   (const LkCase *self, GPtrArray *out);

LkSuspicion *lk_suspect         (const LkCase *self, GPtrArray *out, const char *cause,
                                 double confidence);
void         lk_suspicion_set   (LkSuspicion *self, const char *word, const char *value);
void         lk_suspicion_free  (LkSuspicion *self);

/* Each probe's answer in words. */
void         lk_enquiry_tell    (const LkCase *self, GStrvBuilder *evidence,
                                 GStrvBuilder *assumptions);

G_END_DECLS
