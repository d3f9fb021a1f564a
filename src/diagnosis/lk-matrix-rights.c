/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the facts say about each feature: the list of granted scopes, and calls that needed it. */

#include "lk-matrix-private.h"

/* TikTok's code for "not on the allowlist". */
#define CODE_UNLISTED "40118"

static gboolean
needs (GPtrArray       *covering,
       const LkFeature *feature)
{
  for (unsigned int i = 0; i < covering->len; i++)
    {
      const LkScope *scope = g_ptr_array_index (covering, i);

      if (g_strv_contains ((const char *const *) feature->scopes, scope->id))
        return TRUE;
    }

  return FALSE;
}

static void
read_refusal (LkSurvey      *self,
              LkRight       *right,
              const LkFault *fault)
{
  if (g_strcmp0 (fault->code, CODE_UNLISTED) == 0)
    right->unlisted = TRUE;
  /* A refusal from before the last sign-in says nothing about the scopes of this one. */
  else if (fault->klass == LK_CLASS_SCOPE && fault->at >= self->facts->signed_in)
    right->refused = TRUE;
}

/* Only lists can be empty; other answers have no rows to count. */
static gboolean
is_empty (const LkProbeAnswer *answer)
{
  return (g_str_equal (answer->probe, "centers") || g_str_equal (answer->probe, "center-assets"))
         && answer->rows->len == 0 && !answer->cut;
}

/* Whether an answer about an account says that this feature works on it. */
static gboolean
proves (const LkProbeAnswer *answer,
        const LkFeature     *feature)
{
  if (g_strcmp0 (feature->on, "center") == 0 || g_strcmp0 (feature->on, "catalog") == 0)
    return FALSE;

  return !g_str_equal (answer->probe, "account")
         || lk_probe_answer_find_row (answer, "id", answer->account) >= 0;
}

static void
read_success (LkRight             *right,
              LkFeature           *feature,
              LkStanding          *standing,
              const LkProbeAnswer *answer)
{
  right->empty = is_empty (answer) && (right->empty || !right->answered);
  right->answered = TRUE;
  if (standing == NULL || !proves (answer, feature))
    return;

  if (standing->proven == NULL)
    standing->proven = g_hash_table_new (NULL, NULL);
  g_hash_table_add (standing->proven, feature);
}

static void
read_answer (LkSurvey            *self,
             const LkProbeAnswer *answer)
{
  g_autoptr (GPtrArray) covering = lk_scopes_covering (self->scopes, self->facts->family,
                                                       answer->endpoint);
  LkStanding *standing = answer->account != NULL
                           ? g_hash_table_lookup (self->standings, answer->account) : NULL;

  for (unsigned int i = 0; i < self->features->len; i++)
    {
      LkFeature *feature = g_ptr_array_index (self->features, i);

      if (!needs (covering, feature))
        continue;
      if (answer->fault != NULL)
        read_refusal (self, &self->rights[i], answer->fault);
      else
        read_success (&self->rights[i], feature, standing, answer);
    }
}

static void
read_fault (LkSurvey *self)
{
  const LkFault *fault = self->facts->fault;
  g_autoptr (GPtrArray) covering = NULL;

  if (fault == NULL || fault->endpoint == NULL)
    return;

  covering = lk_scopes_covering (self->scopes, self->facts->family, fault->endpoint);
  for (unsigned int i = 0; i < self->features->len; i++)
    {
      if (needs (covering, g_ptr_array_index (self->features, i)))
        read_refusal (self, &self->rights[i], fault);
    }
}

/* The scopes that the probe found, or those of the sign-in. @cut: there may be more. */
static char **
dup_granted (const LkFacts *facts,
             gboolean      *cut)
{
  const LkProbeAnswer *answer = lk_facts_find (facts, "granted", NULL, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  *cut = FALSE;
  if (answer == NULL || answer->fault != NULL)
    return g_strdupv (facts->scopes_granted);

  *cut = answer->cut;
  for (unsigned int i = 0; i < answer->rows->len; i++)
    {
      const char *scope = lk_probe_answer_get (answer, i, "scope");

      if (scope != NULL)
        g_strv_builder_add (builder, scope);
    }

  return g_strv_builder_end (builder);
}

void
lk_survey_read_rights (LkSurvey *self)
{
  gboolean cut;
  g_auto (GStrv) granted = dup_granted (self->facts, &cut);

  for (unsigned int i = 0; i < self->features->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (self->features, i);

      if (granted != NULL)
        self->rights[i].granted = cut ? LK_KNOWN_NOT : LK_KNOWN_NO;
      for (unsigned int j = 0; granted != NULL && feature->scopes[j] != NULL; j++)
        {
          if (lk_scopes_is_granted (self->scopes, self->facts->family,
                                    (const char *const *) granted, feature->scopes[j]))
            self->rights[i].granted = LK_KNOWN_YES;
        }
    }

  read_fault (self);
  for (unsigned int i = 0; i < self->facts->answers->len; i++)
    read_answer (self, g_ptr_array_index (self->facts->answers, i));
}
