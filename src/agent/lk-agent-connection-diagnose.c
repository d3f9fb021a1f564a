/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-call.h"
#include "lk-agent-enquiry.h"
#include "lk-agent-error.h"
#include "lk-agent-remedies.h"
#include "lk-agent-secrets.h"

#define PROBES_MAX        12
#define SURVEY_PROBES_MAX 40
#define FAULT_MAX         (16 * 1024)  /* bytes */
#define FACTS_MAX         (2 * 1024 * 1024) /* bytes: agencies reach 10,000 advertisers */

static void
call_fail (LkAgentCall *call, const GError *error)
{
  LkAgentConnection *self = LK_AGENT_CONNECTION (call->owner);

  lk_agent_connection_flush (self);
  lk_agent_return_error (g_steal_pointer (&call->invocation), error);
}

/* Into the history: each probe with what it asked about. */
static void
note_diagnosed (LkAgentConnection *self, const LkFacts *facts, gint64 since)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(LkEvent) event = NULL;

  for (guint i = 0; i < facts->answers->len; i++)
    {
      const LkProbeAnswer *answer = facts->answers->pdata[i];

      if (answer->at < since)
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", answer->probe);
      if (answer->account != NULL)
        g_string_append_printf (text, " %s", answer->account);
    }
  event = lk_event_new (lk_agent_connection_get_id (self), lk_agent_context_get_now (context),
                        "diagnosed", text->str);
  event->fault = facts->fault != NULL ? lk_fault_copy (facts->fault) : NULL;
  lk_agent_context_add_event (context, event);
}

/* Diagnose and Survey. */

typedef struct
{
  LkAgentCall *bus;    /* (owned) */
  gboolean     survey;
  gint64       begun;
} Ask;

static void
ask_free (Ask *ask)
{
  lk_agent_call_free (ask->bus);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Ask) ask = user_data;
  LkAgentConnection *self = LK_AGENT_CONNECTION (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkFacts) facts = lk_agent_enquiry_finish (self, result, &error);

  lk_agent_connection_set_busy (self, "");
  if (facts == NULL)
    {
      call_fail (ask->bus, error);
      return;
    }
  if (!ask->survey)
    note_diagnosed (self, facts, ask->begun);
  lk_agent_connection_flush (self);
  if (ask->survey)
    lk_dbus_connection1_complete_survey (NULL, g_steal_pointer (&ask->bus->invocation),
                                         lk_facts_to_variant (facts));
  else
    lk_dbus_connection1_complete_diagnose (NULL, g_steal_pointer (&ask->bus->invocation),
                                           lk_facts_to_variant (facts));
}

/* @fault: (transfer full) (nullable) */
static void
ask_start (LkAgentCall *bus, gboolean survey, LkFault *fault)
{
  LkAgentConnection *self = LK_AGENT_CONNECTION (bus->owner);
  LkFacts *facts = lk_agent_facts_new (self);
  Ask *ask = g_new0 (Ask, 1);

  ask->bus = bus;
  ask->survey = survey;
  ask->begun = facts->now;
  facts->fault = fault;
  lk_agent_connection_set_busy (self, "diagnosing");
  lk_agent_enquiry_async (self, facts, survey ? lk_enquiry_next_of_survey : lk_enquiry_next,
                          survey ? SURVEY_PROBES_MAX : PROBES_MAX, asked_cb, ask);
}

static void
event_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) bus = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkEvent) event = lk_ledger_get_event_finish (LK_LEDGER (source), result, NULL,
                                                         &error);

  if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_NOT_FOUND)
      || (event != NULL && event->fault == NULL))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "the history has no such refusal");
    }
  if (error != NULL)
    call_fail (bus, error);
  else
    ask_start (g_steal_pointer (&bus), FALSE, g_steal_pointer (&event->fault));
}

static gboolean
holds_secret (LkAgentContext *context, GVariant *value)
{
  size_t size = g_variant_get_size (value);

  return size > 0
         && lk_agent_secrets_is_at_hand (context, NULL, g_variant_get_data (value), size);
}

static LkFault *
read_fault (LkAgentConnection *self, GVariant *dict, GError **error)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);

  if (g_variant_get_size (dict) <= FAULT_MAX
      && !holds_secret (context, dict))
    return lk_fault_from_variant (dict);
  g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                       "the fault is too long or holds a secret");
  return NULL;
}

/* What is wrong with the connection, or the call that was refused last: whichever is newer. */
static LkFault *
dup_own_fault (LkAgentConnection *self)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (self);
  gboolean refused = record->refusal != NULL
                     && (record->fault == NULL || record->refusal->at > record->fault->at);

  return lk_fault_copy (refused ? record->refusal : record->fault);
}

static gboolean
handle_diagnose (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                 GVariant *options, LkAgentConnection *self)
{
  g_autoptr(LkAgentCall) bus = lk_agent_call_new (self, invocation);
  g_autoptr(GVariant) given = g_variant_lookup_value (options, "fault", G_VARIANT_TYPE_VARDICT);
  LkFault *fault = NULL;
  g_autoptr(GError) error = NULL;
  gint64 event = 0;
  LkLedger *ledger;

  if (g_variant_lookup (options, "event", "x", &event))
    {
      ledger = lk_agent_context_get_ledger (lk_agent_connection_get_context (self), &error);
      if (ledger == NULL)
        call_fail (bus, error);
      else
        lk_ledger_get_event_async (ledger, lk_agent_connection_get_id (self), event, NULL,
                                   event_found_cb, g_steal_pointer (&bus));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  fault = given != NULL && g_variant_n_children (given) > 0 ? read_fault (self, given, &error)
                                                            : dup_own_fault (self);
  if (error != NULL)
    call_fail (bus, error);
  else
    ask_start (g_steal_pointer (&bus), FALSE, fault);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_survey (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
               LkAgentConnection *self)
{
  ask_start (lk_agent_call_new (self, invocation), TRUE, NULL);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* StartRemedy. */

static void
remedy_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) bus = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = lk_agent_remedies_start_finish (LK_AGENT_CONTEXT (source), result,
                                                          &error);

  if (path == NULL)
    call_fail (bus, error);
  else
    lk_dbus_connection1_complete_start_remedy (NULL, g_steal_pointer (&bus->invocation), path);
}

static gboolean
handle_start_remedy (LkDBusConnection1 *skeleton, GDBusMethodInvocation *invocation,
                     const char *remedy, const char *cause, GVariant *values, GVariant *facts,
                     GVariant *options, LkAgentConnection *self)
{
  LkAgentContext *context = lk_agent_connection_get_context (self);
  g_autoptr(LkAgentCall) bus = lk_agent_call_new (self, invocation);
  g_autoptr(LkRemedyRecord) record = NULL;
  g_autoptr(GError) error = NULL;

  if (g_variant_get_size (facts) + g_variant_get_size (values) > FACTS_MAX
      || holds_secret (context, facts) || holds_secret (context, values))
    {
      g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                           "the facts are too long or hold a secret");
      call_fail (bus, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  record = lk_remedy_record_new ();
  record->connection = g_strdup (lk_agent_connection_get_id (self));
  record->remedy = g_strdup (remedy);
  record->cause = g_strdup (cause);
  lk_remedy_record_take_values (record, values);
  lk_facts_free (record->facts);
  record->facts = lk_facts_from_variant (facts);
  g_variant_lookup (options, "event", "x", &record->event);
  lk_agent_remedies_start_async (lk_agent_context_get_remedies (context),
                                 g_steal_pointer (&record), remedy_started_cb,
                                 g_steal_pointer (&bus));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_connection_connect_enquiry (LkAgentConnection *self, LkDBusConnection1 *skeleton)
{
  g_signal_connect_object (skeleton, "handle-diagnose", G_CALLBACK (handle_diagnose), self, 0);
  g_signal_connect_object (skeleton, "handle-survey", G_CALLBACK (handle_survey), self, 0);
  g_signal_connect_object (skeleton, "handle-start-remedy", G_CALLBACK (handle_start_remedy),
                           self, 0);
}
