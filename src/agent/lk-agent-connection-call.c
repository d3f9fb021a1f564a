/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-call.h"
#include "lk-agent-error.h"
#include "lk-agent-refusals.h"
#include "lk-agent-tree.h"

#define TIMEOUT_DEFAULT_S 30
#define TIMEOUT_MAX_S     600
#define TARGET_MAX        (8 * 1024)  /* bytes */
#define QUERY_MAX         (64 * 1024) /* bytes */
#define PARAMETERS_MAX    256
#define COOKIE_MAX        128 /* bytes */

/* A call of a program, from the bus to the engine and back. */
typedef struct
{
  /* input */
  LkAgentCall   *bus;     /* (owned) */
  LkCallRequest *request; /* (owned) */
  char          *program; /* (owned) */
  char          *cookie;  /* (owned) */
  guint          timeout;

  /* in progress */
  LkAgentSource *source;  /* (owned) (nullable) */
  gulong         step_id;
  gboolean       held;

  /* output */
  LkCallResult  *result;  /* (owned) (nullable) */
} Way;

static LkAgentConnection *
way_get_connection (Way *way)
{
  return LK_AGENT_CONNECTION (way->bus->owner);
}

static LkCallEngine *
way_get_engine (Way *way)
{
  return lk_agent_context_get_engine (lk_agent_connection_get_context (way_get_connection (way)));
}

static void
way_free (Way *way)
{
  LkAgentContext *context
    = g_object_ref (lk_agent_connection_get_context (way_get_connection (way)));

  g_clear_signal_handler (&way->step_id, lk_agent_context_get_engine (context));
  g_clear_object (&way->source);
  g_clear_pointer (&way->request, lk_call_request_unref);
  g_clear_pointer (&way->result, lk_call_result_free);
  g_free (way->program);
  g_free (way->cookie);
  lk_agent_call_free (way->bus);
  if (way->held)
    lk_agent_context_release (context);
  g_object_unref (context);
  g_free (way);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Way, way_free)

static void
way_flush (Way *way)
{
  lk_agent_connection_flush (way_get_connection (way));
}

static void
way_fail (Way *way, const GError *error)
{
  way_flush (way);
  lk_agent_return_error (g_steal_pointer (&way->bus->invocation), error);
}

/* Into what the bus carries. */

static GVariant *
step_to_variant (const LkCallStep *step)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "at", "x", step->at);
  g_variant_dict_insert (&dict, "kind", "s", step->kind);
  g_variant_dict_insert (&dict, "seconds", "d", step->seconds);
  if (step->klass != LK_CLASS_OK)
    g_variant_dict_insert (&dict, "class", "s", lk_class_to_string (step->klass));
  if (step->code != NULL)
    g_variant_dict_insert (&dict, "code", "s", step->code);
  if (step->trace_id != NULL)
    g_variant_dict_insert (&dict, "trace-id", "s", step->trace_id);
  return g_variant_dict_end (&dict);
}

static GVariant *
steps_to_variant (GPtrArray *steps)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    g_variant_builder_add_value (&builder, step_to_variant (steps->pdata[i]));
  return g_variant_builder_end (&builder);
}

static void
insert_text (GVariantDict *dict, const char *key, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid != NULL)
    g_variant_dict_insert (dict, key, "s", valid);
}

static GVariant *
result_to_variant (const LkCallResult *result, gint64 event)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  const LkReply *reply = result->reply;

  g_variant_dict_insert (&dict, "status", "i", reply != NULL ? reply->status : 0);
  insert_text (&dict, "content-type", reply != NULL ? reply->content_type : NULL);
  insert_text (&dict, "trace-id",
               result->fault != NULL && result->fault->trace_id != NULL ? result->fault->trace_id
               : reply != NULL                                          ? reply->trace_id
                                                                        : NULL);
  g_variant_dict_insert_value (&dict, "fault",
                               result->fault != NULL
                                 ? lk_fault_to_variant (result->fault)
                                 : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  g_variant_dict_insert (&dict, "attempts", "u", result->attempts);
  g_variant_dict_insert (&dict, "renewed", "b", result->renewed);
  g_variant_dict_insert_value (&dict, "steps", steps_to_variant (result->steps));
  if (event != 0)
    g_variant_dict_insert (&dict, "event", "x", event);
  return g_variant_dict_end (&dict);
}

static void
way_answer (Way *way, gint64 event)
{
  const LkReply *reply = way->result->reply;
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  int fd = lk_bytes_to_fd (reply != NULL ? reply->body : NULL, &error);

  if (fd < 0)
    {
      way_fail (way, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  way_flush (way);
  lk_dbus_connection1_complete_call (NULL, g_steal_pointer (&way->bus->invocation), fds,
                                     result_to_variant (way->result, event),
                                     g_variant_new_handle (0));
}

/* The way. */

static void
noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Way) way = user_data;

  way_answer (way, lk_agent_refusals_note_finish (LK_AGENT_CONNECTION (source), result));
}

/* A call that is signed with a secret which the keyring does not give. */
static void
blame_keyring (LkAgentConnection *connection, GError **error)
{
  LkVault *vault = lk_agent_context_get_vault (lk_agent_connection_get_context (connection));
  LkAgentError code;

  if (!g_error_matches (*error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_MISSING_VALUE)
      || lk_vault_get_state (vault) == LK_VAULT_READY)
    return;
  code = lk_vault_get_state (vault) == LK_VAULT_LOCKED ? LK_AGENT_ERROR_KEYRING_LOCKED
         : lk_vault_get_state (vault) == LK_VAULT_ABSENT ? LK_AGENT_ERROR_KEYRING_ABSENT
                                                         : LK_AGENT_ERROR_KEYRING_BROKEN;
  g_clear_error (error);
  g_set_error_literal (error, LK_AGENT_ERROR, code, "the client secret is in the keyring");
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Way) way = user_data;
  LkAgentConnection *connection = way_get_connection (way);
  g_autoptr(GError) error = NULL;

  way->result = lk_call_engine_call_finish (LK_CALL_ENGINE (source), result, &error);
  if (way->result == NULL)
    {
      lk_agent_refusals_sync_circuit (connection, NULL);
      blame_keyring (connection, &error);
      way_fail (way, error);
      return;
    }
  lk_agent_refusals_note_async (connection, way->request, way->program, way->source, way->result,
                                noted_cb, way);
  g_steal_pointer (&way);
}

static void
step_cb (LkCallEngine *engine, LkTokenSource *source, gpointer step, Way *way)
{
  LkAgentConnection *connection = way_get_connection (way);

  if (source == LK_TOKEN_SOURCE (way->source))
    lk_agent_tree_emit (lk_agent_context_get_tree (lk_agent_connection_get_context (connection)),
                        connection, "CallStep",
                        g_variant_new ("(s@a{sv})", way->cookie, step_to_variant (step)));
}

static void
body_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Way) way = user_data;
  LkAgentConnection *connection = way_get_connection (way);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkClientRecord *client = lk_agent_connection_get_client (connection);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = lk_bytes_from_fd_finish (result, &error);

  if (body != NULL && (profile == NULL || client == NULL))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                         "the provider's profile or the developer app is missing");
  if (error != NULL)
    {
      way_fail (way, error);
      return;
    }
  if (g_bytes_get_size (body) > 0)
    way->request->body = g_steal_pointer (&body);
  way->source = lk_agent_source_new (connection, TRUE);
  if (way->cookie[0] != '\0')
    way->step_id = g_signal_connect (way_get_engine (way), "step", G_CALLBACK (step_cb), way);
  lk_agent_context_hold (lk_agent_connection_get_context (connection));
  way->held = TRUE;
  lk_call_engine_call_async (way_get_engine (way), profile, client->name,
                             lk_agent_connection_get_id (connection),
                             LK_TOKEN_SOURCE (way->source), way->request, way->timeout, NULL,
                             called_cb, way);
  g_steal_pointer (&way);
}

static gboolean
check_call (const LkCallRequest *request, GError **error)
{
  size_t length = 0;
  guint n = 0;

  for (; request != NULL && request->query != NULL && request->query[n] != NULL; n++)
    length += strlen (request->query[n]);
  if (request != NULL && strlen (request->target) <= TARGET_MAX && length <= QUERY_MAX
      && n <= PARAMETERS_MAX)
    return TRUE;
  g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                       request == NULL ? "the call has no method or no target"
                                       : "the call's address is too long");
  return FALSE;
}

static char *
dup_option (GVariant *options, const char *key, size_t longest)
{
  const char *text = "";

  g_variant_lookup (options, key, "&s", &text);
  return strlen (text) <= longest ? g_strdup (text) : g_strdup ("");
}

static gboolean
handle_call (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds,
             GVariant *call, GVariant *body, GVariant *options, LkAgentConnection *self)
{
  g_autoptr(Way) way = g_new0 (Way, 1);
  g_autoptr(GError) error = NULL;

  way->bus = lk_agent_call_new (self, invocation);
  way->request = lk_call_request_from_variant (call);
  way->timeout = TIMEOUT_DEFAULT_S;
  way->program = dup_option (options, "program", 1024);
  way->cookie = dup_option (options, "cookie", COOKIE_MAX);
  g_variant_lookup (options, "timeout", "u", &way->timeout);
  way->timeout = CLAMP (way->timeout, 1, TIMEOUT_MAX_S);
  if (!check_call (way->request, &error))
    {
      way_fail (way, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  /* A body in the message itself would be read by everyone on the bus. */
  g_clear_pointer (&way->request->body, g_bytes_unref);
  lk_bytes_from_fd_async (lk_agent_call_steal_fd (fds, body), LK_BODY_MAX, body_read_cb, way);
  g_steal_pointer (&way);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_close_circuit (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                      LkAgentConnection *self)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);

  lk_call_engine_close_circuit (lk_agent_context_get_engine (context),
                                lk_agent_connection_get_id (self));
  lk_agent_refusals_sync_circuit (self, NULL);
  lk_agent_connection_flush (self);
  lk_dbus_connection1_complete_close_circuit (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_dismiss_refusal (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                        LkAgentConnection *self)
{
  lk_agent_refusals_dismiss (self);
  lk_agent_connection_flush (self);
  lk_dbus_connection1_complete_dismiss_refusal (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_connection_connect_calls (LkAgentConnection *self, LkDBusConnection1 *skeleton)
{
  g_signal_connect_object (skeleton, "handle-call", G_CALLBACK (handle_call), self, 0);
  g_signal_connect_object (skeleton, "handle-close-circuit", G_CALLBACK (handle_close_circuit),
                           self, 0);
  g_signal_connect_object (skeleton, "handle-dismiss-refusal",
                           G_CALLBACK (handle_dismiss_refusal), self, 0);
}
