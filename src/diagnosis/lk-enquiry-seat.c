/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the facts say about the account of a call: who reaches it, and with which role. */

#include "lk-enquiry-private.h"

#include <string.h>

/* Whether the token lists the account: the fresh answer, or what the sign-in brought. */
LkTri
lk_case_is_listed (const LkCase *self)
{
  const LkProbeAnswer *reach = lk_case_answered (self, "reach");

  if (self->account == NULL)
    return LK_TRI_UNKNOWN;
  if (reach != NULL)
    {
      if (lk_probe_answer_find_row (reach, "id", self->account) >= 0)
        return LK_TRI_YES;
      return reach->cut ? LK_TRI_UNKNOWN : LK_TRI_NO;
    }
  if (lk_case_answered (self, "account") != NULL
      && lk_probe_answer_find_row (lk_case_answered (self, "account"), "id", self->account) >= 0)
    return LK_TRI_YES;
  if (!self->facts->accounts_known)
    return LK_TRI_UNKNOWN;

  return lk_facts_reaches (self->facts, self->account) ? LK_TRI_YES : LK_TRI_NO;
}

static int
rank_of (const char *role)
{
  static const char *const roles[] = { "ANALYST", "OPERATOR", "ADMIN" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (role, roles[i]) == 0)
      return (int) i + 1;

  return 0;
}

gboolean
lk_role_suffices (const char *role, const char * const *needed)
{
  return needed == NULL || *needed == NULL || (role != NULL && g_strv_contains (needed, role));
}

/**
 * lk_case_needed_roles:
 *
 * Returns: roles that allow the call. Where no map tells, changing needs more than an Analyst.
 */
const char * const *
lk_case_needed_roles (const LkCase *self)
{
  static const char *const writers[] = { "OPERATOR", "ADMIN", NULL };
  const char * const *roles = NULL;

  if (self->path != NULL && self->family != NULL)
    roles = lk_scopes_roles_for (lk_diagnosis_get_scopes (self->diagnosis), self->family,
                                 self->fault->method, self->path);
  if (roles != NULL && *roles != NULL)
    return roles;

  return lk_case_is_writing (self) ? writers : NULL;
}

static gboolean
is_pending (const char *state)
{
  return g_strcmp0 (state, "PENDING") == 0;
}

static void
read_seat (const LkProbeAnswer *answer, int row, LkSeat *seat)
{
  const char *role = lk_probe_answer_get (answer, (guint) row, "role");
  const char *state = lk_probe_answer_get (answer, (guint) row, "state");

  /* Of several ways to an account the strongest counts. */
  if (seat->answer != NULL && rank_of (role) <= rank_of (seat->role)
      && !(is_pending (seat->state) && !is_pending (state)))
    return;
  seat->answer = answer;
  seat->center = answer->center;
  seat->role = rank_of (role) > 0 && !is_pending (state) ? role : NULL;
  seat->state = state;
  seat->relation = lk_probe_answer_get (answer, (guint) row, "relation");
  seat->owner = lk_probe_answer_get (answer, (guint) row, "owner");
}

/* The role of the login among the people of an account, for centers that do not tell it. */
static void
read_members (const LkCase *self, LkSeat *seat)
{
  const LkProbeAnswer *identity = lk_case_answered (self, "identity");
  const char *id = identity != NULL ? lk_probe_answer_get (identity, 0, "id")
                                    : self->facts->identity;

  for (guint i = 0; i < self->facts->answers->len && id != NULL; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);
      int row;

      if (!g_str_equal (answer->probe, "asset-members") || answer->fault != NULL)
        continue;
      row = lk_probe_answer_find_row (answer, "id", id);
      if (row >= 0 && rank_of (lk_probe_answer_get (answer, (guint) row, "role")) > 0)
        seat->role = lk_probe_answer_get (answer, (guint) row, "role");
    }
}

/**
 * lk_case_get_seat:
 * @seat: (out): what the Business Centers tell about the account
 *
 * Returns: whether it was found in one of them
 */
gboolean
lk_case_get_seat (const LkCase *self, LkSeat *seat)
{
  *seat = (LkSeat) { 0 };
  for (guint i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);
      int row;

      if (!g_str_equal (answer->probe, "center-assets") || answer->fault != NULL)
        continue;
      row = lk_probe_answer_find_row (answer, "id", self->account);
      if (row >= 0)
        read_seat (answer, row, seat);
    }
  if (seat->answer != NULL && seat->role == NULL && !is_pending (seat->state))
    read_members (self, seat);

  return seat->answer != NULL;
}

static gboolean
is_center_probe (const LkProbeAnswer *answer)
{
  return g_str_equal (answer->probe, "centers") || g_str_equal (answer->probe, "center-assets");
}

/* Refused for what may be done. Of the codes of permission, one means a list of TikTok's. */
static gboolean
is_refusal (const LkFault *fault, gboolean *closed)
{
  if (fault == NULL)
    return FALSE;
  if (fault->klass == LK_CLASS_SCOPE || fault->klass == LK_CLASS_SANDBOX
      || g_strcmp0 (fault->code, "40118") == 0)
    *closed = TRUE;

  return *closed || fault->klass == LK_CLASS_PERMISSION;
}

gboolean
lk_case_is_unlisted (const LkCase *self, gboolean *closed)
{
  gboolean refused = !lk_case_may_ask (self, "centers")
                     || !lk_case_may_ask (self, "center-assets");
  gboolean shut = refused;

  for (guint i = 0; i < self->facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = g_ptr_array_index (self->facts->answers, i);

      if (!is_center_probe (answer))
        continue;
      if (g_str_equal (answer->probe, "center-assets") && answer->fault == NULL)
        return FALSE;
      refused = is_refusal (answer->fault, &shut) || refused;
    }
  if (closed != NULL)
    *closed = shut;

  return refused;
}

GPtrArray *
lk_case_list_centers (const LkCase *self)
{
  GPtrArray *list = g_ptr_array_new ();
  const LkProbeAnswer *centers = lk_case_answered (self, "centers");
  const LkProbeAnswer *account = lk_case_answered (self, "account");
  const char *owner = account != NULL ? lk_probe_answer_get (account, 0, "center") : NULL;

  for (guint i = 0; centers != NULL && i < centers->rows->len && list->len < LK_MAX_CENTERS; i++)
    {
      const char *id = lk_probe_answer_get (centers, i, "id");

      if (id == NULL || *id == '\0')
        continue;
      g_ptr_array_insert (list, g_strcmp0 (id, owner) == 0 ? 0 : -1, (void *) id);
    }

  return list;
}

const char *
lk_case_get_center (const LkCase *self)
{
  g_autoptr(GPtrArray) centers = NULL;
  LkSeat seat;

  if (lk_case_get_seat (self, &seat))
    return seat.center;
  centers = lk_case_list_centers (self);

  return centers->len > 0 ? g_ptr_array_index (centers, 0) : NULL;
}

const char *
lk_case_get_hiding_center (const LkCase *self)
{
  g_autoptr(GPtrArray) centers = lk_case_list_centers (self);

  for (guint i = 0; i < centers->len; i++)
    {
      const char *center = g_ptr_array_index (centers, i);

      if (g_strcmp0 (lk_case_get_center_column (self, center, "role"), "ADMIN") != 0)
        return center;
    }

  return NULL;
}

const char *
lk_case_get_center_column (const LkCase *self, const char *center, const char *column)
{
  const LkProbeAnswer *centers = lk_case_answered (self, "centers");
  int row = centers != NULL ? lk_probe_answer_find_row (centers, "id", center) : -1;

  return row >= 0 ? lk_probe_answer_get (centers, (guint) row, column) : NULL;
}

const char *
lk_case_account_trouble (const LkCase *self)
{
  static const struct
  {
    const char *status;
    const char *cause;
  } troubles[] = {
    { "STATUS_DISABLE", "account-closed" },
    { "STATUS_LIMIT", "account-limited" },
    { "STATUS_PENDING_CONFIRM", "account-in-review" },
    { "STATUS_PENDING_VERIFIED", "account-in-review" },
    { "STATUS_PENDING_CONFIRM_MODIFY", "account-in-review" },
    { "STATUS_WAIT_FOR_BPM_AUDIT", "account-in-review" },
    { "STATUS_WAIT_FOR_PUBLIC_AUTH", "account-in-review" },
    { "STATUS_SELF_SERVICE_UNAUDITED", "account-in-review" },
    { "STATUS_CONTRACT_PENDING", "account-in-review" },
    { "STATUS_CONFIRM_FAIL", "account-rejected" },
    { "STATUS_CONFIRM_FAIL_END", "account-rejected" },
    { "STATUS_CONFIRM_MODIFY_FAIL", "account-rejected" },
  };
  const LkProbeAnswer *account = lk_case_answered (self, "account");
  int row = account != NULL ? lk_probe_answer_find_row (account, "id", self->account) : -1;
  const char *status = row >= 0 ? lk_probe_answer_get (account, (guint) row, "status") : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (g_strcmp0 (status, troubles[i].status) == 0)
      return troubles[i].cause;

  return NULL;
}

gboolean
lk_case_is_about_access (const LkCase *self)
{
  /* What the code alone settles: a list of TikTok's, companies, creators. */
  static const char *const elsewhere[] = { "40117", "40118", "40119", "40121", "40122", NULL };

  if (self->fault->code != NULL && g_strv_contains (elsewhere, self->fault->code))
    return FALSE;
  if (self->fault->klass == LK_CLASS_ACCOUNT_STATUS)
    return g_strcmp0 (self->family, "tiktok-login") != 0;

  return self->fault->klass == LK_CLASS_PERMISSION;
}
