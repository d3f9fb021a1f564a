/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-sign-in.h"

#include <string.h>

#include "lk-oauth-values-private.h"
#include "lk-redirect-private.h"
#include "lk-sign-in-private.h"

#define DEFAULT_LIFETIME 300
#define LINGER_SECONDS   600
#define STATE_BYTES      24

typedef enum
{
  PROP_STATE = 1,
} LkSignInProperty;

static GParamSpec *props[PROP_STATE + 1];

G_DEFINE_FINAL_TYPE (LkSignIn, lk_sign_in, G_TYPE_OBJECT)

const char *
lk_sign_in_state_to_string (LkSignInState state)
{
  static const char * const words[] = {
    [LK_SIGN_IN_WAITING] = "waiting",     [LK_SIGN_IN_EXCHANGING] = "exchanging",
    [LK_SIGN_IN_VERIFYING] = "verifying", [LK_SIGN_IN_QUESTION] = "question",
    [LK_SIGN_IN_DONE] = "done",           [LK_SIGN_IN_FAILED] = "failed",
    [LK_SIGN_IN_CANCELLED] = "cancelled",
  };

  g_return_val_if_fail ((size_t) state < G_N_ELEMENTS (words), NULL);

  return words[state];
}

static void
lk_sign_in_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch ((LkSignInProperty) id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) LK_SIGN_IN (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_sign_in_dispose (GObject *object)
{
  LkSignIn *self = LK_SIGN_IN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->expiry_id, g_source_remove);
  g_clear_handle_id (&self->answer_id, g_source_remove);
  if (self->loopback != NULL)
    lk_loopback_close (self->loopback);
  g_clear_object (&self->loopback);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lk_sign_in_parent_class)->dispose (object);
}

static void
lk_sign_in_finalize (GObject *object)
{
  LkSignIn *self = LK_SIGN_IN (object);

  g_clear_pointer (&self->profile, lk_profile_unref);
  g_clear_pointer (&self->client, lk_client_record_free);
  g_clear_pointer (&self->secret, lk_secret_unref);
  g_clear_pointer (&self->state_word, lk_secret_unref);
  g_clear_pointer (&self->verifier, lk_secret_unref);
  g_clear_pointer (&self->answer, lk_answer_free);
  g_clear_pointer (&self->fault, lk_fault_free);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_strfreev (self->scopes);
  g_free (self->expected);
  g_free (self->authorize_uri);
  g_free (self->redirect_uri);
  g_free (self->identity);
  g_free (self->identity_name);

  G_OBJECT_CLASS (lk_sign_in_parent_class)->finalize (object);
}

static void
lk_sign_in_class_init (LkSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_sign_in_get_property;
  object_class->dispose = lk_sign_in_dispose;
  object_class->finalize = lk_sign_in_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL,
                                        LK_SIGN_IN_WAITING, LK_SIGN_IN_CANCELLED,
                                        LK_SIGN_IN_WAITING,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                        | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
lk_sign_in_init (LkSignIn *self)
{
  self->cancellable = g_cancellable_new ();
}

void
lk_sign_in_set_state (LkSignIn      *self,
                      LkSignInState  state)
{
  if (self->state == state)
    return;

  g_debug ("Sign-in: %s", lk_sign_in_state_to_string (state));
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

LkFault *
lk_sign_in_make_fault (LkSignIn   *self,
                       LkClass     klass,
                       const char *code,
                       const char *step)
{
  LkFault *fault = lk_fault_new_local (klass, code, NULL);

  fault->family = g_strdup (lk_profile_get_family (self->profile));
  fault->step = g_strdup (step);
  fault->at = lk_clock_get_now (self->clock);

  return fault;
}

static gboolean
is_over (LkSignIn *self)
{
  return self->state == LK_SIGN_IN_DONE || self->state == LK_SIGN_IN_FAILED
         || self->state == LK_SIGN_IN_CANCELLED;
}

/* The page that the waiting browser gets must tell what the person will find in Latchkey. */
static LkPage
lk_sign_in_choose_page (LkSignIn *self)
{
  switch (self->state)
    {
    case LK_SIGN_IN_DONE:
      return self->accounts != NULL && self->accounts->len == 0 ? LK_PAGE_DONE_NOTHING_REACHED
                                                                : LK_PAGE_DONE;
    case LK_SIGN_IN_QUESTION:
      return LK_PAGE_QUESTION;
    case LK_SIGN_IN_CANCELLED:
      return LK_PAGE_CANCELLED;
    case LK_SIGN_IN_FAILED:
      return self->fault != NULL && self->fault->klass == LK_CLASS_DENIED ? LK_PAGE_REFUSED
                                                                          : LK_PAGE_FAILED;
    case LK_SIGN_IN_WAITING:
    case LK_SIGN_IN_EXCHANGING:
    case LK_SIGN_IN_VERIFYING:
    default:
      return LK_PAGE_STILL_WORKING;
    }
}

static void
lk_sign_in_answer_browser (LkSignIn *self)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();

  if (self->loopback == NULL)
    return;

  if (self->state == LK_SIGN_IN_DONE || self->state == LK_SIGN_IN_QUESTION)
    {
      if (self->identity_name != NULL)
        g_ptr_array_add (lines, self->identity_name);
      for (guint i = 0; self->accounts != NULL && i < MIN (self->accounts->len, 10); i++)
        {
          LkAccount *account = g_ptr_array_index (self->accounts, i);

          g_ptr_array_add (lines, account->name != NULL ? account->name : account->id);
        }
    }
  g_ptr_array_add (lines, NULL);

  lk_loopback_release (self->loopback, lk_sign_in_choose_page (self),
                       (const char * const *) lines->pdata);
}

static void
lk_sign_in_end (LkSignIn      *self,
                LkSignInState  state)
{
  g_autoptr(LkSignIn) alive = g_object_ref (self);

  g_clear_handle_id (&self->expiry_id, g_source_remove);
  g_clear_handle_id (&self->answer_id, g_source_remove);
  g_clear_pointer (&self->answer, lk_answer_free);
  g_clear_pointer (&self->verifier, lk_secret_unref);
  self->answered = TRUE;
  lk_sign_in_set_state (self, state);
  lk_sign_in_answer_browser (self);
  if (self->loopback != NULL)
    lk_loopback_close (self->loopback);
}

void
lk_sign_in_complete (LkSignIn *self)
{
  lk_sign_in_end (self, LK_SIGN_IN_DONE);
}

/* @fault: (transfer full) */
void
lk_sign_in_fail (LkSignIn *self,
                 LkFault  *fault)
{
  g_clear_pointer (&self->fault, lk_fault_free);
  self->fault = fault;
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  lk_sign_in_end (self, LK_SIGN_IN_FAILED);
}

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

static gboolean
expired_cb (gpointer user_data)
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

static LkLoopbackVerdict
browser_came_cb (const char *query,
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

static gboolean
lk_sign_in_listen (LkSignIn          *self,
                   const LkRedirect  *redirect,
                   GError           **error)
{
  guint16 port = redirect->port;

  if (redirect->listen)
    {
      self->loopback = lk_loopback_new (redirect->port, redirect->path, browser_came_cb, self,
                                        error);
      if (self->loopback == NULL)
        return FALSE;
      port = lk_loopback_get_port (self->loopback);
      self->fixed_port = redirect->port != 0;
    }

  self->redirect_uri = lk_redirect_dup_uri (redirect, port);

  return TRUE;
}

static gboolean
lk_sign_in_make_authorize_uri (LkSignIn  *self,
                               GError   **error)
{
  g_autoptr(LkValues) values = lk_oauth_values_new (self->client, NULL, NULL);
  g_autofree char *scope = g_strjoinv (lk_profile_get_scope_joiner (self->profile), self->scopes);
  LkPkce pkce = lk_profile_get_pkce (self->profile);

  lk_values_set (values, "redirect_uri", self->redirect_uri);
  lk_values_set (values, "scope", scope);
  lk_values_set (values, "state", lk_secret_open (self->state_word));
  if (pkce != LK_PKCE_NONE)
    {
      g_autofree char *challenge = NULL;

      self->verifier = lk_pkce_new_verifier ();
      challenge = lk_pkce_dup_challenge (self->verifier, pkce);
      lk_values_set (values, "pkce.challenge", challenge);
    }

  self->authorize_uri = lk_profile_build_authorize_uri (self->profile, values, error);

  return self->authorize_uri != NULL;
}

static void
lk_sign_in_take_options (LkSignIn              *self,
                         const LkSignInOptions *options)
{
  const char * const *scopes = options->scopes;

  if (scopes == NULL)
    scopes = lk_profile_get_default_scopes (self->profile);

  self->client = lk_client_record_copy (options->client);
  self->secret = options->secret != NULL ? lk_secret_ref (options->secret) : NULL;
  self->scopes = scopes != NULL ? g_strdupv ((char **) scopes) : g_new0 (char *, 1);
  self->expected = g_strdup (options->expected_identity);
}

/**
 * lk_sign_in_new:
 * @options: copied
 *
 * Returns: (transfer full): an attempt that waits, and listens where it can
 */
LkSignIn *
lk_sign_in_new (LkProfile              *profile,
                LkHttp                 *http,
                LkClock                *clock,
                const LkSignInOptions  *options,
                GError                **error)
{
  g_autoptr(LkSignIn) self = g_object_new (LK_TYPE_SIGN_IN, NULL);
  g_autoptr(LkRedirect) redirect = NULL;
  guint lifetime = options->lifetime != 0 ? options->lifetime : DEFAULT_LIFETIME;

  self->profile = lk_profile_ref (profile);
  self->http = g_object_ref (http);
  self->clock = g_object_ref (clock);
  self->state_word = lk_secret_new_take (lk_random_token (STATE_BYTES));
  lk_sign_in_take_options (self, options);

  redirect = lk_redirect_choose (profile, self->client, error);
  if (redirect == NULL
      || !lk_sign_in_listen (self, redirect, error)
      || !lk_sign_in_make_authorize_uri (self, error))
    return NULL;

  self->expires = lk_clock_get_now (clock) + lifetime;
  self->expires_boot = lk_clock_get_boot (clock) + (gint64) lifetime * G_USEC_PER_SEC;
  self->expiry_id = g_timeout_add_seconds (lifetime, expired_cb, self);

  return g_steal_pointer (&self);
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

void
lk_sign_in_accept_identity (LkSignIn *self,
                            gboolean  accept)
{
  g_return_if_fail (LK_IS_SIGN_IN (self));

  if (self->state != LK_SIGN_IN_QUESTION)
    return;

  if (accept)
    lk_sign_in_complete (self);
  else
    lk_sign_in_fail (self, lk_sign_in_make_fault (self, LK_CLASS_USER_ACTION, "identity-changed",
                                                  "verify"));
}

void
lk_sign_in_cancel (LkSignIn *self)
{
  g_return_if_fail (LK_IS_SIGN_IN (self));

  if (is_over (self))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  lk_sign_in_end (self, LK_SIGN_IN_CANCELLED);
}

const char *
lk_sign_in_get_authorize_uri (LkSignIn *self)
{
  return self->authorize_uri;
}

const char *
lk_sign_in_get_redirect_uri (LkSignIn *self)
{
  return self->redirect_uri;
}

gboolean
lk_sign_in_is_listening (LkSignIn *self)
{
  return self->loopback != NULL && !is_over (self);
}

gint64
lk_sign_in_get_expires (LkSignIn *self)
{
  return self->expires;
}

LkSignInState
lk_sign_in_get_state (LkSignIn *self)
{
  return self->state;
}

const LkFault *
lk_sign_in_get_fault (LkSignIn *self)
{
  return self->fault;
}

LkTokenSet *
lk_sign_in_get_tokens (LkSignIn *self)
{
  return self->tokens;
}

const char *
lk_sign_in_get_identity (LkSignIn *self)
{
  return self->identity;
}

const char *
lk_sign_in_get_identity_name (LkSignIn *self)
{
  return self->identity_name;
}

GPtrArray *
lk_sign_in_get_accounts (LkSignIn *self)
{
  return self->accounts;
}

const char * const *
lk_sign_in_get_scopes_asked (LkSignIn *self)
{
  return (const char * const *) self->scopes;
}

gboolean
lk_sign_in_was_verified (LkSignIn *self)
{
  return self->verified;
}
