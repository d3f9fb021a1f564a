/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-sign-in.h"

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-refusals.h"
#include "lk-agent-remedies.h"
#include "lk-agent-text.h"

#define NAME_MAX_BYTES 160

/* From a finished attempt to a connection. */
typedef struct
{
  /* input */
  LkSignIn *sign_in; /* (owned) */
  char     *client;  /* (owned) */
  char     *name;    /* (owned) (nullable) */

  /* in progress */
  LkAgentConnection *connection; /* (owned) */
  gboolean           is_new;
  LkTokenSet        *tokens;     /* (owned) */
} Keep;

static void
keep_free (Keep *keep)
{
  g_clear_object (&keep->sign_in);
  g_clear_object (&keep->connection);
  g_clear_pointer (&keep->tokens, lk_token_set_unref);
  g_free (keep->client);
  g_free (keep->name);
  g_free (keep);
}

static void
keep_end (GTask *task, const GError *error)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);

  if (keep->is_new)
    lk_agent_connections_break_promise (lk_agent_context_get_connections (context),
                                        lk_agent_connection_get_record (keep->connection)->name);
  if (error != NULL)
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else
    g_task_return_pointer (task, g_object_ref (keep->connection), g_object_unref);
  lk_agent_context_release (context);
}

static void
keep_publish (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);

  if (keep->is_new)
    {
      lk_agent_connections_add (lk_agent_context_get_connections (context), keep->connection);
      lk_agent_connection_publish (keep->connection);
    }
  lk_call_engine_close_circuit (lk_agent_context_get_engine (context),
                                lk_agent_connection_get_id (keep->connection));
  lk_agent_refusals_sync_circuit (keep->connection, NULL);
  lk_agent_connection_retry_now (keep->connection);
  lk_agent_connection_sync (keep->connection);
  lk_agent_remedies_signed_in (lk_agent_context_get_remedies (context),
                               lk_agent_connection_get_id (keep->connection));
  lk_agent_connection_flush (keep->connection);
  keep_end (task, NULL);
}

static void
keep_note_missing_scopes (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);
  const LkConnectionRecord *record = lk_agent_connection_get_record (keep->connection);
  g_auto(GStrv) missing = lk_connection_record_dup_missing_scopes (record);

  if (missing != NULL && missing[0] != NULL)
    {
      g_autofree char *text = g_strjoinv (" ", missing);
      g_autoptr(LkEvent) event = lk_event_new (record->id, lk_agent_context_get_now (context),
                                               "scopes-changed", text);

      event->fault = lk_fault_new_local (LK_CLASS_SCOPE, "scopes-missing", NULL);
      lk_agent_context_add_event (context, event);
    }
}

static void
keep_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  /* The tokens are safe in the keyring; a full disk is told by LedgerState. */
  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (g_task_get_source_object (task), error);
  keep_note_missing_scopes (task);
  keep_publish (task);
}

static void
keep_fill_facts (LkConnectionRecord *record, LkSignIn *sign_in, gint64 now)
{
  const char *identity = lk_sign_in_get_identity (sign_in);
  const char *identity_name = lk_sign_in_get_identity_name (sign_in);
  GPtrArray *accounts = lk_sign_in_get_accounts (sign_in);

  if (identity != NULL)
    {
      g_free (record->identity);
      record->identity = g_strdup (identity);
    }
  if (identity_name != NULL)
    {
      g_free (record->identity_name);
      record->identity_name = lk_agent_text_dup_clean (identity_name, NAME_MAX_BYTES);
    }
  if (accounts != NULL)
    {
      g_clear_pointer (&record->accounts, g_ptr_array_unref);
      record->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_account_free);
      for (guint i = 0; i < accounts->len; i++)
        g_ptr_array_add (record->accounts, lk_account_copy (accounts->pdata[i]));
      record->accounts_known = TRUE;
    }
  g_strfreev (record->scopes_asked);
  record->scopes_asked = g_strdupv ((char **) lk_sign_in_get_scopes_asked (sign_in));
  g_clear_pointer (&record->scopes_granted, g_strfreev);
  record->signed_in = now;
  /* These tokens are this computer's own. */
  record->parked = LK_PARKED_NOT;
  if (lk_sign_in_was_verified (sign_in))
    record->last_verified = now;

  g_clear_pointer (&record->fault, lk_fault_free);
  if (record->accounts_known && record->accounts != NULL && record->accounts->len == 0)
    {
      record->fault = lk_fault_new_local (LK_CLASS_PERMISSION, "zero-accounts", NULL);
      record->fault->step = g_strdup ("accounts");
      record->fault->at = now;
    }
}

static void
keep_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);
  LkConnectionRecord *record = lk_agent_connection_get_record (keep->connection);
  gint64 now = lk_agent_context_get_now (context);
  g_autoptr(LkEvent) event = NULL;
  g_autoptr(GError) error = NULL;
  LkLedger *ledger;

  if (!lk_vault_store_tokens_finish (LK_VAULT (source), result, &error))
    {
      keep_end (task, error);
      return;
    }
  lk_agent_context_forget_kept (context, record->id);
  keep_fill_facts (record, keep->sign_in, now);
  lk_agent_connection_take_tokens (keep->connection, keep->tokens);
  record->refresh_obtained = record->has_refresh ? record->obtained : 0;

  event = lk_event_new (record->id, now, keep->is_new ? "signed-in" : "reconnected", NULL);
  ledger = lk_agent_context_get_ledger (context, &error);
  if (ledger == NULL)
    keep_publish (task);
  else
    lk_ledger_put_connection_async (ledger, record, event, NULL, keep_written_cb,
                                    g_object_ref (task));
}

/* The same tokens with the number that follows what the keyring may hold. */
static LkTokenSet *
dup_with_generation (LkTokenSet *tokens, guint64 generation)
{
  LkTokenSetFields fields = {
    .access = lk_token_set_get_access (tokens),
    .refresh = lk_token_set_get_refresh (tokens),
    .obtained = lk_token_set_get_obtained (tokens),
    .access_ends = lk_token_set_get_access_ends (tokens),
    .refresh_ends = lk_token_set_get_refresh_ends (tokens),
    .scopes = lk_token_set_get_scopes (tokens),
    .generation = generation,
  };

  return lk_token_set_new (&fields);
}

static void
keep_store (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);
  const LkConnectionRecord *record = lk_agent_connection_get_record (keep->connection);
  g_autofree char *label = g_strdup_printf ("Latchkey: %s", record->name);

  keep->tokens = dup_with_generation (lk_sign_in_get_tokens (keep->sign_in),
                                      record->generation + 1);
  lk_vault_store_tokens_async (lk_agent_context_get_vault (context), record->id, label,
                               keep->tokens, NULL, keep_stored_cb, g_object_ref (task));
}

/* A renewal of the old tokens was under way; its end must not follow the new ones. */
static void
keep_renewal_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens
    = lk_agent_connection_renew_finish (LK_AGENT_CONNECTION (source), result, &error);

  keep_store (task);
}

/* The login's name, with the provider's when the login is connected to another one already. */
static char *
keep_dup_name (LkAgentContext *context, Keep *keep, const char *provider)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (context);
  LkProfile *profile = lk_profile_set_lookup (lk_agent_context_get_profiles (context), provider);
  const char *wish = keep->name;
  g_autofree char *identity_name
    = lk_agent_text_dup_clean (lk_sign_in_get_identity_name (keep->sign_in), NAME_MAX_BYTES);
  g_autofree char *longer = NULL;

  if (wish == NULL)
    wish = identity_name;
  if (wish == NULL)
    wish = keep->client;
  if (keep->name == NULL && profile != NULL &&
      !lk_agent_connections_is_name_free (connections, wish))
    wish = longer = g_strdup_printf ("%s · %s", wish, lk_profile_get_name (profile));

  return lk_agent_connections_dup_free_name (connections, wish);
}

static LkAgentConnection *
keep_new_connection (LkAgentContext *context, Keep *keep)
{
  const LkClientRecord *client = lk_agent_clients_lookup (lk_agent_context_get_clients (context),
                                                          keep->client);
  LkConnectionRecord *record = lk_connection_record_new ();
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto(GStrv) parts = g_strsplit (uuid, "-", 0);
  g_autofree char *id = g_strjoinv ("", parts);

  id[12] = '\0';
  record->id = g_strdup (id);
  record->client = g_strdup (keep->client);
  record->provider = g_strdup (client != NULL ? client->provider : "");
  record->name = keep_dup_name (context, keep, record->provider);
  lk_agent_connections_promise_name (lk_agent_context_get_connections (context), record->name);
  record->created = lk_agent_context_get_now (context);
  return lk_agent_connection_new (context, record);
}

void
lk_agent_keep_async (LkAgentContext *context, LkSignIn *sign_in, const char *client,
                     const char *reconnect, const char *name, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  LkAgentConnections *connections = lk_agent_context_get_connections (context);
  const char *identity = lk_sign_in_get_identity (sign_in);
  LkAgentConnection *known = NULL;
  Keep *keep = g_new0 (Keep, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_agent_keep_async);
  g_task_set_task_data (task, keep, (GDestroyNotify) keep_free);
  lk_agent_context_hold (context);
  keep->sign_in = g_object_ref (sign_in);
  keep->client = g_strdup (client);
  keep->name = g_strdup (name);

  if (reconnect != NULL)
    known = lk_agent_connections_lookup (connections, reconnect);
  else if (identity != NULL)
    known = lk_agent_connections_find_twin (connections, client, identity);
  if (known != NULL && lk_agent_connection_get_record (known)->removed_at != 0)
    known = NULL;

  /* The app may have gone while the person was signing in. */
  if (lk_agent_clients_lookup (lk_agent_context_get_clients (context), client) == NULL)
    {
      g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "the developer app is missing");
      keep_end (task, error);
      return;
    }

  keep->is_new = known == NULL;
  keep->connection = known != NULL ? g_object_ref (known) : keep_new_connection (context, keep);
  if (known != NULL
      && lk_agent_connections_is_renewing (connections, lk_agent_connection_get_id (known)))
    lk_agent_connection_renew_async (known, keep_renewal_ended_cb, g_object_ref (task));
  else
    keep_store (task);
}

LkAgentConnection *
lk_agent_keep_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
