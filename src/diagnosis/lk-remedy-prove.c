/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer has to show for a step to be done. */

#include "config.h"

#include "lk-remedy-private.h"

#include <glib/gi18n-lib.h>

static const char *
value (const LkLook *look, const char *word)
{
  const char *text = lk_remedy_get_value (look->remedy, word);

  return text != NULL ? text : "?";
}

static LkVerdictOfStep
prove_alive (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "identity");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (lk_fault_is_dead_token (answer->fault))
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok still refuses the token"));
  if (answer->fault != NULL && answer->fault->klass == LK_CLASS_APP_CONFIG)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok still refuses the app"));
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  if (lk_case_same_login (&look->about) == LK_TRI_NO)
    /* Translators: %s is the name of a login. */
    return lk_look_tell (look, LK_VERDICT_NOT_YET, _("Another login is connected: %s"),
                 lk_probe_answer_get (answer, 0, "name") != NULL
                   ? lk_probe_answer_get (answer, 0, "name") : "?");

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("TikTok accepts the token"));
}

static LkVerdictOfStep
prove_listed (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "reach");
  const char *account = lk_remedy_get_value (look->remedy, "account");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  if (lk_probe_answer_find_row (answer, "id", account) >= 0)
    /* Translators: %s is the name of an ad account. */
    return lk_look_tell (look, LK_VERDICT_DONE, _("TikTok lists “%s” for this sign-in"),
                 value (look, "account-name"));
  if (answer->cut)
    return lk_look_tell (look, LK_VERDICT_UNKNOWN, "%s", _("The list is too long to tell"));

  /* Translators: %s is the name of an ad account. */
  return lk_look_tell (look, LK_VERDICT_NOT_YET, _("TikTok does not list “%s” yet"),
               value (look, "account-name"));
}

static LkVerdictOfStep
prove_accounts (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "reach");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  if (answer->rows->len == 0)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("The sign-in still reaches no account"));

  return lk_look_tell (look, LK_VERDICT_DONE,
               g_dngettext (GETTEXT_PACKAGE, "The sign-in reaches %u account",
                            "The sign-in reaches %u accounts", answer->rows->len),
               answer->rows->len);
}

/* The app's id and secret were taken together with the token. */
static LkVerdictOfStep
prove_reach (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "reach");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault == NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("Token and app fit"));
  if (answer->fault->klass == LK_CLASS_APP_CONFIG)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("Token and app still don’t fit"));

  return lk_look_no_answer (look, answer->fault);
}

static LkVerdictOfStep
prove_secret (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "secret");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault == NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("TikTok accepts the app’s id and secret"));
  if (answer->fault->klass == LK_CLASS_APP_CONFIG)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s",
                         _("TikTok refuses the app’s id or secret"));

  return lk_look_no_answer (look, answer->fault);
}

static LkVerdictOfStep
prove_no_incident (LkLook *look)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, "status");
  int row = lk_case_find_incident (&look->about);

  /* The feed may be read every half hour only, so one from shortly before counts. */
  if (answer == NULL || answer->at < look->since - LK_STATUS_AGE)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  if (row >= 0)
    /* Translators: %s is the title of an incident. */
    return lk_look_tell (look, LK_VERDICT_NOT_YET, _("TikTok still reports “%s”"),
                 lk_probe_answer_get (answer, (guint) row, "title"));

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("TikTok reports no open incident"));
}

static LkVerdictOfStep
prove_media (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "video");
  const char *state = answer != NULL ? lk_probe_answer_get (answer, 0, "state") : NULL;

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL && answer->fault->klass != LK_CLASS_MEDIA_PROCESSING)
    return lk_look_no_answer (look, answer->fault);
  if (g_strcmp0 (state, "ready") == 0)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The video is ready"));
  if (g_strcmp0 (state, "failed") == 0)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok could not use the video"));

  return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("TikTok is still processing the video"));
}

static LkVerdictOfStep
prove_clock (LkLook *look)
{
  for (guint i = look->facts->answers->len; i > 0; i--)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (look->facts->answers, i - 1);
      g_autofree char *span = NULL;

      if (answer->skew == LK_SKEW_UNKNOWN || answer->at < look->since)
        continue;
      if (answer->skew >= -LK_SKEW_LIMIT && answer->skew <= LK_SKEW_LIMIT)
        return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The clock is right"));
      span = lk_words_dup_span (ABS (lk_case_get_skew (&look->about)));
      return answer->skew > 0
               /* Translators: %s is a span of time, such as "5 minutes". */
               ? lk_look_tell (look, LK_VERDICT_NOT_YET, _("The clock is still %s behind"), span)
               /* Translators: %s is a span of time, such as "5 minutes". */
               : lk_look_tell (look, LK_VERDICT_NOT_YET, _("The clock is still %s ahead"), span);
    }

  return lk_look_not_asked (look);
}

static LkVerdictOfStep
prove_open (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "account");
  const char *status;

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  status = lk_probe_answer_get (answer, 0, "status");
  if (g_strcmp0 (status, "STATUS_ENABLE") == 0)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The account is open"));

  /* Translators: %s is TikTok's word for the state of an account. */
  return lk_look_tell (look, LK_VERDICT_NOT_YET, _("The account’s state is still %s"),
               status != NULL ? status : "?");
}

/* Any answer of the other side will do, a refusal too. */
static LkVerdictOfStep
prove_reply (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "identity");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault == NULL || g_strcmp0 (answer->fault->provider, LK_FAULT_LOCAL) != 0)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("TikTok answers"));
  if (lk_fault_is_no_reply (answer->fault))
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no answer"));

  return lk_look_no_answer (look, answer->fault);
}

static LkVerdictOfStep
prove_keyring (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "identity");

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL && answer->fault->code != NULL
      && g_strcmp0 (answer->fault->provider, LK_FAULT_LOCAL) == 0
      && g_str_has_prefix (answer->fault->code, "keyring-"))
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("The keyring still gives nothing"));

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The keyring gave the token"));
}

LkVerdictOfStep
lk_look_prove (LkLook *look, const char *proof)
{
  static const struct
  {
    const char *proof;
    LkVerdictOfStep (*judge) (LkLook *look);
  } judges[] = {
    { "alive", prove_alive },             { "listed", prove_listed },
    { "accounts", prove_accounts },       { "reach", prove_reach },
    { "secret", prove_secret },           { "seat", lk_prove_seat },
    { "who", lk_prove_who },                 { "role", lk_prove_role },
    { "bound", lk_prove_bound },             { "scope-known", lk_prove_scope_known },
    { "scope", lk_prove_scope },             { "no-incident", prove_no_incident },
    { "media", prove_media },             { "clock", prove_clock },
    { "open", prove_open },               { "reply", prove_reply },
    { "keyring", prove_keyring },
  };

  for (guint i = 0; i < G_N_ELEMENTS (judges); i++)
    if (g_strcmp0 (proof, judges[i].proof) == 0)
      return judges[i].judge (look);

  g_return_val_if_reached (LK_VERDICT_UNKNOWN);
}
