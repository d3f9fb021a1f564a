/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warnings-private.h"

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-connection-action.h"

/* A number that is new with each new reason, and never 0. */
static gint64
number_of (const char *rests_on, gint64 signed_in, const LkFault *fault, gint64 ends)
{
  g_autofree char *text
    = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s", rests_on, signed_in,
                       ends, fault != NULL ? lk_class_to_string (fault->klass) : "",
                       fault != NULL && g_str_equal (rests_on, "fault") && fault->code != NULL
                         ? fault->code : "");

  return (gint64) g_str_hash (text) + 1;
}

/* After the end of an authorization the provider refuses what rests on it: that is not another
 * reason. Returns: the end; 0 when the refusal is about something else */
static gint64
get_end_behind (const LkConnectionRecord *record, const LkFault *fault, gint64 ends)
{
  if (fault->klass == LK_CLASS_REFRESH_DEAD)
    ends = record->refresh_ends;
  else if (fault->klass != LK_CLASS_TOKEN_EXPIRED && fault->klass != LK_CLASS_TOKEN_REVOKED)
    return 0;
  return ends > 0 && ends != LK_END_NEVER && fault->at >= ends ? ends : 0;
}

/**
 * lk_agent_warnings_attention_of:
 * @fault: (out) (transfer full) (nullable): what is wrong
 * @rests_on: (out): "fault", "refusal" or "ended"
 * @ends: (out): of the authorization
 *
 * Returns: a number for the reason why only a person can go on; 0 when there is none. The same
 *   refusal again is no new reason, and neither is one of the same kind elsewhere.
 */
gint64
lk_agent_warnings_attention_of (LkAgentConnection *connection, LkFault **fault,
                                const char **rests_on, gint64 *ends)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  LkHealth health;
  gint64 end;

  *fault = NULL;
  *rests_on = "fault";
  lk_agent_connection_get_state (connection, &health, ends);
  if (health == LK_HEALTH_ATTENTION)
    {
      g_autoptr(GVariant) dict
        = g_variant_ref_sink (lk_agent_connection_get_property (connection, "Fault"));

      if (g_variant_n_children (dict) > 0)
        *fault = lk_fault_from_variant (dict);
      if (!lk_agent_fault_needs_person (*fault))
        {
          g_clear_pointer (fault, lk_fault_free);
          *rests_on = "ended";
          return number_of (*rests_on, record->signed_in, NULL, *ends);
        }
      end = get_end_behind (record, *fault, *ends);
      if (end != 0)
        return number_of ("ended", record->signed_in, NULL, end);
      return number_of (*rests_on, record->signed_in, *fault, 0);
    }
  if (record->refusal == NULL || !lk_class_stops_work (record->refusal->klass))
    return 0;
  *fault = lk_fault_copy (record->refusal);
  *rests_on = "refusal";
  return number_of (*rests_on, record->signed_in, *fault, 0);
}

gboolean
lk_agent_warnings_helps_sign_in (const LkFault *fault, const char *rests_on)
{
  if (g_strcmp0 (rests_on, "refusal") == 0)
    return FALSE;
  return lk_connection_action_decide (LK_HEALTH_ATTENTION, fault, NULL)
         == LK_CONNECTION_ACTION_RECONNECT;
}

/* Words. */

static void
word_connection (LkAgentWarnings *self, const LkAgentWarningEntry *entry,
                 LkAgentConnection *connection, char **title, char **text, gboolean *reconnect)
{
  g_autoptr(GTimeZone) zone = lk_agent_warnings_dup_zone ();
  gint64 now = lk_agent_context_get_now (self->context);
  g_autoptr(LkFault) fault = NULL;
  const char *rests_on;
  LkAgentWarningSubject subject
    = { .name = lk_agent_connection_get_record (connection)->name, .detail = entry->detail };

  lk_agent_warnings_attention_of (connection, &fault, &rests_on, &subject.ends);
  if (entry->reason == LK_WARNING_ATTENTION)
    {
      subject.fault = fault;
      subject.refused = g_str_equal (rests_on, "refusal");
      subject.reconnect = lk_agent_warnings_helps_sign_in (fault, rests_on);
    }
  *reconnect = subject.reconnect || entry->reason == LK_WARNING_ENDING;
  *title = lk_agent_warning_words_dup_title (entry->reason, &subject, now, zone);
  *text = lk_agent_warning_words_dup_body (entry->reason, &subject, now, zone);
}

static gboolean
word_incident (const LkAgentWarningEntry *entry, char **title, char **text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_auto(GStrv) lines = g_strsplit (entry->detail != NULL ? entry->detail : "", "\n", 2);
  LkAgentWarningSubject subject = { .name = lines[0] };

  if (g_strv_length (lines) < 2)
    return FALSE;
  subject.detail = lines[1];
  *title = lk_agent_warning_words_dup_title (LK_WARNING_INCIDENT, &subject, 0, utc);
  *text = lk_agent_warning_words_dup_body (LK_WARNING_INCIDENT, &subject, 0, utc);
  return TRUE;
}

gboolean
lk_agent_warnings_word (LkAgentWarnings *self, const LkAgentWarningEntry *entry, char **title,
                        char **text, gboolean *reconnect)
{
  LkAgentConnection *connection;

  *reconnect = FALSE;
  if (entry->reason == LK_WARNING_INCIDENT)
    return word_incident (entry, title, text);
  connection = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                            entry->subject);
  if (connection == NULL || !lk_agent_connection_is_published (connection))
    return FALSE;
  word_connection (self, entry, connection, title, text, reconnect);
  return TRUE;
}

/**
 * lk_agent_warnings_dup_event:
 *
 * Returns: (transfer full) (nullable): what is passed on; %NULL when @entry is about nothing
 */
LkAgentOutletEvent *
lk_agent_warnings_dup_event (LkAgentWarnings *self, const LkAgentWarningEntry *entry)
{
  g_autoptr(LkAgentOutletEvent) event
    = lk_agent_outlet_event_new (lk_warning_reason_to_string (entry->reason),
                                 lk_agent_context_get_now (self->context));
  LkAgentConnection *connection;
  g_autoptr(LkFault) fault = NULL;
  const LkConnectionRecord *record;
  const char *rests_on;
  gboolean reconnect;

  if (!lk_agent_warnings_word (self, entry, &event->title, &event->text, &reconnect))
    return NULL;
  if (entry->reason == LK_WARNING_INCIDENT)
    return g_steal_pointer (&event);
  connection = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                            entry->subject);
  record = lk_agent_connection_get_record (connection);
  lk_agent_warnings_attention_of (connection, &fault, &rests_on, &event->ends);
  if (entry->reason == LK_WARNING_ATTENTION && fault != NULL)
    event->fault = g_strdup (lk_class_to_string (fault->klass));
  if (event->ends == LK_END_NEVER)
    event->ends = 0;
  event->connection = g_strdup (record->id);
  event->name = g_strdup (record->name);
  event->provider = g_strdup (record->provider);
  return g_steal_pointer (&event);
}
