/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-manager.h"

#include "lk-agent-call.h"
#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-secrets.h"
#include "lk-agent-sign-in.h"
#include "lk-agent-trial.h"

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static void
call_answer (LkAgentCall *call, const GError *error)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (LK_AGENT_CONTEXT (call->owner));

  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (agent));
  if (error != NULL)
    lk_agent_return_error (g_steal_pointer (&call->invocation), error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), NULL);
}

/* Providers. */

static GVariant *
scope_sets_to_variant (LkProfile *profile)
{
  g_auto(GStrv) names = lk_profile_dup_scope_set_names (profile);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    {
      const char * const *scopes = lk_profile_get_scope_set (profile, names[i]);

      g_variant_builder_add (&builder, "{s@as}", names[i],
                             g_variant_new_strv (scopes, scopes != NULL ? -1 : 0));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
redirect_modes_to_variant (LkRedirectModes modes)
{
  const char *words[4] = { NULL };
  size_t n = 0;

  if (modes & LK_REDIRECT_LOOPBACK)
    words[n++] = "loopback";
  if (modes & LK_REDIRECT_LOOPBACK_REGISTERED)
    words[n++] = "loopback-registered";
  if (modes & LK_REDIRECT_HTTPS_PASTE)
    words[n++] = "https-paste";
  return g_variant_new_strv (words, n);
}

static GVariant *
profile_to_variant (LkProfile *profile)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  const char * const *scopes = lk_profile_get_default_scopes (profile);

  g_variant_dict_insert (&dict, "id", "s", lk_profile_get_id (profile));
  g_variant_dict_insert (&dict, "name", "s", or_empty (lk_profile_get_name (profile)));
  g_variant_dict_insert (&dict, "family", "s", or_empty (lk_profile_get_family (profile)));
  g_variant_dict_insert (&dict, "docs", "s", or_empty (lk_profile_get_docs (profile)));
  g_variant_dict_insert (&dict, "portal", "s", or_empty (lk_profile_get_portal (profile)));
  g_variant_dict_insert (&dict, "client-id-label", "s",
                         or_empty (lk_profile_get_client_id_label (profile)));
  g_variant_dict_insert (&dict, "secret-label", "s",
                         or_empty (lk_profile_get_secret_label (profile)));
  g_variant_dict_insert (&dict, "secret-required", "b",
                         lk_profile_get_secret_required (profile));
  g_variant_dict_insert_value (&dict, "redirect-modes",
                               redirect_modes_to_variant (lk_profile_get_redirect_modes (profile)));
  g_variant_dict_insert (&dict, "redirect-register", "s",
                         or_empty (lk_profile_get_redirect_register (profile)));
  g_variant_dict_insert_value (&dict, "default-scopes",
                               g_variant_new_strv (scopes, scopes != NULL ? -1 : 0));
  g_variant_dict_insert_value (&dict, "scope-sets", scope_sets_to_variant (profile));
  g_variant_dict_insert (&dict, "can-renew", "b", lk_profile_has_step (profile, LK_STEP_REFRESH));
  g_variant_dict_insert (&dict, "can-revoke", "b", lk_profile_has_step (profile, LK_STEP_REVOKE));
  g_variant_dict_insert (&dict, "sandbox", "b", lk_profile_is_sandbox (profile));
  return g_variant_dict_end (&dict);
}

static gboolean
handle_list_providers (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                       LkAgentContext *context)
{
  GPtrArray *profiles = lk_profile_set_get_profiles (lk_agent_context_get_profiles (context));
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < profiles->len; i++)
    g_variant_builder_add_value (&builder, profile_to_variant (profiles->pdata[i]));
  lk_dbus_agent1_complete_list_providers (agent, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_reload_profiles (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                        LkAgentContext *context)
{
  g_autoptr(LkAgentCall) call = lk_agent_call_new (context, invocation);

  lk_agent_context_reload_profiles (context);
  call_answer (call, NULL);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Developer apps. */

static gboolean
handle_list_clients (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                     LkAgentContext *context)
{
  g_autoptr(GError) error = NULL;

  if (lk_agent_context_get_ledger (context, &error) == NULL)
    lk_agent_return_error (invocation, error);
  else
    lk_dbus_agent1_complete_list_clients (
      agent, invocation, lk_agent_clients_to_variant (lk_agent_context_get_clients (context)));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
client_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;

  lk_agent_clients_change_finish (LK_AGENT_CONTEXT (source), result, &error);
  call_answer (call, error);
}

static void
new_secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (call->invocation);
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret = lk_secret_from_fd_finish (result, &error);
  const char *redirect = NULL;
  LkClientRecord record = { .created = lk_agent_context_get_now (context) };

  if (secret == NULL)
    {
      call_answer (call, error);
      return;
    }
  g_variant_get_child (parameters, 0, "&s", &record.name);
  g_variant_get_child (parameters, 1, "&s", &record.provider);
  g_variant_get_child (parameters, 2, "&s", &record.client_id);
  options = g_variant_get_child_value (parameters, 4);
  if (g_variant_lookup (options, "redirect", "&s", &redirect) && redirect[0] != '\0')
    record.redirect = (char *) redirect;
  lk_agent_clients_add_async (lk_agent_context_get_clients (context), &record,
                              lk_secret_get_length (secret) > 0 ? secret : NULL,
                              client_changed_cb, g_steal_pointer (&call));
}

static gboolean
handle_add_client (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                   const char *name, const char *provider, const char *client_id,
                   GVariant *secret, GVariant *options, LkAgentContext *context)
{
  lk_agent_call_read_secret (lk_agent_call_new (context, invocation), fds, secret,
                             new_secret_read_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
changed_secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (call->invocation);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret = lk_secret_from_fd_finish (result, &error);
  const char *name;

  if (secret == NULL)
    {
      call_answer (call, error);
      return;
    }
  g_variant_get_child (parameters, 0, "&s", &name);
  lk_agent_clients_set_secret_async (lk_agent_context_get_clients (context), name,
                                     lk_secret_get_length (secret) > 0 ? secret : NULL,
                                     client_changed_cb, g_steal_pointer (&call));
}

static gboolean
handle_set_client_secret (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                          GUnixFDList *fds, const char *name, GVariant *secret,
                          LkAgentContext *context)
{
  lk_agent_call_read_secret (lk_agent_call_new (context, invocation), fds, secret,
                             changed_secret_read_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_remove_client (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *name,
                      LkAgentContext *context)
{
  lk_agent_clients_remove_async (lk_agent_context_get_clients (context), name, client_changed_cb,
                                 lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Sign-ins. */

static void
sign_in_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = lk_agent_sign_ins_start_finish (context, result, &error);

  if (path == NULL)
    call_answer (call, error);
  else
    lk_dbus_agent1_complete_connect (lk_agent_context_get_agent (context),
                                     g_steal_pointer (&call->invocation), path);
}

static gboolean
handle_connect (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *client,
                const char * const *scopes, GVariant *options, LkAgentContext *context)
{
  LkAgentSignInWish wish = { .client = client, .scopes = scopes[0] != NULL ? scopes : NULL };

  if (g_variant_lookup (options, "reconnect", "&s", &wish.reconnect) && wish.reconnect[0] == '\0')
    wish.reconnect = NULL;
  if (g_variant_lookup (options, "name", "&s", &wish.name) && wish.name[0] == '\0')
    wish.name = NULL;
  g_variant_lookup (options, "lifetime", "u", &wish.lifetime);
  wish.lifetime = MIN (wish.lifetime, 60 * 60);
  lk_agent_sign_ins_start_async (lk_agent_context_get_sign_ins (context), &wish,
                                 sign_in_started_cb, lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
address_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) address = lk_secret_from_fd_finish (result, &error);
  g_autofree char *path = NULL;

  if (address != NULL)
    path = lk_agent_sign_ins_paste (lk_agent_context_get_sign_ins (context), address, &error);
  if (path == NULL)
    call_answer (call, error);
  else
    lk_dbus_agent1_complete_paste (lk_agent_context_get_agent (context),
                                   g_steal_pointer (&call->invocation), NULL, path);
}

static gboolean
handle_paste (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
              GVariant *address, LkAgentContext *context)
{
  lk_agent_call_read_secret (lk_agent_call_new (context, invocation), fds, address,
                             address_read_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The rest. */

static gboolean
handle_restore_connection (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *id,
                           LkAgentContext *context)
{
  g_autoptr(LkAgentCall) call = lk_agent_call_new (context, invocation);
  g_autoptr(GError) error = NULL;

  lk_agent_connections_restore (lk_agent_context_get_connections (context), id, &error);
  call_answer (call, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
keyring_unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;

  lk_vault_unlock_finish (LK_VAULT (source), result, &error);
  call_answer (call, error);
}

static gboolean
handle_unlock_keyring (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                       LkAgentContext *context)
{
  lk_vault_unlock_async (lk_agent_context_get_vault (context), NULL, keyring_unlocked_cb,
                         lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
trial_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) clients = lk_agent_trial_start_finish (context, result, &error);
  LkAgentTrial *trial = lk_agent_context_get_trial (context);

  if (clients == NULL)
    {
      call_answer (call, error);
      return;
    }
  g_dbus_interface_skeleton_flush (
    G_DBUS_INTERFACE_SKELETON (lk_agent_context_get_agent (context)));
  lk_dbus_agent1_complete_start_trial (lk_agent_context_get_agent (context),
                                       g_steal_pointer (&call->invocation),
                                       lk_agent_trial_get_address (trial),
                                       (const char * const *) clients);
}

static gboolean
handle_start_trial (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                    LkAgentContext *context)
{
  lk_agent_trial_start_async (lk_agent_context_get_trial (context), trial_started_cb,
                              lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_quit (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, LkAgentContext *context)
{
  lk_dbus_agent1_complete_quit (agent, invocation);
  lk_agent_context_quit (context);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_manager_connect (LkAgentContext *context)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);
  const struct
  {
    const char *signal;
    GCallback   handler;
  } methods[] = {
    { "handle-list-providers", G_CALLBACK (handle_list_providers) },
    { "handle-reload-profiles", G_CALLBACK (handle_reload_profiles) },
    { "handle-list-clients", G_CALLBACK (handle_list_clients) },
    { "handle-add-client", G_CALLBACK (handle_add_client) },
    { "handle-set-client-secret", G_CALLBACK (handle_set_client_secret) },
    { "handle-remove-client", G_CALLBACK (handle_remove_client) },
    { "handle-connect", G_CALLBACK (handle_connect) },
    { "handle-paste", G_CALLBACK (handle_paste) },
    { "handle-restore-connection", G_CALLBACK (handle_restore_connection) },
    { "handle-unlock-keyring", G_CALLBACK (handle_unlock_keyring) },
    { "handle-start-trial", G_CALLBACK (handle_start_trial) },
    { "handle-quit", G_CALLBACK (handle_quit) },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (agent, methods[i].signal, methods[i].handler, context, 0);
  lk_agent_secrets_connect (context);
}
