/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-matrix-private.h"

/* A definite "no" first, then what nobody knows; "allowed" only when nothing is left to ask. */

static gboolean
is_on (const LkFeature *feature,
       const char      *what)
{
  return g_strcmp0 (feature->on, what) == 0;
}

static LkWhy
judge_scope (const LkRight   *right,
             const LkFeature *feature)
{
  /* One center's answer is enough; one account's says nothing about another's. */
  if (right->unlisted && !(right->answered && is_on (feature, "center")))
    return LK_WHY_UNLISTED;
  if (right->refused && !right->answered)
    return LK_WHY_REFUSED;
  if (right->granted == LK_KNOWN_NO && !right->answered)
    return LK_WHY_NOT_GRANTED;

  return right->granted == LK_KNOWN_YES || right->answered ? LK_WHY_GRANTED
                                                           : LK_WHY_SCOPES_UNKNOWN;
}

static LkWhy
judge_center (const LkRight *right,
              LkWhy          scope)
{
  if (scope != LK_WHY_GRANTED)
    return scope;
  if (!right->answered)
    return LK_WHY_CENTER_UNASKED;

  return right->empty ? LK_WHY_NO_CENTER : LK_WHY_PROVEN;
}

static LkWhy
judge_reach (const LkStanding *standing)
{
  if (standing->reached == LK_KNOWN_YES)
    return LK_WHY_GRANTED;
  if (standing->relation == LK_RELATION_PENDING)
    return LK_WHY_PENDING;
  if (standing->relation == LK_RELATION_REJECTED)
    return LK_WHY_DECLINED;
  if (standing->relation == LK_RELATION_UNBOUND)
    return LK_WHY_UNBOUND;

  return standing->reached == LK_KNOWN_NO ? LK_WHY_NOT_REACHED : LK_WHY_REACH_UNKNOWN;
}

static LkWhy
judge_health (LkHealth health,
              gboolean changes)
{
  switch (health)
    {
    case LK_HEALTH_CLOSED:
      return changes ? LK_WHY_CLOSED : LK_WHY_CLOSED_READING;
    case LK_HEALTH_LIMITED:
      return changes ? LK_WHY_LIMITED : LK_WHY_GRANTED;
    case LK_HEALTH_REJECTED:
      return changes ? LK_WHY_REJECTED : LK_WHY_GRANTED;
    case LK_HEALTH_REVIEW:
      return changes ? LK_WHY_REVIEW : LK_WHY_GRANTED;
    case LK_HEALTH_UNKNOWN:
      return changes ? LK_WHY_HEALTH_UNKNOWN : LK_WHY_GRANTED;
    case LK_HEALTH_GOOD:
    default:
      return LK_WHY_GRANTED;
    }
}

static LkWhy
judge_role (const LkStanding *standing,
            char            **roles)
{
  if (roles[0] == NULL)
    return LK_WHY_GRANTED;
  if (standing->role == NULL)
    return LK_WHY_ROLE_UNKNOWN;
  if (g_strv_contains ((const char *const *) roles, standing->role))
    return LK_WHY_ROLE_FITS;

  return standing->open ? LK_WHY_CENTERS_OPEN : LK_WHY_ROLE_LOW;
}

/* The account's part, for a feature whose scope is granted or not known. */
static LkWhy
judge_account (const LkStanding *standing,
               const LkFeature  *feature,
               LkWhy             scope)
{
  LkWhy steps[] = {
    judge_reach (standing),
    judge_health (standing->health, feature->roles[0] != NULL),
    judge_role (standing, feature->roles),
    scope,
    is_on (feature, "catalog") ? LK_WHY_CATALOG
    : is_on (feature, "pixel") ? LK_WHY_PIXEL
                               : LK_WHY_GRANTED,
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      LkCell cell = lk_why_to_cell (steps[i]);

      if (cell != LK_CELL_ALLOWED && cell != LK_CELL_UNKNOWN)
        return steps[i];
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (lk_why_to_cell (steps[i]) == LK_CELL_UNKNOWN)
        return steps[i];
    }

  return steps[2];
}

LkWhy
lk_survey_judge (const LkSurvey *self,
                 const char     *account,
                 guint           number)
{
  const LkFeature *feature = g_ptr_array_index (self->features, number);
  const LkStanding *standing = g_hash_table_lookup (self->standings, account);
  const LkRight *right = &self->rights[number];
  LkWhy scope = judge_scope (right, feature);
  LkCell cell = lk_why_to_cell (scope);

  /* A call about this very account that succeeded says more than any list. */
  if (!self->dead && standing->proven != NULL
      && g_hash_table_contains (standing->proven, feature))
    return LK_WHY_PROVEN;
  if (cell != LK_CELL_ALLOWED && cell != LK_CELL_UNKNOWN)
    return scope;
  if (self->dead)
    return LK_WHY_TOKEN_DEAD;
  if (is_on (feature, "center"))
    return judge_center (right, scope);
  /* Other families know scopes and nothing else. */
  if (g_strcmp0 (self->facts->family, "tiktok-ads") != 0)
    return scope;

  return judge_account (standing, feature, scope);
}

/**
 * lk_matrix_new:
 * @facts: answers of a survey
 *
 * Returns: (transfer full): a row for each account that the facts name, a column for each feature
 *   of the family
 */
LkMatrix *
lk_matrix_new (LkScopes      *scopes,
               const LkFacts *facts)
{
  LkMatrix *self = g_new0 (LkMatrix, 1);
  g_autoptr (LkSurvey) survey = lk_survey_new (scopes, facts);

  self->features = survey->features;
  self->checked = facts->now;
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
  self->cells = g_new0 (LkCell, (size_t) survey->ids->len * self->features->len + 1);
  for (unsigned int row = 0; row < survey->ids->len; row++)
    {
      const char *id = g_ptr_array_index (survey->ids, row);
      const LkStanding *standing = g_hash_table_lookup (survey->standings, id);

      g_ptr_array_add (self->accounts, lk_account_new (id, standing->name));
      for (unsigned int column = 0; column < self->features->len; column++)
        self->cells[row * self->features->len + column]
          = lk_why_to_cell (lk_survey_judge (survey, id, column));
    }

  return self;
}

void
lk_matrix_free (LkMatrix *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->accounts);
  g_free (self->cells);
  g_free (self);
}

LkCell
lk_matrix_get (const LkMatrix *self,
               guint           account,
               guint           feature)
{
  g_return_val_if_fail (account < self->accounts->len && feature < self->features->len,
                        LK_CELL_UNKNOWN);

  return self->cells[account * self->features->len + feature];
}
