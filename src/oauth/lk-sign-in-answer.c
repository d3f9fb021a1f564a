/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-sign-in-private.h"

#define LINGER_SECONDS 600

static gboolean
linger_passed_cb (gpointer user_data)
{
  LkSignIn *self = user_data;

  self->expiry_id = 0;
  lk_loopback_close (self->loopback);

  return G_SOURCE_REMOVE;
}

/* On a port of its own the listener stays a while to tell a late browser what happened. A
 * registered port is given up at once, because the next attempt needs it. */
static void
lk_sign_in_expire (LkSignIn *self)
{
  g_autoptr(LkSignIn) alive = g_object_ref (self);

  g_clear_handle_id (&self->expiry_id, g_source_remove);
  self->answered = TRUE;
  g_clear_pointer (&self->fault, lk_fault_free);
  self->fault = lk_sign_in_make_fault (self, LK_CLASS_USER_ACTION, "attempt-expired", "authorize");
  g_clear_pointer (&self->verifier, lk_secret_unref);

  if (self->loopback != NULL && self->fixed_port)
    lk_loopback_close (self->loopback);
  else if (self->loopback != NULL)
    self->expiry_id = g_timeout_add_seconds (LINGER_SECONDS, linger_passed_cb, self);

  lk_sign_in_set_state (self, LK_SIGN_IN_FAILED);
}

gboolean
lk_sign_in_expired_cb (gpointer user_data)
{
  LkSignIn *self = user_data;

  self->expiry_id = 0;
  lk_sign_in_expire (self);

  return G_SOURCE_REMOVE;
}

/* A machine that slept kept our timer from running, so the clock is asked too. */
static gboolean
lk_sign_in_check_expiry (LkSignIn *self)
{
  if (self->state == LK_SIGN_IN_WAITING && !self->answered
      && lk_clock_get_boot (self->clock) >= self->expires_boot)
    lk_sign_in_expire (self);

  return self->fault != NULL && lk_fault_is_local (self->fault, "attempt-expired");
}

/* The provider's own "no". Its words are judged by the profile, like any other fault. */
static void
lk_sign_in_take_refusal (LkSignIn *self,
                         LkAnswer *answer)
{
  LkFault *fault = lk_fault_new (LK_CLASS_UNKNOWN);

  fault->provider = g_strdup (lk_profile_get_id (self->profile));
  fault->family = g_strdup (lk_profile_get_family (self->profile));
  fault->step = g_strdup (lk_step_to_string (LK_STEP_AUTHORIZE));
  fault->code = g_strdup (answer->error);
  fault->message = g_strdup (answer->description);
  fault->at = lk_clock_get_now (self->clock);
  lk_profile_classify (self->profile, fault);
  if (g_str_equal (answer->error, "access_denied")
      && (fault->klass == LK_CLASS_UNKNOWN || fault->klass == LK_CLASS_BAD_REQUEST))
    fault->klass = LK_CLASS_DENIED;

  lk_sign_in_fail (self, fault);
}

static gboolean
answer_accepted_cb (gpointer user_data)
{
  g_autoptr(LkSignIn) self = g_object_ref (LK_SIGN_IN (user_data));
  g_autoptr(LkAnswer) answer = NULL;

  self->answer_id = 0;
  if (self->answer->code != NULL)
    {
      lk_sign_in_exchange (self);
      return G_SOURCE_REMOVE;
    }

  answer = g_steal_pointer (&self->answer);
  lk_sign_in_take_refusal (self, answer);

  return G_SOURCE_REMOVE;
}

/* The state word is compared in constant time and used once. Taken up from the main loop, so that
 * the browser's request is on hold before anything can end. */
static void
lk_sign_in_accept (LkSignIn *self,
                   LkAnswer *answer)
{
  self->answered = TRUE;
  self->answer = answer;
  g_clear_handle_id (&self->expiry_id, g_source_remove);
  self->answer_id = g_idle_add (answer_accepted_cb, self);
}

LkLoopbackVerdict
lk_sign_in_browser_came_cb (const char *query,
                            LkPage     *page,
                            gpointer    user_data)
{
  LkSignIn *self = user_data;
  g_autoptr(LkAnswer) answer = NULL;

  answer = lk_answer_new_from_query (query, lk_profile_get_code_names (self->profile));
  *page = LK_PAGE_WRONG_STATE;
  if (answer == NULL || answer->state == NULL || !lk_secret_equal (answer->state, self->state_word))
    return LK_LOOPBACK_ANSWER;

  if (lk_sign_in_check_expiry (self))
    *page = LK_PAGE_EXPIRED;
  else if (self->state == LK_SIGN_IN_CANCELLED)
    *page = LK_PAGE_CANCELLED;
  else if (self->answered)
    *page = LK_PAGE_REPEATED;
  else if (answer->code == NULL && answer->error == NULL)
    *page = LK_PAGE_NO_CODE;
  else
    {
      lk_sign_in_accept (self, g_steal_pointer (&answer));
      return LK_LOOPBACK_HOLD;
    }

  return LK_LOOPBACK_ANSWER;
}

/* Why a pasted address is of no use, NULL when it is. */
static const char *
lk_sign_in_judge_paste (LkSignIn *self,
                        LkAnswer *answer)
{
  if (lk_sign_in_check_expiry (self))
    return "this attempt has expired";
  if (self->answered || self->state != LK_SIGN_IN_WAITING)
    return "this attempt has its answer already";
  if (answer == NULL)
    return "this is not an address that a sign-in ends at";
  if (answer->code == NULL && answer->error == NULL)
    return "there is no code in this address";
  if (answer->state == NULL)
    return "this address is incomplete: it has no state";
  if (!lk_secret_equal (answer->state, self->state_word))
    return "this address belongs to another attempt";

  return NULL;
}

gboolean
lk_sign_in_paste (LkSignIn  *self,
                  LkSecret  *address,
                  GError   **error)
{
  g_autoptr(LkAnswer) answer = NULL;
  const char *complaint = NULL;

  g_return_val_if_fail (LK_IS_SIGN_IN (self), FALSE);

  answer = lk_answer_new_from_address (lk_secret_open (address),
                                       lk_profile_get_code_names (self->profile));
  complaint = lk_sign_in_judge_paste (self, answer);
  if (complaint != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, complaint);
      return FALSE;
    }

  lk_sign_in_accept (self, g_steal_pointer (&answer));

  return TRUE;
}

void
lk_sign_in_report_page (LkSignIn   *self,
                        const char *word)
{
  static const struct
  {
    const char *word;
    const char *code;
    LkClass     klass;
  } words[] = {
    { "redirect_uri", "page-redirect_uri", LK_CLASS_REDIRECT_MISMATCH },
    { "client_key", "page-client_key", LK_CLASS_APP_CONFIG },
    { "code_challenge", "page-code_challenge", LK_CLASS_APP_CONFIG },
    { "scope", "page-scope", LK_CLASS_APP_CONFIG },
    { "non_sandbox_target", "page-non_sandbox_target", LK_CLASS_SANDBOX },
  };
  const char *code = "page-other";
  LkClass klass = LK_CLASS_UNKNOWN;

  g_return_if_fail (LK_IS_SIGN_IN (self));

  if (self->state != LK_SIGN_IN_WAITING || self->answered)
    return;

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (word, words[i].word) == 0)
        {
          code = words[i].code;
          klass = words[i].klass;
        }
    }

  lk_sign_in_fail (self, lk_sign_in_make_fault (self, klass, code, "authorize"));
}
