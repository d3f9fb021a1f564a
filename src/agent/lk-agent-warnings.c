/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warnings-private.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-notifier.h"

/* News that was told so long ago is not remembered. */
#define NEWS_LIFE_S (60 * 24 * 60 * 60)

/* Looking. */

static void
show_later (LkAgentWarnings *self, gint64 *again)
{
  g_autoptr(GTimeZone) zone = lk_agent_warnings_dup_zone ();
  gint64 quiet = lk_warning_quiet_until (&self->desktop, lk_agent_context_get_now (self->context),
                                         zone);

  if (self->later->len == 0)
    return;
  if (quiet != 0)
    {
      *again = MIN (*again, quiet);
      return;
    }
  while (self->later->len > 0)
    lk_agent_notifier_show (lk_agent_context_get_notifier (self->context),
                            g_ptr_array_steal_index (self->later, 0));
}

static void
look_sooner (LkAgentWarnings *self, gint64 again)
{
  if (again < lk_agent_deadline_get (self->deadline))
    lk_agent_deadline_set (self->deadline, again);
}

static void
look_at_all (LkAgentWarnings *self)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));
  gint64 again = LK_END_NEVER;

  g_hash_table_remove_all (self->changed);
  lk_agent_warnings_decide_incidents (self, &again);
  for (guint i = 0; i < all->len; i++)
    again = MIN (again, lk_agent_warnings_decide (self, all->pdata[i]));
  show_later (self, &again);
  lk_agent_deadline_set (self->deadline, again);
}

static void
deadline_cb (gpointer user_data)
{
  look_at_all (user_data);
}

static gboolean
look_cb (gpointer user_data)
{
  LkAgentWarnings *self = user_data;
  g_autoptr(GHashTable) changed = g_steal_pointer (&self->changed);
  GHashTableIter iter;
  gpointer id;

  self->look_id = 0;
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      LkAgentConnection *connection
        = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context), id);

      if (connection != NULL)
        look_sooner (self, lk_agent_warnings_decide (self, connection));
      else
        lk_agent_warnings_settle_all (self, id);
    }
  return G_SOURCE_REMOVE;
}

static void
connection_changed_cb (LkAgentWarnings *self, LkAgentConnection *connection)
{
  if (!self->ready)
    return;
  g_hash_table_add (self->changed, g_strdup (lk_agent_connection_get_id (connection)));
  if (self->look_id == 0)
    self->look_id = g_idle_add (look_cb, self);
}

static void
all_changed_cb (LkAgentWarnings *self)
{
  if (self->ready)
    look_at_all (self);
}

/* News. */

static void
take_permission (LkAgentWarnings *self, LkAgentConnection *connection)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  g_autofree char *name = lk_agent_warning_words_dup_name (record->name);
  LkAgentOutletEvent *event;

  /* On the desktop its remedy tells. */
  if (!lk_agent_outlet_wants (self->outlet, LK_WARNING_RECOVERED))
    return;
  event = lk_agent_outlet_event_new ("recovered", lk_agent_context_get_now (self->context));
  event->connection = g_strdup (record->id);
  event->name = g_strdup (record->name);
  event->provider = g_strdup (record->provider);
  /* Translators: %s is the name of a connection. */
  event->title = g_strdup_printf (_("%s has a new permission"), name);
  event->text = g_strdup (_("What was missing has been granted."));
  lk_agent_outlet_pass (self->outlet, event);
}

static void
event_added_cb (LkAgentWarnings *self, const LkEvent *event)
{
  static const char * const kinds[]
    = { "scopes-changed", "roles-changed", "accounts-changed", "lifetime-changed", NULL };
  LkAgentConnection *connection;
  LkAgentWarningEntry *entry;

  if (event->connection == NULL
      || (!g_strv_contains (kinds, event->kind)
          && !g_str_equal (event->kind, "permission-appeared")))
    return;
  if (!self->ready)
    {
      g_ptr_array_add (self->news, lk_event_copy (event));
      return;
    }
  connection = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                            event->connection);
  if (connection == NULL)
    return;
  if (g_str_equal (event->kind, "permission-appeared"))
    {
      take_permission (self, connection);
      return;
    }
  entry = lk_agent_warnings_ensure (self, LK_WARNING_CHANGED, event->connection);
  /* Two at one moment are told as one. */
  lk_agent_warning_entry_set_detail (entry, entry->pending ? "several" : event->kind);
  entry->about = event->at * 100 + g_str_hash (event->kind) % 97 + 1;
  connection_changed_cb (self, connection);
}

/* Settings. */

static void
rules_changed_cb (LkAgentWarnings *self)
{
  GSettings *settings = lk_agent_context_get_settings (self->context);
  static const char * const keys[LK_N_WARNING_REASONS]
    = { "notify-attention", "notify-ending", "notify-changes", "notify-recovered",
        "notify-incidents" };
  gsize n_days;

  g_clear_pointer (&self->days, g_variant_unref);
  self->days = g_settings_get_value (settings, "warn-days");
  self->desktop.days = g_variant_get_fixed_array (self->days, &n_days, sizeof (guint32));
  self->desktop.n_days = n_days;
  self->desktop.quiet = g_settings_get_boolean (settings, "quiet-hours");
  self->desktop.quiet_from = g_settings_get_uint (settings, "quiet-from");
  self->desktop.quiet_until = g_settings_get_uint (settings, "quiet-until");
  self->passed_on.days = self->desktop.days;
  self->passed_on.n_days = n_days;
  for (guint i = 0; i < LK_N_WARNING_REASONS; i++)
    {
      self->desktop.enabled[i] = g_settings_get_boolean (settings, keys[i]);
      self->passed_on.enabled[i] = lk_agent_outlet_wants (self->outlet, (LkWarningReason) i);
    }
  all_changed_cb (self);
}

static void
settings_changed_cb (LkAgentWarnings *self, const char *key)
{
  if (g_str_has_prefix (key, "warn-") || g_str_has_prefix (key, "notify-")
      || g_str_has_prefix (key, "quiet-") || g_str_has_prefix (key, "event-"))
    rules_changed_cb (self);
}

/* The ledger. */

static void
forget_old_news (LkAgentWarnings *self)
{
  gint64 old = lk_agent_context_get_now (self->context) - NEWS_LIFE_S;
  g_autoptr(GPtrArray) entries = lk_agent_warnings_list (self);

  for (guint i = 0; i < entries->len; i++)
    {
      LkAgentWarningEntry *entry = entries->pdata[i];

      if ((entry->reason != LK_WARNING_CHANGED && entry->reason != LK_WARNING_RECOVERED)
          || entry->desktop.told_at == 0 || entry->desktop.told_at > old || entry->open)
        continue;
      entry->about = 0;
      entry->desktop = entry->outlet = (LkWarningState) { 0 };
      lk_agent_warnings_keep (self, entry);
    }
}

static void
take_entries (LkAgentWarnings *self, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      LkAgentWarningEntry *entry = lk_agent_warning_entry_from_record (records->pdata[i]);

      if (entry != NULL)
        g_hash_table_replace (self->entries,
                              lk_agent_warning_entry_dup_key (entry->reason, entry->subject),
                              entry);
    }
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkAgentWarnings *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = lk_ledger_list_states_finish (LK_LEDGER (source), result, &error);
  g_autoptr(GPtrArray) news = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  if (records == NULL)
    {
      g_message ("what was told before cannot be read: %s", error->message);
      return;
    }
  take_entries (self, records);
  forget_old_news (self);
  lk_agent_warnings_adopt (self);
  self->incidents_from = lk_agent_context_get_now (self->context) + LK_AGENT_INCIDENTS_KNOWN_S;
  self->ready = TRUE;
  look_at_all (self);
  news = g_steal_pointer (&self->news);
  self->news = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_event_free);
  for (guint i = 0; i < news->len; i++)
    event_added_cb (self, news->pdata[i]);
}

void
lk_agent_warnings_set_ready (LkAgentWarnings *self, gboolean ready)
{
  LkLedger *ledger = lk_agent_context_get_ledger (self->context, NULL);

  if (!ready || self->ready || self->loading || ledger == NULL)
    return;
  self->loading = TRUE;
  lk_ledger_list_states_async (ledger, "warning", self->end, loaded_cb, self);
}

/* The bus. */

void
lk_agent_warnings_snooze (LkAgentWarnings *self, LkAgentConnection *connection, gint64 until)
{
  static const LkWarningReason reasons[] = { LK_WARNING_ATTENTION, LK_WARNING_ENDING };
  const char *id = lk_agent_connection_get_id (connection);
  gint64 now = lk_agent_context_get_now (self->context);
  g_autoptr(LkFault) fault = NULL;
  const char *rests_on;
  gint64 ends;
  gint64 about = lk_agent_warnings_attention_of (connection, &fault, &rests_on, &ends);

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      gint64 subject = reasons[i] == LK_WARNING_ENDING ? ends : about;
      LkAgentWarningEntry *entry;

      if (subject == 0 || subject == LK_END_NEVER)
        continue;
      entry = lk_agent_warnings_ensure (self, reasons[i], id);
      if (reasons[i] == LK_WARNING_ENDING
            ? !lk_warning_is_same_end (entry->desktop.about, subject)
            : entry->desktop.about != subject)
        entry->desktop = (LkWarningState) { .about = subject };
      lk_warning_snooze (&entry->desktop, now, MAX (until, 1));
      lk_agent_warnings_settle (self, entry);
    }
  look_sooner (self, lk_agent_warnings_decide (self, connection));
}

static gboolean
handle_snooze (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, const char *id, gint64 until,
               LkAgentWarnings *self)
{
  LkAgentConnection *connection
    = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context), id);

  if (connection == NULL || !lk_agent_connection_is_published (connection))
    g_dbus_method_invocation_return_error_literal (invocation, LK_AGENT_ERROR,
                                                   LK_AGENT_ERROR_NOT_FOUND,
                                                   "there is no such connection");
  else
    {
      lk_agent_warnings_snooze (self, connection, until);
      lk_dbus_agent1_complete_snooze (agent, invocation);
    }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_warnings_show (LkAgentWarnings *self, LkAgentNotice *notice)
{
  gint64 again = LK_END_NEVER;

  g_ptr_array_add (self->later, notice);
  show_later (self, &again);
  look_sooner (self, again);
}

/* Life. */

LkAgentWarnings *
lk_agent_warnings_new (LkAgentContext *context)
{
  LkAgentWarnings *self = g_new0 (LkAgentWarnings, 1);
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);
  GSettings *settings = lk_agent_context_get_settings (context);

  self->context = context;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) lk_agent_warning_entry_free);
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->troubled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->news = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_event_free);
  self->later = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_agent_notice_free);
  self->end = g_cancellable_new ();
  self->outlet = lk_agent_outlet_new (context);
  self->deadline = lk_agent_deadline_new (context, deadline_cb, self);
  rules_changed_cb (self);
  lk_agent_warnings_connect (self);
  g_signal_connect_swapped (context, "connection-changed", G_CALLBACK (connection_changed_cb),
                            self);
  g_signal_connect_swapped (context, "event-added", G_CALLBACK (event_added_cb), self);
  g_signal_connect_swapped (context, "clock-changed", G_CALLBACK (all_changed_cb), self);
  g_signal_connect_swapped (settings, "changed", G_CALLBACK (settings_changed_cb), self);
  g_signal_connect_swapped (agent, "notify::online", G_CALLBACK (all_changed_cb), self);
  g_signal_connect_swapped (agent, "notify::incidents", G_CALLBACK (all_changed_cb), self);
  g_signal_connect (agent, "handle-snooze", G_CALLBACK (handle_snooze), self);
  return self;
}

void
lk_agent_warnings_free (LkAgentWarnings *self)
{
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  lk_agent_notifier_listen (lk_agent_context_get_notifier (self->context), NULL, NULL);
  g_cancellable_cancel (self->end);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->flush_id, g_source_remove);
  lk_agent_deadline_free (self->deadline);
  lk_agent_outlet_free (self->outlet);
  g_clear_object (&self->end);
  g_clear_pointer (&self->days, g_variant_unref);
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->changed);
  g_hash_table_unref (self->troubled);
  g_ptr_array_unref (self->news);
  g_ptr_array_unref (self->later);
  g_free (self);
}
