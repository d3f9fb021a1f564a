/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-remedy-private.h"

#include "lk-agent-call.h"
#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-agent-remedies.h"
#include "lk-agent-secrets.h"

static void
call_answer (LkAgentCall *call, const GError *error)
{
  LkAgentRemedy *self = LK_AGENT_REMEDY (call->owner);

  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  if (error != NULL)
    lk_agent_return_error (g_steal_pointer (&call->invocation), error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), NULL);
}

/* Check and Tell. */

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;

  lk_agent_remedy_check_finish (LK_AGENT_REMEDY (source), result, &error);
  call_answer (call, error);
}

static gboolean
handle_check (LkDBusRemedy1 *skeleton, GDBusMethodInvocation *invocation, guint step,
              LkAgentRemedy *self)
{
  lk_agent_remedy_check_async (self, step, FALSE, checked_cb,
                               lk_agent_call_new (self, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Nothing that an answer could prove is taken on trust. */
static gboolean
may_be_told (LkAgentRemedy *self, guint step)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);
  const LkRemedyStep *about;

  if (plan == NULL || step >= plan->steps->len)
    return FALSE;
  about = plan->steps->pdata[step];
  return about->check == LK_CHECK_NONE
         || (about->check == LK_CHECK_CALL && self->record->call == NULL)
         || g_str_equal (((const LkStepRecord *) self->record->steps->pdata[step])->state,
                         "unknown");
}

static gboolean
handle_tell (LkDBusRemedy1 *skeleton, GDBusMethodInvocation *invocation, guint step,
             LkAgentRemedy *self)
{
  g_autoptr(LkAgentCall) call = lk_agent_call_new (self, invocation);
  g_autoptr(GError) error = NULL;

  if (!may_be_told (self, step))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                         "there is no such step, or it proves itself");
  else
    lk_agent_remedy_told (self, step);
  call_answer (call, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Watch and Close. */

/* Who asked to be told may close the window now: the watch outlives the agent from here on. */
static void
watch_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (LK_AGENT_REMEDY (call->owner)->context, error);
  call_answer (call, NULL);
}

static gboolean
handle_watch (LkDBusRemedy1 *skeleton, GDBusMethodInvocation *invocation, gboolean on,
              LkAgentRemedy *self)
{
  LkAgentCall *call = lk_agent_call_new (self, invocation);
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  if (on && self->record->ended == 0)
    lk_agent_remedy_watch (self, g_dbus_method_invocation_get_sender (invocation));
  else
    lk_agent_remedy_unwatch (self);
  lk_agent_remedy_sync (self);
  if (ledger != NULL && self->object != NULL)
    {
      lk_ledger_put_remedy_async (ledger, self->record, NULL, watch_written_cb, call);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  call_answer (call, NULL);
  lk_agent_call_free (call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_close (LkDBusRemedy1 *skeleton, GDBusMethodInvocation *invocation, LkAgentRemedy *self)
{
  g_autoptr(LkAgentCall) call = lk_agent_call_new (self, invocation);

  call_answer (call, NULL);
  lk_agent_remedies_close (lk_agent_context_get_remedies (self->context), self);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* UseSecret: first the provider's word, then the keyring. */

typedef struct
{
  LkAgentCall   *bus;    /* (owned) */
  LkSecret      *secret; /* (owned) (nullable) */
  LkProbeAnswer *answer; /* (owned) (nullable) */
} Use;

static void
use_free (Use *use)
{
  lk_agent_call_free (use->bus);
  g_clear_pointer (&use->secret, lk_secret_unref);
  g_clear_pointer (&use->answer, lk_probe_answer_free);
  g_free (use);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Use, use_free)

static const char *
client_of (LkAgentRemedy *self)
{
  LkAgentConnection *connection = lk_agent_remedy_get_connection (self);

  return connection != NULL ? lk_agent_connection_get_record (connection)->client : "";
}

static void
use_end (Use *use)
{
  LkAgentRemedy *self = LK_AGENT_REMEDY (use->bus->owner);
  const LkFault *fault = use->answer->fault;

  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  lk_dbus_remedy1_complete_use_secret (
    self->skeleton, g_steal_pointer (&use->bus->invocation), NULL,
    fault != NULL ? lk_fault_to_variant (fault)
                  : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

static void
judge_secret_step (LkAgentRemedy *self)
{
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (self);

  for (guint i = 0; plan != NULL && i < plan->steps->len; i++)
    if (((const LkRemedyStep *) plan->steps->pdata[i])->check == LK_CHECK_SECRET)
      lk_agent_remedy_judge (self, i);
}

static void
secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Use) use = user_data;
  LkAgentRemedy *self = LK_AGENT_REMEDY (use->bus->owner);
  g_autoptr(GError) error = NULL;

  if (!lk_agent_clients_change_finish (LK_AGENT_CONTEXT (source), result, &error))
    {
      call_answer (use->bus, error);
      return;
    }
  lk_facts_take_answer (self->record->facts, lk_probe_answer_copy (use->answer));
  judge_secret_step (self);
  lk_agent_remedy_save (self);
  use_end (use);
}

static void
secret_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Use) use = user_data;
  LkAgentRemedy *self = LK_AGENT_REMEDY (use->bus->owner);
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autoptr(GError) error = NULL;

  if (!lk_agent_secrets_check_finish (context, result, &use->answer, &error))
    call_answer (use->bus, error);
  else if (use->answer->fault != NULL)
    use_end (use);
  else
    {
      LkSecret *secret = use->secret;

      lk_agent_clients_set_secret_async (lk_agent_context_get_clients (context),
                                         client_of (self), secret, secret_stored_cb,
                                         g_steal_pointer (&use));
    }
}

static void
secret_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Use) use = user_data;
  LkAgentRemedy *self = LK_AGENT_REMEDY (use->bus->owner);
  g_autoptr(GError) error = NULL;
  LkSecret *secret = lk_secret_from_fd_finish (result, &error);

  use->secret = secret;
  if (secret == NULL)
    call_answer (use->bus, error);
  else
    lk_agent_secrets_check_async (self->context, client_of (self), secret, secret_checked_cb,
                                  g_steal_pointer (&use));
}

static gboolean
handle_use_secret (LkDBusRemedy1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                   GVariant *secret, LkAgentRemedy *self)
{
  Use *use = g_new0 (Use, 1);

  use->bus = lk_agent_call_new (self, invocation);
  lk_secret_from_fd_async (lk_agent_call_steal_fd (fds, secret), secret_read_cb, use);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_remedy_connect_ops (LkAgentRemedy *self)
{
  const struct
  {
    const char *signal;
    GCallback   handler;
  } methods[] = {
    { "handle-check", G_CALLBACK (handle_check) },
    { "handle-tell", G_CALLBACK (handle_tell) },
    { "handle-watch", G_CALLBACK (handle_watch) },
    { "handle-use-secret", G_CALLBACK (handle_use_secret) },
    { "handle-close", G_CALLBACK (handle_close) },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect_object (self->skeleton, methods[i].signal, methods[i].handler, self, 0);
}
