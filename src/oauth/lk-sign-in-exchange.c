/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-oauth-values-private.h"
#include "lk-sign-in-private.h"

/* A cancelled attempt has told the person so already; whatever still comes back is dropped. */
static gboolean
is_gone (LkSignIn *self)
{
  return self->state != LK_SIGN_IN_EXCHANGING && self->state != LK_SIGN_IN_VERIFYING;
}

/* The first set of a sign-in is generation 1. */
static LkTokenSet *
number_first (LkTokenSet *tokens)
{
  LkTokenSetFields fields = {
    .access = lk_token_set_get_access (tokens),
    .refresh = lk_token_set_get_refresh (tokens),
    .obtained = lk_token_set_get_obtained (tokens),
    .access_ends = lk_token_set_get_access_ends (tokens),
    .refresh_ends = lk_token_set_get_refresh_ends (tokens),
    .scopes = lk_token_set_get_scopes (tokens),
    .generation = 1,
  };

  return lk_token_set_new (&fields);
}

static gboolean
lk_sign_in_lacks_scopes (LkSignIn *self)
{
  const char * const *granted = lk_token_set_get_scopes (self->tokens);

  if (granted == NULL)
    return FALSE;

  for (size_t i = 0; self->scopes[i] != NULL; i++)
    {
      if (!g_strv_contains (granted, self->scopes[i]))
        return TRUE;
    }

  return FALSE;
}

/* Signed in is signed in: what is amiss is a fact for the diagnosis, and never a reason to throw
 * tokens away. A fault of the verify step says more than these. */
static void
lk_sign_in_note_shortcomings (LkSignIn *self)
{
  if (self->fault != NULL)
    return;

  if (self->accounts != NULL && self->accounts->len == 0)
    self->fault = lk_sign_in_make_fault (self, LK_CLASS_PERMISSION, "zero-accounts", "accounts");
  else if (lk_sign_in_lacks_scopes (self))
    self->fault = lk_sign_in_make_fault (self, LK_CLASS_SCOPE, "scopes-missing", "token");
}

static void
lk_sign_in_settle_identity (LkSignIn *self)
{
  lk_sign_in_note_shortcomings (self);
  if (self->expected != NULL && g_strcmp0 (self->expected, self->identity) != 0)
    {
      const char *details[] = { self->identity_name, NULL };

      if (self->loopback != NULL)
        lk_loopback_release (self->loopback, LK_PAGE_QUESTION, details);
      lk_sign_in_set_state (self, LK_SIGN_IN_QUESTION);
      return;
    }

  lk_sign_in_complete (self);
}

static void
lk_sign_in_take_identity (LkSignIn   *self,
                          LkIdentity *identity)
{
  if (identity->identity != NULL)
    {
      g_free (self->identity);
      self->identity = g_steal_pointer (&identity->identity);
    }
  if (identity->name != NULL)
    {
      g_free (self->identity_name);
      self->identity_name = g_steal_pointer (&identity->name);
    }
  if (identity->accounts != NULL)
    {
      g_clear_pointer (&self->accounts, g_ptr_array_unref);
      self->accounts = g_steal_pointer (&identity->accounts);
    }
}

static void
verified_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(LkSignIn) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkIdentity) identity = lk_oauth_verify_finish (result, &error);
  g_autoptr(LkFault) fault = NULL;

  if (is_gone (self))
    return;

  if (identity == NULL)
    {
      fault = lk_oauth_transport_fault (self->profile, "verify", error);
      self->fault = g_steal_pointer (&fault);
      lk_sign_in_settle_identity (self);
      return;
    }

  fault = g_steal_pointer (&identity->fault);
  if (fault != NULL
      && (fault->klass == LK_CLASS_TOKEN_REVOKED || fault->klass == LK_CLASS_TOKEN_EXPIRED))
    {
      lk_sign_in_fail (self, g_steal_pointer (&fault));
      return;
    }

  self->verified = fault == NULL
                   && (lk_profile_has_step (self->profile, LK_STEP_VERIFY)
                       || lk_profile_has_step (self->profile, LK_STEP_ACCOUNTS));
  self->fault = g_steal_pointer (&fault);
  lk_sign_in_take_identity (self, identity);
  lk_sign_in_settle_identity (self);
}

static void
lk_sign_in_read_tokens (LkSignIn *self,
                        LkReply  *reply)
{
  gint64 now = reply->date != 0 ? reply->date : lk_clock_get_now (self->clock);
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(LkTokenSet) tokens = NULL;
  g_autoptr(LkValues) values = NULL;

  tokens = lk_profile_read_tokens (self->profile, LK_STEP_TOKEN, reply, now, &self->identity,
                                   &self->identity_name, &self->accounts, &fault);
  if (tokens == NULL)
    {
      lk_sign_in_fail (self, g_steal_pointer (&fault));
      return;
    }

  values = lk_oauth_values_new (self->client, self->secret, tokens);
  lk_values_mask (values, &self->identity);
  lk_values_mask (values, &self->identity_name);
  lk_values_mask_accounts (values, self->accounts);
  self->tokens = number_first (tokens);
  lk_sign_in_set_state (self, LK_SIGN_IN_VERIFYING);
  lk_oauth_verify_async (self->http, self->profile, self->client, self->secret, self->tokens,
                         self->cancellable, verified_cb, g_object_ref (self));
}

static void
exchanged_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(LkSignIn) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);

  if (is_gone (self))
    return;

  if (reply == NULL)
    lk_sign_in_fail (self, lk_oauth_transport_fault (self->profile, "token", error));
  else
    lk_sign_in_read_tokens (self, reply);
}

/* A code lives for seconds on some platforms, so it is exchanged at once; and only once, because a
 * second use makes some of them revoke what the first one gave. */
void
lk_sign_in_exchange (LkSignIn *self)
{
  g_autoptr(LkAnswer) answer = g_steal_pointer (&self->answer);
  g_autoptr(LkValues) values = lk_oauth_values_new (self->client, self->secret, NULL);
  g_autoptr(LkRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *scope = g_strjoinv (lk_profile_get_scope_joiner (self->profile), self->scopes);

  lk_values_set (values, "redirect_uri", self->redirect_uri);
  lk_values_set (values, "scope", scope);
  lk_values_set_secret (values, "state", self->state_word);
  lk_values_set_secret (values, "code", answer->code);
  if (self->verifier != NULL)
    lk_values_set_secret (values, "pkce.verifier", self->verifier);

  lk_sign_in_set_state (self, LK_SIGN_IN_EXCHANGING);
  request = lk_profile_build_request (self->profile, LK_STEP_TOKEN, values, &error);
  if (request == NULL)
    {
      LkFault *fault = lk_sign_in_make_fault (self, LK_CLASS_APP_CONFIG, "client-missing", "token");

      fault->message = g_strdup (error->message);
      lk_sign_in_fail (self, fault);
      return;
    }

  lk_http_send_async (self->http, request, self->cancellable, exchanged_cb, g_object_ref (self));
}
