/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-programs.h"
#include "lk-agent-refusals.h"
#include "lk-agent-text.h"
#include "lk-policy.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define NAME_MAX_BYTES 200
#define HISTORY_MAX 500

/* A call on the bus while it is answered. */
typedef struct
{
  LkAgentConnection     *connection; /* (owned) */
  GDBusMethodInvocation *invocation; /* (owned) (nullable): until answered */
  guint32                min_valid;
  LkAgentProgram        *program;    /* (owned) (nullable): that takes a token */
} Call;

static Call *
call_new (LkAgentConnection *connection, GDBusMethodInvocation *invocation)
{
  Call *call = g_new0 (Call, 1);

  call->connection = g_object_ref (connection);
  call->invocation = invocation;
  return call;
}

static void
call_free (Call *call)
{
  if (call->invocation != NULL)
    g_dbus_method_invocation_return_error_literal (g_steal_pointer (&call->invocation),
                                                   LK_AGENT_ERROR, LK_AGENT_ERROR_FAILED,
                                                   "the call was dropped");
  g_clear_pointer (&call->program, lk_agent_program_free);
  g_object_unref (call->connection);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

/* What a call changed is on the bus before its answer. */
static void
call_flush (Call *call)
{
  lk_agent_connection_flush (call->connection);
}

static void
call_fail (Call *call, const GError *error)
{
  call_flush (call);
  lk_agent_return_error (g_steal_pointer (&call->invocation), error);
}

static void
call_succeed (Call *call)
{
  call_flush (call);
  g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), NULL);
}

/* GetToken. */

static LkAgentPrograms *
programs_of (LkAgentConnection *connection)
{
  return lk_agent_context_get_programs (lk_agent_connection_get_context (connection));
}

static void
call_hand_out (Call *call, LkTokenSet *tokens)
{
  g_autoptr(GUnixFDList) fds = NULL;
  g_autoptr(GError) error = NULL;
  int fd = lk_secret_to_fd (lk_token_set_get_access (tokens), &error);

  if (fd < 0)
    {
      call_fail (call, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  call_flush (call);
  lk_dbus_connection1_complete_get_token (NULL, g_steal_pointer (&call->invocation), fds,
                                          g_variant_new_handle (0),
                                          lk_token_set_get_access_ends (tokens));
  lk_agent_programs_note (programs_of (call->connection), call->connection, call->program);
}

/* A program may ask for more than a token ever lives; one that was just renewed is the best there
 * is then, and is not renewed with each question. */
static gboolean
is_good_enough (LkAgentConnection *connection, LkTokenSet *tokens, gint64 min_valid)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  gint64 now = lk_agent_context_get_now (lk_agent_connection_get_context (connection));
  gint64 ends = lk_token_set_get_access_ends (tokens);
  gint64 life = ends - lk_token_set_get_obtained (tokens);

  if (lk_policy_is_usable (tokens, now, min_valid))
    return TRUE;
  return min_valid >= life && record->last_renewed != 0 && now >= record->last_renewed
         && now - record->last_renewed < life / 10;
}

LkSecret *
lk_agent_connection_dup_token_at_hand (LkAgentConnection *self, gint64 min_valid)
{
  const LkFault *fault = lk_agent_connection_get_record (self)->fault;
  LkTokenSet *tokens = lk_agent_connection_get_tokens (self);

  if (tokens == NULL || lk_agent_connection_is_parked (self, NULL) ||
      (fault != NULL && fault->klass == LK_CLASS_TOKEN_REVOKED) ||
      !is_good_enough (self, tokens, min_valid))
    return NULL;

  return lk_secret_ref (lk_token_set_get_access (tokens));
}

static void
token_renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (call->connection, result,
                                                                   &error);

  if (tokens != NULL)
    {
      call_hand_out (call, tokens);
      return;
    }
  /* Somebody's renewal may have failed while the token that is here lasts long enough. */
  tokens = lk_agent_connection_get_tokens (call->connection);
  if (tokens != NULL)
    lk_token_set_ref (tokens);
  if (tokens != NULL && is_good_enough (call->connection, tokens, call->min_valid))
    call_hand_out (call, tokens);
  else
    call_fail (call, error);
}

static void
token_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  LkAgentConnection *self = call->connection;
  const LkFault *fault = lk_agent_connection_get_record (self)->fault;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_load_finish (self, result, &error);

  if (tokens == NULL)
    {
      call_fail (call, error);
      return;
    }
  if (fault != NULL && fault->klass == LK_CLASS_TOKEN_REVOKED)
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED,
                         "access was withdrawn");
  else if (is_good_enough (self, tokens, call->min_valid))
    {
      call_hand_out (call, tokens);
      return;
    }
  else if (!lk_agent_connection_can_renew (self) || lk_agent_fault_stops_renewal (fault))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_SIGN_IN_NEEDED,
                         "the token ended and cannot be renewed");

  if (error != NULL)
    call_fail (call, error);
  else
    lk_agent_connection_renew_async (self, token_renewed_cb, g_steal_pointer (&call));
}

static void
admitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  g_autoptr(GError) error = NULL;

  call->program = lk_agent_programs_admit_finish (self, result, &error);
  if (call->program == NULL)
    call_fail (call, error);
  else
    lk_agent_connection_load_async (self, token_loaded_cb, g_steal_pointer (&call));
}

static gboolean
handle_get_token (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                  GUnixFDList *fds, guint min_valid, const char *program,
                  LkAgentConnection *self)
{
  Call *call = call_new (self, invocation);

  call->min_valid = min_valid;
  lk_agent_programs_admit_async (programs_of (self), self, invocation, program, admitted_cb, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Renew, Verify, Revoke. */

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_agent_connection_renew_finish (call->connection, result,
                                                                   &error);

  if (tokens == NULL)
    call_fail (call, error);
  else
    call_succeed (call);
}

static gboolean
handle_renew (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
              LkAgentConnection *self)
{
  LkProfile *profile = lk_agent_connection_get_profile (self);

  if (profile != NULL && !lk_profile_has_step (profile, LK_STEP_REFRESH))
    {
      g_dbus_method_invocation_return_error_literal (invocation, LK_AGENT_ERROR,
                                                     LK_AGENT_ERROR_UNSUPPORTED,
                                                     "this provider has no renewal");
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  lk_agent_connection_renew_async (self, renewed_cb, call_new (self, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_agent_connection_verify_finish (call->connection, result, &error))
    {
      lk_call_engine_close_circuit (
        lk_agent_context_get_engine (lk_agent_connection_get_context (call->connection)),
        lk_agent_connection_get_id (call->connection));
      lk_agent_refusals_sync_circuit (call->connection, NULL);
      call_succeed (call);
    }
  else
    call_fail (call, error);
}

static gboolean
handle_verify (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
               LkAgentConnection *self)
{
  lk_agent_connection_verify_async (self, verified_cb, call_new (self, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_agent_connection_revoke_finish (call->connection, result, &error))
    call_succeed (call);
  else
    call_fail (call, error);
}

static gboolean
handle_revoke (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
               LkAgentConnection *self)
{
  lk_agent_connection_revoke_async (self, revoked_cb, call_new (self, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Remove, Rename, GetHistory. */

static gboolean
handle_remove (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
               LkAgentConnection *self)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);

  lk_agent_connections_remove (lk_agent_context_get_connections (context), self);
  lk_dbus_connection1_complete_remove (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
check_new_name (LkAgentConnection *self, const char *name, GError **error)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);

  if (!lk_agent_text_check ("name", name, NAME_MAX_BYTES, error))
    return FALSE;
  if (!lk_agent_connections_is_name_free (lk_agent_context_get_connections (context), name))
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_EXISTS,
                           "there is a connection by this name");
      return FALSE;
    }
  return TRUE;
}

static gboolean
handle_rename (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
               const char *name, LkAgentConnection *self)
{
  g_autoptr(Call) call = call_new (self, invocation);
  LkConnectionRecord *record = lk_agent_connection_get_record (self);
  g_autofree char *old = NULL;
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (record->name, name) != 0)
    {
      if (!check_new_name (self, name, &error))
        {
          call_fail (call, error);
          return G_DBUS_METHOD_INVOCATION_HANDLED;
        }
      old = g_steal_pointer (&record->name);
      record->name = g_strdup (name);
      lk_agent_connection_save (self, "renamed", old);
    }
  call_succeed (call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
events_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Call) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = lk_ledger_list_events_finish (LK_LEDGER (source), result, &error);
  GVariantBuilder builder;

  if (events == NULL)
    {
      call_fail (call, error);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < events->len; i++)
    g_variant_builder_add_value (&builder, lk_event_to_variant (events->pdata[i]));
  lk_dbus_connection1_complete_get_history (NULL, g_steal_pointer (&call->invocation),
                                            g_variant_builder_end (&builder));
}

static gboolean
handle_get_history (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                    gint64 before, guint limit, LkAgentConnection *self)
{
  g_autoptr(Call) call = call_new (self, invocation);
  g_autoptr(GError) error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (lk_agent_connection_get_context (self), &error);

  if (ledger == NULL)
    call_fail (call, error);
  else
    lk_ledger_list_events_async (ledger, lk_agent_connection_get_id (self), MAX (before, 0),
                                 CLAMP (limit, 1, HISTORY_MAX), NULL, events_listed_cb,
                                 g_steal_pointer (&call));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * lk_agent_connection_connect_ops:
 *
 * Answers the methods of Connection1.
 */
void
lk_agent_connection_connect_ops (LkAgentConnection *self, LkDBusConnection1 *skeleton)
{
  const struct
  {
    const char *signal;
    GCallback   handler;
  } methods[] = {
    { "handle-get-token", G_CALLBACK (handle_get_token) },
    { "handle-renew", G_CALLBACK (handle_renew) },
    { "handle-verify", G_CALLBACK (handle_verify) },
    { "handle-revoke", G_CALLBACK (handle_revoke) },
    { "handle-remove", G_CALLBACK (handle_remove) },
    { "handle-rename", G_CALLBACK (handle_rename) },
    { "handle-get-history", G_CALLBACK (handle_get_history) },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (skeleton, methods[i].signal, methods[i].handler, self, 0);
}
