/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-diagnosis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lk-classify.h"
#include "lk-enquiry.h"
#include "lk-evidence.h"
#include "lk-profile-calls.h"
#include "lk-scopes.h"

struct _LkDiagnosis
{
  LkProfileSet *profiles;
  LkCatalogue  *catalogue;
  LkScopes     *scopes;
};

/**
 * lk_diagnosis_new:
 * @profiles: (nullable): the profiles that a text may come from
 *
 * Returns: (transfer full): the diagnosis
 */
LkDiagnosis *
lk_diagnosis_new (LkProfileSet *profiles)
{
  LkDiagnosis *self = g_new0 (LkDiagnosis, 1);

  self->profiles = profiles != NULL ? lk_profile_set_ref (profiles) : NULL;
  self->catalogue = lk_catalogue_new ();

  return self;
}

void
lk_diagnosis_free (LkDiagnosis *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->profiles, lk_profile_set_unref);
  lk_catalogue_free (self->catalogue);
  lk_scopes_free (self->scopes);
  g_free (self);
}

/**
 * lk_diagnosis_get_scopes:
 *
 * Read at the first use: a pasted error rarely needs them.
 *
 * Returns: (transfer none): the scopes of all families, and the map from them to paths
 */
LkScopes *
lk_diagnosis_get_scopes (LkDiagnosis *self)
{
  if (self->scopes == NULL)
    self->scopes = lk_scopes_new ();

  return self->scopes;
}

LkProfile *
lk_diagnosis_find_profile (LkDiagnosis *self,
                           const char  *id)
{
  return self->profiles != NULL && id != NULL ? lk_profile_set_lookup (self->profiles, id) : NULL;
}

static gboolean
knows_code (const char *word,
            void       *catalogue)
{
  return lk_catalogue_knows_code (catalogue, word);
}

static char **
translate (GPtrArray *msgids)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned int i = 0; i < msgids->len; i++)
    g_strv_builder_add (builder,
                        g_dgettext (GETTEXT_PACKAGE, g_ptr_array_index (msgids, i)));

  return g_strv_builder_end (builder);
}

static void
add_sources (GStrvBuilder  *builder,
             GHashTable    *seen,
             const LkEntry *entry)
{
  for (unsigned int i = 0; entry != NULL && i < entry->sources->len; i++)
    {
      const char *source = g_ptr_array_index (entry->sources, i);

      if (g_hash_table_add (seen, (void *) source))
        g_strv_builder_add (builder, source);
    }
}

static gboolean
has_entries (const char *family)
{
  return family != NULL
         && (g_str_has_prefix (family, "tiktok") || g_str_equal (family, LK_FAULT_LOCAL));
}

/* What can be said where nothing was there to read. */
static const char *
nothing_to_read (const LkFault *fault,
                 LkPasteKind    kind)
{
  if (fault->klass != LK_CLASS_UNKNOWN)
    return NULL;

  return kind == LK_PASTE_EMPTY ? "no-text" : kind == LK_PASTE_BINARY ? "not-text" : NULL;
}

/* A sub-code can have words of its own: "authorization.removed.4". */
static const LkEntry *
find_entry (LkCatalogue   *catalogue,
            const char    *family,
            const LkFault *fault)
{
  g_autofree char *whole = fault->code != NULL && fault->sub != NULL
                             ? g_strjoin (".", fault->code, fault->sub, NULL) : NULL;
  const LkEntry *entry = lk_catalogue_find (catalogue, family, whole, fault->klass);

  return entry != NULL ? entry
                       : lk_catalogue_find (catalogue, family, fault->code, fault->klass);
}

/* The entry of the code, filled up from the one of the class. @own: (nullable): a code of
 * Latchkey's whose words fit better. */
static void
fill_words (LkDiagnosis   *self,
            const LkFault *fault,
            const char    *own,
            LkFinding     *finding)
{
  const char *family = has_entries (fault->family) ? fault->family : "";
  const LkEntry *whole = lk_catalogue_find_class (self->catalogue, fault->klass);
  const LkEntry *entry = find_entry (self->catalogue, family, fault);
  const LkEntry *note = lk_catalogue_find_conflict (self->catalogue, family, fault->code,
                                                    fault->klass != LK_CLASS_OK
                                                      ? fault->http_status : 0);
  g_autoptr (GStrvBuilder) sources = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (own != NULL)
    entry = lk_catalogue_find (self->catalogue, LK_FAULT_LOCAL, own, fault->klass);
  if (fault->http_status >= 500 && lk_fault_is_local (fault, "not-json"))
    entry = whole;
  if (entry == NULL && fault->code == NULL)
    entry = lk_catalogue_find_status (self->catalogue, fault->http_status, fault->klass);
  if (entry == NULL)
    entry = whole;
  finding->title = g_strdup (g_dgettext (GETTEXT_PACKAGE, entry->title));
  finding->explanation = g_strdup (g_dgettext (GETTEXT_PACKAGE, entry->explanation != NULL
                                                                  ? entry->explanation
                                                                  : whole->explanation));
  finding->causes = translate (entry->causes->len > 0 ? entry->causes : whole->causes);
  finding->steps = translate (entry->steps->len > 0 ? entry->steps : whole->steps);
  finding->handling = g_strdup (g_dgettext (GETTEXT_PACKAGE, entry->handling != NULL
                                                               ? entry->handling
                                                               : whole->handling));
  if (note != NULL)
    finding->conflict = g_strdup (g_dgettext (GETTEXT_PACKAGE, note->conflict));
  add_sources (sources, seen, entry);
  add_sources (sources, seen, note);
  finding->sources = g_strv_builder_end (sources);
}

/**
 * lk_diagnosis_knows_provider:
 * @id: id of a profile or of a family
 *
 * Returns: whether it helps to say that a text comes from there
 */
gboolean
lk_diagnosis_knows_provider (LkDiagnosis *self,
                             const char  *id)
{
  return lk_catalogue_get_family (self->catalogue, id) != NULL
         || (self->profiles != NULL && lk_profile_set_lookup (self->profiles, id) != NULL);
}

/* Which limit was exceeded, where no call of ours found it out. */
static void
name_limit (LkDiagnosis *self,
            LkFault     *fault)
{
  LkProfile *profile = lk_classify_find_profile (self->profiles, fault);
  LkRateWait wait = { 0 };

  if (fault->klass != LK_CLASS_RATE || fault->limit != NULL || profile == NULL)
    return;
  lk_profile_get_rate_wait (profile, fault, NULL, 0, &wait);
  if (g_strcmp0 (wait.limit, "unknown") == 0)
    return;
  fault->limit = g_strdup (wait.limit);
  if (fault->slowed == NULL)
    fault->slowed = g_strdup (wait.slowed);
}

/**
 * lk_diagnosis_read_text:
 * @text: whatever was pasted, of any size and kind
 * @length: in bytes, -1 when it ends with a null byte
 * @hints: (nullable): what is known beside it
 *
 * Returns: (transfer full): what can be said about it; never %NULL
 */
LkFinding *
lk_diagnosis_read_text (LkDiagnosis   *self,
                        const char    *text,
                        gssize         length,
                        const LkHints *hints)
{
  LkFinding *finding = g_new0 (LkFinding, 1);
  g_autoptr (LkPaste) paste = NULL;
  LkVerdict verdict;

  g_return_val_if_fail (text != NULL, NULL);

  paste = lk_paste_read (text, length, knows_code, self->catalogue);
  lk_classify_paste (self->catalogue, self->profiles, paste, hints, &verdict);
  name_limit (self, verdict.fault);
  finding->fault = verdict.fault;
  finding->paste = paste->kind;
  finding->contains_secret = paste->contains_secret;
  lk_decide_action (self->catalogue, &verdict, finding);
  fill_words (self, verdict.fault, nothing_to_read (verdict.fault, paste->kind), finding);
  lk_evidence_of_paste (self->catalogue, &verdict, paste, finding);
  lk_enquiry_guess (self, finding);
  g_free (verdict.others);

  return finding;
}

static void
classify_fault (LkDiagnosis *self,
                LkVerdict   *verdict)
{
  LkFault *fault = verdict->fault;
  LkClass given = fault->klass;
  g_autofree char *text = g_ascii_strdown (fault->message != NULL ? fault->message : "", -1);

  if (g_strcmp0 (fault->provider, LK_FAULT_LOCAL) == 0)
    {
      g_free (fault->family);
      fault->family = g_strdup (LK_FAULT_LOCAL);
    }
  lk_classify (self->catalogue, self->profiles, verdict, text);
  if (given != LK_CLASS_UNKNOWN)
    fault->klass = given;
  name_limit (self, fault);
}

/**
 * lk_diagnosis_explain:
 * @fault: a fault that was met; its class is kept unless it is unknown
 *
 * Returns: (transfer full): the fault in words
 */
LkFinding *
lk_diagnosis_explain (LkDiagnosis   *self,
                      const LkFault *fault)
{
  LkFinding *finding = g_new0 (LkFinding, 1);
  LkVerdict verdict = { .ground = LK_GROUND_NOTHING, .family_given = TRUE, .family_certain = TRUE };

  verdict.fault = lk_fault_copy (fault);
  classify_fault (self, &verdict);
  finding->fault = verdict.fault;
  finding->paste = LK_PASTE_EMPTY;
  lk_decide_action (self->catalogue, &verdict, finding);
  fill_words (self, verdict.fault, NULL, finding);
  lk_evidence_of_fault (self->catalogue, &verdict, finding);
  lk_enquiry_guess (self, finding);

  return finding;
}

/**
 * lk_diagnosis_dup_headline:
 *
 * Returns: (transfer full): a short sentence for a row, such as "Access was withdrawn"
 */
char *
lk_diagnosis_dup_headline (LkDiagnosis   *self,
                           const LkFault *fault)
{
  g_autoptr (LkFinding) finding = lk_diagnosis_explain (self, fault);

  return g_steal_pointer (&finding->title);
}
