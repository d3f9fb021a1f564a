/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why a cell of the matrix is what it is, in a sentence. */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "lk-matrix-private.h"

static const struct
{
  LkCell      cell;
  const char *text; /* NULL for those that name something */
} whys[LK_N_WHYS] = {
  [LK_WHY_GRANTED] = { LK_CELL_ALLOWED, N_("Allowed: the permission is granted.") },
  [LK_WHY_ROLE_FITS] = { LK_CELL_ALLOWED, NULL },
  [LK_WHY_PROVEN] = { LK_CELL_ALLOWED, N_("Allowed: a call that needs it was answered.") },
  [LK_WHY_NOT_GRANTED] = { LK_CELL_SCOPE, NULL },
  [LK_WHY_REFUSED] = { LK_CELL_SCOPE, NULL },
  [LK_WHY_UNLISTED] = { LK_CELL_LISTED, N_("TikTok keeps a list of those who may use this. The "
                                           "developer app or the account is not on it.") },
  [LK_WHY_NOT_REACHED] = { LK_CELL_ROLE, N_("This sign-in does not reach the account: it was not "
                                            "ticked, or the login has no role on it.") },
  [LK_WHY_PENDING] = { LK_CELL_ROLE, N_("The request for this account still waits for its "
                                        "owner.") },
  [LK_WHY_DECLINED] = { LK_CELL_ROLE, N_("The request for this account was declined.") },
  [LK_WHY_UNBOUND] = { LK_CELL_ROLE, N_("The account is no longer linked to the Business "
                                        "Center.") },
  [LK_WHY_ROLE_LOW] = { LK_CELL_ROLE, NULL },
  [LK_WHY_NO_CENTER] = { LK_CELL_ROLE, N_("This login belongs to no Business Center, or sees "
                                          "nothing in it.") },
  [LK_WHY_REVIEW] = { LK_CELL_ACCOUNT, N_("TikTok is still reviewing the account.") },
  [LK_WHY_LIMITED] = { LK_CELL_ACCOUNT, N_("TikTok has restricted the account.") },
  [LK_WHY_REJECTED] = { LK_CELL_ACCOUNT, N_("The account did not pass TikTok’s review.") },
  [LK_WHY_CLOSED] = { LK_CELL_ACCOUNT, N_("The account is closed.") },
  [LK_WHY_TOKEN_DEAD] = { LK_CELL_UNKNOWN, N_("Not known: TikTok does not accept the token "
                                              "now.") },
  [LK_WHY_SCOPES_UNKNOWN] = { LK_CELL_UNKNOWN, N_("Not known: TikTok did not say which "
                                                  "permissions were granted.") },
  [LK_WHY_REACH_UNKNOWN] = { LK_CELL_UNKNOWN, N_("Not known: the list of accounts could not be "
                                                 "read whole.") },
  [LK_WHY_ROLE_UNKNOWN] = { LK_CELL_UNKNOWN, N_("Not known: no Business Center told the role on "
                                                "this account.") },
  [LK_WHY_CENTERS_OPEN] = { LK_CELL_UNKNOWN, NULL },
  [LK_WHY_HEALTH_UNKNOWN] = { LK_CELL_UNKNOWN, N_("Not known: nobody asked whether the account is "
                                                  "in order.") },
  [LK_WHY_CLOSED_READING] = { LK_CELL_UNKNOWN, N_("Not known: the account is closed.") },
  [LK_WHY_CENTER_UNASKED] = { LK_CELL_UNKNOWN, N_("Not known: the Business Center did not "
                                                  "answer.") },
  [LK_WHY_CATALOG] = { LK_CELL_UNKNOWN, N_("Not known: the permission is granted, but the role on "
                                           "each catalog decides.") },
  [LK_WHY_PIXEL] = { LK_CELL_UNKNOWN, N_("Not known: the permission is granted, but the role on "
                                         "each pixel decides.") },
};

LkCell
lk_why_to_cell (LkWhy why)
{
  return whys[why].cell;
}

static const char *
name_role (const char *role)
{
  static const struct
  {
    const char *word;
    const char *name;
  } roles[] = {
    { "ADMIN", NC_("role", "Admin") },
    { "OPERATOR", NC_("role", "Operator") },
    { "ANALYST", NC_("role", "Analyst") },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      if (g_strcmp0 (roles[i].word, role) == 0)
        return g_dpgettext2 (GETTEXT_PACKAGE, "role", roles[i].name);
    }

  return role;
}

/* "Admin or Operator" */
static char *
dup_roles (char **roles)
{
  char *list = g_strdup (name_role (roles[0]));

  for (unsigned int i = 1; roles[i] != NULL; i++)
    {
      g_autofree char *before = list;

      /* Translators: a choice of roles, such as "Admin or Operator" */
      list = g_strdup_printf (_("%s or %s"), before, name_role (roles[i]));
    }

  return list;
}

static char *
dup_sentence (LkScopes         *scopes,
              const LkFacts    *facts,
              const LkFeature  *feature,
              const LkStanding *standing,
              LkWhy             why)
{
  g_autofree char *scope = lk_scopes_dup_name (scopes, facts->family, feature->scopes[0]);
  g_autofree char *needed = NULL;

  if (why == LK_WHY_ROLE_FITS)
    return g_strdup_printf (_("Allowed: the permission is granted, and the role is %s."),
                            name_role (standing->role));
  if (why == LK_WHY_NOT_GRANTED)
    return g_strdup_printf (_("The permission “%s” was not granted to the developer app."), scope);
  if (why == LK_WHY_REFUSED)
    return g_strdup_printf (_("TikTok refused a call that needs the permission “%s”."), scope);
  if (why == LK_WHY_CENTERS_OPEN)
    return g_strdup_printf (_("Not known: the role is %s, but not every Business Center could be "
                              "read."), name_role (standing->role));
  if (why == LK_WHY_ROLE_LOW)
    {
      needed = dup_roles (feature->roles);
      return g_strdup_printf (_("The role on this account is %s. This needs %s."),
                              name_role (standing->role), needed);
    }

  return g_strdup (g_dgettext (GETTEXT_PACKAGE, whys[why].text));
}

char *
lk_matrix_dup_reason (LkScopes       *scopes,
                      const LkMatrix *self,
                      const LkFacts  *facts,
                      guint           account,
                      guint           feature)
{
  g_autoptr (LkSurvey) survey = NULL;
  const LkAccount *row;
  LkWhy why;

  g_return_val_if_fail (account < self->accounts->len && feature < self->features->len, NULL);

  row = g_ptr_array_index (self->accounts, account);
  survey = lk_survey_new (scopes, facts);
  /* Facts that moved on since the matrix was made. */
  if (!g_hash_table_contains (survey->standings, row->id) || feature >= survey->features->len)
    return g_strdup (_("Not known: the account is no longer there."));
  why = lk_survey_judge (survey, row->id, feature);

  return dup_sentence (scopes, facts, g_ptr_array_index (survey->features, feature),
                       g_hash_table_lookup (survey->standings, row->id), why);
}
