/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions, and those of the permission matrix. */

#include "lk-enquiry-private.h"

#include "lk-profile-calls.h"

LkQuestion *
lk_question_new (const char *probe, const char *center, const char *account)
{
  LkQuestion *self = g_new0 (LkQuestion, 1);

  self->probe = g_strdup (probe);
  self->center = g_strdup (center);
  self->account = g_strdup (account);

  return self;
}

void
lk_question_free (LkQuestion *self)
{
  if (self == NULL)
    return;

  g_free (self->probe);
  g_free (self->center);
  g_free (self->account);
  g_free (self->media);
  g_free (self);
}

/* The question, unless the provider has no such probe, it was asked, or is in vain. */
LkQuestion *
lk_case_ask (const LkCase *self, LkProfile *profile, const char *probe, const char *center,
           const char *account)
{
  if (!lk_profile_has_probe (profile, probe) || !lk_case_may_ask (self, probe)
      || lk_facts_find (self->facts, probe, center, account) != NULL)
    return NULL;

  return lk_question_new (probe, center, account);
}

/* Asking on would be refused or lost as well: no network, a limit, trouble at the provider. */
const LkFault *
lk_case_find_obstacle (const LkCase *self)
{
  for (guint i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);
      const LkFault *fault = answer->fault;

      if (fault == NULL || g_str_equal (answer->probe, "status")
          || g_str_equal (answer->probe, "call"))
        continue;
      if (lk_fault_is_no_reply (fault) || fault->klass == LK_CLASS_RATE
          || fault->klass == LK_CLASS_QUOTA || fault->klass == LK_CLASS_TRANSIENT
          || fault->klass == LK_CLASS_MAINTENANCE)
        return fault;
    }

  return NULL;
}

/* Roles come from the centers, the state of an account from itself. */
LkQuestion *
lk_enquiry_next_of_survey (LkDiagnosis *diagnosis, LkProfile *profile, const LkFacts *facts)
{
  enum { MAX_ACCOUNTS = 50 };
  static const char *const first[] = { "granted", "reach", "centers" };
  LkQuestion *question = NULL;
  const LkProbeAnswer *reach;
  g_autoptr(GPtrArray) centers = NULL;
  LkCase self;

  g_return_val_if_fail (diagnosis != NULL && profile != NULL && facts != NULL, NULL);

  if (facts->offline)
    return NULL;
  lk_case_init (&self, diagnosis, facts);
  if (lk_case_find_obstacle (&self) == NULL && lk_case_is_alive (&self) != LK_TRI_NO)
    {
      for (guint i = 0; i < G_N_ELEMENTS (first) && question == NULL; i++)
        question = lk_case_ask (&self, profile, first[i], NULL, NULL);
      centers = lk_case_list_centers (&self);
      for (guint i = 0; i < centers->len && question == NULL; i++)
        question = lk_case_ask (&self, profile, "center-assets", g_ptr_array_index (centers, i),
                              NULL);
      reach = lk_case_answered (&self, "reach");
      for (guint i = 0; reach != NULL && question == NULL && i < MIN (reach->rows->len,
                                                                     MAX_ACCOUNTS); i++)
        if (lk_probe_answer_get (reach, i, "id") != NULL)
          question = lk_case_ask (&self, profile, "account", NULL,
                                lk_probe_answer_get (reach, i, "id"));
    }
  lk_case_clear (&self);

  return question;
}
