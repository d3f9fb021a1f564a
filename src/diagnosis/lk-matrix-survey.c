/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facts of a survey, read once: what they say about each account and about each feature. */

#include "lk-matrix-private.h"

static void
free_standing (void *data)
{
  LkStanding *standing = data;

  g_free (standing->name);
  g_clear_pointer (&standing->proven, g_hash_table_unref);
  g_free (standing);
}

LkStanding *
lk_survey_ensure (LkSurvey   *self,
                  const char *id,
                  const char *name)
{
  LkStanding *standing = g_hash_table_lookup (self->standings, id);

  if (standing == NULL)
    {
      char *key = g_strdup (id);

      standing = g_new0 (LkStanding, 1);
      g_hash_table_insert (self->standings, key, standing);
      g_ptr_array_add (self->ids, key);
    }
  if (standing->name == NULL)
    standing->name = g_strdup (name);

  return standing;
}

/* The fresh answer counts; what the sign-in brought only where nobody asked since. */
static void
read_reach (LkSurvey *self)
{
  const LkProbeAnswer *reach = lk_facts_find (self->facts, "reach", NULL, NULL);
  LkKnown rest = LK_KNOWN_NOT;
  GHashTableIter iter;
  void *standing;

  for (unsigned int i = 0; i < self->facts->accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (self->facts->accounts, i);
      LkStanding *known = lk_survey_ensure (self, account->id, account->name);

      if (reach == NULL && self->facts->accounts_known)
        known->reached = LK_KNOWN_YES;
    }
  if (reach == NULL && self->facts->accounts_known)
    rest = LK_KNOWN_NO;
  if (reach != NULL && reach->fault == NULL)
    {
      rest = reach->cut ? LK_KNOWN_NOT : LK_KNOWN_NO;
      for (unsigned int i = 0; i < reach->rows->len; i++)
        {
          const char *id = lk_probe_answer_get (reach, i, "id");

          if (id != NULL)
            lk_survey_ensure (self, id, lk_probe_answer_get (reach, i, "name"))->reached
              = LK_KNOWN_YES;
        }
    }

  if (self->facts->fault != NULL && self->facts->fault->account != NULL)
    lk_survey_ensure (self, self->facts->fault->account, NULL);
  lk_survey_read_centers (self);
  g_hash_table_iter_init (&iter, self->standings);
  while (g_hash_table_iter_next (&iter, NULL, &standing))
    {
      if (((LkStanding *) standing)->reached != LK_KNOWN_YES)
        ((LkStanding *) standing)->reached = rest;
    }
}

static void
read_accounts (LkSurvey *self)
{
  for (unsigned int i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);

      if (!g_str_equal (answer->probe, "account") || answer->fault != NULL)
        continue;
      for (unsigned int row = 0; row < answer->rows->len; row++)
        {
          const char *id = lk_probe_answer_get (answer, row, "id");
          LkStanding *standing = id != NULL ? g_hash_table_lookup (self->standings, id) : NULL;
          const char *status = lk_probe_answer_get (answer, row, "status");

          /* Its own page knows better than a list of assets, also with a word that is new. */
          if (standing != NULL && status != NULL)
            standing->health = lk_health_of (status);
        }
    }
}

static gboolean
is_about_token (LkClass klass)
{
  return klass == LK_CLASS_TOKEN_EXPIRED || klass == LK_CLASS_TOKEN_REVOKED
         || klass == LK_CLASS_REFRESH_DEAD;
}

/* The newest answer of a call with the token: "status" is read without one. */
static void
read_token (LkSurvey *self)
{
  for (unsigned int i = self->facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i - 1);

      if (g_str_equal (answer->probe, "status") || g_str_equal (answer->probe, "secret")
          || (answer->fault != NULL && answer->http_status == 0))
        continue;
      self->dead = answer->fault != NULL && is_about_token (answer->fault->klass);
      return;
    }
}

/**
 * lk_survey_new:
 * @facts: has to live as long
 *
 * Returns: (transfer full): the facts, read once
 */
LkSurvey *
lk_survey_new (LkScopes      *scopes,
               const LkFacts *facts)
{
  LkSurvey *self = g_new0 (LkSurvey, 1);

  self->scopes = scopes;
  self->facts = facts;
  self->features = lk_scopes_get_features (scopes, facts->family);
  self->ids = g_ptr_array_new ();
  self->standings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_standing);
  self->rights = g_new0 (LkRight, self->features->len);
  read_reach (self);
  read_accounts (self);
  /* A login that is its own account: a creator, a business profile. */
  if (self->ids->len == 0 && facts->identity != NULL
      && g_strcmp0 (facts->family, "tiktok-ads") != 0)
    lk_survey_ensure (self, facts->identity, facts->identity_name)->reached = LK_KNOWN_YES;
  read_token (self);
  lk_survey_read_rights (self);

  return self;
}

void
lk_survey_free (LkSurvey *self)
{
  if (self == NULL)
    return;

  g_free (self->rights);
  g_hash_table_unref (self->standings);
  g_ptr_array_unref (self->ids);
  g_free (self);
}
