/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-context-private.h"

#include <malloc.h>

#include "lk-agent-backup.h"
#include "lk-agent-clients.h"
#include "lk-agent-connections.h"
#include "lk-agent-deadlines.h"
#include "lk-agent-handouts.h"
#include "lk-agent-history.h"
#include "lk-agent-incidents.h"
#include "lk-agent-life.h"
#include "lk-agent-manager.h"
#include "lk-agent-monitor.h"
#include "lk-agent-notifier.h"
#include "lk-agent-programs.h"
#include "lk-agent-remedies.h"
#include "lk-agent-roster.h"
#include "lk-agent-scheduler.h"
#include "lk-agent-settings.h"
#include "lk-agent-sign-in.h"
#include "lk-agent-sleep.h"
#include "lk-agent-tray.h"
#include "lk-agent-tree.h"
#include "lk-agent-trial.h"
#include "lk-agent-warnings.h"

#define CLOSE_DEADLINE_S 20
#define DIAGNOSIS_IDLE_S 60
#define NEWS_AGE_S (30 * 60)
#define TIDY_S 5

enum
{
  SIGNAL_QUIT,
  SIGNAL_CONNECTION_CHANGED,
  SIGNAL_EVENT_ADDED,
  SIGNAL_CLOCK_CHANGED,
  SIGNAL_INCIDENTS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkAgentContext, lk_agent_context, G_TYPE_OBJECT)

/* Also another way to the network may do what the last one did not. */
static void
network_changed_cb (LkAgentContext *self)
{
  gboolean available = g_network_monitor_get_network_available (g_network_monitor_get_default ());

  lk_dbus_agent1_set_online (self->agent, available);
  if (available && self->scheduler != NULL)
    {
      lk_agent_scheduler_network_returned (self->scheduler);
      lk_agent_monitor_network_returned (self->monitor);
    }
}

/* A reply told another time than this computer. */
static void
skew_changed_cb (LkAgentContext *self, LkCorrectedClock *clock)
{
  gint64 skew = lk_corrected_clock_get_skew (clock);

  g_message ("the computer's clock is wrong by %" G_GINT64_FORMAT " seconds", skew);
  lk_dbus_agent1_set_clock_skew (self->agent, skew);
  lk_agent_context_clock_changed (self);
}

static void
dated_cb (LkAgentContext *self, const char *host, gint64 date, gint64 boot)
{
  lk_corrected_clock_learn (LK_CORRECTED_CLOCK (self->clock), host, date, boot);
}

static void
publish_problems (LkAgentContext *self)
{
  GPtrArray *problems = lk_profile_set_get_problems (self->profiles);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sbs)"));
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const LkProfileProblem *problem = problems->pdata[i];
      g_autofree char *file = g_utf8_make_valid (problem->file != NULL ? problem->file : "", -1);
      g_autofree char *message = g_utf8_make_valid (problem->message, -1);

      g_variant_builder_add (&builder, "(sbs)", file, problem->fatal, message);
    }
  lk_dbus_agent1_set_profile_problems (self->agent, g_variant_builder_end (&builder));
}

/* The catalogue takes more memory than the rest of an agent that idles. */

static void
lk_agent_context_drop_diagnosis (LkAgentContext *self)
{
  g_clear_handle_id (&self->diagnosis_id, g_source_remove);
  g_clear_pointer (&self->diagnosis, lk_diagnosis_free);
}

static gboolean
diagnosis_idle_cb (gpointer user_data)
{
  LkAgentContext *self = user_data;

  self->diagnosis_id = 0;
  lk_agent_context_drop_diagnosis (self);
  malloc_trim (0);
  return G_SOURCE_REMOVE;
}

LkDiagnosis *
lk_agent_context_get_diagnosis (LkAgentContext *self)
{
  g_clear_handle_id (&self->diagnosis_id, g_source_remove);
  self->diagnosis_id = g_timeout_add_seconds (DIAGNOSIS_IDLE_S, diagnosis_idle_cb, self);
  if (self->diagnosis == NULL)
    self->diagnosis = lk_diagnosis_new (self->profiles);
  return self->diagnosis;
}

const LkProbeAnswer *
lk_agent_context_get_news (LkAgentContext *self, const char *provider)
{
  const LkProbeAnswer *news = self->news != NULL ? g_hash_table_lookup (self->news, provider)
                                                 : NULL;
  gint64 now = lk_agent_context_get_now (self);

  return news != NULL && now >= news->at && now - news->at < NEWS_AGE_S ? news : NULL;
}

void
lk_agent_context_keep_news (LkAgentContext *self, const char *provider,
                            const LkProbeAnswer *answer)
{
  if (self->news == NULL)
    self->news = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) lk_probe_answer_free);
  g_hash_table_replace (self->news, g_strdup (provider), lk_probe_answer_copy (answer));
  if (self->monitor != NULL)
    lk_agent_incidents_take (lk_agent_monitor_get_incidents (self->monitor), provider, answer);
}

static gboolean
tidy_cb (gpointer user_data)
{
  LkAgentContext *self = user_data;

  self->tidy_id = 0;
  malloc_trim (0);
  return G_SOURCE_REMOVE;
}

/* What was read and sent leaves holes in the heap, which an agent that idles gives back. */
void
lk_agent_context_tidy_soon (LkAgentContext *self)
{
  if (self->tidy_id == 0)
    self->tidy_id = g_timeout_add_seconds (TIDY_S, tidy_cb, self);
}

/**
 * lk_agent_context_reload_profiles:
 *
 * Reads the profiles again and tells every connection.
 */
void
lk_agent_context_reload_profiles (LkAgentContext *self)
{
  g_autoptr(LkProfileSet) old = g_steal_pointer (&self->profiles);

  self->profiles = lk_profile_set_new (self->provider_dir);
  /* It knows the old ones. */
  lk_agent_context_drop_diagnosis (self);
  publish_problems (self);
  lk_agent_connections_sync (self->connections);
}

/**
 * lk_agent_context_new:
 * @data_dir: where the ledger and the journal are
 * @provider_dir: where the user's own profiles are
 */
LkAgentContext *
lk_agent_context_new (const char *data_dir, const char *provider_dir)
{
  LkAgentContext *self = g_object_new (LK_TYPE_AGENT_CONTEXT, NULL);
  g_autofree char *ledger = g_build_filename (data_dir, "ledger.db", NULL);
  g_autofree char *shown = g_filename_display_name (ledger);

  self->data_dir = g_strdup (data_dir);
  self->provider_dir = g_strdup (provider_dir);
  self->profiles = lk_profile_set_new (provider_dir);
  lk_dbus_agent1_set_ledger_path (self->agent, shown);
  publish_problems (self);
  return self;
}

/**
 * lk_agent_context_export:
 *
 * Puts the objects on @bus; to be done before the name is owned.
 */
void
lk_agent_context_export (LkAgentContext *self, GDBusConnection *bus)
{
  g_autoptr(LkDBusObjectSkeleton) object = lk_dbus_object_skeleton_new (LK_AGENT_MANAGER_PATH);

  lk_dbus_object_skeleton_set_agent1 (object, self->agent);
  g_dbus_object_manager_server_export (self->server, G_DBUS_OBJECT_SKELETON (object));
  g_dbus_object_manager_server_set_connection (self->server, bus);
  lk_agent_tree_export (self->tree, bus);
  self->tray = lk_agent_tray_new (self);
  self->life = lk_agent_life_new (self);
}

void
lk_agent_context_event_added (LkAgentContext *self, const LkEvent *event)
{
  g_signal_emit (self, signals[SIGNAL_EVENT_ADDED], 0, event);
}

void
lk_agent_context_connection_changed (LkAgentContext *self, LkAgentConnection *connection)
{
  g_signal_emit (self, signals[SIGNAL_CONNECTION_CHANGED], 0, connection);
}

void
lk_agent_context_clock_changed (LkAgentContext *self)
{
  lk_agent_deadlines_look (self->deadlines);
  g_signal_emit (self, signals[SIGNAL_CLOCK_CHANGED], 0);
}

void
lk_agent_context_incidents_changed (LkAgentContext *self)
{
  g_signal_emit (self, signals[SIGNAL_INCIDENTS_CHANGED], 0);
}

void
lk_agent_context_hold (LkAgentContext *self)
{
  self->holds++;
  g_object_ref (self);
}

static void
ledger_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_close_finish (LK_LEDGER (source), result, &error))
    g_message ("the ledger did not close well: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
lk_agent_context_close_now (LkAgentContext *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->closing);

  g_clear_handle_id (&self->closing_id, g_source_remove);
  if (self->history != NULL)
    lk_agent_history_close (self->history);
  if (self->ledger != NULL)
    lk_ledger_close_async (self->ledger, ledger_closed_cb, g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

void
lk_agent_context_release (LkAgentContext *self)
{
  g_return_if_fail (self->holds > 0);

  self->holds--;
  if (self->holds == 0 && self->closing != NULL)
    lk_agent_context_close_now (self);
  else if (self->holds == 0)
    lk_agent_context_tidy_soon (self);
  if (self->holds == 0 && self->sleep != NULL)
    lk_agent_sleep_settled (self->sleep);
  g_object_unref (self);
}

gboolean
lk_agent_context_is_busy (LkAgentContext *self)
{
  return self->holds > 0;
}

static gboolean
closing_deadline_cb (gpointer user_data)
{
  LkAgentContext *self = user_data;

  g_message ("ending although something is still under way");
  self->closing_id = 0;
  lk_agent_context_close_now (self);
  return G_SOURCE_REMOVE;
}

/**
 * lk_agent_context_close_async:
 *
 * Starts nothing new, waits for what is under way, closes the ledger.
 */
void
lk_agent_context_close_async (LkAgentContext *self, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (self->closing == NULL);

  self->closing = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->closing, lk_agent_context_close_async);
  lk_agent_scheduler_stop (self->scheduler);
  lk_agent_monitor_set_ready (self->monitor, FALSE);
  lk_agent_programs_save (self->programs);
  lk_agent_trial_stop (self->trial);
  if (self->holds == 0)
    lk_agent_context_close_now (self);
  else
    self->closing_id = g_timeout_add_seconds (CLOSE_DEADLINE_S, closing_deadline_cb, self);
}

void
lk_agent_context_close_finish (LkAgentContext *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
lk_agent_context_quit (LkAgentContext *self)
{
  g_signal_emit (self, signals[SIGNAL_QUIT], 0);
}

static void
lk_agent_context_dispose (GObject *object)
{
  LkAgentContext *self = LK_AGENT_CONTEXT (object);

  g_clear_handle_id (&self->closing_id, g_source_remove);
  g_clear_handle_id (&self->vault_check_id, g_source_remove);
  g_clear_handle_id (&self->replay_id, g_source_remove);
  if (self->server != NULL)
    g_dbus_object_manager_server_set_connection (self->server, NULL);
  g_clear_handle_id (&self->tidy_id, g_source_remove);
  lk_agent_context_drop_diagnosis (self);
  g_clear_pointer (&self->life, lk_agent_life_free);
  g_clear_pointer (&self->tray, lk_agent_tray_free);
  g_clear_pointer (&self->monitor, lk_agent_monitor_free);
  g_clear_pointer (&self->warnings, lk_agent_warnings_free);
  g_clear_pointer (&self->programs, lk_agent_programs_free);
  g_clear_pointer (&self->remedies, lk_agent_remedies_free);
  g_clear_pointer (&self->notifier, lk_agent_notifier_free);
  g_clear_pointer (&self->news, g_hash_table_unref);
  g_clear_pointer (&self->sleep, lk_agent_sleep_free);
  g_clear_pointer (&self->scheduler, lk_agent_scheduler_free);
  g_clear_pointer (&self->handouts, lk_agent_handouts_free);
  g_clear_pointer (&self->history, lk_agent_history_free);
  g_clear_pointer (&self->sign_ins, lk_agent_sign_ins_free);
  g_clear_pointer (&self->roster, lk_agent_roster_free);
  g_clear_pointer (&self->connections, lk_agent_connections_free);
  g_clear_pointer (&self->tree, lk_agent_tree_free);
  g_clear_pointer (&self->clients, lk_agent_clients_free);
  g_clear_pointer (&self->trial, lk_agent_trial_free);
  g_clear_pointer (&self->deadlines, lk_agent_deadlines_free);
  g_clear_object (&self->closing);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (lk_agent_context_parent_class)->dispose (object);
}

static void
lk_agent_context_finalize (GObject *object)
{
  LkAgentContext *self = LK_AGENT_CONTEXT (object);

  g_clear_object (&self->agent);
  g_clear_object (&self->renewer);
  g_clear_object (&self->journal);
  g_clear_object (&self->ledger);
  g_clear_object (&self->vault);
  g_clear_object (&self->engine);
  g_clear_object (&self->http);
  g_clear_object (&self->clock);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->profiles, lk_profile_set_unref);
  g_clear_error (&self->ledger_error);
  g_clear_error (&self->journal_error);
  g_free (self->data_dir);
  g_free (self->provider_dir);
  G_OBJECT_CLASS (lk_agent_context_parent_class)->finalize (object);
}

static void
lk_agent_context_class_init (LkAgentContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_agent_context_dispose;
  object_class->finalize = lk_agent_context_finalize;

  signals[SIGNAL_QUIT] = g_signal_new ("quit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CONNECTION_CHANGED]
    = g_signal_new ("connection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, LK_TYPE_AGENT_CONNECTION);
  signals[SIGNAL_EVENT_ADDED]
    = g_signal_new ("event-added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_INCIDENTS_CHANGED]
    = g_signal_new ("incidents-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOCK_CHANGED]
    = g_signal_new ("clock-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
lk_agent_context_init (LkAgentContext *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();
  g_autoptr(LkClock) computer = lk_system_clock_new ();

  self->clock = lk_corrected_clock_new (computer);
  self->settings = lk_agent_settings_new ();
  self->http = lk_http_new ();
  self->engine = lk_call_engine_new (self->http, computer);
  self->vault = lk_vault_new ();
  self->server = g_dbus_object_manager_server_new (LK_AGENT_ROOT);
  self->agent = lk_dbus_agent1_skeleton_new ();
  lk_dbus_agent1_set_version (self->agent, LK_VERSION);
  lk_dbus_agent1_set_vault_state (self->agent,
                                  lk_vault_state_to_string (lk_vault_get_state (self->vault)));
  lk_dbus_agent1_set_ledger_state (self->agent, "opening");
  lk_dbus_agent1_set_trial_address (self->agent, "");
  lk_dbus_agent1_set_online (self->agent, g_network_monitor_get_network_available (monitor));

  self->deadlines = lk_agent_deadlines_new (self);
  self->clients = lk_agent_clients_new (self);
  self->tree = lk_agent_tree_new (self);
  self->roster = lk_agent_roster_new (self);
  self->connections = lk_agent_connections_new (self);
  self->handouts = lk_agent_handouts_new ();
  self->scheduler = lk_agent_scheduler_new (self);
  self->notifier = lk_agent_notifier_new (self);
  self->remedies = lk_agent_remedies_new (self);
  self->sleep = lk_agent_sleep_new (self);
  self->sign_ins = lk_agent_sign_ins_new (self);
  self->trial = lk_agent_trial_new (self);
  self->monitor = lk_agent_monitor_new (self);
  self->warnings = lk_agent_warnings_new (self);
  self->programs = lk_agent_programs_new (self);
  self->history = lk_agent_history_new (self);
  lk_agent_metrics_connect (self);
  lk_agent_backup_connect (self);
  lk_agent_manager_connect (self);
  lk_agent_settings_connect (self);
  lk_agent_context_watch_vault (self);
  g_signal_connect_object (self->clock, "skew-changed", G_CALLBACK (skew_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->http, "dated", G_CALLBACK (dated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* What NetworkManager finds out without a change of routes is told by this alone. */
  g_signal_connect_object (monitor, "notify::network-available", G_CALLBACK (network_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
