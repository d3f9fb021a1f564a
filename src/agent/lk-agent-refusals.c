/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-refusals.h"

#include <string.h>

#include "lk-agent-error.h"
#include "lk-agent-history.h"
#include "lk-agent-monitor.h"
#include "lk-agent-secrets.h"
#include "lk-agent-text.h"
#include "lk-paste.h"

/* A proof of life is written at most so often. */
#define PROOF_QUIET_S 60
#define BODY_KEPT_MAX (64 * 1024) /* bytes */
#define PROGRAM_MAX_BYTES 64

static gboolean
holds_secret (LkAgentContext *context, LkSecret *also, const char *text, size_t length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);

  return lk_paste_has_secret (valid) || lk_agent_secrets_is_at_hand (context, also, text, length);
}

/* Whether @call may be written to the disk, to be sent again later. */
static gboolean
may_be_kept (LkAgentContext *context, LkSecret *also, const LkCallRequest *call)
{
  g_autofree char *query = call->query != NULL ? g_strjoinv ("&", call->query) : g_strdup ("");
  g_autofree char *head = g_strconcat (call->target, "?", query, NULL);

  if (call->body != NULL && g_bytes_get_size (call->body) > BODY_KEPT_MAX)
    return FALSE;
  if (holds_secret (context, also, head, strlen (head)))
    return FALSE;
  if (call->body != NULL && g_bytes_get_size (call->body) > 0)
    {
      size_t length;
      const char *body = g_bytes_get_data (call->body, &length);

      return !holds_secret (context, also, body, length);
    }
  return TRUE;
}

static LkEvent *
event_of (LkAgentConnection *connection, const char *kind, const char *who, const LkFault *fault)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  g_autofree char *text = NULL;
  LkEvent *event;

  if (fault->endpoint != NULL)
    text = g_strdup_printf ("%s %s%s%s%s", fault->method != NULL ? fault->method : "",
                            fault->endpoint, who != NULL ? " (" : "", who != NULL ? who : "",
                            who != NULL ? ")" : "");
  event = lk_event_new (lk_agent_connection_get_id (connection),
                        lk_agent_context_get_now (context), kind,
                        text != NULL ? g_strchug (text) : NULL);
  event->fault = lk_fault_copy (fault);
  if (event->fault->at == 0)
    event->fault->at = event->at;
  return event;
}

/* (nullable): a program may call itself what it likes, also by a secret. */
static char *
dup_program (LkAgentContext *context, LkSecret *also, const char *program)
{
  if (program == NULL || holds_secret (context, also, program, strlen (program)))
    return NULL;
  return lk_agent_text_dup_clean (program, PROGRAM_MAX_BYTES);
}

/* The circuit. */

void
lk_agent_refusals_sync_circuit (LkAgentConnection *connection, const LkFault *fault)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  gboolean open = lk_call_engine_is_circuit_open (lk_agent_context_get_engine (context),
                                                  lk_agent_connection_get_id (connection));
  g_autoptr(LkEvent) event = NULL;

  if (open == lk_agent_connection_is_circuit_open (connection))
    return;
  lk_agent_connection_set_circuit_open (connection, open);
  event = lk_event_new (lk_agent_connection_get_id (connection),
                        lk_agent_context_get_now (context),
                        open ? "circuit-opened" : "circuit-closed", NULL);
  event->fault = open ? lk_fault_copy (fault) : NULL;
  lk_agent_context_add_event (context, event);
}

/* What a success proves. */

/* A fault of a check that could not be made is over when a call gets through. */
static gboolean
is_disproved (const LkFault *fault)
{
  return fault != NULL && g_strcmp0 (fault->step, "verify") == 0
         && !lk_agent_fault_needs_person (fault);
}

static void
prove_alive (LkAgentConnection *connection)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  gint64 now = lk_agent_context_get_now (lk_agent_connection_get_context (connection));
  gboolean disproved = is_disproved (record->fault);

  if (!disproved && now >= record->last_verified && now - record->last_verified < PROOF_QUIET_S)
    return;
  record->last_verified = now;
  if (disproved)
    g_clear_pointer (&record->fault, lk_fault_free);
  lk_agent_connection_save (connection, NULL, NULL);
}

void
lk_agent_refusals_dismiss (LkAgentConnection *connection)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);

  if (record->refusal == NULL)
    return;
  g_clear_pointer (&record->refusal, lk_fault_free);
  record->refusal_event = 0;
  lk_agent_connection_save (connection, NULL, NULL);
}

static void
note_success (LkAgentConnection *connection, const LkCallRequest *call)
{
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const LkFault *refusal = lk_agent_connection_get_record (connection)->refusal;
  g_autofree char *path = NULL;
  g_autofree char *account = NULL;

  prove_alive (connection);
  if (refusal == NULL || profile == NULL || g_strcmp0 (refusal->method, call->method) != 0)
    return;
  path = lk_profile_dup_call_path (profile, call);
  account = lk_profile_dup_call_account (profile, call);
  if (g_strcmp0 (refusal->endpoint, path) == 0 && g_strcmp0 (refusal->account, account) == 0)
    lk_agent_refusals_dismiss (connection);
}

/* What a refusal asks for. */

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_agent_connection_verify_finish (LK_AGENT_CONNECTION (source), result, &error))
    g_info ("a refused call was followed by a failed check: %s", error->message);
}

/* One endpoint may call a living token dead. The provider is asked once about the token itself,
 * and what it says becomes the fault of the connection. */
static void
ask_about_token (LkAgentConnection *connection, const LkFault *fault)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const char *busy = lk_agent_connection_get_busy (connection);
  gboolean dead = fault->klass == LK_CLASS_TOKEN_REVOKED
                  || (fault->klass == LK_CLASS_TOKEN_EXPIRED
                      && !lk_agent_connection_can_renew (connection));

  if (!dead || profile == NULL || g_strcmp0 (busy, "") != 0
      || !lk_agent_connection_begin_asking (connection, fault->endpoint)
      || (record->fault != NULL && lk_agent_fault_needs_person (record->fault)))
    return;
  if (lk_profile_has_step (profile, LK_STEP_VERIFY)
      || lk_profile_has_step (profile, LK_STEP_ACCOUNTS))
    lk_agent_connection_verify_async (connection, verified_cb, NULL);
  else
    lk_agent_connection_fail (connection, "verify-failed", lk_fault_copy (fault));
}

void
lk_agent_refusals_heed_probe (LkAgentConnection *connection, const LkProbeAnswer *answer)
{
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  gboolean about_token = g_str_equal (answer->probe, "identity")
                         || g_str_equal (answer->probe, "reach");

  if (profile == NULL || !lk_profile_probe_needs_token (profile, answer->probe))
    return;
  if (answer->fault == NULL)
    prove_alive (connection);
  else if (about_token && answer->fault->klass == LK_CLASS_TOKEN_REVOKED
           && !lk_agent_monitor_has_incident (
                lk_agent_context_get_monitor (lk_agent_connection_get_context (connection)),
                lk_agent_connection_get_record (connection)->provider))
    lk_agent_connection_fail (connection, "verify-failed", lk_fault_copy (answer->fault));
  lk_agent_refusals_sync_circuit (connection, answer->fault);
}

/* The history. */

static LkFault *
fault_of_step (const LkCallStep *step, const LkFault *last, const char *method, const char *path)
{
  LkFault *fault = last != NULL ? lk_fault_copy (last) : lk_fault_new (step->klass);

  fault->klass = step->klass;
  g_free (fault->code);
  fault->code = g_strdup (step->code);
  g_free (fault->trace_id);
  fault->trace_id = g_strdup (step->trace_id);
  g_clear_pointer (&fault->message, g_free);
  if (fault->method == NULL)
    fault->method = g_strdup (method);
  if (fault->endpoint == NULL)
    fault->endpoint = g_strdup (path);
  fault->at = step->at;
  return fault;
}

static void
repeat_noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_ledger_note_finish (LK_LEDGER (source), result, &error) == 0)
    lk_agent_context_ledger_failed (context, error);
}

/* Each refusal that another request followed. */
static void
note_repeats (LkAgentConnection *connection, LkLedger *ledger, const LkCallRequest *call,
              const LkCallResult *result)
{
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  g_autofree char *path = profile != NULL ? lk_profile_dup_call_path (profile, call) : NULL;
  const LkCallStep *refused = NULL;

  for (guint i = 0; result->steps != NULL && i < result->steps->len; i++)
    {
      const LkCallStep *step = result->steps->pdata[i];

      if (g_str_equal (step->kind, "refused"))
        refused = step;
      else if (g_str_equal (step->kind, "sent") && refused != NULL)
        {
          g_autoptr(LkFault) fault = fault_of_step (refused, result->fault, call->method, path);
          g_autoptr(LkEvent) event = event_of (connection, "call-repeated", NULL, fault);

          lk_ledger_note_async (ledger, event, NULL, NULL, repeat_noted_cb,
                                g_object_ref (context));
          lk_agent_context_event_added (context, event);
          refused = NULL;
        }
    }
}

static void
refusal_noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentConnection *connection = g_task_get_source_object (task);
  const LkFault *fault = g_task_get_task_data (task);
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  g_autoptr(GError) error = NULL;
  gint64 *id = g_new (gint64, 1);

  *id = lk_ledger_note_finish (LK_LEDGER (source), result, &error);
  if (*id == 0)
    lk_agent_context_ledger_failed (lk_agent_connection_get_context (connection), error);
  /* What Latchkey itself or the network held up is no answer of the provider; a page that cannot be
   * read is one. */
  if (!lk_fault_is_local (fault, NULL) || fault->http_status > 0)
    {
      g_clear_pointer (&record->refusal, lk_fault_free);
      record->refusal = lk_fault_copy (fault);
      record->refusal_event = *id;
      lk_agent_connection_save (connection, NULL, NULL);
    }
  g_task_return_pointer (task, id, g_free);
}

void
lk_agent_refusals_note_async (LkAgentConnection *connection, LkCallRequest *call,
                              const char *program, LkAgentSource *source,
                              const LkCallResult *result, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (connection, NULL, callback, user_data);
  LkAgentContext *context = lk_agent_connection_get_context (connection);
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);
  g_autoptr(LkEvent) event = NULL;
  g_autofree char *who = NULL;
  gboolean kept;

  g_task_set_source_tag (task, lk_agent_refusals_note_async);
  if (ledger != NULL)
    note_repeats (connection, ledger, call, result);
  if (result->fault == NULL)
    {
      note_success (connection, call);
      lk_agent_history_count (lk_agent_context_get_history (context), connection, "call");
    }
  lk_agent_refusals_sync_circuit (connection, result->fault);
  if (result->fault == NULL || ledger == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  who = dup_program (context, lk_agent_source_get_secret (source), program);
  event = event_of (connection, "call-refused", who, result->fault);
  kept = may_be_kept (context, lk_agent_source_get_secret (source), call);
  g_task_set_task_data (task, lk_fault_copy (event->fault), (GDestroyNotify) lk_fault_free);
  lk_ledger_note_async (ledger, event, kept ? call : NULL, NULL, refusal_noted_cb,
                        g_object_ref (task));
  lk_agent_context_event_added (context, event);
  ask_about_token (connection, result->fault);
}

gint64
lk_agent_refusals_note_finish (LkAgentConnection *connection, GAsyncResult *result)
{
  g_autofree gint64 *id = NULL;

  g_return_val_if_fail (g_task_is_valid (result, connection), 0);

  id = g_task_propagate_pointer (G_TASK (result), NULL);
  return id != NULL ? *id : 0;
}
