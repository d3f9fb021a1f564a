/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-changes.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-policy.h"

/* Reading them from the keyring, once. */

static void
tokens_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_vault_lookup_tokens_finish (LK_VAULT (source), result, &error);
  LkConnectionRecord *record = lk_agent_connection_get_record (self);

  if (tokens == NULL)
    {
      if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND))
        lk_agent_connection_fail (self, "verify-failed",
                                  lk_fault_new_local (LK_CLASS_USER_ACTION, "token-missing",
                                                      NULL));
      g_task_return_error (task, lk_agent_error_translate (error, NULL));
      return;
    }

  if (lk_agent_connection_get_tokens (self) == NULL)
    {
      gboolean differs = record->generation != lk_token_set_get_generation (tokens);

      lk_agent_connection_take_tokens (self, tokens);
      if (lk_fault_is_local (record->fault, "token-missing"))
        {
          g_clear_pointer (&record->fault, lk_fault_free);
          differs = TRUE;
        }
      if (differs)
        lk_agent_connection_save (self, NULL, NULL);
    }
  g_task_return_pointer (task, lk_token_set_ref (lk_agent_connection_get_tokens (self)),
                         (GDestroyNotify) lk_token_set_unref);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  LkAgentConnection *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  /* A journal that cannot be replayed does not take away what the keyring holds. */
  if (!lk_agent_context_settle_finish (context, result, &error))
    g_debug ("reading tokens without the journal: %s", error->message);
  lk_vault_lookup_tokens_async (lk_agent_context_get_vault (context),
                                lk_agent_connection_get_id (self), NULL, tokens_looked_up_cb,
                                g_object_ref (task));
}

/**
 * lk_agent_connection_load_async:
 *
 * Reads the tokens from the keyring when first needed; later they come from memory, so that a
 * keyring that was locked meanwhile takes nothing away.
 */
void
lk_agent_connection_load_async (LkAgentConnection *self, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  LkTokenSet *tokens = lk_agent_connection_get_tokens (self);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_connection_load_async);
  if (lk_agent_connection_is_parked (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (tokens != NULL)
    g_task_return_pointer (task, lk_token_set_ref (tokens), (GDestroyNotify) lk_token_set_unref);
  else
    lk_agent_context_settle_async (lk_agent_connection_get_context (self), settled_cb,
                                   g_object_ref (task));
}

LkTokenSet *
lk_agent_connection_load_finish (LkAgentConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Renewing them. Whoever asks meanwhile joins. */

static void
lk_agent_connection_end_renewal (LkAgentConnection *self, LkTokenSet *tokens, const GError *error)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(GPtrArray) waiting
    = lk_agent_connections_steal_renewal (lk_agent_context_get_connections (context),
                                          lk_agent_connection_get_id (self));

  lk_agent_connection_set_busy (self, "");
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = waiting->pdata[i];

      if (tokens != NULL)
        g_task_return_pointer (task, lk_token_set_ref (tokens),
                               (GDestroyNotify) lk_token_set_unref);
      else
        g_task_return_error (task, lk_agent_error_translate (error, NULL));
    }
  lk_agent_context_release (context);
}

static gint64
life_of (LkTokenSet *tokens)
{
  gint64 ends = lk_token_set_get_access_ends (tokens);

  return ends == LK_END_NEVER || ends == LK_END_UNKNOWN
           ? ends : ends - lk_token_set_get_obtained (tokens);
}

/* So short that it is over before the next renewal may be. */
static gboolean
is_too_short (gint64 life)
{
  return life > 0 && life != LK_END_NEVER && lk_policy_renewal_pace (life) > life;
}

static void
add_event (LkAgentConnection *self, const char *kind, const char *text)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(LkEvent) event = lk_event_new (lk_agent_connection_get_id (self),
                                           lk_agent_context_get_now (context), kind, text);

  lk_agent_context_add_event (context, event);
}

static void
lk_agent_connection_renewed (LkAgentConnection *self, LkTokenSet *tokens)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (self);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  LkTokenSet *old = lk_agent_connection_get_tokens (self);
  gint64 old_life = old != NULL ? life_of (old) : 0;
  gint64 life = life_of (tokens);
  g_auto(GStrv) old_scopes = g_strdupv (record->scopes_granted);
  g_autofree char *scopes = NULL;

  lk_agent_connection_take_tokens (self, tokens);
  record->last_renewed = lk_agent_context_get_now (context);
  if (!lk_fault_is_local (record->fault, "zero-accounts")
      && !lk_fault_is_local (record->fault, "identity-changed"))
    g_clear_pointer (&record->fault, lk_fault_free);
  lk_agent_connection_put_off (self, FALSE);
  lk_agent_connection_save (self, "renewed", NULL);

  if (old != NULL && ABS (life - old_life) > MAX (2, old_life / 50))
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " → %" G_GINT64_FORMAT,
                                               old_life, life);

      add_event (self, "lifetime-changed", text);
    }
  /* Told with the first such token, and not with those that follow it. */
  if (is_too_short (life) && (record->generation <= 2 || !is_too_short (old_life)))
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " → %" G_GINT64_FORMAT, life,
                                               lk_policy_renewal_pace (life));

      add_event (self, "renewals-slowed", text);
    }
  if (old_scopes != NULL)
    scopes = lk_agent_changes_of_words (old_scopes, record->scopes_granted);
  if (scopes != NULL)
    add_event (self, "scopes-changed", scopes);
}

/* The keyring failed after the reply had come: the reply is in the journal and goes to the keyring
 * when that is back. Until then it is the only token that lives. */
static void
lk_agent_connection_take_kept_reply (LkAgentConnection *self)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(LkTokenSet) kept
    = lk_agent_context_dup_kept_reply (context, lk_agent_connection_get_id (self));

  if (kept == NULL || lk_token_set_get_generation (kept)
                        <= lk_agent_connection_get_record (self)->generation)
    return;
  lk_agent_connection_take_tokens (self, kept);
  lk_agent_connection_save (self, NULL, NULL);
}

static void
renewer_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentConnection) self = user_data;
  g_autoptr(LkFault) fault = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) translated = NULL;
  g_autoptr(LkTokenSet) tokens = lk_renewer_renew_finish (LK_RENEWER (source), result, &fault,
                                                          &error);

  if (tokens != NULL)
    {
      lk_agent_connection_renewed (self, tokens);
      lk_agent_connection_end_renewal (self, tokens, NULL);
      return;
    }

  translated = lk_agent_error_translate (error, fault);
  lk_agent_connection_put_off (self, TRUE);
  if (error->domain == LK_STORAGE_ERROR)
    lk_agent_connection_take_kept_reply (self);
  if (fault == NULL || g_error_matches (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_LOST))
    {
      g_clear_pointer (&fault, lk_fault_free);
      fault = lk_agent_error_to_fault (error);
    }
  if (fault != NULL)
    lk_agent_connection_fail (self, "renewal-failed", g_steal_pointer (&fault));
  else
    lk_agent_connection_sync (self);
  lk_agent_connection_end_renewal (self, NULL, translated);
}

static void
renewal_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  LkProfile *profile = lk_agent_connection_get_profile (self);
  const LkClientRecord *client = lk_agent_connection_get_client (self);
  LkRenewer *renewer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_load_finish (self, result, &error);

  if (tokens != NULL && (profile == NULL || client == NULL))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                         profile == NULL ? "the provider's profile is missing"
                                         : "the developer app is missing");
  else if (tokens != NULL)
    renewer = lk_agent_context_get_renewer (context, &error);
  if (renewer == NULL)
    {
      lk_agent_connection_put_off (self, TRUE);
      lk_agent_connection_sync (self);
      lk_agent_connection_end_renewal (self, NULL, error);
      return;
    }
  lk_renewer_renew_async (renewer, profile, client, lk_agent_connection_get_record (self), NULL,
                          renewer_done_cb, g_object_ref (self));
}

/**
 * lk_agent_connection_renew_async:
 *
 * Renews the tokens, or joins the renewal that is under way. Replies when they are in the keyring
 * and the record and the properties say so.
 */
void
lk_agent_connection_renew_async (LkAgentConnection *self, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_connection_renew_async);
  if (lk_agent_connection_is_parked (self, &error)
      && !lk_agent_connections_is_renewing (lk_agent_context_get_connections (context),
                                            lk_agent_connection_get_id (self)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  if (lk_agent_connection_get_record (self)->removed_at == LK_AGENT_REMOVED_FOR_GOOD
      && !lk_agent_connections_is_renewing (lk_agent_context_get_connections (context),
                                            lk_agent_connection_get_id (self)))
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                               "the connection was removed");
      g_object_unref (task);
      return;
    }
  if (!lk_agent_connections_join_renewal (lk_agent_context_get_connections (context),
                                          lk_agent_connection_get_id (self), task))
    return;
  lk_agent_context_hold (context);
  lk_agent_connection_set_busy (self, "renewing");
  lk_agent_connection_load_async (self, renewal_loaded_cb, NULL);
}

LkTokenSet *
lk_agent_connection_renew_finish (LkAgentConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
