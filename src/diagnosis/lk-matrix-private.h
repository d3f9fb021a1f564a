/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-scopes.h"

G_BEGIN_DECLS

typedef enum
{
  LK_KNOWN_NOT,
  LK_KNOWN_NO,
  LK_KNOWN_YES,
} LkKnown;

typedef enum
{
  LK_RELATION_NONE,
  LK_RELATION_UNBOUND,
  LK_RELATION_REJECTED,
  LK_RELATION_PENDING,
  LK_RELATION_BOUND,
} LkRelation;

typedef enum
{
  LK_HEALTH_UNKNOWN,
  LK_HEALTH_GOOD,
  LK_HEALTH_REVIEW,
  LK_HEALTH_LIMITED,
  LK_HEALTH_REJECTED,
  LK_HEALTH_CLOSED,
} LkHealth;

/**
 * LkStanding: what the facts say about one account.
 * @reached: the token lists it
 * @role: (nullable): the best role of the login on it, of all Business Centers that answered
 * @relation: the closest of all Business Centers
 * @open: a Business Center that may know a better role could not be read whole
 * @proven: (nullable): features of which a call about this very account succeeded
 */
typedef struct
{
  char       *name;
  LkKnown     reached;
  const char *role;
  LkRelation  relation;
  LkHealth    health;
  gboolean    open;
  GHashTable *proven;
} LkStanding;

/**
 * LkRight: what the facts say about one feature, whatever the account.
 * @granted: the app's permission, by the list of granted ones
 * @refused: a call was refused for want of it
 * @unlisted: a call was refused because TikTok keeps a list
 * @answered: a call that needs it succeeded
 * @empty: that call found nothing
 */
typedef struct
{
  LkKnown  granted;
  gboolean refused;
  gboolean unlisted;
  gboolean answered;
  gboolean empty;
} LkRight;

/**
 * LkSurvey: the facts, read once.
 * @ids: (element-type utf8): accounts in order
 * @standings: (element-type utf8 LkStanding)
 * @rights: one for each feature
 * @dead: the newest answer says that the token is not accepted
 */
typedef struct
{
  LkScopes      *scopes;
  const LkFacts *facts;
  GPtrArray     *features;
  GPtrArray     *ids;
  GHashTable    *standings;
  LkRight       *rights;
  gboolean       dead;
} LkSurvey;

LkSurvey   *lk_survey_new    (LkScopes *scopes, const LkFacts *facts);
void        lk_survey_free   (LkSurvey *self);
/* For the parts of it. */
LkStanding *lk_survey_ensure      (LkSurvey *self, const char *id, const char *name);
void        lk_survey_read_centers (LkSurvey *self);
void        lk_survey_read_rights  (LkSurvey *self);
LkHealth    lk_health_of           (const char *status);

/* Why a cell is what it is. */
typedef enum
{
  LK_WHY_GRANTED,
  LK_WHY_ROLE_FITS,
  LK_WHY_PROVEN,
  LK_WHY_NOT_GRANTED,
  LK_WHY_REFUSED,
  LK_WHY_UNLISTED,
  LK_WHY_NOT_REACHED,
  LK_WHY_PENDING,
  LK_WHY_DECLINED,
  LK_WHY_UNBOUND,
  LK_WHY_ROLE_LOW,
  LK_WHY_NO_CENTER,
  LK_WHY_REVIEW,
  LK_WHY_LIMITED,
  LK_WHY_REJECTED,
  LK_WHY_CLOSED,
  LK_WHY_TOKEN_DEAD,
  LK_WHY_SCOPES_UNKNOWN,
  LK_WHY_REACH_UNKNOWN,
  LK_WHY_ROLE_UNKNOWN,
  LK_WHY_CENTERS_OPEN,
  LK_WHY_HEALTH_UNKNOWN,
  LK_WHY_CLOSED_READING,
  LK_WHY_CENTER_UNASKED,
  LK_WHY_CATALOG,
  LK_WHY_PIXEL,
  LK_N_WHYS,
} LkWhy;

LkWhy       lk_survey_judge  (const LkSurvey *self, const char *account, guint feature);
LkCell      lk_why_to_cell   (LkWhy why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSurvey, lk_survey_free)

G_END_DECLS
