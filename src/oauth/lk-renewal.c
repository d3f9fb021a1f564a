/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-renewal-private.h"

#include "lk-oauth-values-private.h"

static void
lk_renewal_free (LkRenewal *self)
{
  g_clear_object (&self->http);
  g_clear_object (&self->vault);
  g_clear_object (&self->journal);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->profile, lk_profile_unref);
  g_clear_pointer (&self->client, lk_client_record_free);
  g_clear_pointer (&self->connection, lk_connection_record_free);
  g_clear_pointer (&self->key, lk_secret_unref);
  g_clear_pointer (&self->secret, lk_secret_unref);
  g_clear_pointer (&self->old, lk_token_set_unref);
  g_clear_pointer (&self->renewed, lk_token_set_unref);
  g_clear_pointer (&self->request, lk_request_unref);
  g_clear_pointer (&self->fault, lk_fault_free);
  g_free (self);
}

/* A journal that cannot be settled is replayed at the next start, which then finds the keyring up
 * to date; so this is no reason to fail. */
static void
lk_renewal_settle (LkRenewal *self)
{
  g_autoptr(GError) error = NULL;

  if (!lk_journal_settle (self->journal, self->connection->id, &error))
    g_warning ("The journal could not be settled: %s", error->message);
}

char *
lk_renewal_dup_label (const char *name)
{
  return g_strdup_printf ("Latchkey: %s", name);
}

static void
lk_renewal_return_tokens (GTask      *task,
                          LkTokenSet *tokens)
{
  g_task_return_pointer (task, lk_token_set_ref (tokens), (GDestroyNotify) lk_token_set_unref);
}

/* The request went out and nobody knows what became of it. The journal keeps the intent, so that a
 * refusal of this refresh token, now or after a restart, can be told for what it is. */
static void
lk_renewal_return_lost (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);

  lk_renewal_set_fault (self, LK_CLASS_TRANSIENT, "refresh-lost");
  g_task_return_new_error (task, LK_OAUTH_ERROR, LK_OAUTH_ERROR_LOST,
                           "the renewal was sent twice and no reply came");
}

/* Step 6. */
static void
lk_renewal_stored (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);

  lk_renewal_die_in_tests (5);
  lk_renewal_settle (self);
  lk_renewal_die_in_tests (6);

  if (!self->recovered
      || lk_token_set_get_access_ends (self->renewed) > lk_clock_get_now (self->clock))
    {
      lk_renewal_return_tokens (task, self->renewed);
      return;
    }

  /* What the journal had kept has ended meanwhile, but its refresh token is the one that counts. */
  self->recovered = FALSE;
  g_clear_pointer (&self->old, lk_token_set_unref);
  self->old = g_steal_pointer (&self->renewed);
  lk_renewal_enter (task, LK_RENEWAL_LOOKUP_SECRET);
}

/* Step 4. The reply is on disk before the keyring is touched. When the disk refuses, the keyring is
 * still the better place than none. */
static void
lk_renewal_take_tokens (GTask      *task,
                        LkTokenSet *reply)
{
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  self->renewed = lk_token_set_renewed (self->old, reply);
  if (!lk_journal_keep_reply (self->journal, self->connection->id, self->renewed, &error))
    g_warning ("The journal could not keep a renewal: %s", error->message);
  lk_renewal_die_in_tests (4);

  lk_renewal_enter (task, LK_RENEWAL_STORE);
}

/* A proxy's "bad gateway" says nothing of what the server behind it did. */
static gboolean
is_definite (const LkFault *fault)
{
  return fault->http_status != 502 && fault->http_status != 504;
}

static void
lk_renewal_return_refusal (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);

  if (self->fault->klass == LK_CLASS_REFRESH_DEAD && (self->repeated || self->was_lost)
      && self->fault->hint == NULL)
    self->fault->hint = g_strdup ("reply-lost");
  if (is_definite (self->fault))
    lk_renewal_settle (self);

  g_task_return_new_error (task, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED,
                           "the provider refused to renew");
}

/* Sent, and no answer that could be read. Once more with the same refresh token, never oftener: a
 * provider that took the first request may see theft in a third (RFC 9700, 4.14.2). */
static void
lk_renewal_repeat_or_give_up (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);

  if (self->repeated)
    {
      lk_renewal_return_lost (task);
      return;
    }

  self->repeated = TRUE;
  lk_renewal_enter (task, LK_RENEWAL_REQUEST);
}

static gboolean
is_garbage (const LkFault *fault)
{
  return lk_fault_is_local (fault, "not-json")
         && fault->http_status >= 200 && fault->http_status < 300;
}

static void
lk_renewal_read_reply (GTask   *task,
                       LkReply *reply)
{
  LkRenewal *self = g_task_get_task_data (task);
  gint64 now = reply->date != 0 ? reply->date : lk_clock_get_now (self->clock);
  g_autoptr(LkTokenSet) tokens = NULL;

  tokens = lk_profile_read_tokens (self->profile, LK_STEP_REFRESH, reply, now, NULL, NULL, NULL,
                                   &self->fault);
  if (tokens != NULL)
    lk_renewal_take_tokens (task, tokens);
  else if (is_garbage (self->fault))
    lk_renewal_repeat_or_give_up (task);
  else if (self->fault->klass == LK_CLASS_REFRESH_DEAD)
    lk_renewal_enter (task, LK_RENEWAL_REREAD);
  else
    lk_renewal_return_refusal (task);
}

static void
lk_renewal_return_unsent (GTask  *task,
                          GError *error)
{
  LkRenewal *self = g_task_get_task_data (task);

  /* Nothing of the second try went out, but the first did. */
  if (self->repeated)
    {
      lk_renewal_return_lost (task);
      return;
    }

  lk_renewal_settle (self);
  self->fault = lk_oauth_transport_fault (self->profile, "refresh", error);
  self->fault->at = lk_clock_get_now (self->clock);
  g_task_return_error (task, g_error_copy (error));
}

static void
request_sent_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);

  g_clear_pointer (&self->fault, lk_fault_free);
  if (reply != NULL)
    {
      lk_renewal_die_in_tests (3);
      lk_renewal_read_reply (task, reply);
    }
  else if (g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_LOST)
           || g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TIMED_OUT)
           || g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TOO_LARGE))
    lk_renewal_repeat_or_give_up (task);
  else
    lk_renewal_return_unsent (task, error);
}

/* Steps 2 and 3. The request is built first: one that cannot be built needs no intent. */
static void
lk_renewal_request (GTask *task)
{
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(LkValues) values = lk_oauth_values_new (self->client, self->secret, self->old);
  g_autofree char *fingerprint = NULL;
  g_autoptr(GError) error = NULL;

  if (self->connection->scopes_asked != NULL)
    {
      g_autofree char *scope = g_strjoinv (lk_profile_get_scope_joiner (self->profile),
                                           self->connection->scopes_asked);

      lk_values_set (values, "scope", scope);
    }

  g_clear_pointer (&self->request, lk_request_unref);
  self->request = lk_profile_build_request (self->profile, LK_STEP_REFRESH, values, &error);
  if (self->request == NULL)
    {
      lk_renewal_set_fault (self, LK_CLASS_APP_CONFIG, "client-missing");
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  fingerprint = lk_secret_dup_fingerprint (lk_token_set_get_refresh (self->old));
  if (!self->repeated
      && !lk_journal_intend (self->journal, self->connection->id,
                             lk_token_set_get_generation (self->old), fingerprint,
                             lk_clock_get_now (self->clock), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  lk_renewal_die_in_tests (2);

  lk_http_send_async (self->http, self->request, NULL, request_sent_cb, g_object_ref (task));
}

/* Two refusals look alike: "this token is dead" and "somebody renewed before you". The keyring
 * knows which it is. */
static void
reread_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkRenewal *self = g_task_get_task_data (task);
  g_autoptr(LkTokenSet) current = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, NULL);

  if (current == NULL
      || lk_token_set_get_generation (current) == lk_token_set_get_generation (self->old))
    {
      lk_renewal_return_refusal (task);
      return;
    }

  lk_renewal_settle (self);
  g_clear_pointer (&self->fault, lk_fault_free);
  lk_renewal_return_tokens (task, current);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_vault_store_tokens_finish (LK_VAULT (source), result, &error))
    lk_renewal_stored (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
lk_renewal_enter (GTask          *task,
                  LkRenewalState  state)
{
  LkRenewal *self = g_task_get_task_data (task);
  g_autofree char *label = lk_renewal_dup_label (self->connection->name);

  switch (state)
    {
    case LK_RENEWAL_PROBE:
    case LK_RENEWAL_LOOKUP_KEY:
    case LK_RENEWAL_STORE_KEY:
    case LK_RENEWAL_LOOKUP_TOKENS:
    case LK_RENEWAL_LOOKUP_SECRET:
      lk_renewal_prepare (task, state);
      break;
    case LK_RENEWAL_REQUEST:
      lk_renewal_request (task);
      break;
    case LK_RENEWAL_STORE:
      lk_vault_store_tokens_async (self->vault, self->connection->id, label, self->renewed, NULL,
                                   stored_cb, g_object_ref (task));
      break;
    case LK_RENEWAL_REREAD:
      lk_vault_lookup_tokens_async (self->vault, self->connection->id, NULL, reread_cb,
                                    g_object_ref (task));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
lk_renewal_run_async (const LkRenewalTools     *tools,
                      LkProfile                *profile,
                      const LkClientRecord     *client,
                      const LkConnectionRecord *connection,
                      GAsyncReadyCallback       callback,
                      gpointer                  user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  LkRenewal *self = g_new0 (LkRenewal, 1);

  g_task_set_source_tag (task, lk_renewal_run_async);
  g_task_set_task_data (task, self, (GDestroyNotify) lk_renewal_free);

  self->http = g_object_ref (tools->http);
  self->vault = g_object_ref (tools->vault);
  self->journal = g_object_ref (tools->journal);
  self->clock = g_object_ref (tools->clock);
  self->profile = lk_profile_ref (profile);
  self->client = lk_client_record_copy (client);
  self->connection = lk_connection_record_copy (connection);

  if (!lk_profile_has_step (profile, LK_STEP_REFRESH))
    {
      g_task_return_new_error (task, LK_OAUTH_ERROR, LK_OAUTH_ERROR_CANNOT_RENEW,
                               "%s has no renewal", lk_profile_get_name (profile));
      return;
    }

  lk_renewal_enter (task, LK_RENEWAL_PROBE);
}

LkTokenSet *
lk_renewal_run_finish (GAsyncResult  *result,
                       LkFault      **fault,
                       GError       **error)
{
  LkRenewal *self = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, lk_renewal_run_async), NULL);

  self = g_task_get_task_data (G_TASK (result));
  if (fault != NULL)
    *fault = g_steal_pointer (&self->fault);

  return g_task_propagate_pointer (G_TASK (result), error);
}
