/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-source.h"

#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-policy.h"

struct _LkAgentSource
{
  GObject            parent_instance;

  LkAgentContext    *context;    /* (owned) */
  LkAgentConnection *connection; /* (owned) (nullable): NULL for one without a token */
  char              *client;     /* (owned): name of the developer app */
  char              *client_id;  /* (owned) */
  LkSecret          *secret;     /* (owned) (nullable) */
  gboolean           may_renew;
};

static void lk_agent_source_init_interface (LkTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkAgentSource, lk_agent_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_TOKEN_SOURCE,
                                                      lk_agent_source_init_interface))

static void
lk_agent_source_finalize (GObject *object)
{
  LkAgentSource *self = LK_AGENT_SOURCE (object);

  g_clear_pointer (&self->secret, lk_secret_unref);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  g_free (self->client);
  g_free (self->client_id);
  G_OBJECT_CLASS (lk_agent_source_parent_class)->finalize (object);
}

static void
lk_agent_source_class_init (LkAgentSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_agent_source_finalize;
}

static void
lk_agent_source_init (LkAgentSource *self)
{
}

static LkAgentSource *
source_new (LkAgentContext *context, const LkClientRecord *client)
{
  LkAgentSource *self = g_object_new (LK_TYPE_AGENT_SOURCE, NULL);

  self->context = g_object_ref (context);
  if (client != NULL)
    {
      self->client = g_strdup (client->name);
      self->client_id = g_strdup (client->client_id);
    }
  return self;
}

LkAgentSource *
lk_agent_source_new (LkAgentConnection *connection, gboolean may_renew)
{
  LkAgentSource *self = source_new (lk_agent_connection_get_context (connection),
                                    lk_agent_connection_get_client (connection));

  self->connection = g_object_ref (connection);
  self->may_renew = may_renew;
  return self;
}

LkAgentSource *
lk_agent_source_new_for_secret (LkAgentContext *context, const LkClientRecord *client,
                                LkSecret *secret)
{
  LkAgentSource *self = source_new (context, client);

  lk_agent_source_set_secret (self, secret);
  return self;
}

void
lk_agent_source_set_secret (LkAgentSource *self, LkSecret *secret)
{
  lk_secret_ref (secret);
  g_clear_pointer (&self->secret, lk_secret_unref);
  self->secret = secret;
}

LkSecret *
lk_agent_source_get_secret (LkAgentSource *self)
{
  return self->secret;
}

/* The token, then the client secret. */

typedef struct
{
  LkTokenSet *rejected; /* (owned) (nullable) */
  LkTokenSet *tokens;   /* (owned) (nullable) */
  GError     *error;    /* (owned) (nullable): why there is no token */
} Get;

static void
get_free (Get *get)
{
  g_clear_pointer (&get->rejected, lk_token_set_unref);
  g_clear_pointer (&get->tokens, lk_token_set_unref);
  g_clear_error (&get->error);
  g_free (get);
}

static void
get_end (GTask *task)
{
  Get *get = g_task_get_task_data (task);

  if (get->tokens == NULL)
    g_task_return_error (task, g_steal_pointer (&get->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&get->tokens),
                           (GDestroyNotify) lk_token_set_unref);
}

static void
secret_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentSource *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret = lk_agent_clients_dup_secret_finish (LK_AGENT_CONTEXT (source),
                                                                   result, &error);

  /* Few calls need it; those that do say so when they are built. */
  if (error != NULL)
    g_debug ("a call goes without the client secret: %s", error->message);
  if (secret != NULL)
    lk_agent_source_set_secret (self, secret);
  get_end (task);
}

static void
get_secret (GTask *task, LkTokenSet *tokens)
{
  LkAgentSource *self = g_task_get_source_object (task);
  Get *get = g_task_get_task_data (task);

  get->tokens = tokens != NULL ? lk_token_set_ref (tokens) : NULL;
  if (self->secret != NULL || self->client == NULL
      || lk_vault_get_state (lk_agent_context_get_vault (self->context)) != LK_VAULT_READY)
    get_end (task);
  else
    lk_agent_clients_dup_secret_async (lk_agent_context_get_clients (self->context), self->client,
                                       secret_found_cb, g_object_ref (task));
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens
    = lk_agent_connection_renew_finish (LK_AGENT_CONNECTION (source), result, &error);

  if (tokens == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    get_secret (task, tokens);
}

static gboolean
is_rejected (LkTokenSet *tokens, LkTokenSet *rejected)
{
  return rejected != NULL
         && lk_secret_equal (lk_token_set_get_access (tokens), lk_token_set_get_access (rejected));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  LkAgentSource *self = g_task_get_source_object (task);
  Get *get = g_task_get_task_data (task);
  const LkFault *fault = lk_agent_connection_get_record (connection)->fault;
  gint64 now = lk_agent_context_get_now (self->context);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_load_finish (connection, result, &error);

  if (tokens == NULL && self->may_renew)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (tokens == NULL)
    {
      /* Some probes ask about the app alone. */
      get->error = g_steal_pointer (&error);
      get_secret (task, NULL);
    }
  else if (!self->may_renew
           || (!is_rejected (tokens, get->rejected) && lk_policy_is_usable (tokens, now, 0)
               && (fault == NULL || fault->klass != LK_CLASS_TOKEN_REVOKED)))
    get_secret (task, tokens);
  else if (!lk_agent_connection_can_renew (connection) || lk_agent_fault_stops_renewal (fault))
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED,
                             "the token ended or was withdrawn and cannot be renewed");
  else
    lk_agent_connection_renew_async (connection, renewed_cb, g_object_ref (task));
}

static void
lk_agent_source_get_async (LkTokenSource *source, LkTokenSet *rejected, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  LkAgentSource *self = LK_AGENT_SOURCE (source);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Get *get = g_new0 (Get, 1);

  g_task_set_source_tag (task, lk_agent_source_get_async);
  get->rejected = rejected != NULL ? lk_token_set_ref (rejected) : NULL;
  g_task_set_task_data (task, get, (GDestroyNotify) get_free);
  if (self->connection == NULL)
    g_task_return_new_error (task, LK_AGENT_ERROR, LK_AGENT_ERROR_UNSUPPORTED,
                             "the provider is only asked with a token");
  else
    lk_agent_connection_load_async (self->connection, loaded_cb, g_steal_pointer (&task));
}

static LkTokenSet *
lk_agent_source_get_finish (LkTokenSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lk_agent_source_fill (LkTokenSource *source, LkValues *values)
{
  LkAgentSource *self = LK_AGENT_SOURCE (source);

  if (self->client_id != NULL)
    lk_values_set (values, "client.id", self->client_id);
  if (self->secret != NULL)
    lk_values_set_secret (values, "client.secret", self->secret);
}

static gboolean
lk_agent_source_is_refusal (LkTokenSource *source, const GError *error)
{
  return g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED)
         || g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_REFUSED);
}

static void
lk_agent_source_init_interface (LkTokenSourceInterface *iface)
{
  iface->get_async = lk_agent_source_get_async;
  iface->get_finish = lk_agent_source_get_finish;
  iface->fill = lk_agent_source_fill;
  iface->is_refusal = lk_agent_source_is_refusal;
}
