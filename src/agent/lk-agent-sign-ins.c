/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-sign-in.h"

#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-text.h"

#define AT_ONCE 32
#define NAME_MAX_BYTES 200
#define SCOPE_MAX_BYTES 200
#define SCOPES_MAX 200

struct _LkAgentSignIns
{
  LkAgentContext *context; /* outlives us */
  GPtrArray      *all;     /* (owned) of LkAgentSignIn, oldest first */
  guint           coming;  /* on their way from Connect to @all */
  guint64         last;
};

LkAgentSignIns *
lk_agent_sign_ins_new (LkAgentContext *context)
{
  LkAgentSignIns *self = g_new0 (LkAgentSignIns, 1);

  self->context = context;
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
lk_agent_sign_ins_free (LkAgentSignIns *self)
{
  for (guint i = 0; i < self->all->len; i++)
    lk_sign_in_cancel (lk_agent_sign_in_get_attempt (self->all->pdata[i]));
  g_ptr_array_unref (self->all);
  g_free (self);
}

static void
gone_cb (LkAgentSignIn *sign_in, gpointer user_data)
{
  LkAgentSignIns *self = user_data;

  g_ptr_array_remove (self->all, sign_in);
}

/* On its way from Connect to an attempt. */
typedef struct
{
  /* input */
  char     *client;    /* (owned) */
  char    **scopes;    /* (owned) (nullable) */
  char     *reconnect; /* (owned) (nullable) */
  char     *name;      /* (owned) (nullable) */
  guint     lifetime;

  /* in progress */
  LkSecret *secret;    /* (owned) (nullable) */
} Start;

static void
start_free (Start *start)
{
  g_free (start->client);
  g_strfreev (start->scopes);
  g_free (start->reconnect);
  g_free (start->name);
  g_clear_pointer (&start->secret, lk_secret_unref);
  g_free (start);
}

/* An attempt that nobody finished must not hold the registered port of the next one. */
static gboolean
free_port_of (LkAgentSignIns *self, const char *redirect)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      LkSignIn *other = lk_agent_sign_in_get_attempt (self->all->pdata[i]);

      if (lk_sign_in_get_state (other) == LK_SIGN_IN_WAITING
          && g_strcmp0 (lk_sign_in_get_redirect_uri (other), redirect) == 0)
        {
          lk_sign_in_cancel (other);
          return TRUE;
        }
    }
  return FALSE;
}

static LkSignIn *
start_attempt (LkAgentSignIns *self, Start *start, GError **error)
{
  LkAgentClients *clients = lk_agent_context_get_clients (self->context);
  const LkClientRecord *client = lk_agent_clients_lookup (clients, start->client);
  LkProfile *profile = client != NULL
                         ? lk_profile_set_lookup (lk_agent_context_get_profiles (self->context),
                                                  client->provider)
                         : NULL;
  LkAgentConnection *old = start->reconnect != NULL
                             ? lk_agent_connections_lookup (
                                 lk_agent_context_get_connections (self->context),
                                 start->reconnect)
                             : NULL;
  LkSignInOptions options = {
    .client = client,
    .secret = start->secret,
    .scopes = (const char * const *) start->scopes,
    .expected_identity = old != NULL ? lk_agent_connection_get_record (old)->identity : NULL,
    .lifetime = start->lifetime,
  };
  LkSignIn *sign_in;
  g_autoptr(GError) first = NULL;

  if (client == NULL || profile == NULL)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "the developer app or its provider is missing");
      return NULL;
    }
  sign_in = lk_sign_in_new (profile, lk_agent_context_get_http (self->context),
                            lk_agent_context_get_clock (self->context), &options, &first);
  if (sign_in == NULL && g_error_matches (first, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)
      && free_port_of (self, client->redirect))
    {
      g_clear_error (&first);
      sign_in = lk_sign_in_new (profile, lk_agent_context_get_http (self->context),
                                lk_agent_context_get_clock (self->context), &options, &first);
    }
  if (sign_in == NULL)
    g_propagate_error (error, lk_agent_error_translate (first, NULL));
  return sign_in;
}

static void
start_secret_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  LkAgentSignIns *self = lk_agent_context_get_sign_ins (context);
  Start *start = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  LkAgentSignInWish wish;
  LkAgentSignIn *attempt;
  LkSignIn *sign_in = NULL;

  self->coming--;
  start->secret = lk_agent_clients_dup_secret_finish (context, result, &error);
  if (error == NULL)
    sign_in = start_attempt (self, start, &error);
  if (sign_in == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  wish = (LkAgentSignInWish) {
    .client = start->client,
    .reconnect = start->reconnect,
    .name = start->name,
  };
  path = g_strdup_printf (LK_AGENT_SIGN_INS "%" G_GUINT64_FORMAT, ++self->last);
  attempt = lk_agent_sign_in_new (context, sign_in, &wish, path);
  g_signal_connect (attempt, "gone", G_CALLBACK (gone_cb), self);
  g_ptr_array_add (self->all, attempt);
  g_task_return_pointer (task, g_steal_pointer (&path), g_free);
}

/* Step 1: better to learn about a keyring that takes nothing before the browser opens. */
static void
start_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!lk_vault_probe_finish (LK_VAULT (source), result, &error))
    {
      lk_agent_context_get_sign_ins (context)->coming--;
      g_task_return_error (task, lk_agent_error_translate (error, NULL));
      return;
    }
  lk_agent_clients_dup_secret_async (lk_agent_context_get_clients (context), start->client,
                                     start_secret_cb, g_object_ref (task));
}

/* Attempts that ended stay a while for whoever wants to read how, but not at any price. */
static gboolean
lk_agent_sign_ins_make_room (LkAgentSignIns *self)
{
  for (guint i = 0; i < self->all->len && self->all->len + self->coming >= AT_ONCE; i++)
    {
      LkAgentSignIn *attempt = self->all->pdata[i];

      if (lk_agent_sign_in_has_ended (attempt))
        {
          lk_agent_sign_in_withdraw (attempt);
          g_ptr_array_remove_index (self->all, i--);
        }
    }
  return self->all->len + self->coming < AT_ONCE;
}

static gboolean
check_words (const LkAgentSignInWish *wish, GError **error)
{
  size_t n = wish->scopes != NULL ? g_strv_length ((char **) wish->scopes) : 0;

  if (n > SCOPES_MAX)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           "too many scopes");
      return FALSE;
    }
  for (size_t i = 0; i < n; i++)
    if (!lk_agent_text_check ("scope", wish->scopes[i], SCOPE_MAX_BYTES, error))
      return FALSE;
  return wish->name == NULL || lk_agent_text_check ("name", wish->name, NAME_MAX_BYTES, error);
}

static gboolean
check_wish (LkAgentSignIns *self, const LkAgentSignInWish *wish, GError **error)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  LkAgentClients *clients = lk_agent_context_get_clients (self->context);
  const LkClientRecord *client = lk_agent_clients_lookup (clients, wish->client);
  LkAgentConnection *old = wish->reconnect != NULL
                             ? lk_agent_connections_lookup (connections, wish->reconnect) : NULL;

  if (lk_agent_context_get_ledger (self->context, error) == NULL || !check_words (wish, error))
    return FALSE;
  if (client == NULL)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND, "no app by this name");
  else if (wish->reconnect != NULL && old == NULL)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                         "no connection with this id");
  else if (old != NULL
           && g_strcmp0 (lk_agent_connection_get_record (old)->client, wish->client) != 0)
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                         "the connection belongs to another app");
  else if (wish->name != NULL && wish->reconnect == NULL
           && !lk_agent_connections_is_name_free (connections, wish->name))
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_EXISTS,
                         "there is a connection by this name");
  else if (!lk_agent_sign_ins_make_room (self))
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE, "too many sign-ins at once");
  else
    return TRUE;
  return FALSE;
}

void
lk_agent_sign_ins_start_async (LkAgentSignIns *self, const LkAgentSignInWish *wish,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self->context, NULL, callback, user_data);
  g_autoptr(GError) error = NULL;
  Start *start = g_new0 (Start, 1);

  g_task_set_source_tag (task, lk_agent_sign_ins_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  start->client = g_strdup (wish->client);
  start->scopes = g_strdupv ((char **) wish->scopes);
  start->reconnect = g_strdup (wish->reconnect);
  start->name = g_strdup (wish->name);
  start->lifetime = wish->lifetime;
  if (!check_wish (self, wish, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->coming++;
  lk_vault_probe_async (lk_agent_context_get_vault (self->context), NULL, start_probed_cb,
                        g_object_ref (task));
}

gboolean
lk_agent_sign_ins_end_client (LkAgentSignIns *self, const char *client)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      LkAgentSignIn *attempt = self->all->pdata[i];

      if (g_str_equal (lk_agent_sign_in_get_client (attempt), client)
          && !lk_agent_sign_in_has_ended (attempt)
          && lk_sign_in_get_state (lk_agent_sign_in_get_attempt (attempt)) != LK_SIGN_IN_WAITING)
        return FALSE;
    }
  for (guint i = 0; i < self->all->len; i++)
    if (g_str_equal (lk_agent_sign_in_get_client (self->all->pdata[i]), client))
      lk_sign_in_cancel (lk_agent_sign_in_get_attempt (self->all->pdata[i]));
  return TRUE;
}

char *
lk_agent_sign_ins_start_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
lk_agent_sign_ins_paste (LkAgentSignIns *self, LkSecret *address, GError **error)
{
  g_autoptr(GError) last = NULL;

  for (guint i = self->all->len; i > 0; i--)
    {
      LkAgentSignIn *attempt = self->all->pdata[i - 1];
      LkSignIn *sign_in = lk_agent_sign_in_get_attempt (attempt);

      if (lk_sign_in_get_state (sign_in) != LK_SIGN_IN_WAITING)
        continue;
      g_clear_error (&last);
      if (lk_sign_in_paste (sign_in, address, &last))
        return g_strdup (lk_agent_sign_in_get_path (attempt));
    }
  if (last != NULL)
    g_propagate_error (error, lk_agent_error_translate (last, NULL));
  else
    g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                         "no sign-in is waiting for an address");
  return NULL;
}
