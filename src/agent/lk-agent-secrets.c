/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-secrets.h"

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-needles.h"

static void
add_tokens (LkAgentNeedles *needles, LkTokenSet *tokens)
{
  if (tokens == NULL)
    return;
  lk_agent_needles_add (needles, lk_token_set_get_access (tokens));
  lk_agent_needles_add (needles, lk_token_set_get_refresh (tokens));
}

gboolean
lk_agent_secrets_is_at_hand (LkAgentContext *context, LkSecret *also, const char *text,
                             size_t length)
{
  g_autoptr(LkAgentNeedles) needles = lk_agent_needles_new ();
  g_autoptr(GPtrArray) connections
    = lk_agent_connections_list (lk_agent_context_get_connections (context));

  lk_agent_needles_add (needles, also);
  for (guint i = 0; i < connections->len; i++)
    add_tokens (needles, lk_agent_connection_get_tokens (connections->pdata[i]));
  return lk_agent_needles_match (needles, text, length);
}

/* All that the keyring holds: one after the other, connections first. */

typedef struct
{
  /* input */
  GBytes *text; /* (owned) */

  /* in progress */
  GPtrArray      *connections; /* (owned) of LkAgentConnection */
  char          **clients;     /* (owned) */
  guint           next;
  LkAgentNeedles *needles;     /* (owned) */
} Find;

static void
find_free (Find *find)
{
  g_bytes_unref (find->text);
  g_ptr_array_unref (find->connections);
  g_strfreev (find->clients);
  lk_agent_needles_free (find->needles);
  g_free (find);
}

static void find_next (GTask *task);

/* What has no tokens has none to lose; a keyring that does not open leaves the question open. */
static gboolean
find_may_go_on (GTask *task, const GError *error)
{
  if (error == NULL || g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED))
    return TRUE;
  g_task_return_error (task, lk_agent_error_translate (error, NULL));
  return FALSE;
}

static void
find_tokens_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Find *find = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens
    = lk_agent_connection_load_finish (LK_AGENT_CONNECTION (source), result, &error);

  add_tokens (find->needles, tokens);
  if (find_may_go_on (task, error))
    find_next (task);
}

static void
find_secret_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Find *find = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret = lk_agent_clients_dup_secret_finish (LK_AGENT_CONTEXT (source),
                                                                   result, &error);

  lk_agent_needles_add (find->needles, secret);
  if (find_may_go_on (task, error))
    find_next (task);
}

static void
find_next (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  Find *find = g_task_get_task_data (task);
  guint i = find->next++;
  size_t length;
  const char *text;

  if (i < find->connections->len)
    {
      lk_agent_connection_load_async (find->connections->pdata[i], find_tokens_cb,
                                      g_object_ref (task));
      return;
    }
  i -= find->connections->len;
  if (find->clients[i] != NULL)
    {
      lk_agent_clients_dup_secret_async (lk_agent_context_get_clients (context),
                                         find->clients[i], find_secret_cb, g_object_ref (task));
      return;
    }
  text = g_bytes_get_data (find->text, &length);
  g_task_return_boolean (task, length > 0 && lk_agent_needles_match (find->needles, text, length));
}

void
lk_agent_secrets_find_async (LkAgentContext *context, GBytes *text, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  Find *find = g_new0 (Find, 1);

  g_task_set_source_tag (task, lk_agent_secrets_find_async);
  find->text = g_bytes_ref (text);
  find->connections = lk_agent_connections_list (lk_agent_context_get_connections (context));
  find->clients = lk_agent_clients_dup_names (lk_agent_context_get_clients (context));
  find->needles = lk_agent_needles_new ();
  g_task_set_task_data (task, find, (GDestroyNotify) find_free);
  find_next (task);
}

gboolean
lk_agent_secrets_find_finish (LkAgentContext *context, GAsyncResult *result, gboolean *found,
                              GError **error)
{
  GError *failure = NULL;

  g_return_val_if_fail (g_task_is_valid (result, context), FALSE);

  *found = g_task_propagate_boolean (G_TASK (result), &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* Does a secret fit? */

static void
secret_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  LkProbeAnswer *answer = lk_call_engine_probe_finish (LK_CALL_ENGINE (source), result, &error);

  lk_agent_context_release (g_task_get_source_object (task));
  if (answer == NULL)
    g_task_return_error (task, lk_agent_error_translate (error, NULL));
  else if (answer->fault != NULL && lk_fault_is_local (answer->fault, "offline"))
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_OFFLINE,
                               "the provider cannot be reached");
      lk_probe_answer_free (answer);
    }
  else if (answer->fault != NULL && lk_fault_is_local (answer->fault, "timed-out"))
    {
      g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_TIMED_OUT,
                               "the provider did not answer in time");
      lk_probe_answer_free (answer);
    }
  else
    g_task_return_pointer (task, answer, (GDestroyNotify) lk_probe_answer_free);
}

/* One whose token can go along where the provider wants one. */
static LkAgentConnection *
any_connection_of (LkAgentContext *context, const char *client)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (context));
  LkAgentConnection *found = NULL;

  for (guint i = 0; i < all->len; i++)
    {
      const LkConnectionRecord *record = lk_agent_connection_get_record (all->pdata[i]);

      if (record->removed_at == 0 && g_strcmp0 (record->client, client) == 0
          && (found == NULL || record->fault == NULL))
        found = all->pdata[i];
    }
  return found;
}

static gboolean
check_possible (LkAgentContext *context, const LkClientRecord *client, LkProfile *profile,
                LkSecret *secret, GError **error)
{
  if (client == NULL)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND, "no app by this name");
  else if (lk_secret_get_length (secret) == 0)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                         "the secret is empty");
  else if (profile == NULL || !lk_profile_has_probe (profile, "secret")
           || (lk_profile_probe_needs_token (profile, "secret")
               && any_connection_of (context, client->name) == NULL))
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_UNSUPPORTED,
                         "this provider cannot be asked about a secret");
  else
    return TRUE;
  return FALSE;
}

void
lk_agent_secrets_check_async (LkAgentContext *context, const char *client, LkSecret *secret,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (context, NULL, callback, user_data);
  const LkClientRecord *record = lk_agent_clients_lookup (lk_agent_context_get_clients (context),
                                                          client);
  LkProfile *profile = record != NULL
                         ? lk_profile_set_lookup (lk_agent_context_get_profiles (context),
                                                  record->provider)
                         : NULL;
  g_autoptr(LkAgentSource) source = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, lk_agent_secrets_check_async);
  if (!check_possible (context, record, profile, secret, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (lk_profile_probe_needs_token (profile, "secret"))
    {
      source = lk_agent_source_new (any_connection_of (context, client), FALSE);
      lk_agent_source_set_secret (source, secret);
    }
  else
    source = lk_agent_source_new_for_secret (context, record, secret);
  lk_agent_context_hold (context);
  lk_call_engine_probe_async (lk_agent_context_get_engine (context), profile, client, NULL,
                              LK_TOKEN_SOURCE (source), "secret", NULL, NULL, NULL,
                              secret_probed_cb, g_steal_pointer (&task));
}

gboolean
lk_agent_secrets_check_finish (LkAgentContext *context, GAsyncResult *result,
                               LkProbeAnswer **answer, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), FALSE);

  *answer = g_task_propagate_pointer (G_TASK (result), error);
  return *answer != NULL;
}
