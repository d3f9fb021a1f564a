/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From what could be read of a text to one fault: which candidate it is about, which family and
 * step it belongs to. */

#include <string.h>

#include "lk-classify.h"

#define MAX_OTHERS 4

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
  if (row != NULL && (verdict->family_certain || !lk_classify_is_tiktok (row->id)))
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

  if (!lk_classify_is_tiktok (fault->family) || !lk_classify_is_tiktok (other)
      || g_str_equal (fault->family, other) || (rule != NULL && rule->codes != NULL))
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
  LkProfile *profile = fault->provider == NULL ? lk_classify_find_profile (profiles, fault) : NULL;

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

  if (fault->klass != LK_CLASS_UNKNOWN || verdict->family_certain
      || !lk_classify_is_tiktok (fault->family))
    return;

  guessed = g_steal_pointer (&fault->family);
  lk_classify (catalogue, profiles, verdict, text);
  if (fault->family == NULL)
    fault->family = guessed;
  else
    g_free (guessed);
}

/* What follows the head, or the whole text where there is no head. */
static const char *
body_of (const LkPaste *paste)
{
  const char *unix_end = strstr (paste->text, "\n\n");
  const char *end = strstr (paste->text, "\r\n\r\n");
  const char *body = paste->text;

  if (paste->kind == LK_PASTE_HTTP)
    body = end != NULL ? end : unix_end != NULL ? unix_end : "";

  return body + strspn (body, " \t\r\n");
}

/* A status of success with nothing after it, or with an object in which no word is that of an
 * error: what a withdrawn token is answered with. */
static gboolean
looks_fine (const LkPaste *paste,
            const LkFault *fault)
{
  const char *body = body_of (paste);

  return fault->http_status >= 200 && fault->http_status < 300 && paste->facts->len == 0
         && paste->kind != LK_PASTE_BINARY && !paste->cut
         && (*body == '\0' || *body == '{') && strstr (body, "error") == NULL;
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
      if (fault->klass == LK_CLASS_UNKNOWN && looks_fine (paste, fault))
        {
          fault->klass = LK_CLASS_OK;
          verdict->ground = LK_GROUND_STATUS;
        }
    }
  settle_provider (profiles, fault);
}
