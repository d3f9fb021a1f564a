/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The developer app: other, blocked, not approved, its secret. */

#include "lk-enquiry-private.h"

#include <string.h>

/* What the developer portal has to allow first. */
static gboolean
is_unapproved (const LkFault *fault)
{
  static const char *const codes[] = { "40124", "unauthorized_client", "url_ownership_unverified",
                                       "unaudited_client_can_only_post_to_private_accounts",
                                       NULL };

  return fault->code != NULL && g_strv_contains (codes, fault->code);
}

gboolean
lk_fault_is_other_app (const LkFault *fault)
{
  return fault != NULL && fault->klass == LK_CLASS_APP_CONFIG && fault->message != NULL
         && strstr (fault->message, "inconsistent") != NULL;
}

/* Calls are refused for how they are signed: by the clock or by the secret. */
static gboolean
is_signature (const LkCase *self)
{
  return g_strcmp0 (self->fault->code, "106001") == 0 || g_strcmp0 (self->fault->code, "40116") == 0
         || strstr (self->text, "'sign'") != NULL;
}

gboolean
lk_case_app_is_settled (const LkCase *self)
{
  return is_unapproved (self->fault) || lk_fault_is_other_app (self->fault);
}

gboolean
lk_case_suspects_secret (const LkCase *self)
{
  static const char *const codes[] = { "invalid_client", "40101", "106001", "40116", NULL };

  return (self->fault->code != NULL && g_strv_contains (codes, self->fault->code))
         || strstr (self->text, "secret") != NULL || is_signature (self);
}

/* What the probe of id and secret says about them. */
static void
suspect_secret (const LkCase *self, GPtrArray *out, double otherwise)
{
  const LkProbeAnswer *answer = lk_case_find (self, "secret");
  LkSuspicion *found;

  if (answer == NULL)
    lk_suspect (self, out, "secret-wrong", otherwise);
  else if (answer->fault == NULL)
    lk_suspect (self, out, "app-other", 0.8);
  else if (answer->fault->klass == LK_CLASS_APP_CONFIG)
    {
      found = lk_suspect (self, out, "secret-wrong", 0.95);
      if (lk_case_is_alive (self) == LK_TRI_YES)
        lk_suspicion_set (found, "alive", "yes");
    }
  else
    lk_suspect (self, out, "secret-wrong", otherwise);
}

/* Only the calls that send id and secret are refused, so the token belongs to another app. */
static void
suspect_other (const LkCase *self, GPtrArray *out, double confidence)
{
  LkSuspicion *found = lk_suspect (self, out, "app-other", confidence);

  if (lk_case_is_alive (self) == LK_TRI_YES)
    lk_suspicion_set (found, "alive", "yes");
}

static void
suspect_refused_app (const LkCase *self, GPtrArray *out)
{
  const LkFault *identity = lk_case_refused (self, "identity");
  const LkFault *reach = lk_case_refused (self, "reach");

  if (reach != NULL && reach->klass == LK_CLASS_APP_CONFIG
      && lk_case_is_alive (self) == LK_TRI_YES)
    {
      if (lk_fault_is_other_app (reach))
        suspect_other (self, out, 0.95);
      else
        suspect_secret (self, out, 0.6);
    }
  else if (identity != NULL && identity->klass == LK_CLASS_APP_CONFIG)
    lk_suspect (self, out, "app-blocked", 0.93);
  else if (lk_case_answered (self, "reach") != NULL)
    lk_suspect (self, out, "app-unapproved", 0.5);
  else
    lk_suspect (self, out, "app-blocked", 0.7);
}

void
lk_suspect_app (const LkCase *self, GPtrArray *out)
{
  const LkFault *reach = lk_case_refused (self, "reach");

  if (self->fault->klass == LK_CLASS_REDIRECT_MISMATCH)
    lk_suspect (self, out, "redirect", 0.95);
  else if (self->fault->klass != LK_CLASS_APP_CONFIG)
    {
      /* Any call may bring it to light that the app's id and secret don't fit. */
      if (reach != NULL && reach->klass == LK_CLASS_APP_CONFIG)
        suspect_refused_app (self, out);
    }
  else if (is_unapproved (self->fault))
    lk_suspect (self, out, "app-unapproved", 0.92);
  else if (lk_fault_is_other_app (self->fault))
    suspect_other (self, out, 0.92);
  else if (is_signature (self) && lk_case_get_skew (self) != 0)
    lk_suspect (self, out, "clock-wrong", 0.85);
  else if (lk_case_suspects_secret (self))
    suspect_secret (self, out, 0.75);
  else
    suspect_refused_app (self, out);
}
