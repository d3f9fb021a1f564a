/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which probe to ask next: the cheapest whose answer can still change the finding. */

#include "lk-enquiry-private.h"

#include <string.h>

#include "lk-profile-calls.h"

static LkQuestion *
ask (const LkCase *self, LkProfile *profile, const char *probe)
{
  return lk_case_ask (self, profile, probe, NULL, NULL);
}

/* TikTok asks that its feed be read no more often than every half hour. */
static LkQuestion *
ask_status (const LkCase *self, LkProfile *profile)
{
  const LkProbeAnswer *old = lk_facts_find (self->facts, "status", NULL, NULL);

  if (!lk_profile_has_probe (profile, "status"))
    return NULL;
  if (old != NULL && old->at > self->facts->now - LK_STATUS_AGE)
    return NULL;

  return lk_question_new ("status", NULL, NULL);
}

static LkQuestion *
next_of_token (const LkCase *self, LkProfile *profile)
{
  LkQuestion *question;

  if (lk_case_is_alive (self) != LK_TRI_UNKNOWN)
    return NULL;
  question = ask (self, profile, "identity");

  return question != NULL || lk_profile_has_probe (profile, "identity")
           ? question : ask (self, profile, "reach");
}

/* The admins of a center, so that the person knows whom to ask. */
static LkQuestion *
ask_admins (const LkCase *self, LkProfile *profile, const char *center)
{
  if (center == NULL
      || g_strcmp0 (lk_case_get_center_column (self, center, "role"), "ADMIN") == 0)
    return NULL;

  return lk_case_ask (self, profile, "center-members", center, NULL);
}

/* Looks for the account in the centers of the login. @settled: whether what was found is enough. */
static LkQuestion *
next_of_centers (const LkCase *self, LkProfile *profile,
                 gboolean (*settled) (const LkCase *self, const LkSeat *seat))
{
  LkQuestion *question = ask (self, profile, "centers");
  g_autoptr(GPtrArray) centers = NULL;
  gboolean closed = FALSE;
  LkSeat seat;

  if (question != NULL || lk_case_answered (self, "centers") == NULL)
    return question;
  centers = lk_case_list_centers (self);
  for (guint i = 0; i < centers->len && self->account != NULL; i++)
    {
      if (lk_case_get_seat (self, &seat) && settled (self, &seat))
        break;
      question = lk_case_ask (self, profile, "center-assets", g_ptr_array_index (centers, i),
                            self->account);
      if (question != NULL || (lk_case_is_unlisted (self, &closed) && closed))
        return question;
    }

  return NULL;
}

static gboolean
role_is_enough (const LkCase *self, const LkSeat *seat)
{
  return seat->role != NULL && lk_role_suffices (seat->role, lk_case_needed_roles (self));
}

static gboolean
role_is_there (const LkCase *self, const LkSeat *seat)
{
  return seat->role != NULL;
}

/* The account is among those that the token lists: is it usable, and with which role? */
static LkQuestion *
next_of_role (const LkCase *self, LkProfile *profile)
{
  LkQuestion *question = lk_case_ask (self, profile, "account", NULL, self->account);
  LkSeat seat;

  if (question != NULL || lk_case_account_trouble (self) != NULL)
    return question;
  question = next_of_centers (self, profile, role_is_enough);
  if (question != NULL || !lk_case_get_seat (self, &seat))
    return question;
  if (seat.role == NULL)
    question = lk_case_ask (self, profile, "asset-members", seat.center, self->account);
  if (question != NULL || role_is_enough (self, &seat))
    return question;

  return ask_admins (self, profile, seat.center);
}

/* The account is not listed: wrong login, not ticked, no role, or not there at all? */
static LkQuestion *
next_of_absence (const LkCase *self, LkProfile *profile)
{
  LkQuestion *question = ask (self, profile, "identity");
  gboolean found;
  LkSeat seat;

  if (question != NULL || lk_case_is_alive (self) == LK_TRI_NO
      || lk_case_same_login (self) == LK_TRI_NO)
    return question;
  question = next_of_centers (self, profile, role_is_there);
  if (question != NULL || lk_case_is_unlisted (self, NULL))
    return question;
  found = lk_case_get_seat (self, &seat);
  if (self->account == NULL || (found && seat.role != NULL))
    return NULL;
  /* What waits for its owner, no admin on this side can hurry; what is not there, none can give. */
  if ((found && g_strcmp0 (seat.state, "PENDING") == 0)
      || (!found && self->fault->klass == LK_CLASS_ACCOUNT_STATUS))
    return NULL;

  return ask_admins (self, profile, found ? seat.center : lk_case_get_hiding_center (self));
}

/* The developer app: its secret, its id, or whether TikTok lets it in at all. */
static LkQuestion *
next_of_app (const LkCase *self, LkProfile *profile)
{
  const LkFault *reach = lk_case_refused (self, "reach");
  LkQuestion *question;

  if (lk_case_app_is_settled (self))
    return NULL;
  if (lk_case_suspects_secret (self))
    return ask (self, profile, "secret");
  question = next_of_token (self, profile);
  if (question == NULL && lk_case_is_alive (self) == LK_TRI_YES)
    question = ask (self, profile, "reach");
  if (question != NULL || reach == NULL || lk_fault_is_other_app (reach))
    return question;

  return ask (self, profile, "secret");
}

static LkQuestion *
next_of_access (const LkCase *self, LkProfile *profile)
{
  gboolean of_center = self->path != NULL && g_str_has_prefix (self->path, "/bc/");
  LkQuestion *question;

  if (lk_case_get_asset (self, NULL) != NULL)
    return NULL;
  if (of_center && self->account == NULL)
    return ask (self, profile, "centers");
  question = ask (self, profile, "reach");
  if (question != NULL)
    return question;
  if (lk_fault_is_dead_token (lk_case_refused (self, "reach")))
    return NULL;
  if (lk_case_refused (self, "reach") != NULL
      && lk_case_refused (self, "reach")->klass == LK_CLASS_APP_CONFIG)
    return next_of_app (self, profile);
  if (lk_case_is_listed (self) == LK_TRI_YES)
    return next_of_role (self, profile);

  return next_of_absence (self, profile);
}

static LkQuestion *
next_of_scope (const LkCase *self, LkProfile *profile)
{
  LkTri has = lk_case_has_scope (self, NULL);

  if (has == LK_TRI_NO)
    return NULL;
  if (has == LK_TRI_UNKNOWN)
    return self->facts->scopes_granted == NULL ? ask (self, profile, "granted") : NULL;
  if (lk_case_find (self, "granted") == NULL && lk_profile_has_probe (profile, "granted"))
    return ask (self, profile, "granted");

  /* The list says that it is there, so the message may mean a role, where one is needed. */
  return self->account != NULL && lk_case_needed_roles (self) != NULL
           ? next_of_access (self, profile) : NULL;
}

/* A clock is told by the Date of any answer. */
static LkQuestion *
next_of_clock (const LkCase *self, LkProfile *profile)
{
  for (guint i = 0; i < self->facts->answers->len; i++)
    if (((const LkProbeAnswer *) g_ptr_array_index (self->facts->answers, i))->skew
        != LK_SKEW_UNKNOWN)
      return NULL;
  if (lk_profile_has_probe (profile, "status"))
    return ask_status (self, profile);

  return ask (self, profile, "identity");
}

static LkQuestion *
next_of_media (const LkCase *self, LkProfile *profile)
{
  LkQuestion *question = self->media != NULL
                           ? lk_case_ask (self, profile, "video", NULL, self->account) : NULL;

  if (question != NULL)
    question->media = g_strdup (self->media);

  return question;
}

static LkQuestion *
next_of_nothing (const LkCase *self, LkProfile *profile)
{
  LkQuestion *question = next_of_token (self, profile);

  if (question != NULL || lk_case_is_alive (self) == LK_TRI_NO
      || lk_case_same_login (self) == LK_TRI_NO)
    return question;

  return ask (self, profile, "reach");
}

static LkQuestion *
next_of_unknown (const LkCase *self, LkProfile *profile)
{
  int status = self->fault->http_status;

  if (g_strcmp0 (self->fault->provider, LK_FAULT_LOCAL) == 0)
    return NULL;
  if (status >= 500)
    return ask_status (self, profile);

  return status == 404 || status == 405 ? NULL : next_of_token (self, profile);
}

static LkQuestion *
next_by_class (const LkCase *self, LkProfile *profile)
{
  const LkFault *fault = self->fault;

  switch (fault->klass)
    {
    case LK_CLASS_OK:
      return self->facts->fault == NULL ? next_of_nothing (self, profile) : NULL;
    case LK_CLASS_TOKEN_EXPIRED:
      return self->facts->can_renew && !self->facts->renewed ? NULL
                                                             : next_of_token (self, profile);
    case LK_CLASS_TOKEN_REVOKED:
      return next_of_token (self, profile);
    case LK_CLASS_SCOPE:
      return next_of_scope (self, profile);
    case LK_CLASS_PERMISSION:
    case LK_CLASS_ACCOUNT_STATUS:
      return lk_case_is_about_access (self) ? next_of_access (self, profile) : NULL;
    case LK_CLASS_APP_CONFIG:
      return next_of_app (self, profile);
    case LK_CLASS_TRANSIENT:
      return lk_fault_is_no_reply (fault) ? NULL : ask_status (self, profile);
    case LK_CLASS_MAINTENANCE:
      return ask_status (self, profile);
    case LK_CLASS_CLOCK_SKEW:
      return next_of_clock (self, profile);
    case LK_CLASS_MEDIA_PROCESSING:
      return next_of_media (self, profile);
    case LK_CLASS_UNKNOWN:
      return next_of_unknown (self, profile);
    /* The code settles it. */
    case LK_CLASS_RATE:
    case LK_CLASS_QUOTA:
    case LK_CLASS_REFRESH_DEAD:
    case LK_CLASS_CODE_DEAD:
    case LK_CLASS_REDIRECT_MISMATCH:
    case LK_CLASS_MEDIA_INVALID:
    case LK_CLASS_BAD_REQUEST:
    case LK_CLASS_USER_ACTION:
    case LK_CLASS_POLICY:
    case LK_CLASS_DENIED:
    case LK_CLASS_SANDBOX:
    default:
      return NULL;
    }
}

LkQuestion *
lk_enquiry_next (LkDiagnosis *diagnosis, LkProfile *profile, const LkFacts *facts)
{
  LkCase self;
  const LkFault *obstacle;
  LkQuestion *question = NULL;

  g_return_val_if_fail (diagnosis != NULL && profile != NULL && facts != NULL, NULL);

  if (facts->offline)
    return NULL;
  lk_case_init (&self, diagnosis, facts);
  obstacle = lk_case_find_obstacle (&self);
  if (obstacle == NULL)
    question = next_by_class (&self, profile);
  else if (obstacle->klass == LK_CLASS_MAINTENANCE
           || (obstacle->klass == LK_CLASS_TRANSIENT && !lk_fault_is_no_reply (obstacle)))
    question = ask_status (&self, profile);
  lk_case_clear (&self);

  return question;
}
