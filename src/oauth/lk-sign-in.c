/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-sign-in.h"

#include <string.h>

#include "lk-oauth-values-private.h"
#include "lk-redirect-private.h"
#include "lk-sign-in-private.h"

#define DEFAULT_LIFETIME 300
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
lk_sign_in_listen (LkSignIn          *self,
                   const LkRedirect  *redirect,
                   GError           **error)
{
  guint16 port = redirect->port;

  if (redirect->listen)
    {
      self->loopback = lk_loopback_new (redirect->port, redirect->path,
                                        lk_sign_in_browser_came_cb, self, error);
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
  self->expiry_id = g_timeout_add_seconds (lifetime, lk_sign_in_expired_cb, self);

  return g_steal_pointer (&self);
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
