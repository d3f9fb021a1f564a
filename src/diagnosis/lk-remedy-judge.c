/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a step is done. Nothing is taken on trust: an answer says so, or nobody knows. */

#include "config.h"

#include "lk-remedy-private.h"

#include <glib/gi18n-lib.h>

#include "lk-enquiry-private.h"

/**
 * Look: one look at a step.
 * @since: answers older than this do not count
 * @words: (nullable): where to put the verdict in words
 */
typedef struct
{
  const LkRemedy *remedy;
  const LkFacts  *facts;
  LkCase          about;
  gint64          since;
  char          **words;
} Look;

static LkVerdictOfStep G_GNUC_PRINTF (3, 4)
tell (Look *look, LkVerdictOfStep verdict, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_clear_pointer (look->words, g_free);
  *look->words = g_strdup_vprintf (format, args);
  va_end (args);

  return verdict;
}

static LkVerdictOfStep
not_asked (Look *look)
{
  return tell (look, LK_VERDICT_UNKNOWN, "%s", _("Not checked yet"));
}

/* Why there is no answer. */
static LkVerdictOfStep
no_answer (Look *look, const LkFault *fault)
{
  g_autofree char *headline = lk_diagnosis_dup_headline (look->about.diagnosis, fault);

  /* Translators: %s is why, such as "This computer is offline". */
  return tell (look, LK_VERDICT_UNKNOWN, _("No answer: %s"), headline);
}

static const LkProbeAnswer *
newest (const Look *look, const char *probe)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, probe);

  return answer != NULL && answer->at >= look->since ? answer : NULL;
}

static const char *
value (const Look *look, const char *word)
{
  const char *text = lk_remedy_get_value (look->remedy, word);

  return text != NULL ? text : "?";
}

static LkVerdictOfStep
judge_alive (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "identity");

  if (answer == NULL)
    return not_asked (look);
  if (lk_fault_is_dead_token (answer->fault))
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok still refuses the token"));
  if (answer->fault != NULL && answer->fault->klass == LK_CLASS_APP_CONFIG)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok still refuses the app"));
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  if (lk_case_same_login (&look->about) == LK_TRI_NO)
    /* Translators: %s is the name of a login. */
    return tell (look, LK_VERDICT_NOT_YET, _("Another login is connected: %s"),
                 lk_probe_answer_get (answer, 0, "name") != NULL
                   ? lk_probe_answer_get (answer, 0, "name") : "?");

  return tell (look, LK_VERDICT_DONE, "%s", _("TikTok accepts the token"));
}

static LkVerdictOfStep
judge_listed (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "reach");
  const char *account = lk_remedy_get_value (look->remedy, "account");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  if (lk_probe_answer_find_row (answer, "id", account) >= 0)
    /* Translators: %s is the name of an ad account. */
    return tell (look, LK_VERDICT_DONE, _("TikTok lists “%s” for this sign-in"),
                 value (look, "account-name"));
  if (answer->cut)
    return tell (look, LK_VERDICT_UNKNOWN, "%s", _("The list is too long to tell"));

  /* Translators: %s is the name of an ad account. */
  return tell (look, LK_VERDICT_NOT_YET, _("TikTok does not list “%s” yet"),
               value (look, "account-name"));
}

static LkVerdictOfStep
judge_accounts (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "reach");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  if (answer->rows->len == 0)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("The sign-in still reaches no account"));

  return tell (look, LK_VERDICT_DONE,
               g_dngettext (GETTEXT_PACKAGE, "The sign-in reaches %u account",
                            "The sign-in reaches %u accounts", answer->rows->len),
               answer->rows->len);
}

/* The app's id and secret were taken together with the token. */
static LkVerdictOfStep
judge_reach (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "reach");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault == NULL)
    return tell (look, LK_VERDICT_DONE, "%s", _("Token and app fit"));
  if (answer->fault->klass == LK_CLASS_APP_CONFIG)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("Token and app still don't fit"));

  return no_answer (look, answer->fault);
}

static LkVerdictOfStep
judge_secret (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "secret");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault == NULL)
    return tell (look, LK_VERDICT_DONE, "%s", _("TikTok accepts the app's id and secret"));
  if (answer->fault->klass == LK_CLASS_APP_CONFIG)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok refuses the app's id or secret"));

  return no_answer (look, answer->fault);
}

/* The evidence of the diagnosis itself; it need not be newer than the remedy. */
static LkVerdictOfStep
judge_seat (Look *look)
{
  const char *role = lk_remedy_get_value (look->remedy, "role");
  g_autofree char *name = lk_words_dup_role (role);
  LkSeat seat;

  if (lk_case_get_seat (&look->about, &seat) && g_strcmp0 (seat.state, "PENDING") == 0)
    return tell (look, LK_VERDICT_DONE, "%s", _("Access waits for the owner"));
  if (name != NULL)
    /* Translators: %s is a role such as Analyst. */
    return tell (look, LK_VERDICT_DONE, _("The role was %s"), name);
  if (lk_case_answered (&look->about, "centers") != NULL
      || lk_case_answered (&look->about, "reach") != NULL)
    return tell (look, LK_VERDICT_DONE, "%s", _("There was no role"));

  return not_asked (look);
}

static LkVerdictOfStep
judge_who (Look *look)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, "center-members");

  if (lk_remedy_get_value (look->remedy, "own-admin") != NULL)
    return tell (look, LK_VERDICT_DONE, "%s", _("You are an admin"));
  if (lk_remedy_get_value (look->remedy, "admins") != NULL)
    return tell (look, LK_VERDICT_DONE, "%s", lk_remedy_get_value (look->remedy, "admins"));
  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL)
    return tell (look, LK_VERDICT_DONE, "%s",
                 _("TikTok does not tell this login who the admins are"));

  return tell (look, LK_VERDICT_DONE, "%s", _("No admin is shown to this login"));
}

static const char * const *
needed_roles (Look *look, char ***owned)
{
  const char *needed = lk_remedy_get_value (look->remedy, "needed-role");

  *owned = needed != NULL ? g_strsplit (needed, " ", -1) : NULL;

  return (const char * const *) *owned;
}

/* A role of the center itself rather than of an account. */
static LkVerdictOfStep
judge_center_role (Look *look)
{
  const LkProbeAnswer *centers = newest (look, "centers");
  const char *center = lk_remedy_get_value (look->remedy, "center");
  int row = centers != NULL ? lk_probe_answer_find_row (centers, "id", center) : -1;
  const char *role = row >= 0 ? lk_probe_answer_get (centers, (guint) row, "role") : NULL;
  g_autofree char *name = lk_words_dup_role (role);
  g_auto(GStrv) owned = NULL;

  if (centers == NULL)
    return not_asked (look);
  if (centers->fault != NULL)
    return no_answer (look, centers->fault);
  if (role != NULL && lk_role_suffices (role, needed_roles (look, &owned)))
    return tell (look, LK_VERDICT_DONE, _("The role is %s now"), name);

  return role != NULL ? tell (look, LK_VERDICT_NOT_YET, _("The role is still %s"), name)
                      : tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
}

static LkVerdictOfStep
judge_role (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "center-assets");
  g_autofree char *name = NULL;
  g_auto(GStrv) owned = NULL;
  LkSeat seat;

  if (lk_remedy_get_value (look->remedy, "account") == NULL)
    return judge_center_role (look);
  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL && !lk_case_get_seat (&look->about, &seat))
    return no_answer (look, answer->fault);
  if (!lk_case_get_seat (&look->about, &seat) || seat.answer->at < look->since)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
  if (seat.role == NULL)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
  name = lk_words_dup_role (seat.role);
  if (lk_role_suffices (seat.role, needed_roles (look, &owned)))
    /* Translators: %s is a role such as Operator. */
    return tell (look, LK_VERDICT_DONE, _("The role is %s now"), name);

  /* Translators: %s is a role such as Analyst. */
  return tell (look, LK_VERDICT_NOT_YET, _("The role is still %s"), name);
}

static LkVerdictOfStep
judge_bound (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "center-assets");
  LkSeat seat;

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  if (!lk_case_get_seat (&look->about, &seat))
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("The account is not there any more"));
  if (g_strcmp0 (seat.state, "PENDING") == 0)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("The owner has not agreed yet"));
  if (g_strcmp0 (seat.state, "REJECTED") == 0)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("The owner has declined"));

  return tell (look, LK_VERDICT_DONE, "%s", _("The owner has agreed"));
}

/* TikTok's own message names it, so this is known from the start. */
static LkVerdictOfStep
judge_scope_known (Look *look)
{
  if (lk_case_has_scope (&look->about, NULL) == LK_TRI_NO)
    return tell (look, LK_VERDICT_DONE, "%s", _("The token's list does not have it"));
  if (look->facts->fault == NULL)
    return not_asked (look);

  return tell (look, LK_VERDICT_DONE, "%s", _("TikTok says so in its refusal"));
}

static gboolean
lists_scope (const Look *look, const char * const *granted, const char *scope)
{
  return lk_scopes_is_granted (lk_diagnosis_get_scopes (look->about.diagnosis),
                               look->about.family, granted, scope);
}

static LkVerdictOfStep
judge_scope (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "granted");
  const char *scope = lk_remedy_get_value (look->remedy, "scope");
  g_autofree char *name = scope != NULL
                            ? lk_scopes_dup_name (lk_diagnosis_get_scopes (look->about.diagnosis),
                                                  look->about.family, scope) : NULL;
  g_autoptr(GPtrArray) listed = g_ptr_array_new ();

  if (scope == NULL)
    return not_asked (look);
  for (guint i = 0; answer != NULL && answer->fault == NULL && i < answer->rows->len; i++)
    if (lk_probe_answer_get (answer, i, "scope") != NULL)
      g_ptr_array_add (listed, (void *) lk_probe_answer_get (answer, i, "scope"));
  g_ptr_array_add (listed, NULL);
  if (answer != NULL && answer->fault == NULL)
    return lists_scope (look, (const char * const *) listed->pdata, scope)
             /* Translators: %s is the name of a scope. */
             ? tell (look, LK_VERDICT_DONE, _("“%s” is granted now"), name)
             : tell (look, LK_VERDICT_NOT_YET, _("“%s” is still not granted"), name);
  /* Families without such a probe tell the scopes at the sign-in. */
  if (look->facts->signed_in >= look->since && look->facts->scopes_granted != NULL)
    return lists_scope (look, (const char * const *) look->facts->scopes_granted, scope)
             ? tell (look, LK_VERDICT_DONE, _("“%s” is granted now"), name)
             : tell (look, LK_VERDICT_NOT_YET, _("“%s” is still not granted"), name);

  return answer != NULL ? no_answer (look, answer->fault) : not_asked (look);
}

static LkVerdictOfStep
judge_no_incident (Look *look)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, "status");
  int row = lk_case_find_incident (&look->about);

  /* The feed may be read every half hour only, so one from shortly before counts. */
  if (answer == NULL || answer->at < look->since - LK_STATUS_AGE)
    return not_asked (look);
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  if (row >= 0)
    /* Translators: %s is the title of an incident. */
    return tell (look, LK_VERDICT_NOT_YET, _("TikTok still reports “%s”"),
                 lk_probe_answer_get (answer, (guint) row, "title"));

  return tell (look, LK_VERDICT_DONE, "%s", _("TikTok reports no open incident"));
}

static LkVerdictOfStep
judge_media (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "video");
  const char *state = answer != NULL ? lk_probe_answer_get (answer, 0, "state") : NULL;

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL && answer->fault->klass != LK_CLASS_MEDIA_PROCESSING)
    return no_answer (look, answer->fault);
  if (g_strcmp0 (state, "ready") == 0)
    return tell (look, LK_VERDICT_DONE, "%s", _("The video is ready"));
  if (g_strcmp0 (state, "failed") == 0)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok could not use the video"));

  return tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok is still processing the video"));
}

static LkVerdictOfStep
judge_clock (Look *look)
{
  for (guint i = look->facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (look->facts->answers, i - 1);
      g_autofree char *span = NULL;

      if (answer->skew == LK_SKEW_UNKNOWN || answer->at < look->since)
        continue;
      if (ABS (answer->skew) <= LK_SKEW_LIMIT)
        return tell (look, LK_VERDICT_DONE, "%s", _("The clock is right"));
      span = lk_words_dup_span (ABS (answer->skew));
      return answer->skew > 0
               /* Translators: %s is a span of time, such as "5 minutes". */
               ? tell (look, LK_VERDICT_NOT_YET, _("The clock is still %s behind"), span)
               /* Translators: %s is a span of time, such as "5 minutes". */
               : tell (look, LK_VERDICT_NOT_YET, _("The clock is still %s ahead"), span);
    }

  return not_asked (look);
}

static LkVerdictOfStep
judge_open (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "account");
  const char *status;

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL)
    return no_answer (look, answer->fault);
  status = lk_probe_answer_get (answer, 0, "status");
  if (g_strcmp0 (status, "STATUS_ENABLE") == 0)
    return tell (look, LK_VERDICT_DONE, "%s", _("The account is open"));

  /* Translators: %s is TikTok's word for the state of an account. */
  return tell (look, LK_VERDICT_NOT_YET, _("The account's state is still %s"),
               status != NULL ? status : "?");
}

/* Any answer of the other side will do, a refusal too. */
static LkVerdictOfStep
judge_reply (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "identity");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault == NULL || g_strcmp0 (answer->fault->provider, LK_FAULT_LOCAL) != 0)
    return tell (look, LK_VERDICT_DONE, "%s", _("TikTok answers"));
  if (lk_fault_is_no_reply (answer->fault))
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no answer"));

  return no_answer (look, answer->fault);
}

static LkVerdictOfStep
judge_keyring (Look *look)
{
  const LkProbeAnswer *answer = newest (look, "identity");

  if (answer == NULL)
    return not_asked (look);
  if (answer->fault != NULL && answer->fault->code != NULL
      && g_strcmp0 (answer->fault->provider, LK_FAULT_LOCAL) == 0
      && g_str_has_prefix (answer->fault->code, "keyring-"))
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("The keyring still gives nothing"));

  return tell (look, LK_VERDICT_DONE, "%s", _("The keyring gave the token"));
}

static LkVerdictOfStep
judge_proof (Look *look, const char *proof)
{
  static const struct
  {
    const char *proof;
    LkVerdictOfStep (*judge) (Look *look);
  } judges[] = {
    { "alive", judge_alive },             { "listed", judge_listed },
    { "accounts", judge_accounts },       { "reach", judge_reach },
    { "secret", judge_secret },           { "seat", judge_seat },
    { "who", judge_who },                 { "role", judge_role },
    { "bound", judge_bound },             { "scope-known", judge_scope_known },
    { "scope", judge_scope },             { "no-incident", judge_no_incident },
    { "media", judge_media },             { "clock", judge_clock },
    { "open", judge_open },               { "reply", judge_reply },
    { "keyring", judge_keyring },
  };

  for (guint i = 0; i < G_N_ELEMENTS (judges); i++)
    if (g_strcmp0 (proof, judges[i].proof) == 0)
      return judges[i].judge (look);

  g_return_val_if_reached (LK_VERDICT_UNKNOWN);
}

static LkVerdictOfStep
judge_call (Look *look)
{
  const LkProbeAnswer *call = newest (look, "call");
  g_autofree char *headline = NULL;

  if (call == NULL)
    return not_asked (look);
  if (call->fault == NULL)
    return tell (look, LK_VERDICT_DONE, "%s", _("The call was accepted"));
  if (lk_fault_is_no_reply (call->fault))
    return no_answer (look, call->fault);
  headline = lk_diagnosis_dup_headline (look->about.diagnosis, call->fault);

  /* Translators: %s is why a call is refused. */
  return tell (look, LK_VERDICT_NOT_YET, _("Still refused: %s"), headline);
}

static LkVerdictOfStep
judge_sign_in (Look *look)
{
  if (look->facts->signed_in == 0 || look->facts->signed_in < look->since)
    return tell (look, LK_VERDICT_NOT_YET, "%s", _("Nobody signed in yet"));
  if (look->facts->identity_name != NULL)
    /* Translators: %s is the name of a login. */
    return tell (look, LK_VERDICT_DONE, _("Signed in as %s"), look->facts->identity_name);

  return tell (look, LK_VERDICT_DONE, "%s", _("Signed in"));
}

static LkVerdictOfStep
judge_time (Look *look)
{
  const char *text = lk_remedy_get_value (look->remedy, "retry-at");
  /* Where no time was named, a minute is what most limits ask for. */
  gint64 until = text != NULL ? g_ascii_strtoll (text, NULL, 10) : look->since + 60;
  g_autofree char *time = NULL;

  if (look->facts->now >= until)
    return tell (look, LK_VERDICT_DONE, "%s", _("The time is over"));
  time = lk_words_dup_time (until, look->facts->now);

  /* Translators: %s is a time. */
  return tell (look, LK_VERDICT_NOT_YET, _("Waiting until %s"), time);
}

static LkVerdictOfStep
judge (const LkRemedy *self, guint step, const LkFacts *facts, gint64 since, char **words)
{
  const LkRemedyWhole *whole = (const LkRemedyWhole *) self;
  const LkPlan *plan = lk_remedy_get_plan (self, step);
  Look look = { .remedy = self, .facts = facts, .since = since, .words = words };
  LkVerdictOfStep verdict = LK_VERDICT_UNKNOWN;

  g_return_val_if_fail (plan != NULL, LK_VERDICT_UNKNOWN);

  lk_case_init (&look.about, whole->diagnosis, facts);
  switch (((const LkRemedyStep *) g_ptr_array_index (self->steps, step))->check)
    {
    case LK_CHECK_PROBES:
      verdict = judge_proof (&look, plan->proof);
      break;
    case LK_CHECK_CALL:
      verdict = judge_call (&look);
      break;
    case LK_CHECK_SIGN_IN:
      verdict = judge_sign_in (&look);
      break;
    case LK_CHECK_SECRET:
      verdict = judge_secret (&look);
      break;
    case LK_CHECK_TIME:
      verdict = judge_time (&look);
      break;
    case LK_CHECK_NONE:
    default:
      verdict = tell (&look, LK_VERDICT_UNKNOWN, "%s", _("We can't check this from here"));
      break;
    }
  lk_case_clear (&look.about);

  return verdict;
}

LkVerdictOfStep
lk_remedy_judge (const LkRemedy *self, guint step, const LkFacts *facts, gint64 since)
{
  g_autofree char *words = NULL;

  return judge (self, step, facts, since, &words);
}

char *
lk_remedy_dup_verdict (const LkRemedy *self, guint step, const LkFacts *facts, gint64 since)
{
  char *words = NULL;

  judge (self, step, facts, since, &words);

  return words;
}
