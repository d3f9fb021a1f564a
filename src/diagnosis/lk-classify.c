/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-classify.h"

#include <string.h>

#define MAX_OTHERS 4

static LkProfile *
profile_of (LkProfileSet  *profiles,
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

static gboolean
is_tiktok (const char *family)
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
  if (!is_tiktok (fault->family) || g_str_equal (fault->family, "tiktok-web"))
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
  LkProfile *profile = fault->code != NULL ? profile_of (profiles, fault) : NULL;
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

/* (transfer full) (nullable): the other errors of a text, for example a 40105 after a 40100. */
static char *
dup_others (LkCatalogue       *catalogue,
            const LkPaste     *paste,
            const LkPasteFact *best)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();

  for (unsigned int i = 0; best != NULL && i < paste->facts->len; i++)
    {
      const LkPasteFact *fact = g_ptr_array_index (paste->facts, i);

      if (codes->len < MAX_OTHERS && !fact->success && fact->code != NULL
          && g_strcmp0 (fact->code, best->code) != 0
          && lk_catalogue_knows_code (catalogue, fact->code)
          && !g_ptr_array_find_with_equal_func (codes, fact->code, g_str_equal, NULL))
        g_ptr_array_add (codes, fact->code);
    }
  if (codes->len == 0)
    return NULL;
  g_ptr_array_add (codes, NULL);

  return g_strjoinv (", ", (char **) codes->pdata);
}

/* Errors before successes, codes before prose, the first of the text before later ones. */
static const LkPasteFact *
choose_fact (LkCatalogue   *catalogue,
             const LkPaste *paste)
{
  const LkPasteFact *best = NULL;
  int best_score = -1;

  for (unsigned int i = 0; i < paste->facts->len; i++)
    {
      const LkPasteFact *fact = g_ptr_array_index (paste->facts, i);
      int score = fact->success ? 1 : 0;

      if (fact->code != NULL && !fact->success)
        score = 2 + (fact->structured ? 2 : 0)
                + (lk_catalogue_family_of (catalogue, fact->code) != NULL ? 1 : 0);
      if (score > best_score)
        {
          best = fact;
          best_score = score;
        }
    }

  return best;
}

static void
settle_family (LkCatalogue   *catalogue,
               LkProfileSet  *profiles,
               const LkPaste *paste,
               const LkHints *hints,
               LkVerdict     *verdict)
{
  const char *given = hints != NULL ? hints->provider : NULL;
  LkProfile *profile = given != NULL && profiles != NULL ? lk_profile_set_lookup (profiles, given)
                                                         : NULL;
  const LkFamilyRow *row;
  g_autofree char *text = NULL;

  if (given != NULL)
    {
      verdict->family_given = verdict->family_certain = TRUE;
      verdict->fault->provider = g_strdup (given);
      verdict->fault->family = g_strdup (profile != NULL ? lk_profile_get_family (profile) : given);
      return;
    }

  text = g_strconcat (paste->text, "\n", verdict->fault->endpoint, NULL);
  row = lk_catalogue_guess_family (catalogue, text, &verdict->family_certain);
  if (row != NULL && (verdict->family_certain || !is_tiktok (row->id)))
    {
      verdict->fault->family = g_strdup (row->id);
      return;
    }

  verdict->fault->family = g_strdup (lk_catalogue_family_of (catalogue, verdict->fault->code));
  if (verdict->fault->family == NULL && row != NULL)
    verdict->fault->family = g_strdup (row->id);
}

/* Whoever says "Login Kit" and pastes a 40100 means TikTok Ads: the code knows better. */
static void
correct_family (LkCatalogue *catalogue,
                LkVerdict   *verdict,
                const char  *text)
{
  LkFault *fault = verdict->fault;
  const LkRule *rule = lk_catalogue_match (catalogue, fault, text);
  const char *other = lk_catalogue_family_of (catalogue, fault->code);

  if (!is_tiktok (fault->family) || !is_tiktok (other) || g_str_equal (fault->family, other)
      || (rule != NULL && rule->codes != NULL))
    return;

  g_free (fault->family);
  fault->family = g_strdup (other);
  g_clear_pointer (&fault->provider, g_free);
  verdict->family_given = verdict->family_certain = FALSE;
}

static void
settle_step (const LkPaste *paste,
             const LkHints *hints,
             LkFault       *fault)
{
  const char *path = fault->endpoint != NULL ? fault->endpoint : "";

  if (hints != NULL && hints->step != NULL)
    fault->step = g_strdup (hints->step);
  else if (paste->kind == LK_PASTE_ADDRESS || strstr (path, "/auth/authorize") != NULL)
    fault->step = g_strdup ("authorize");
  else if (strstr (path, "refresh") != NULL
           || strstr (paste->text, "grant_type=refresh_token") != NULL
           || (g_strcmp0 (fault->code, "invalid_grant") == 0
               && strstr (paste->text, "refresh") != NULL))
    fault->step = g_strdup ("refresh");
  else if (strstr (path, "/access_token/") != NULL || strstr (path, "/token/") != NULL)
    fault->step = g_strdup ("token");
}

static void
settle_provider (LkProfileSet *profiles,
                 LkFault      *fault)
{
  LkProfile *profile = fault->provider == NULL ? profile_of (profiles, fault) : NULL;

  if (fault->provider == NULL)
    fault->provider = g_strdup (profile != NULL ? lk_profile_get_id (profile) : fault->family);
}

/* The text that message rules look into: the platform's own message where there is one. */
static char *
dup_matchable (const LkPaste     *paste,
               const LkPasteFact *fact)
{
  g_autofree char *joined = NULL;

  if (fact == NULL || !fact->structured || (fact->code == NULL && fact->message == NULL))
    return g_strdup (paste->text);

  joined = g_strjoin (" ", fact->detail != NULL ? fact->detail : "",
                      fact->message != NULL ? fact->message : "", NULL);

  return g_ascii_strdown (joined, -1);
}

/* A token can stand anywhere, also where an id or a path should. */
static char *
dup_harmless (const char *text)
{
  return text != NULL && !lk_paste_has_secret (text) ? g_strdup (text) : NULL;
}

/* The word "TikTok" alone names no family, and some phrases tell without one. */
static void
classify_anywhere (LkCatalogue  *catalogue,
                   LkProfileSet *profiles,
                   LkVerdict    *verdict,
                   const char   *text)
{
  LkFault *fault = verdict->fault;
  char *guessed;

  if (fault->klass != LK_CLASS_UNKNOWN || verdict->family_certain || !is_tiktok (fault->family))
    return;

  guessed = g_steal_pointer (&fault->family);
  lk_classify (catalogue, profiles, verdict, text);
  if (fault->family == NULL)
    fault->family = guessed;
  else
    g_free (guessed);
}

/**
 * lk_classify_paste:
 * @hints: (nullable)
 * @verdict: (out caller-allocates): its fault is transferred to the caller
 */
void
lk_classify_paste (LkCatalogue   *catalogue,
                   LkProfileSet  *profiles,
                   const LkPaste *paste,
                   const LkHints *hints,
                   LkVerdict     *verdict)
{
  LkFault *fault = lk_fault_new (LK_CLASS_UNKNOWN);
  g_autofree char *text = NULL;

  *verdict = (LkVerdict) { .fault = fault, .ground = LK_GROUND_NOTHING };
  verdict->fact = choose_fact (catalogue, paste);
  verdict->others = dup_others (catalogue, paste, verdict->fact);
  fault->http_status = hints != NULL && hints->http_status > 0 ? hints->http_status
                                                               : paste->http_status;
  fault->endpoint = dup_harmless (hints != NULL && hints->endpoint != NULL ? hints->endpoint
                                                                           : paste->endpoint);
  if (paste->kind == LK_PASTE_ADDRESS)
    g_clear_pointer (&fault->endpoint, g_free);
  if (fault->endpoint != NULL)
    fault->endpoint[strcspn (fault->endpoint, "?#")] = '\0';
  fault->trace_id = dup_harmless (paste->trace_id);
  if (verdict->fact != NULL)
    {
      fault->code = g_strdup (verdict->fact->code);
      fault->sub = g_strdup (verdict->fact->sub);
      fault->type = lk_paste_redact (verdict->fact->detail);
      fault->message = g_strdup (verdict->fact->message);
      if (verdict->fact->trace_id != NULL)
        {
          g_free (fault->trace_id);
          fault->trace_id = dup_harmless (verdict->fact->trace_id);
        }
    }
  settle_family (catalogue, profiles, paste, hints, verdict);
  settle_step (paste, hints, fault);

  if (verdict->fact != NULL && verdict->fact->success)
    {
      fault->klass = LK_CLASS_OK;
      verdict->ground = LK_GROUND_SUCCESS;
    }
  else
    {
      text = dup_matchable (paste, verdict->fact);
      correct_family (catalogue, verdict, text);
      lk_classify (catalogue, profiles, verdict, text);
      classify_anywhere (catalogue, profiles, verdict, text);
    }
  settle_provider (profiles, fault);
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
