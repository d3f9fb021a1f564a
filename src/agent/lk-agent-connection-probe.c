/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-changes.h"
#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-monitor.h"
#include "lk-oauth-call.h"

/* What a verify or a revoke needs on its way. */
typedef struct
{
  /* input */
  void (*send) (GTask *task);

  /* in progress */
  LkTokenSet *tokens;  /* (owned) (nullable) */
  LkSecret   *secret;  /* (owned) (nullable) */
  gboolean    renewed; /* the one renewal that a verify may ask for */
} Probe;

static void
probe_free (Probe *probe)
{
  g_clear_pointer (&probe->tokens, lk_token_set_unref);
  g_clear_pointer (&probe->secret, lk_secret_unref);
  g_free (probe);
}

/* One return for success and failure. */
static void
probe_end (GTask *task, GError *error)
{
  LkAgentConnection *self = g_task_get_source_object (task);

  lk_agent_connection_set_busy (self, "");
  lk_agent_context_release (lk_agent_connection_get_context (self));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
probe_secret_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  probe->secret = lk_agent_clients_dup_secret_finish (LK_AGENT_CONTEXT (source), result, &error);
  if (error != NULL)
    {
      probe_end (task, g_steal_pointer (&error));
      return;
    }
  probe->send (task);
}

static void
probe_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  probe->tokens = lk_agent_connection_load_finish (self, result, &error);
  if (probe->tokens == NULL)
    {
      probe_end (task, g_steal_pointer (&error));
      return;
    }
  lk_agent_clients_dup_secret_async (lk_agent_context_get_clients (context),
                                     lk_agent_connection_get_record (self)->client,
                                     probe_secret_cb, g_object_ref (task));
}

static void
probe_start (LkAgentConnection *self, GTask *task, const char *busy, void (*send) (GTask *task))
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  Probe *probe = g_new0 (Probe, 1);

  probe->send = send;
  g_task_set_task_data (task, probe, (GDestroyNotify) probe_free);
  if (lk_agent_connection_get_profile (self) == NULL
      || lk_agent_connection_get_client (self) == NULL)
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                               "the provider's profile or the developer app is missing");
      return;
    }
  lk_agent_context_hold (context);
  lk_agent_connection_set_busy (self, busy);
  lk_agent_connection_load_async (self, probe_loaded_cb, g_object_ref (task));
}

/* Verify. */

static void
renewed_for_verify_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  LkTokenSet *tokens = lk_agent_connection_renew_finish (self, result, &error);

  if (tokens == NULL)
    {
      probe_end (task, g_steal_pointer (&error));
      return;
    }
  g_clear_pointer (&probe->tokens, lk_token_set_unref);
  probe->tokens = tokens;
  lk_agent_connection_set_busy (self, "verifying");
  probe->send (task);
}

static void
tell (LkAgentConnection *self, const char *kind, const char *text, const LkFault *fault)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(LkEvent) event = lk_event_new (lk_agent_connection_get_id (self),
                                           lk_agent_context_get_now (context), kind, text);

  event->fault = lk_fault_copy (fault);
  if (event->fault != NULL && event->fault->at == 0)
    event->fault->at = event->at;
  lk_agent_context_add_event (context, event);
}

static void
replace_accounts (LkAgentConnection *self, GPtrArray *accounts)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);
  g_autoptr(GPtrArray) old = g_steal_pointer (&record->accounts);
  g_autofree char *text = NULL;

  if (record->accounts_known)
    text = lk_agent_changes_of_accounts (old, accounts);
  record->accounts = g_ptr_array_ref (accounts);
  record->accounts_known = TRUE;
  if (text != NULL)
    tell (self, "accounts-changed", text, NULL);
}

void
lk_agent_connection_take_accounts (LkAgentConnection *self, GPtrArray *accounts)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);

  replace_accounts (self, accounts);
  if (accounts->len == 0 && record->fault == NULL)
    lk_agent_connection_fail (self, "verify-failed",
                              lk_fault_new_local (LK_CLASS_PERMISSION, "zero-accounts", NULL));
  else if (accounts->len > 0 && lk_fault_is_local (record->fault, "zero-accounts"))
    g_clear_pointer (&record->fault, lk_fault_free);
  lk_agent_connection_save (self, NULL, NULL);
}

void
lk_agent_connection_take_scopes (LkAgentConnection *self, char **scopes)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);
  g_autofree char *text = NULL;

  if (record->scopes_granted != NULL)
    text = lk_agent_changes_of_words (record->scopes_granted, scopes);
  if (record->scopes_granted != NULL && text == NULL)
    return;
  g_strfreev (record->scopes_granted);
  record->scopes_granted = g_strdupv (scopes);
  if (text != NULL)
    tell (self, "scopes-changed", text, NULL);
  lk_agent_connection_save (self, NULL, NULL);
}

static LkFault *
take_identity (LkAgentConnection *self, LkIdentity *identity)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);

  if (identity->accounts != NULL)
    replace_accounts (self, identity->accounts);
  if (identity->identity != NULL && record->identity != NULL
      && !g_str_equal (identity->identity, record->identity))
    return lk_fault_new_local (LK_CLASS_USER_ACTION, "identity-changed", NULL);
  if (identity->identity != NULL && record->identity == NULL)
    record->identity = g_strdup (identity->identity);
  if (identity->name != NULL)
    {
      g_free (record->identity_name);
      record->identity_name = g_strdup (identity->name);
    }
  if (record->accounts_known && (record->accounts == NULL || record->accounts->len == 0))
    return lk_fault_new_local (LK_CLASS_PERMISSION, "zero-accounts", NULL);
  return NULL;
}

static void
lk_agent_connection_verified (LkAgentConnection *self, LkIdentity *identity)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  LkFault *left = take_identity (self, identity);

  record->last_verified = lk_agent_context_get_now (context);
  if (left != NULL)
    {
      lk_agent_connection_fail (self, "verify-failed", left);
      lk_agent_connection_save (self, NULL, NULL);
      return;
    }
  /* A living access token does not bring a dead refresh token back. */
  if (record->fault != NULL
      && !(lk_agent_fault_stops_renewal (record->fault)
           && g_strcmp0 (record->fault->step, "refresh") == 0))
    g_clear_pointer (&record->fault, lk_fault_free);
  lk_agent_connection_save (self, "verified", NULL);
}

/* Passes by itself, or proves nothing while the provider says that it has trouble. The connection
 * is as good as before; only the check was not made. */
static gboolean
is_in_passing (LkAgentConnection *self, const LkFault *fault)
{
  static const char * const local[] = { "offline", "timed-out", "reply-lost" };
  LkAgentMonitor *monitor
    = lk_agent_context_get_monitor (lk_agent_connection_get_context (self));

  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    if (lk_fault_is_local (fault, local[i]))
      return TRUE;
  return fault->klass == LK_CLASS_RATE || fault->klass == LK_CLASS_QUOTA
         || fault->klass == LK_CLASS_TRANSIENT || fault->klass == LK_CLASS_MAINTENANCE
         || lk_agent_monitor_has_incident (monitor,
                                           lk_agent_connection_get_record (self)->provider);
}

/* @fault: (transfer full) */
static void
verify_failed (LkAgentConnection *self, LkFault *fault)
{
  g_autoptr(LkFault) passing = NULL;

  if (!is_in_passing (self, fault))
    {
      lk_agent_connection_fail (self, "verify-failed", fault);
      return;
    }
  passing = fault;
  if (passing->step == NULL)
    passing->step = g_strdup ("verify");
  tell (self, "verify-failed", NULL, passing);
}

static void
verify_replied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = g_task_get_source_object (task);
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkIdentity) identity = lk_oauth_verify_finish (result, &error);
  GError *translated;

  if (identity == NULL)
    {
      LkFault *fault = lk_agent_error_to_fault (error);

      translated = lk_agent_error_translate (error, fault);
      if (fault != NULL)
        verify_failed (self, fault);
      probe_end (task, translated);
      return;
    }
  if (identity->fault == NULL)
    {
      lk_agent_connection_verified (self, identity);
      probe_end (task, NULL);
      return;
    }
  if (identity->fault->klass == LK_CLASS_TOKEN_EXPIRED && !probe->renewed
      && lk_agent_connection_can_renew (self))
    {
      probe->renewed = TRUE;
      lk_agent_connection_renew_async (self, renewed_for_verify_cb, g_object_ref (task));
      return;
    }

  g_set_error (&error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED, "the provider refused: %s",
               lk_class_to_string (identity->fault->klass));
  translated = lk_agent_error_translate (error, identity->fault);
  verify_failed (self, g_steal_pointer (&identity->fault));
  probe_end (task, translated);
}

static void
send_verify (GTask *task)
{
  LkAgentConnection *self = g_task_get_source_object (task);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  Probe *probe = g_task_get_task_data (task);

  lk_oauth_verify_async (lk_agent_context_get_http (context),
                         lk_agent_connection_get_profile (self),
                         lk_agent_connection_get_client (self), probe->secret, probe->tokens,
                         NULL, verify_replied_cb, g_object_ref (task));
}

/**
 * lk_agent_connection_verify_async:
 *
 * Asks the provider whose token it is and what it reaches. An expired token is renewed once.
 */
void
lk_agent_connection_verify_async (LkAgentConnection *self, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  probe_start (self, task, "verifying", send_verify);
}

gboolean
lk_agent_connection_verify_finish (LkAgentConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Revoke. */

static void
revoke_replied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = g_task_get_source_object (task);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(GError) error = NULL;

  if (lk_oauth_revoke_finish (result, &fault, &error))
    {
      lk_agent_connections_purge (lk_agent_context_get_connections (context), self);
      probe_end (task, NULL);
      return;
    }
  if (error == NULL)
    g_set_error (&error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED, "the provider refused: %s",
                 fault != NULL ? lk_class_to_string (fault->klass) : "unknown");
  probe_end (task, lk_agent_error_translate (error, fault));
}

static void
send_revoke (GTask *task)
{
  LkAgentConnection *self = g_task_get_source_object (task);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  Probe *probe = g_task_get_task_data (task);

  lk_oauth_revoke_async (lk_agent_context_get_http (context),
                         lk_agent_connection_get_profile (self),
                         lk_agent_connection_get_client (self), probe->secret, probe->tokens,
                         NULL, revoke_replied_cb, g_object_ref (task));
}

static void
renewal_before_revoke_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (self, result, NULL);

  probe_start (self, task, "revoking", send_revoke);
}

/**
 * lk_agent_connection_revoke_async:
 *
 * Ends the authorization on the server, then here. When the server refuses, all is kept. A renewal
 * that is under way ends before: its tokens are what there is to revoke.
 */
void
lk_agent_connection_revoke_async (LkAgentConnection *self, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  LkAgentContext *context = lk_agent_connection_get_context (self);

  if (lk_agent_connections_is_renewing (lk_agent_context_get_connections (context),
                                        lk_agent_connection_get_id (self)))
    lk_agent_connection_renew_async (self, renewal_before_revoke_cb, g_object_ref (task));
  else
    probe_start (self, task, "revoking", send_revoke);
}

gboolean
lk_agent_connection_revoke_finish (LkAgentConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
