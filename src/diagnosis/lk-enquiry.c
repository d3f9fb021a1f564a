/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Suspicions become findings, most likely first. */

#include "config.h"

#include "lk-enquiry-private.h"

#include <glib/gi18n-lib.h>

#include "lk-remedy.h"

LkSuspicion *
lk_suspect (const LkCase *self, GPtrArray *out, const char *cause, double confidence)
{
  LkSuspicion *found = g_new0 (LkSuspicion, 1);

  found->cause = cause;
  found->confidence = confidence;
  found->turn = LK_TURN_NOBODY;
  found->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_ptr_array_add (out, found);

  return found;
}

void
lk_suspicion_set (LkSuspicion *self, const char *word, const char *value)
{
  if (value != NULL && *value != '\0')
    g_hash_table_replace (self->values, g_strdup (word), g_utf8_make_valid (value, -1));
}

void
lk_suspicion_free (LkSuspicion *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

static void
set_number (LkSuspicion *self, const char *word, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  if (number > 0)
    lk_suspicion_set (self, word, text);
}

/* Its name as the newest answer has it, else as the sign-in brought it, else the id. */
static const char *
name_of_account (const LkCase *self)
{
  static const char *const probes[] = { "account", "reach", "center-assets" };

  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    for (guint j = 0; j < self->facts->answers->len; j++)
      {
        const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, j);
        int row = g_str_equal (answer->probe, probes[i])
                    ? lk_probe_answer_find_row (answer, "id", self->account) : -1;
        const char *name = row >= 0 ? lk_probe_answer_get (answer, (guint) row, "name") : NULL;

        if (name != NULL && *name != '\0')
          return name;
      }
  for (guint i = 0; i < self->facts->accounts->len; i++)
    {
      const LkAccount *account = g_ptr_array_index (self->facts->accounts, i);

      if (g_strcmp0 (account->id, self->account) == 0 && account->name != NULL)
        return account->name;
    }

  return self->account;
}

static const char *
name_of_login (const LkCase *self)
{
  const LkProbeAnswer *identity = lk_case_answered (self, "identity");
  const char *name = NULL;

  if (identity != NULL && lk_case_same_login (self) != LK_TRI_NO)
    {
      name = lk_probe_answer_get (identity, 0, "name");
      if (name == NULL || *name == '\0')
        name = lk_probe_answer_get (identity, 0, "email");
    }
  if (name == NULL || *name == '\0')
    name = self->facts->identity_name;

  return name;
}

/* What the texts of a refused call name. */
static void
set_call (const LkCase *self, LkSuspicion *found)
{
  const LkFault *fault = self->fault;

  lk_suspicion_set (found, "path", self->path);
  lk_suspicion_set (found, "method", fault->method);
  lk_suspicion_set (found, "code", fault->code);
  lk_suspicion_set (found, "message", fault->message);
  lk_suspicion_set (found, "trace-id", fault->trace_id);
  lk_suspicion_set (found, "slowed", fault->slowed);
  lk_suspicion_set (found, "media", self->media);
  set_number (found, "retry-at", fault->retry_at);
  /* A step of a sign-in is not repeated by itself. */
  if (fault->endpoint != NULL && (fault->step == NULL || g_str_equal (fault->step, "api")))
    lk_suspicion_set (found, "call", "yes");
}

/* The other layer of a permission: what the developer app may do. */
static void
set_scope (const LkCase *self, LkSuspicion *found)
{
  g_autofree char *scope = NULL;
  LkTri has = lk_case_has_scope (self, &scope);

  if (scope == NULL || g_hash_table_contains (found->values, "scope"))
    return;
  lk_suspicion_set (found, "scope", scope);
  if (has != LK_TRI_UNKNOWN)
    lk_suspicion_set (found, "scope-state", has == LK_TRI_YES ? "granted" : "missing");
}

/* TikTok Ads sends a code by e-mail, but not within 48 hours of the last sign-in. */
static void
set_email_code (const LkCase *self, LkSuspicion *found)
{
  const LkFacts *facts = self->facts;

  if (g_strcmp0 (self->family, "tiktok-ads") != 0)
    return;
  lk_suspicion_set (found, "email-code", "yes");
  if (facts->signed_in > 0 && facts->now >= facts->signed_in
      && facts->now - facts->signed_in < 48 * 3600)
    set_number (found, "code-until", facts->signed_in + 48 * 3600);
}

/* What any text may name. */
static void
set_common (const LkCase *self, LkSuspicion *found)
{
  const LkFacts *facts = self->facts;
  gint64 skew = lk_case_get_skew (self);

  lk_suspicion_set (found, "name", facts->name != NULL ? facts->name
                                                       : C_ ("connection", "this connection"));
  lk_suspicion_set (found, "login", name_of_login (self));
  lk_suspicion_set (found, "client", facts->client);
  lk_suspicion_set (found, "client-id", facts->client_id);
  lk_suspicion_set (found, "account", self->account);
  lk_suspicion_set (found, "account-name", name_of_account (self));
  set_number (found, "now", facts->now);
  set_number (found, "slow", skew);
  set_number (found, "fast", -skew);
  if (facts->scopes_granted != NULL)
    set_number (found, "scope-count", g_strv_length (facts->scopes_granted));
  set_call (self, found);
  set_scope (self, found);
  set_email_code (self, found);
  lk_suspicion_set (found, "provider-name",
                    g_strcmp0 (self->family, "tiktok-shop") == 0 ? "TikTok Shop" : "TikTok");
}

/* From here on what a class or a code could mean in general only distracts. */
#define SETTLED 0.9

static char **
copy_first (const char *first, char **rest)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (first != NULL)
    g_strv_builder_add (builder, first);
  for (guint i = 0; rest != NULL && rest[i] != NULL; i++)
    g_strv_builder_add (builder, rest[i]);

  return g_strv_builder_end (builder);
}

/* A step's first sentence carries its title, so that a flat list still tells what each is for. */
static void
add_step (GStrvBuilder *builder, const LkRemedyStep *step)
{
  g_autofree char *first = NULL;

  if (step->todo[0] == NULL)
    {
      g_strv_builder_add (builder, step->title);
      return;
    }
  /* Translators: the title of a step, such as “Who can do it”, and its first sentence */
  first = g_strdup_printf (C_ ("step", "%s: %s"), step->title, step->todo[0]);
  g_strv_builder_add (builder, first);
  g_strv_builder_addv (builder, (const char **) step->todo + 1);
}

/* The steps of the remedy as plain sentences, for those who only read. */
static char **
list_steps (const LkCase *self, const LkFinding *finding)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(LkRemedy) remedy = lk_remedy_new (self->diagnosis, finding, self->facts);

  if (remedy == NULL)
    return g_strdupv (self->base->steps);
  for (guint i = 0; i < remedy->steps->len; i++)
    {
      const LkRemedyStep *step = g_ptr_array_index (remedy->steps, i);

      add_step (builder, step);
    }

  return g_strv_builder_end (builder);
}

static void
fill_evidence (const LkCase *self, LkFinding *finding)
{
  g_autoptr(GStrvBuilder) evidence = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) assumptions = g_strv_builder_new ();

  lk_enquiry_tell (self, evidence, assumptions);
  if (self->facts->fault != NULL)
    {
      g_strv_builder_addv (evidence, (const char **) self->base->evidence);
      g_strv_builder_addv (assumptions, (const char **) self->base->assumptions);
    }
  finding->evidence = g_strv_builder_end (evidence);
  finding->assumptions = g_strv_builder_end (assumptions);
}

/* A cause that says nothing of its own leaves the word to the catalogue. */
static void
fill_words (const LkCase *self, const LkCauseRow *row, LkFinding *finding)
{
  LkWords words = { self->diagnosis, self->family, finding->cause, finding->values };
  char *title = lk_words_first (&words, row->titles);
  char *explanation = lk_words_first (&words, row->explanations);

  finding->title = title != NULL ? title : g_strdup (self->base->title);
  finding->explanation = explanation != NULL ? explanation : g_strdup (self->base->explanation);
  finding->causes = copy_first (row->titles->len > 0 ? finding->title : NULL,
                                finding->confidence < SETTLED ? self->base->causes : NULL);
  finding->handling = g_strdup (self->base->handling);
  finding->sources = g_strdupv (self->base->sources);
  finding->conflict = g_strdup (self->base->conflict);
}

static LkFinding *
make_finding (const LkCase *self, LkSuspicion *found)
{
  LkFinding *finding = g_new0 (LkFinding, 1);
  const LkCauseRow *row = lk_texts_find_cause (found->cause);
  LkTurn turn = found->turn;

  g_assert (row != NULL);
  set_common (self, found);
  if (turn == LK_TURN_NOBODY && row->turn != NULL)
    lk_turn_from_string (row->turn, &turn);
  finding->fault = lk_fault_copy (self->fault);
  finding->paste = LK_PASTE_EMPTY;
  finding->confidence = found->confidence;
  finding->cause = g_strdup (found->cause);
  finding->turn = turn;
  finding->remedy = g_strdup (row->remedy);
  finding->values = g_hash_table_ref (found->values);
  finding->needs_reauth = row->reauth;
  /* Where a person has to sign in, neither waiting nor renewing helps. */
  finding->retryable = !row->reauth && self->base->retryable;
  finding->action = row->reauth ? LK_AUTO_NONE : self->base->action;
  fill_words (self, row, finding);
  fill_evidence (self, finding);
  finding->steps = list_steps (self, finding);

  return finding;
}

static int
more_likely_first (const void *a, const void *b)
{
  const LkSuspicion *one = *(LkSuspicion * const *) a;
  const LkSuspicion *other = *(LkSuspicion * const *) b;

  return one->confidence > other->confidence ? -1 : one->confidence < other->confidence;
}

static void
suspect_all (const LkCase *self, GPtrArray *out)
{
  if (lk_suspect_again (self, out))
    return;
  lk_suspect_token (self, out);
  lk_suspect_scope (self, out);
  lk_suspect_access (self, out);
  lk_suspect_app (self, out);
  lk_suspect_other (self, out);
  if (out->len == 0)
    lk_suspect (self, out, "unknown", 0.2);
}

GPtrArray *
lk_enquiry_conclude (LkDiagnosis *diagnosis, const LkFacts *facts)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_finding_free);
  g_autoptr(GPtrArray) suspicions = g_ptr_array_new_with_free_func (
    (GDestroyNotify) lk_suspicion_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  LkCase self;

  g_return_val_if_fail (diagnosis != NULL && facts != NULL, findings);

  lk_case_init (&self, diagnosis, facts);
  suspect_all (&self, suspicions);
  g_ptr_array_sort (suspicions, more_likely_first);
  for (guint i = 0; i < suspicions->len; i++)
    {
      LkSuspicion *found = g_ptr_array_index (suspicions, i);

      if (g_hash_table_add (seen, (void *) found->cause))
        g_ptr_array_add (findings, make_finding (&self, found));
    }
  lk_case_clear (&self);

  return findings;
}

/* A cause that is hardly more likely than others is not named. */
#define WORTH_NAMING 0.65

void
lk_enquiry_guess (LkDiagnosis *diagnosis, LkFinding *finding)
{
  g_autoptr(LkFacts) none = lk_facts_new ();
  g_autoptr(GPtrArray) suspicions = g_ptr_array_new_with_free_func (
    (GDestroyNotify) lk_suspicion_free);
  const LkSuspicion *found;
  const LkCauseRow *row;
  LkCase self;

  none->fault = finding->fault;
  lk_case_init_finding (&self, diagnosis, none, finding);
  suspect_all (&self, suspicions);
  none->fault = NULL;
  lk_case_clear (&self);
  g_ptr_array_sort (suspicions, more_likely_first);
  found = g_ptr_array_index (suspicions, 0);
  row = lk_texts_find_cause (found->cause);
  finding->turn = found->turn;
  if (finding->turn == LK_TURN_NOBODY)
    lk_turn_from_string (row->turn, &finding->turn);
  g_free (finding->remedy);
  finding->remedy = g_strdup (row->remedy);
  g_free (finding->cause);
  finding->cause = found->confidence >= WORTH_NAMING ? g_strdup (found->cause) : NULL;
}
