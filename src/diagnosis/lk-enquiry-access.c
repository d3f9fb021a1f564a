/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why an account can't be touched: the tree of tiktok-api.md 5.3. */

#include "lk-enquiry-private.h"

#include <string.h>

static gboolean
says_deleted (const LkCase *self)
{
  return self->fault->klass == LK_CLASS_ACCOUNT_STATUS
         || strstr (self->text, "exist or has been deleted") != NULL;
}

/* Whose turn: the login's own when it is an admin itself. */
static LkTurn
turn_of_center (const LkCase *self, const char *center)
{
  const char *role = center != NULL ? lk_case_get_center_column (self, center, "role") : NULL;

  return g_strcmp0 (role, "ADMIN") == 0 ? LK_TURN_YOU : LK_TURN_ADMIN;
}

/* How the account came to the center decides who can give a role, and where. */
static const char *
route_of (const LkSeat *seat)
{
  if (seat->answer == NULL)
    return NULL;
  if (g_strcmp0 (seat->relation, "OWNER_PARTNER") == 0)
    return "partner";

  return g_strcmp0 (seat->relation, "OWNER_INDIVIDUAL") == 0 ? "owner" : "member";
}

static void
set_center (const LkCase *self, LkSuspicion *found, const char *center)
{
  if (center == NULL)
    return;
  lk_suspicion_set (found, "center", center);
  lk_suspicion_set (found, "center-name", lk_case_get_center_column (self, center, "name"));
  found->turn = turn_of_center (self, center);
  if (found->turn == LK_TURN_YOU)
    lk_suspicion_set (found, "own-admin", "yes");
}

/* "Mira Holt (m…@nord.example), …" */
static void
add_admins (const LkProbeAnswer *people, GString *names)
{
  for (guint i = 0; people != NULL && people->fault == NULL && i < people->rows->len; i++)
    {
      const char *name = lk_probe_answer_get (people, i, "name");
      const char *email = lk_probe_answer_get (people, i, "email");

      if (g_strcmp0 (lk_probe_answer_get (people, i, "role"), "ADMIN") != 0
          || (name == NULL && email == NULL))
        continue;
      if (names->len > 0)
        g_string_append (names, ", ");
      g_string_append (names, name != NULL ? name : email);
      if (name != NULL && email != NULL && *email != '\0')
        g_string_append_printf (names, " (%s)", email);
    }
}

static char *
name_admins (const LkCase *self, const char *center)
{
  g_autoptr(GString) names = g_string_new (NULL);

  add_admins (lk_facts_find (self->facts, "center-members", center, NULL), names);
  if (names->len == 0)
    add_admins (lk_facts_find (self->facts, "asset-members", center, self->account), names);

  return names->len > 0 ? g_strdup (names->str) : NULL;
}

static void
set_seat (const LkCase *self, LkSuspicion *found, const LkSeat *seat)
{
  const char *center = seat->answer != NULL ? seat->center : lk_case_get_center (self);
  g_autofree char *admins = center != NULL ? name_admins (self, center) : NULL;
  const char *route = route_of (seat);

  set_center (self, found, center);
  lk_suspicion_set (found, "role", seat->role);
  lk_suspicion_set (found, "owner", seat->owner);
  lk_suspicion_set (found, "admins", admins);
  lk_suspicion_set (found, "route", route != NULL ? route : "member");
}

static void
set_needed (const LkCase *self, LkSuspicion *found)
{
  const char * const *needed = lk_case_needed_roles (self);
  g_autofree char *joined = needed != NULL ? g_strjoinv (" ", (char **) needed) : NULL;

  /* The lower one is enough, so it is named first. */
  if (g_strcmp0 (joined, "ADMIN OPERATOR") == 0)
    {
      g_free (joined);
      joined = g_strdup ("OPERATOR ADMIN");
    }
  lk_suspicion_set (found, "needed-role", joined);
  lk_suspicion_set (found, "things", lk_case_get_things (self));
}

static void
suspect_low_role (const LkCase *self, GPtrArray *out, const LkSeat *seat, double confidence)
{
  LkSuspicion *found = lk_suspect (self, out, "role-too-low", confidence);

  set_seat (self, found, seat);
  set_needed (self, found);
  /* Both layers may be missing; TikTok complains about one at a time. */
  if (lk_case_has_scope (self, NULL) == LK_TRI_NO)
    lk_suspect (self, out, "scope-missing", 0.4);
}

static void
suspect_account (const LkCase *self, GPtrArray *out, const char *cause)
{
  const LkProbeAnswer *account = lk_case_answered (self, "account");
  LkSuspicion *found = lk_suspect (self, out, cause, 0.95);
  const char *reason = lk_probe_answer_get (account, 0, "reason");

  lk_suspicion_set (found, "status", lk_probe_answer_get (account, 0, "status"));
  lk_suspicion_set (found, "reason", reason);
}

/* Business Center can't be read: the most likely thing, and the way by hand. */
static void
suspect_unseen (const LkCase *self, GPtrArray *out)
{
  LkSuspicion *found = lk_suspect (self, out, "center-unlisted", 0.6);

  if (lk_case_is_listed (self) == LK_TRI_YES)
    lk_suspicion_set (found, "listed", "yes");
  if (lk_case_has_scope (self, NULL) == LK_TRI_NO)
    lk_suspect (self, out, "scope-missing", 0.7);
  lk_suspicion_set (found, "unseen", "yes");
  lk_suspicion_set (found, "route", "member");
  set_needed (self, found);
}

/* The role is enough and the account is open: something that can't be seen from here. */
static void
suspect_unexplained (const LkCase *self, GPtrArray *out, const LkSeat *seat)
{
  LkSuspicion *found;

  if (lk_case_has_scope (self, NULL) == LK_TRI_NO)
    lk_suspect (self, out, "scope-missing", 0.7);
  found = lk_suspect (self, out, "unknown", 0.4);
  lk_suspicion_set (found, "permitted", "yes");
  lk_suspicion_set (found, "role", seat->role);
}

static void
suspect_listed (const LkCase *self, GPtrArray *out)
{
  const char *trouble = lk_case_account_trouble (self);
  gboolean asked = lk_case_find (self, "centers") != NULL;
  LkSuspicion *found;
  LkSeat seat;

  if (trouble != NULL)
    suspect_account (self, out, trouble);
  else if (lk_case_get_seat (self, &seat) && seat.role != NULL)
    {
      if (!lk_role_suffices (seat.role, lk_case_needed_roles (self)))
        suspect_low_role (self, out, &seat, 0.96);
      else if (g_strcmp0 (seat.role, "ANALYST") == 0 && self->path == NULL)
        suspect_low_role (self, out, &seat, 0.75);
      else
        suspect_unexplained (self, out, &seat);
    }
  else if (lk_case_is_unlisted (self, NULL))
    suspect_unseen (self, out);
  else
    {
      found = lk_suspect (self, out, "account-no-role", asked ? 0.7 : 0.5);
      set_seat (self, found, &seat);
      set_needed (self, found);
    }
}

/* Found in a center, but not listed by the token. */
static void
suspect_seat (const LkCase *self, GPtrArray *out, const LkSeat *seat)
{
  gboolean pending = g_strcmp0 (seat->state, "PENDING") == 0;
  const char *cause = pending              ? "account-pending"
                      : seat->role != NULL ? "account-not-ticked"
                                           : "account-no-role";
  LkSuspicion *found = lk_suspect (self, out, cause, seat->role != NULL || pending ? 0.93 : 0.9);

  set_seat (self, found, seat);
  set_needed (self, found);
  found->turn = seat->role != NULL ? LK_TURN_YOU
                : pending          ? LK_TURN_ADMIN
                                   : found->turn;
  /* Ticking it is not all, then. */
  if (seat->role != NULL && !lk_role_suffices (seat->role, lk_case_needed_roles (self)))
    suspect_low_role (self, out, seat, 0.5);
}

static void
suspect_login (const LkCase *self, GPtrArray *out, double confidence, const char *why)
{
  LkSuspicion *found = lk_suspect (self, out, "login-wrong", confidence);
  const LkProbeAnswer *identity = lk_case_answered (self, "identity");

  lk_suspicion_set (found, why, "yes");
  if (lk_case_same_login (self) == LK_TRI_NO)
    lk_suspicion_set (found, "other-login", lk_probe_answer_get (identity, 0, "name"));
}

/* In no center of the login: somebody has to give a role, or the account is not there. A center
 * that the login is no admin of may hide it; one's own can't. */
static void
suspect_nowhere (const LkCase *self, GPtrArray *out)
{
  gboolean deleted = says_deleted (self);
  const char *hiding = lk_case_get_hiding_center (self);
  g_autofree char *admins = hiding != NULL ? name_admins (self, hiding) : NULL;
  LkSuspicion *found;

  if (deleted)
    lk_suspect (self, out, "account-unknown", 0.75);
  found = lk_suspect (self, out, "account-no-role", deleted ? 0.3 : 0.78);
  set_needed (self, found);
  lk_suspicion_set (found, "route", "member");
  if (hiding != NULL)
    {
      set_center (self, found, hiding);
      lk_suspicion_set (found, "admins", admins);
      lk_suspicion_set (found, "hidden", "yes");
    }
  else
    {
      lk_suspicion_set (found, "center", lk_case_get_center (self));
      lk_suspicion_set (found, "nowhere", "yes");
    }
  /* Nothing of what the call wants is in sight of this login. */
  suspect_login (self, out, 0.35, "elsewhere");
}

static void
suspect_absent (const LkCase *self, GPtrArray *out)
{
  const LkProbeAnswer *centers = lk_case_answered (self, "centers");
  const LkProbeAnswer *reach = lk_case_answered (self, "reach");
  gboolean empty = reach != NULL && reach->rows->len == 0;
  LkSuspicion *found;
  LkSeat seat;

  if (lk_case_same_login (self) == LK_TRI_NO)
    suspect_login (self, out, 0.92, "changed");
  else if (self->account != NULL && lk_case_get_seat (self, &seat))
    suspect_seat (self, out, &seat);
  else if (lk_case_is_unlisted (self, NULL))
    suspect_unseen (self, out);
  else if (centers != NULL && centers->rows->len == 0)
    suspect_login (self, out, empty ? 0.85 : 0.75, "no-center");
  else if (self->account == NULL && (empty || lk_fault_is_local (self->fault, "zero-accounts")))
    {
      found = lk_suspect (self, out, "no-accounts", empty ? 0.9 : 0.8);
      if (centers != NULL)
        lk_suspicion_set (found, "centers", "yes");
    }
  else if (centers != NULL || lk_case_is_listed (self) == LK_TRI_NO)
    suspect_nowhere (self, out);
  else if (says_deleted (self))
    lk_suspect (self, out, "account-unknown", 0.6);
  else
    lk_suspect (self, out, "account-no-role", 0.55);
}

/* A call about a Business Center itself: only its admins manage people and assets. */
static gboolean
suspect_center_role (const LkCase *self, GPtrArray *out)
{
  const char *role;
  LkSuspicion *found;

  if (self->path == NULL || !g_str_has_prefix (self->path, "/bc/") || self->account != NULL)
    return FALSE;
  if (lk_case_is_unlisted (self, NULL))
    {
      lk_suspect (self, out, "app-lacks-permission", 0.8);
      return TRUE;
    }
  role = lk_case_get_center_column (self, lk_case_get_center (self), "role");
  if (g_strcmp0 (role, "ADMIN") == 0)
    {
      lk_suspect (self, out, "app-lacks-permission", 0.5);
      return TRUE;
    }
  found = lk_suspect (self, out, "role-too-low", role != NULL ? 0.85 : 0.6);
  lk_suspicion_set (found, "role", role != NULL ? role : "STANDARD");
  lk_suspicion_set (found, "needed-role", "ADMIN");
  lk_suspicion_set (found, "route", "member");
  lk_suspicion_set (found, "things", lk_case_get_things (self));
  set_center (self, found, lk_case_get_center (self));

  return TRUE;
}

static gboolean
suspect_asset (const LkCase *self, GPtrArray *out)
{
  g_autofree char *id = NULL;
  const char *asset = lk_case_get_asset (self, &id);
  LkSuspicion *found;

  if (asset == NULL)
    return FALSE;
  found = lk_suspect (self, out, "asset-role", 0.88);
  lk_suspicion_set (found, "asset", asset);
  lk_suspicion_set (found, "asset-id", id);

  return TRUE;
}

/* What the code alone says. */
static gboolean
suspect_by_code (const LkCase *self, GPtrArray *out)
{
  static const struct
  {
    const char *code;
    const char *cause;
  } codes[] = {
    { "40117", "app-lacks-permission" }, { "40118", "app-not-listed" },
    { "40119", "login-wrong" },          { "40121", "policy" },
    { "40122", "policy" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (self->fault->code, codes[i].code) == 0)
      {
        LkSuspicion *found = lk_suspect (self, out, codes[i].cause, 0.9);

        if (g_str_equal (codes[i].cause, "login-wrong"))
          lk_suspicion_set (found, "company", "yes");
        return TRUE;
      }

  return FALSE;
}

void
lk_suspect_access (const LkCase *self, GPtrArray *out)
{
  gboolean by_scope = self->fault->klass == LK_CLASS_SCOPE
                      && lk_case_has_scope (self, NULL) == LK_TRI_YES && self->account != NULL
                      && lk_case_needed_roles (self) != NULL;

  if (self->fault->klass == LK_CLASS_ACCOUNT_STATUS && !lk_case_is_about_access (self))
    {
      lk_suspect (self, out, "account-limited", 0.9);
      return;
    }
  if (self->fault->klass != LK_CLASS_PERMISSION && self->fault->klass != LK_CLASS_ACCOUNT_STATUS
      && !by_scope)
    return;
  if (suspect_by_code (self, out) || suspect_asset (self, out)
      || suspect_center_role (self, out) || lk_case_is_alive (self) == LK_TRI_NO)
    return;
  if (lk_case_is_listed (self) == LK_TRI_YES)
    suspect_listed (self, out);
  else
    suspect_absent (self, out);
}
