/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-monitor.h"

#include "lk-agent-connections.h"
#include "lk-agent-deadlines.h"
#include "lk-agent-error.h"
#include "lk-agent-monitor-ask.h"
#include "lk-ledger-query.h"
#include "lk-policy.h"

/* What could not be asked now is asked again after this, and up to as much later. */
#define AGAIN_S (15 * 60)
/* After a sleep much may be due together. */
#define GAP_S 2

/* What is remembered of one connection. */
typedef struct
{
  char              *id;         /* (owned) */
  LkAgentConnection *connection; /* (owned) (nullable): while it is watched */
  gint64             asked;      /* when it was last asked about; 0 for never */
  gint64             proven;     /* what @next follows from */
  gint64             next;       /* 0 for never */
  GVariant          *roles;      /* (owned) (nullable): a{ss} */
  gboolean           failing;    /* the last one was not answered */
  GSequenceIter     *place;      /* (nullable): in the queue */
} Entry;

struct _LkAgentMonitor
{
  LkAgentContext   *context;   /* outlives us */
  LkAgentIncidents *incidents; /* (owned) */
  GHashTable       *entries;   /* (owned) id → Entry */
  GSequence        *queue;     /* (owned) of Entry (unowned), nearest first */
  LkAgentDeadline  *deadline;  /* (owned) */
  gint64            period;    /* seconds; 0 for never */
  gint64            held_until;
  gboolean          asking;
  gboolean          ready;
  gboolean          restored;
};

static void
entry_free (Entry *entry)
{
  g_clear_object (&entry->connection);
  g_clear_pointer (&entry->roles, g_variant_unref);
  g_free (entry->id);
  g_free (entry);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Entry *left = a;
  const Entry *right = b;

  return (left->next > right->next) - (left->next < right->next);
}

static Entry *
get_entry (LkAgentMonitor *self, const char *id)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->id = g_strdup (id);
      g_hash_table_insert (self->entries, entry->id, entry);
    }
  return entry;
}

static void
arm (LkAgentMonitor *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);
  gint64 next = g_sequence_iter_is_end (first) ? LK_END_NEVER
                                               : ((Entry *) g_sequence_get (first))->next;

  if (!self->ready || self->asking)
    next = LK_END_NEVER;
  lk_agent_deadline_set (self->deadline, next == LK_END_NEVER ? next
                                                              : MAX (next, self->held_until));
}

/* @next: 0 for never. */
static void
entry_set_next (LkAgentMonitor *self, Entry *entry, gint64 next)
{
  if (entry->place != NULL)
    g_sequence_remove (g_steal_pointer (&entry->place));
  entry->next = next;
  if (next != 0)
    entry->place = g_sequence_insert_sorted (self->queue, entry, compare_entries, NULL);
  if (entry->connection != NULL)
    lk_agent_connection_set_next_probe (entry->connection, next);
  arm (self);
}

static gboolean
is_watched (LkAgentMonitor *self, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);

  return self->period > 0 && record->removed_at == 0 && record->parked == LK_PARKED_NOT
         && lk_agent_connection_get_client (connection) != NULL
         && lk_agent_monitor_can_ask (lk_agent_connection_get_profile (connection))
         && !lk_agent_fault_stops_renewal (record->fault)
         && !(record->fault != NULL && record->fault->klass == LK_CLASS_TOKEN_EXPIRED
              && !lk_agent_connection_can_renew (connection))
         && !lk_fault_is_local (record->fault, "identity-changed");
}

/* A token that was just issued is alive as well. */
static gint64
get_proven (Entry *entry, const LkConnectionRecord *record, gint64 now)
{
  const gint64 proofs[] = { entry->asked, record->last_verified, record->obtained };
  gint64 proven = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (proofs); i++)
    if (proofs[i] <= now)
      proven = MAX (proven, proofs[i]);
  return proven;
}

static void
lk_agent_monitor_plan (LkAgentMonitor *self, LkAgentConnection *connection)
{
  const char *id = lk_agent_connection_get_id (connection);
  gint64 now = lk_agent_context_get_now (self->context);
  Entry *entry = get_entry (self, id);
  gint64 proven;

  if (!is_watched (self, connection))
    {
      entry_set_next (self, entry, 0);
      g_clear_object (&entry->connection);
      return;
    }
  proven = get_proven (entry, lk_agent_connection_get_record (connection), now);
  g_set_object (&entry->connection, connection);
  /* Overdue stays overdue; what a clock that went back left behind does not. */
  if (entry->next != 0 && entry->proven == proven && entry->next <= now + 2 * self->period)
    return;
  entry->proven = proven;
  entry_set_next (self, entry, lk_policy_next_probe (proven, self->period, now, g_str_hash (id)));
}

static void
connection_changed_cb (LkAgentMonitor *self, LkAgentConnection *connection)
{
  if (!self->restored)
    return;
  lk_agent_incidents_plan (self->incidents, connection);
  lk_agent_monitor_plan (self, connection);
  if (lk_agent_connection_get_record (connection)->removed_at == LK_AGENT_REMOVED_FOR_GOOD)
    g_hash_table_remove (self->entries, lk_agent_connection_get_id (connection));
}

static void
plan_all (LkAgentMonitor *self)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));

  for (guint i = 0; i < all->len; i++)
    connection_changed_cb (self, all->pdata[i]);
}

/* Asking. */

static void
state_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

static void
entry_save (LkAgentMonitor *self, Entry *entry)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);
  g_autoptr(LkStateRecord) state = NULL;
  GVariantBuilder builder;

  if (ledger == NULL)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "asked", g_variant_new_int64 (entry->asked));
  if (entry->roles != NULL)
    g_variant_builder_add (&builder, "{sv}", "roles", entry->roles);
  state = lk_state_record_new ("probe", entry->id, entry->id, g_variant_builder_end (&builder));
  lk_ledger_put_state_async (ledger, state, NULL, state_written_cb,
                             g_object_ref (self->context));
}

/* Neither at once nor all together. */
static gint64
again (LkAgentMonitor *self, Entry *entry)
{
  return lk_agent_context_get_now (self->context) + AGAIN_S
         + g_random_int_range (0, (gint32) AGAIN_S);
}

/* What fails in passing is told once and is no fault of the connection. */
static void
note_failure (LkAgentMonitor *self, Entry *entry, const LkFault *fault)
{
  g_autoptr(LkEvent) event = NULL;

  if (entry->failing || fault == NULL)
    return;
  entry->failing = TRUE;
  event = lk_event_new (entry->id, lk_agent_context_get_now (self->context), "verify-failed", NULL);
  event->fault = lk_fault_copy (fault);
  if (event->fault->at == 0)
    event->fault->at = event->at;
  lk_agent_context_add_event (self->context, event);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentMonitor *self = lk_agent_context_get_monitor (context);
  LkAgentConnection *connection = LK_AGENT_CONNECTION (source);
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkAgentFound) found = lk_agent_monitor_ask_finish (connection, result, &error);
  Entry *entry;

  if (self == NULL)
    return;
  self->asking = FALSE;
  self->held_until = lk_agent_context_get_now (context) + GAP_S;
  entry = g_hash_table_lookup (self->entries, lk_agent_connection_get_id (connection));
  arm (self);
  if (entry == NULL || entry->connection == NULL)
    return;
  if (found != NULL && found->answered)
    {
      entry->failing = FALSE;
      entry->asked = lk_agent_context_get_now (context);
      if (found->roles != NULL)
        {
          g_clear_pointer (&entry->roles, g_variant_unref);
          entry->roles = g_variant_ref (found->roles);
        }
      entry_save (self, entry);
      lk_agent_monitor_plan (self, connection);
      return;
    }
  if (found == NULL)
    g_info ("a token was not asked about: %s", error->message);
  else if (found->offline)
    self->held_until = lk_agent_context_get_now (context) + AGAIN_S;
  else if (record->fault == NULL || !lk_agent_fault_same (record->fault, found->fault))
    note_failure (self, entry, found->fault);
  entry_set_next (self, entry, again (self, entry));
}

/* Until when the app's calls are held, or that of this connection; 0 for not. */
static gint64
get_hold (LkAgentMonitor *self, Entry *entry)
{
  LkCallEngine *engine = lk_agent_context_get_engine (self->context);
  const LkConnectionRecord *record = lk_agent_connection_get_record (entry->connection);
  g_autoptr(GPtrArray) holds = lk_call_engine_list_holds (engine, record->client);
  gint64 until = 0;

  if (lk_call_engine_is_circuit_open (engine, entry->id)
      || lk_agent_connections_is_renewing (lk_agent_context_get_connections (self->context),
                                           entry->id))
    until = again (self, entry);
  for (guint i = 0; i < holds->len; i++)
    until = MAX (until, ((const LkFault *) holds->pdata[i])->retry_at);
  return until != 0 ? MAX (until, again (self, entry)) : 0;
}

static void
due_cb (gpointer user_data)
{
  LkAgentMonitor *self = user_data;
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);
  gint64 hold;
  Entry *entry;

  if (!self->ready || self->asking || g_sequence_iter_is_end (first))
    return;
  entry = g_sequence_get (first);
  if (MAX (entry->next, self->held_until) > lk_agent_context_get_now (self->context))
    {
      arm (self);
      return;
    }
  hold = get_hold (self, entry);
  if (hold != 0)
    {
      entry_set_next (self, entry, hold);
      return;
    }
  self->asking = TRUE;
  lk_agent_monitor_ask_async (entry->connection, entry->roles, asked_cb,
                              g_object_ref (self->context));
}

/* What is remembered. */

static void
settings_cb (LkAgentMonitor *self)
{
  GSettings *settings = lk_agent_context_get_settings (self->context);
  GHashTableIter iter;
  gpointer value;

  self->period = g_settings_get_boolean (settings, "paused")
                   ? 0 : (gint64) g_settings_get_uint (settings, "probe-hours") * 60 * 60;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Entry *) value)->proven = -1;
  plan_all (self);
  lk_agent_incidents_plan_all (self->incidents);
}

static void
clock_changed_cb (LkAgentMonitor *self)
{
  self->held_until = 0;
  plan_all (self);
  lk_agent_incidents_plan_all (self->incidents);
}

static void
lk_agent_monitor_restored (LkAgentMonitor *self)
{
  self->restored = TRUE;
  plan_all (self);
}

static void
statuses_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentMonitor *self = lk_agent_context_get_monitor (context);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) states = lk_ledger_list_states_finish (LK_LEDGER (source), result, &error);

  if (self == NULL)
    return;
  if (states != NULL)
    lk_agent_incidents_restore (self->incidents, states);
  lk_agent_monitor_restored (self);
}

static void
probes_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentMonitor *self = lk_agent_context_get_monitor (context);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) states = lk_ledger_list_states_finish (LK_LEDGER (source), result, &error);

  if (self == NULL)
    return;
  if (states == NULL)
    g_message ("what was probed before is not known: %s", error->message);
  for (guint i = 0; states != NULL && i < states->len; i++)
    {
      const LkStateRecord *state = states->pdata[i];
      Entry *entry = get_entry (self, state->key);

      g_variant_lookup (state->value, "asked", "x", &entry->asked);
      entry->roles = g_variant_lookup_value (state->value, "roles", G_VARIANT_TYPE ("a{ss}"));
    }
  lk_ledger_list_states_async (LK_LEDGER (source), "status", NULL, statuses_listed_cb,
                               g_object_ref (context));
}

static void
lk_agent_monitor_restore (LkAgentMonitor *self)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  if (ledger != NULL && !self->restored)
    lk_ledger_list_states_async (ledger, "probe", NULL, probes_listed_cb,
                                 g_object_ref (self->context));
}

LkAgentMonitor *
lk_agent_monitor_new (LkAgentContext *context)
{
  LkAgentMonitor *self = g_new0 (LkAgentMonitor, 1);
  GSettings *settings = lk_agent_context_get_settings (context);
  static const char * const keys[] = {
    "changed::paused", "changed::probe-hours", "changed::status-minutes",
  };

  self->context = context;
  self->incidents = lk_agent_incidents_new (context);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) entry_free);
  self->queue = g_sequence_new (NULL);
  self->deadline = lk_agent_deadline_new (context, due_cb, self);
  settings_cb (self);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_signal_connect_swapped (settings, keys[i], G_CALLBACK (settings_cb), self);
  g_signal_connect_swapped (context, "connection-changed", G_CALLBACK (connection_changed_cb),
                            self);
  g_signal_connect_swapped (context, "clock-changed", G_CALLBACK (clock_changed_cb), self);
  return self;
}

void
lk_agent_monitor_free (LkAgentMonitor *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_signal_handlers_disconnect_by_data (self->context, self);
  lk_agent_deadline_free (self->deadline);
  lk_agent_incidents_free (self->incidents);
  g_sequence_free (self->queue);
  g_hash_table_unref (self->entries);
  g_free (self);
}

void
lk_agent_monitor_set_ready (LkAgentMonitor *self, gboolean ready)
{
  self->ready = ready;
  if (ready)
    lk_agent_monitor_restore (self);
  lk_agent_incidents_set_ready (self->incidents, ready);
  arm (self);
}

void
lk_agent_monitor_network_returned (LkAgentMonitor *self)
{
  self->held_until = 0;
  arm (self);
}

gint64
lk_agent_monitor_get_next (LkAgentMonitor *self, LkAgentConnection *connection)
{
  const Entry *entry = g_hash_table_lookup (self->entries, lk_agent_connection_get_id (connection));

  return entry != NULL ? entry->next : 0;
}

gboolean
lk_agent_monitor_has_incident (LkAgentMonitor *self, const char *provider)
{
  return self != NULL && lk_agent_incidents_has_open (self->incidents, provider);
}

GVariant *
lk_agent_monitor_to_variant (LkAgentMonitor *self)
{
  return lk_agent_incidents_to_variant (self->incidents);
}

LkAgentIncidents *
lk_agent_monitor_get_incidents (LkAgentMonitor *self)
{
  return self->incidents;
}
