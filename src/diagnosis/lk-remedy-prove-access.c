/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer has to show about roles and scopes. */

#include "config.h"

#include "lk-remedy-private.h"

#include <glib/gi18n-lib.h>

/* The evidence of the diagnosis itself; it need not be newer than the remedy. */
LkVerdictOfStep
lk_prove_seat (LkLook *look)
{
  const char *role = lk_remedy_get_value (look->remedy, "role");
  g_autofree char *name = lk_words_dup_role (role);
  LkSeat seat;

  if (lk_case_get_seat (&look->about, &seat) && g_strcmp0 (seat.state, "PENDING") == 0)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("Access waits for the owner"));
  if (name != NULL)
    /* Translators: %s is a role such as Analyst. */
    return lk_look_tell (look, LK_VERDICT_DONE, _("The role was %s"), name);
  if (lk_case_answered (&look->about, "centers") != NULL
      || lk_case_answered (&look->about, "reach") != NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("There was no role"));

  return lk_look_not_asked (look);
}

LkVerdictOfStep
lk_prove_who (LkLook *look)
{
  const LkProbeAnswer *answer = lk_case_find (&look->about, "center-members");

  if (lk_remedy_get_value (look->remedy, "own-admin") != NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("You are an admin"));
  if (lk_remedy_get_value (look->remedy, "admins") != NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", lk_remedy_get_value (look->remedy, "admins"));
  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s",
                 _("TikTok does not tell this login who the admins are"));

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("No admin is shown to this login"));
}

static const char * const *
needed_roles (LkLook *look, char ***owned)
{
  const char *needed = lk_remedy_get_value (look->remedy, "needed-role");

  *owned = needed != NULL ? g_strsplit (needed, " ", -1) : NULL;

  return (const char * const *) *owned;
}

/* A role of the center itself rather than of an account. */
static LkVerdictOfStep
prove_center_role (LkLook *look)
{
  const LkProbeAnswer *centers = lk_look_newest (look, "centers");
  const char *center = lk_remedy_get_value (look->remedy, "center");
  int row = centers != NULL ? lk_probe_answer_find_row (centers, "id", center) : -1;
  const char *role = row >= 0 ? lk_probe_answer_get (centers, (guint) row, "role") : NULL;
  g_autofree char *name = lk_words_dup_role (role);
  g_auto(GStrv) owned = NULL;

  if (centers == NULL)
    return lk_look_not_asked (look);
  if (centers->fault != NULL)
    return lk_look_no_answer (look, centers->fault);
  if (role != NULL && lk_role_suffices (role, needed_roles (look, &owned)))
    return lk_look_tell (look, LK_VERDICT_DONE, _("The role is %s now"), name);

  return role != NULL ? lk_look_tell (look, LK_VERDICT_NOT_YET, _("The role is still %s"), name)
                      : lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
}

LkVerdictOfStep
lk_prove_role (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "center-assets");
  g_autofree char *name = NULL;
  g_auto(GStrv) owned = NULL;
  LkSeat seat;

  if (lk_remedy_get_value (look->remedy, "account") == NULL)
    return prove_center_role (look);
  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL && !lk_case_get_seat (&look->about, &seat))
    return lk_look_no_answer (look, answer->fault);
  if (!lk_case_get_seat (&look->about, &seat) || seat.answer->at < look->since)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
  if (seat.role == NULL)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("There is still no role"));
  name = lk_words_dup_role (seat.role);
  if (lk_role_suffices (seat.role, needed_roles (look, &owned)))
    /* Translators: %s is a role such as Operator. */
    return lk_look_tell (look, LK_VERDICT_DONE, _("The role is %s now"), name);

  /* Translators: %s is a role such as Analyst. */
  return lk_look_tell (look, LK_VERDICT_NOT_YET, _("The role is still %s"), name);
}

LkVerdictOfStep
lk_prove_bound (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "center-assets");
  LkSeat seat;

  if (answer == NULL)
    return lk_look_not_asked (look);
  if (answer->fault != NULL)
    return lk_look_no_answer (look, answer->fault);
  if (!lk_case_get_seat (&look->about, &seat))
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("The account is not there any more"));
  if (g_strcmp0 (seat.state, "PENDING") == 0)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("The owner has not agreed yet"));
  if (g_strcmp0 (seat.state, "REJECTED") == 0)
    return lk_look_tell (look, LK_VERDICT_NOT_YET, "%s", _("The owner has declined"));

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The owner has agreed"));
}

/* TikTok's own message names it, so this is known from the start. */
LkVerdictOfStep
lk_prove_scope_known (LkLook *look)
{
  if (lk_case_has_scope (&look->about, NULL) == LK_TRI_NO)
    return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("The token’s list does not have it"));
  if (look->facts->fault == NULL)
    return lk_look_not_asked (look);

  return lk_look_tell (look, LK_VERDICT_DONE, "%s", _("TikTok says so in its refusal"));
}

static gboolean
lists_scope (const LkLook *look, const char * const *granted, const char *scope)
{
  return lk_scopes_is_granted (lk_diagnosis_get_scopes (look->about.diagnosis),
                               look->about.family, granted, scope);
}

LkVerdictOfStep
lk_prove_scope (LkLook *look)
{
  const LkProbeAnswer *answer = lk_look_newest (look, "granted");
  const char *scope = lk_remedy_get_value (look->remedy, "scope");
  g_autofree char *name = scope != NULL
                            ? lk_scopes_dup_name (lk_diagnosis_get_scopes (look->about.diagnosis),
                                                  look->about.family, scope) : NULL;
  g_autoptr(GPtrArray) listed = g_ptr_array_new ();

  if (scope == NULL)
    return lk_look_not_asked (look);
  for (guint i = 0; answer != NULL && answer->fault == NULL && i < answer->rows->len; i++)
    if (lk_probe_answer_get (answer, i, "scope") != NULL)
      g_ptr_array_add (listed, (void *) lk_probe_answer_get (answer, i, "scope"));
  g_ptr_array_add (listed, NULL);
  if (answer != NULL && answer->fault == NULL)
    return lists_scope (look, (const char * const *) listed->pdata, scope)
             /* Translators: %s is the name of a scope. */
             ? lk_look_tell (look, LK_VERDICT_DONE, _("“%s” is granted now"), name)
             : lk_look_tell (look, LK_VERDICT_NOT_YET, _("“%s” is still not granted"), name);
  /* Families without such a probe tell the scopes at the sign-in. */
  if (look->facts->signed_in >= look->since && look->facts->scopes_granted != NULL)
    return lists_scope (look, (const char * const *) look->facts->scopes_granted, scope)
             ? lk_look_tell (look, LK_VERDICT_DONE, _("“%s” is granted now"), name)
             : lk_look_tell (look, LK_VERDICT_NOT_YET, _("“%s” is still not granted"), name);

  return answer != NULL ? lk_look_no_answer (look, answer->fault) : lk_look_not_asked (look);
}
