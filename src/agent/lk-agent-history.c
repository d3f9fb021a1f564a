/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-history.h"

#include "lk-agent-deadlines.h"

/* EventsChanged at most four times a second. */
#define TELL_MS 250

/* Counts stay in memory for so long. */
#define FLUSH_S (5 * 60)

#define DAY (24 * 60 * 60)
#define TALLY_DAYS 400

/* After the start there is more to do than to tidy. */
#define FIRST_EXPIRY_S 60

/* The time of day may be this much off what passed since expiry was planned. */
#define JUMP_S (60 * 60)

struct _LkAgentHistory
{
  LkAgentContext    *context;    /* outlives us */
  LkAgentHistoryBus *bus;        /* (owned) */
  guint              tell_id;

  GHashTable        *counts;     /* (owned) "connection kind" → LkCount */
  LkAgentDeadline   *flush;      /* (owned) */

  LkAgentDeadline   *expire;     /* (owned) */
  GCancellable      *expiring;   /* (owned) (nullable): while it goes on */
  gint64             planned_at; /* when @expire was set, by both clocks */
  gint64             planned_boot;
};

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

/* Who looks is told that there is more. */

static void
newest_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = lk_ledger_list_events_finish (LK_LEDGER (source), result, &error);
  const LkEvent *newest = rows != NULL && rows->len > 0 ? rows->pdata[0] : NULL;

  if (rows == NULL)
    g_debug ("the newest event is not known: %s", error->message);
  lk_dbus_agent1_emit_events_changed (lk_agent_context_get_agent (context),
                                      newest != NULL ? newest->id : 0);
}

/* Behind what is being written, so that it can be read when the signal arrives. */
static gboolean
tell_cb (gpointer user_data)
{
  LkAgentHistory *self = user_data;
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  self->tell_id = 0;
  if (ledger != NULL)
    lk_ledger_list_events_async (ledger, NULL, 0, 1, NULL, newest_listed_cb,
                                 g_object_ref (self->context));
  return G_SOURCE_REMOVE;
}

static void
event_added_cb (LkAgentContext *context, const LkEvent *event, LkAgentHistory *self)
{
  if (self->tell_id == 0)
    self->tell_id = g_timeout_add (TELL_MS, tell_cb, self);
}

/* Counts. */

static GPtrArray *
take_counts (LkAgentHistory *self)
{
  GPtrArray *counts = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_count_free);
  GHashTableIter iter;
  gpointer key, count;

  lk_agent_deadline_set (self->flush, LK_END_NEVER);
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &key, &count))
    {
      g_ptr_array_add (counts, count);
      g_hash_table_iter_steal (&iter);
      g_free (key);
    }
  return counts;
}

static void
flush (LkAgentHistory *self)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);
  g_autoptr(GPtrArray) counts = NULL;

  if (ledger == NULL || g_hash_table_size (self->counts) == 0)
    return;
  counts = take_counts (self);
  lk_ledger_add_counts_async (ledger, counts, NULL, written_cb, g_object_ref (self->context));
}

static void
flush_due_cb (gpointer user_data)
{
  flush (user_data);
}

void
lk_agent_history_count (LkAgentHistory *self, LkAgentConnection *connection, const char *kind)
{
  const char *id = lk_agent_connection_get_id (connection);
  gint64 now = lk_agent_context_get_now (self->context);
  g_autofree char *key = g_strconcat (id, " ", kind, NULL);
  LkCount *count = g_hash_table_lookup (self->counts, key);

  /* A new hour is not counted into the one before. */
  if (count != NULL && count->at / 3600 != now / 3600)
    {
      flush (self);
      count = g_hash_table_lookup (self->counts, key);
    }
  if (count == NULL)
    {
      count = lk_count_new (id, now, kind, LK_CLASS_OK, 0);
      g_hash_table_replace (self->counts, g_steal_pointer (&key), count);
    }
  count->count++;
  if (lk_agent_deadline_get (self->flush) == LK_END_NEVER)
    lk_agent_deadline_set (self->flush, now + FLUSH_S);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lk_agent_history_flush_async (LkAgentHistory *self, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self->context, NULL, callback, user_data);
  GError *error = NULL;
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, &error);
  g_autoptr(GPtrArray) counts = NULL;

  g_task_set_source_tag (task, lk_agent_history_flush_async);
  if (ledger == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  counts = take_counts (self);
  lk_ledger_add_counts_async (ledger, counts, NULL, flushed_cb, g_object_ref (task));
}

gboolean
lk_agent_history_flush_finish (LkAgentHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self->context), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* How long it is kept. */

static void
plan_expiry (LkAgentHistory *self, gint64 seconds)
{
  self->planned_at = lk_agent_context_get_now (self->context);
  self->planned_boot = lk_clock_get_boot (lk_agent_context_get_clock (self->context));
  lk_agent_deadline_set (self->expire, self->planned_at + seconds);
}

/* A clock that was set a year ahead by mistake must not cost a year of history. */
static gboolean
did_time_jump (LkAgentHistory *self)
{
  gint64 now = lk_agent_context_get_now (self->context);
  gint64 boot = lk_clock_get_boot (lk_agent_context_get_clock (self->context));
  gint64 off = (now - self->planned_at) - (boot - self->planned_boot) / G_USEC_PER_SEC;

  return off > JUMP_S || off < -JUMP_S;
}

static void
expired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_expire_finish (LK_LEDGER (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("the history could not be shortened: %s", error->message);
}

static void
stop_expiry (LkAgentHistory *self)
{
  if (self->expiring != NULL)
    g_cancellable_cancel (self->expiring);
  g_clear_object (&self->expiring);
}

static void
expire_due_cb (gpointer user_data)
{
  LkAgentHistory *self = user_data;
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);
  guint days = g_settings_get_uint (lk_agent_context_get_settings (self->context),
                                    "retention-days");
  gint64 now = lk_agent_context_get_now (self->context);

  if (did_time_jump (self))
    {
      plan_expiry (self, JUMP_S);
      return;
    }
  plan_expiry (self, DAY);
  if (ledger == NULL || days == 0)
    return;
  stop_expiry (self);
  self->expiring = g_cancellable_new ();
  lk_ledger_expire_async (ledger, now - (gint64) days * DAY,
                          now - (gint64) MAX (days, TALLY_DAYS) * DAY, self->expiring, expired_cb,
                          g_object_ref (self->context));
}

/* Also back: what was planned by the other time may be far away. */
static void
clock_changed_cb (LkAgentContext *context, LkAgentHistory *self)
{
  if (lk_agent_deadline_get (self->expire) != LK_END_NEVER && did_time_jump (self))
    plan_expiry (self, JUMP_S);
}

static void
retention_changed_cb (GSettings *settings, const char *key, LkAgentHistory *self)
{
  if (lk_agent_context_get_ledger (self->context, NULL) == NULL)
    return;
  stop_expiry (self);
  plan_expiry (self, FIRST_EXPIRY_S);
}

void
lk_agent_history_open (LkAgentHistory *self)
{
  plan_expiry (self, FIRST_EXPIRY_S);
}

void
lk_agent_history_close (LkAgentHistory *self)
{
  g_clear_handle_id (&self->tell_id, g_source_remove);
  lk_agent_deadline_set (self->expire, LK_END_NEVER);
  stop_expiry (self);
  flush (self);
}

LkAgentHistory *
lk_agent_history_new (LkAgentContext *context)
{
  LkAgentHistory *self = g_new0 (LkAgentHistory, 1);

  self->context = context;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) lk_count_free);
  self->flush = lk_agent_deadline_new (context, flush_due_cb, self);
  self->expire = lk_agent_deadline_new (context, expire_due_cb, self);
  self->bus = lk_agent_history_bus_new (context);
  g_signal_connect (context, "event-added", G_CALLBACK (event_added_cb), self);
  g_signal_connect (context, "clock-changed", G_CALLBACK (clock_changed_cb), self);
  g_signal_connect (lk_agent_context_get_settings (context), "changed::retention-days",
                    G_CALLBACK (retention_changed_cb), self);
  return self;
}

void
lk_agent_history_free (LkAgentHistory *self)
{
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_clear_handle_id (&self->tell_id, g_source_remove);
  stop_expiry (self);
  g_clear_pointer (&self->bus, lk_agent_history_bus_free);
  g_clear_pointer (&self->flush, lk_agent_deadline_free);
  g_clear_pointer (&self->expire, lk_agent_deadline_free);
  g_clear_pointer (&self->counts, g_hash_table_unref);
  g_free (self);
}
