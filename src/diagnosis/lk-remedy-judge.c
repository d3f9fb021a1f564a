/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a step is done. Nothing is taken on trust: an answer says so, or nobody knows. */

#include "config.h"

#include "lk-remedy-private.h"

#include <glib/gi18n-lib.h>

LkVerdictOfStep
lk_look_tell (LkLook *look, LkVerdictOfStep verdict, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_clear_pointer (look->words, g_free);
  *look->words = g_strdup_vprintf (format, args);
  va_end (args);

  return verdict;
}

LkVerdictOfStep
lk_look_not_asked (LkLook *look)
{
  return lk_look_tell (look, LK_VERDICT_UNKNOWN, "%s", _("Not checked yet"));
}

/* Why there is no answer. */
LkVerdictOfStep
lk_look_no_answer (LkLook *look, const LkFault *fault)
{
  g_autofree char *headline = lk_diagnosis_dup_headline (look->about.diagnosis, fault);

  /* Translators: %s is why, such as "This computer is offline". */
  return lk_look_tell (look, LK_VERDICT_UNKNOWN, _("No answer: %s"), headline);
}

const LkProbeAnswer *
lk_look_newest (const LkLook *look, const char *probe)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, probe);

  return answer != NULL && answer->at >= look->since ? answer : NULL;
}

static LkVerdictOfStep
judge_call (LkLook *look)
{
  const LkProbeAnswer *call = lk_look_newest (look, "call");
  g_autofree char *headline = NULL;

  if (call == NULL)
    return lk_look_not_asked (look);
  if (call->fault == NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The call was accepted"));
  if (lk_fault_is_no_reply (call->fault))
    return lk_look_no_answer (look, call->fault);
  headline = lk_diagnosis_dup_headline (look->about.diagnosis, call->fault);

  /* Translators: %s is why a call is refused. */
  return lk_look_tell (look, LK_VERDICT_NOT_YET, _("Still refused: %s"), headline);
}

static LkVerdictOfStep
judge_sign_in (LkLook *look)
{
  if (look->facts->signed_in == 0 || look->facts->signed_in < look->since)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("Nobody signed in yet"));
  if (look->facts->identity_name != NULL)
    /* Translators: %s is the name of a login. */
    return lk_look_tell (look, LK_VERDICT_DONE, _("Signed in as %s"), look->facts->identity_name);

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("Signed in"));
}

static LkVerdictOfStep
judge_time (LkLook *look)
{
  const char *text = lk_remedy_get_value (look->remedy, "retry-at");
  /* Where no time was named, a minute is what most limits ask for. */
  gint64 until = text != NULL ? g_ascii_strtoll (text, NULL, 10) : look->since + 60;
  g_autofree char *time = NULL;

  if (look->facts->now >= until)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The time is over"));
  time = lk_words_dup_time (until, look->facts->now);

  /* Translators: %s is a time. */
  return lk_look_tell (look, LK_VERDICT_NOT_YET, _("Waiting until %s"), time);
}

static LkVerdictOfStep
judge (const LkRemedy *self, guint step, const LkFacts *facts, gint64 since, char **words)
{
  const LkRemedyWhole *whole = (const LkRemedyWhole *) self;
  const LkPlan *plan = lk_remedy_get_plan (self, step);
  LkLook look = { .remedy = self, .facts = facts, .since = since, .words = words };
  LkVerdictOfStep verdict = LK_VERDICT_UNKNOWN;

  g_return_val_if_fail (plan != NULL, LK_VERDICT_UNKNOWN);

  lk_case_init (&look.about, whole->diagnosis, facts);
  switch (((const LkRemedyStep *) g_ptr_array_index (self->steps, step))->check)
    {
    case LK_CHECK_PROBES:
      verdict = lk_look_prove (&look, plan->proof);
      break;
    case LK_CHECK_CALL:
      verdict = judge_call (&look);
      break;
    case LK_CHECK_SIGN_IN:
      verdict = judge_sign_in (&look);
      break;
    case LK_CHECK_SECRET:
      verdict = lk_look_prove (&look, "secret");
      break;
    case LK_CHECK_TIME:
      verdict = judge_time (&look);
      break;
    case LK_CHECK_NONE:
    default:
      verdict = lk_look_tell (&look, LK_VERDICT_UNKNOWN, "%s", _("We can’t check this from here"));
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
