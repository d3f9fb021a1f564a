/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-secrets.h"

#include "lk-agent-call.h"
#include "lk-agent-clients.h"
#include "lk-agent-error.h"

#define TEXT_MAX LK_BODY_MAX

static void
call_fail (LkAgentCall *call, const GError *error)
{
  lk_agent_return_error (g_steal_pointer (&call->invocation), error);
}

static LkDBusAgent1 *
call_get_agent (LkAgentCall *call)
{
  return lk_agent_context_get_agent (LK_AGENT_CONTEXT (call->owner));
}

/* CheckClientSecret. */

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(LkProbeAnswer) answer = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_agent_secrets_check_finish (LK_AGENT_CONTEXT (source), result, &answer, &error))
    call_fail (call, error);
  else
    lk_dbus_agent1_complete_check_client_secret (
      call_get_agent (call), g_steal_pointer (&call->invocation), NULL,
      answer->fault != NULL ? lk_fault_to_variant (answer->fault)
                            : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

static void
secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (call->invocation);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) secret = lk_secret_from_fd_finish (result, &error);
  const char *name;

  if (secret == NULL)
    {
      call_fail (call, error);
      return;
    }
  g_variant_get_child (parameters, 0, "&s", &name);
  lk_agent_secrets_check_async (context, name, secret, checked_cb, g_steal_pointer (&call));
}

static gboolean
handle_check_client_secret (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                            GUnixFDList *fds, const char *name, GVariant *secret,
                            LkAgentContext *context)
{
  lk_agent_call_read_secret (lk_agent_call_new (context, invocation), fds, secret,
                             secret_read_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* ListHolds. */

static gboolean
handle_list_holds (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *client,
                   LkAgentContext *context)
{
  g_autoptr(GPtrArray) holds = NULL;
  GVariantBuilder builder;

  if (lk_agent_clients_lookup (lk_agent_context_get_clients (context), client) == NULL)
    {
      g_dbus_method_invocation_return_error_literal (invocation, LK_AGENT_ERROR,
                                                     LK_AGENT_ERROR_NOT_FOUND,
                                                     "no app by this name");
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  holds = lk_call_engine_list_holds (lk_agent_context_get_engine (context), client);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < holds->len; i++)
    g_variant_builder_add_value (&builder, lk_fault_to_variant (holds->pdata[i]));
  lk_dbus_agent1_complete_list_holds (agent, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* FindSecrets. */

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;
  gboolean found;

  if (!lk_agent_secrets_find_finish (LK_AGENT_CONTEXT (source), result, &found, &error))
    call_fail (call, error);
  else
    lk_dbus_agent1_complete_find_secrets (call_get_agent (call),
                                          g_steal_pointer (&call->invocation), NULL, found);
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) text = lk_bytes_from_fd_finish (result, &error);

  if (text == NULL)
    call_fail (call, error);
  else
    lk_agent_secrets_find_async (context, text, found_cb, g_steal_pointer (&call));
}

static gboolean
handle_find_secrets (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                     GVariant *text, LkAgentContext *context)
{
  lk_bytes_from_fd_async (lk_agent_call_steal_fd (fds, text), TEXT_MAX, text_read_cb,
                          lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_secrets_connect (LkAgentContext *context)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);

  g_signal_connect_object (agent, "handle-check-client-secret",
                           G_CALLBACK (handle_check_client_secret), context, 0);
  g_signal_connect_object (agent, "handle-list-holds", G_CALLBACK (handle_list_holds), context,
                           0);
  g_signal_connect_object (agent, "handle-find-secrets", G_CALLBACK (handle_find_secrets),
                           context, 0);
}
