/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the facts say about token, clock, call and provider. */

#include "lk-enquiry-private.h"
#include "lk-news.h"

#include <string.h>

/* Ten years; what is more wrong than that is no better known. */
#define MAX_SKEW (G_GINT64_CONSTANT (3650) * 86400)

/* A path such as "/file/video/ad/search/" of "does not grant you /file/video/ad/search/:GET". */
static char *
path_of_message (const char *message)
{
  const char *start = message != NULL ? strstr (message, "grant you /") : NULL;
  const char *end;

  if (start == NULL)
    return NULL;
  start += strlen ("grant you ");
  end = start + strcspn (start, ": \t\n");

  return g_strndup (start, (gsize) (end - start));
}

/* "/campaign/get/" of "/open_api/v1.3/campaign/get/" */
static char *
dup_short_path (const char *endpoint)
{
  const char *rest;

  if (endpoint == NULL || *endpoint == '\0')
    return NULL;
  rest = g_str_has_prefix (endpoint, "/open_api/v")
           ? strchr (endpoint + strlen ("/open_api/v"), '/') : NULL;

  return g_strdup (rest != NULL ? rest : endpoint);
}

/* The first group of a pattern in a message. */
char *
lk_find_in_message (LkPattern *pattern, const char *message)
{
  return message != NULL && g_utf8_validate (message, -1, NULL)
           ? lk_pattern_find (pattern, message) : NULL;
}

/* What can be said without probes; a connection without a refusal is a success so far. */
static LkFinding *
explain (LkDiagnosis *diagnosis, const LkFacts *facts)
{
  g_autoptr(LkFault) fine = NULL;

  if (facts->fault != NULL)
    return lk_diagnosis_explain (diagnosis, facts->fault);

  fine = lk_fault_new (LK_CLASS_OK);
  fine->provider = g_strdup (facts->provider);
  fine->family = g_strdup (facts->family);

  return lk_diagnosis_explain (diagnosis, fine);
}

/* Reads what the rules look at; @fault stays with the caller. */
static void
read_fault (LkCase *self, const LkFault *fault)
{
  static LkPattern advertiser = { .text = "advertiser[ (]+(?:id:? *)?([0-9]{6,25})" };
  static LkPattern video = { .text = "\\b(v[0-9]{2}[0-9a-z]{15,40})\\b" };
  g_autofree char *valid = g_utf8_make_valid (fault->message != NULL ? fault->message : "", -1);

  self->fault = fault;
  self->family = self->facts->family != NULL ? self->facts->family : fault->family;
  self->text = g_utf8_strdown (valid, -1);
  self->path = path_of_message (fault->message);
  if (self->path == NULL)
    self->path = dup_short_path (fault->endpoint);
  self->account = fault->account != NULL ? g_strdup (fault->account)
                                         : lk_find_in_message (&advertiser, fault->message);
  self->media = lk_find_in_message (&video, fault->message);
}

void
lk_case_init (LkCase *self, LkDiagnosis *diagnosis, const LkFacts *facts)
{
  *self = (LkCase) { .diagnosis = diagnosis, .facts = facts };
  self->base = explain (diagnosis, facts);
  self->action = self->base->action;
  read_fault (self, self->base->fault);
}

/**
 * lk_case_init_finding:
 * @facts: without any, only that there are none
 *
 * For what a finding alone says; it stays with the caller.
 */
void
lk_case_init_finding (LkCase *self, LkDiagnosis *diagnosis, const LkFacts *facts,
                      const LkFinding *finding)
{
  *self = (LkCase) { .diagnosis = diagnosis, .facts = facts, .action = finding->action };
  read_fault (self, finding->fault);
}

void
lk_case_clear (LkCase *self)
{
  g_clear_pointer (&self->base, lk_finding_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->media, g_free);
}

/* Of several answers to a probe the newest. */
const LkProbeAnswer *
lk_case_find (const LkCase *self, const char *probe)
{
  for (guint i = self->facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i - 1);

      if (g_str_equal (answer->probe, probe))
        return answer;
    }

  return NULL;
}

const LkProbeAnswer *
lk_case_answered (const LkCase *self, const char *probe)
{
  const LkProbeAnswer *answer = lk_case_find (self, probe);

  return answer != NULL && answer->fault == NULL ? answer : NULL;
}

const LkFault *
lk_case_refused (const LkCase *self, const char *probe)
{
  const LkProbeAnswer *answer = lk_case_find (self, probe);

  return answer != NULL ? answer->fault : NULL;
}

gboolean
lk_fault_is_dead_token (const LkFault *fault)
{
  return fault != NULL
         && (fault->klass == LK_CLASS_TOKEN_REVOKED || fault->klass == LK_CLASS_TOKEN_EXPIRED
             || fault->klass == LK_CLASS_REFRESH_DEAD);
}

/* Nothing came back, so nothing is known. */
gboolean
lk_fault_is_no_reply (const LkFault *fault)
{
  return lk_fault_is_local (fault, "offline") || lk_fault_is_local (fault, "timed-out")
         || lk_fault_is_local (fault, "reply-lost") || lk_fault_is_local (fault, "tls");
}

/* Probes that send the token, and that no permission stands before. */
static gboolean
speaks_of_token (const LkProbeAnswer *answer)
{
  return !g_str_equal (answer->probe, "status") && !g_str_equal (answer->probe, "secret");
}

LkTri
lk_case_is_alive (const LkCase *self)
{
  LkTri alive = LK_TRI_UNKNOWN;

  for (guint i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);

      if (!speaks_of_token (answer))
        continue;
      if (answer->fault == NULL)
        alive = LK_TRI_YES;
      else if (lk_fault_is_dead_token (answer->fault) && alive != LK_TRI_YES)
        alive = LK_TRI_NO;
    }

  return alive;
}

LkTri
lk_case_same_login (const LkCase *self)
{
  const LkProbeAnswer *answer = lk_case_answered (self, "identity");
  const char *id = answer != NULL ? lk_probe_answer_get (answer, 0, "id") : NULL;

  if (id == NULL || self->facts->identity == NULL)
    return LK_TRI_UNKNOWN;

  return g_str_equal (id, self->facts->identity) ? LK_TRI_YES : LK_TRI_NO;
}

/* What the token carries: the provider's own list goes before what was kept. (transfer container)
 * (nullable): %NULL when nobody knows */
static GPtrArray *
list_granted (const LkCase *self)
{
  const LkProbeAnswer *answer = lk_case_answered (self, "granted");
  char **kept = self->facts->scopes_granted;
  GPtrArray *granted;

  if (answer == NULL && kept == NULL)
    return NULL;
  granted = g_ptr_array_new ();
  for (guint i = 0; answer != NULL && i < answer->rows->len; i++)
    if (lk_probe_answer_get (answer, i, "scope") != NULL)
      g_ptr_array_add (granted, (void *) lk_probe_answer_get (answer, i, "scope"));
  for (guint i = 0; answer == NULL && kept[i] != NULL; i++)
    g_ptr_array_add (granted, kept[i]);
  g_ptr_array_add (granted, NULL);

  return granted;
}

static LkTri
has_scope_for (const LkCase *self, const char *path, char **smallest)
{
  LkScopes *scopes = lk_diagnosis_get_scopes (self->diagnosis);
  g_autoptr(GPtrArray) granted = list_granted (self);
  g_autoptr(GPtrArray) covering = NULL;

  if (granted == NULL && smallest == NULL)
    return LK_TRI_UNKNOWN;
  covering = lk_scopes_covering (scopes, self->family, path);
  if (covering->len == 0)
    return LK_TRI_UNKNOWN;
  if (smallest != NULL)
    *smallest = g_strdup (((const LkScope *) g_ptr_array_index (covering, 0))->id);
  if (granted == NULL)
    return LK_TRI_UNKNOWN;
  for (guint i = 0; i < covering->len; i++)
    if (lk_scopes_is_granted (scopes, self->family, (const char * const *) granted->pdata,
                              ((const LkScope *) g_ptr_array_index (covering, i))->id))
      return LK_TRI_YES;

  return LK_TRI_NO;
}

/**
 * lk_case_has_scope:
 * @scope: (out) (optional) (nullable): the smallest scope that covers the path of the call
 *
 * Returns: whether the token has it
 */
LkTri
lk_case_has_scope (const LkCase *self, char **scope)
{
  if (scope != NULL)
    *scope = NULL;
  if (self->path == NULL || self->family == NULL)
    return LK_TRI_UNKNOWN;

  return has_scope_for (self, self->path, scope);
}

/**
 * lk_case_may_ask:
 *
 * Returns: %FALSE when the token is known to lack the scope of a probe, so that asking is in vain
 */
gboolean
lk_case_may_ask (const LkCase *self, const char *probe)
{
  static const char *const paths[][2] = {
    { "account", "/advertiser/info/" },         { "centers", "/bc/get/" },
    { "center-assets", "/bc/asset/get/" },      { "center-members", "/bc/member/get/" },
    { "asset-members", "/bc/asset/member/get/" },
  };

  if (g_strcmp0 (self->family, "tiktok-ads") != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (g_str_equal (paths[i][0], probe))
      return has_scope_for (self, paths[i][1], NULL) != LK_TRI_NO;

  return TRUE;
}

int
lk_case_find_incident (const LkCase *self)
{
  const LkProbeAnswer *status = lk_case_answered (self, "status");

  for (guint i = 0; status != NULL && i < status->rows->len; i++)
    if (lk_news_is_open (status, i))
      return (int) i;

  return -1;
}

gint64
lk_case_get_skew (const LkCase *self)
{
  for (guint i = self->facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i - 1);

      if (answer->skew != LK_SKEW_UNKNOWN)
        return answer->skew > LK_SKEW_LIMIT || answer->skew < -LK_SKEW_LIMIT
                 ? CLAMP (answer->skew, -MAX_SKEW, MAX_SKEW) : 0;
    }

  return 0;
}
