/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-classify.h"

#include <string.h>

/* The profile that a fault comes from, or the first of its family. */
LkProfile *
lk_classify_find_profile (LkProfileSet  *profiles,
                          const LkFault *fault)
{
  GPtrArray *all;

  if (profiles == NULL || fault->family == NULL)
    return NULL;
  if (fault->provider != NULL && lk_profile_set_lookup (profiles, fault->provider) != NULL)
    return lk_profile_set_lookup (profiles, fault->provider);

  all = lk_profile_set_get_profiles (profiles);
  for (unsigned int i = 0; i < all->len; i++)
    {
      LkProfile *profile = g_ptr_array_index (all, i);

      if (g_strcmp0 (lk_profile_get_family (profile), fault->family) == 0
          && !lk_profile_is_sandbox (profile))
        return profile;
    }

  return NULL;
}

gboolean
lk_classify_is_tiktok (const char *family)
{
  return family != NULL && g_str_has_prefix (family, "tiktok");
}

/* What a status says when neither code nor message does. TikTok for Business answers 4xx only to
 * a wrong path or method (business-api.tiktok.com/portal/docs?id=1749734684478466, 2026-08-13). */
static LkClass
class_of_status (const LkFault *fault)
{
  int status = fault->http_status;

  if (status == 429)
    return LK_CLASS_RATE;
  if (status == 408 || status >= 500)
    return LK_CLASS_TRANSIENT;
  if (!lk_classify_is_tiktok (fault->family) || g_str_equal (fault->family, "tiktok-web"))
    return LK_CLASS_UNKNOWN;
  if (status == 401
      && (g_str_equal (fault->family, "tiktok-login")
          || g_str_equal (fault->family, "tiktok-shop")))
    return g_strcmp0 (fault->step, "token") == 0 ? LK_CLASS_APP_CONFIG : LK_CLASS_TOKEN_EXPIRED;
  if (status == 400 || status == 404 || status == 405 || status == 413 || status == 415)
    return LK_CLASS_BAD_REQUEST;

  return LK_CLASS_UNKNOWN;
}

static LkClass
class_of_profile (LkProfileSet  *profiles,
                  const LkFault *fault)
{
  LkProfile *profile = fault->code != NULL ? lk_classify_find_profile (profiles, fault) : NULL;
  g_autoptr (LkFault) probe = NULL;

  if (profile == NULL)
    return LK_CLASS_UNKNOWN;

  /* Without the status, so that only a rule of the profile can answer. */
  probe = lk_fault_copy (fault);
  probe->http_status = 0;
  lk_profile_classify (profile, probe);

  return probe->klass;
}

/**
 * lk_classify:
 * @verdict: its fault has everything but the class
 * @text: lower case, what message rules look into
 *
 * Code and message by the catalogue's rules, then the profile's, then the HTTP status.
 */
void
lk_classify (LkCatalogue  *catalogue,
             LkProfileSet *profiles,
             LkVerdict    *verdict,
             const char   *text)
{
  LkFault *fault = verdict->fault;

  verdict->rule = lk_catalogue_match (catalogue, fault, text);
  if (verdict->rule != NULL && verdict->rule->klass != LK_CLASS_UNKNOWN)
    {
      fault->klass = verdict->rule->klass;
      verdict->ground = verdict->rule->codes != NULL ? LK_GROUND_CODE : LK_GROUND_MESSAGE;
      if (fault->family == NULL && verdict->rule->families != NULL)
        fault->family = g_strdup (verdict->rule->families[0]);
      return;
    }

  fault->klass = class_of_profile (profiles, fault);
  verdict->ground = LK_GROUND_CODE;
  if (fault->klass != LK_CLASS_UNKNOWN)
    return;

  fault->klass = class_of_status (fault);
  verdict->ground = fault->klass != LK_CLASS_UNKNOWN ? LK_GROUND_STATUS : LK_GROUND_NOTHING;
}

/**
 * lk_decide_action:
 *
 * What follows from the class: the rule's own word, then what the family can renew, then what
 * holds for the class everywhere.
 */
void
lk_decide_action (LkCatalogue     *catalogue,
                  const LkVerdict *verdict,
                  LkFinding       *finding)
{
  const LkFault *fault = verdict->fault;
  const LkFamilyRow *row = lk_catalogue_get_family (catalogue, fault->family);
  gboolean signing_in = fault->step != NULL
                        && g_strv_contains ((const char *const[]) { "authorize", "token",
                                                                    "refresh", NULL },
                                            fault->step);

  finding->retryable = lk_class_is_retryable (fault->klass);
  finding->action = lk_class_get_auto (fault->klass);
  finding->needs_reauth = lk_class_needs_reauth (fault->klass);

  if (row != NULL && row->renewal == LK_RENEWAL_NONE && fault->klass == LK_CLASS_TOKEN_EXPIRED)
    {
      finding->retryable = FALSE;
      finding->action = LK_AUTO_NONE;
      finding->needs_reauth = TRUE;
    }
  if (row != NULL && row->renewal == LK_RENEWAL_FIRST && !signing_in
      && fault->klass == LK_CLASS_TOKEN_REVOKED)
    {
      finding->retryable = TRUE;
      finding->action = LK_AUTO_REFRESH;
      finding->needs_reauth = FALSE;
    }

  if (verdict->rule == NULL || verdict->rule->klass != fault->klass)
    return;
  if (verdict->rule->retryable >= 0)
    finding->retryable = verdict->rule->retryable;
  if (verdict->rule->action >= 0)
    finding->action = (LkAuto) verdict->rule->action;
  if (verdict->rule->reauth >= 0)
    finding->needs_reauth = verdict->rule->reauth;
}
