/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Business Centers say about accounts: roles, relations, and the words for an account's
 * state. */

#include "lk-matrix-private.h"

static const struct
{
  const char *word;
  LkHealth    health;
} healths[] = {
  { "STATUS_ENABLE", LK_HEALTH_GOOD },
  { "STATUS_DISABLE", LK_HEALTH_CLOSED },
  { "STATUS_LIMIT", LK_HEALTH_LIMITED },
  { "STATUS_PENDING_CONFIRM", LK_HEALTH_REVIEW },
  { "STATUS_PENDING_VERIFIED", LK_HEALTH_REVIEW },
  { "STATUS_PENDING_CONFIRM_MODIFY", LK_HEALTH_REVIEW },
  { "STATUS_WAIT_FOR_BPM_AUDIT", LK_HEALTH_REVIEW },
  { "STATUS_WAIT_FOR_PUBLIC_AUTH", LK_HEALTH_REVIEW },
  { "STATUS_SELF_SERVICE_UNAUDITED", LK_HEALTH_REVIEW },
  { "STATUS_CONTRACT_PENDING", LK_HEALTH_REVIEW },
  { "STATUS_CONFIRM_FAIL", LK_HEALTH_REJECTED },
  { "STATUS_CONFIRM_FAIL_END", LK_HEALTH_REJECTED },
  { "STATUS_CONFIRM_MODIFY_FAIL", LK_HEALTH_REJECTED },
  /* What lists of assets print instead. */
  { "SHOW_ACCOUNT_STATUS_APPROVED", LK_HEALTH_GOOD },
  { "SHOW_ACCOUNT_STATUS_IN_REVIEW", LK_HEALTH_REVIEW },
  { "SHOW_ACCOUNT_STATUS_NOT_APPROVED", LK_HEALTH_REJECTED },
  { "SHOW_ACCOUNT_STATUS_PUNISHED", LK_HEALTH_LIMITED },
};

LkHealth
lk_health_of (const char *word)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (healths); i++)
    {
      if (g_strcmp0 (healths[i].word, word) == 0)
        return healths[i].health;
    }

  return LK_HEALTH_UNKNOWN;
}

static LkRelation
read_relation (const char *state)
{
  static const char *const words[] = { "UNBOUND", "REJECTED", "PENDING", "BOUND" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (words[i], state) == 0)
        return (LkRelation) (LK_RELATION_UNBOUND + (int) i);
    }

  return LK_RELATION_NONE;
}

static int
rank_role (const char *role)
{
  static const char *const words[] = { "ANALYST", "OPERATOR", "ADMIN" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (words[i], role) == 0)
        return (int) i + 1;
    }

  return 0;
}

static void
read_asset (LkSurvey            *self,
            const LkProbeAnswer *answer,
            unsigned int         row)
{
  const char *id = lk_probe_answer_get (answer, row, "id");
  const char *role = lk_probe_answer_get (answer, row, "role");
  LkRelation relation = read_relation (lk_probe_answer_get (answer, row, "state"));
  LkHealth health = lk_health_of (lk_probe_answer_get (answer, row, "status"));
  LkStanding *standing;

  if (id == NULL)
    return;

  standing = lk_survey_ensure (self, id, lk_probe_answer_get (answer, row, "name"));
  standing->relation = MAX (standing->relation, relation);
  /* A role that waits for its owner is no role yet. */
  if ((relation == LK_RELATION_BOUND || relation == LK_RELATION_NONE)
      && rank_role (role) > rank_role (standing->role))
    standing->role = role;
  if (health != LK_HEALTH_UNKNOWN)
    standing->health = health;
}

/* Whether one center's list leaves open what it knows of @account. */
static gboolean
leaves_open (LkSurvey            *self,
             const char          *center,
             const LkProbeAnswer *all,
             const char          *account)
{
  const LkProbeAnswer *one = lk_facts_find (self->facts, "center-assets", center, account);

  if (one != NULL && one->fault == NULL)
    return FALSE;

  return all == NULL || all->fault != NULL || lk_probe_answer_find_row (all, "id", account) < 0;
}

static void
mark_open_center (LkSurvey   *self,
                  const char *center)
{
  const LkProbeAnswer *all = lk_facts_find (self->facts, "center-assets", center, NULL);

  if (all != NULL && all->fault == NULL && !all->cut)
    return;

  for (unsigned int i = 0; i < self->ids->len; i++)
    {
      const char *id = g_ptr_array_index (self->ids, i);
      LkStanding *standing = g_hash_table_lookup (self->standings, id);

      standing->open = standing->open || leaves_open (self, center, all, id);
    }
}

/* Which accounts some center could still know better. A list that was cut says nothing about what
 * it does not hold. */
static void
mark_open (LkSurvey *self)
{
  const LkProbeAnswer *centers = lk_facts_find (self->facts, "centers", NULL, NULL);

  if (centers == NULL)
    return;

  for (unsigned int i = 0; i < self->ids->len; i++)
    {
      LkStanding *standing = g_hash_table_lookup (self->standings,
                                                  g_ptr_array_index (self->ids, i));

      standing->open = centers->fault != NULL || centers->cut;
    }
  for (unsigned int row = 0; row < centers->rows->len; row++)
    {
      const char *center = lk_probe_answer_get (centers, row, "id");

      if (center != NULL)
        mark_open_center (self, center);
    }
}

void
lk_survey_read_centers (LkSurvey *self)
{
  for (unsigned int i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);

      if (!g_str_equal (answer->probe, "center-assets") || answer->fault != NULL)
        continue;
      for (unsigned int row = 0; row < answer->rows->len; row++)
        read_asset (self, answer, row);
    }
  mark_open (self);
}
