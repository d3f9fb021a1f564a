/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include <glib/gstdio.h>

#include "lk-agent-history.h"

#include "lk-agent-call.h"
#include "lk-agent-connections.h"
#include "lk-agent-error.h"
#include "lk-agent-metrics-text.h"
#include "lk-agent-monitor.h"

/* What the main loop knows is taken down quickly; the text is written in a thread: of ten thousand
 * connections it is megabytes. */

static LkMetricsRow *
row_of (LkAgentConnection *connection)
{
  LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  LkMetricsRow *row = g_new0 (LkMetricsRow, 1);

  row->id = g_strdup (record->id);
  row->name = g_strdup (record->name);
  row->client = g_strdup (record->client);
  row->provider = g_strdup (profile != NULL ? lk_profile_get_id (profile) : record->provider);
  lk_agent_connection_get_state (connection, &row->health, &row->authorization_ends);
  row->access_ends = record->access_ends;
  row->last_renewed = record->last_renewed;
  row->last_verified = record->last_verified;
  row->circuit_open = lk_agent_connection_is_circuit_open (connection);
  return row;
}

static LkMetrics *
gather (LkAgentContext *context)
{
  g_autoptr(GPtrArray) connections
    = lk_agent_connections_list (lk_agent_context_get_connections (context));
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);
  LkMetrics *metrics = lk_metrics_new ();

  metrics->keyring = g_strdup (lk_dbus_agent1_get_vault_state (agent));
  metrics->ledger = g_strdup (lk_dbus_agent1_get_ledger_state (agent));
  metrics->online = lk_dbus_agent1_get_online (agent);
  metrics->incidents = g_variant_ref_sink (
    lk_dbus_agent1_get_incidents (agent) != NULL
      ? g_variant_ref (lk_dbus_agent1_get_incidents (agent))
      : g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  for (guint i = 0; i < connections->len; i++)
    {
      if (lk_agent_connection_is_published (connections->pdata[i]))
        g_ptr_array_add (metrics->rows, row_of (connections->pdata[i]));
    }
  return metrics;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) text = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr(GUnixFDList) fds = g_unix_fd_list_new ();
  LkAgentContext *context = LK_AGENT_CONTEXT (call->owner);
  int fd = text != NULL ? lk_bytes_to_fd (text, &error) : -1;
  int index = fd >= 0 ? g_unix_fd_list_append (fds, fd, &error) : -1;

  if (fd >= 0)
    g_close (fd, NULL);
  if (index < 0)
    lk_agent_return_error (g_steal_pointer (&call->invocation), error);
  else
    lk_dbus_agent1_complete_metrics (lk_agent_context_get_agent (context),
                                     g_steal_pointer (&call->invocation), fds,
                                     g_variant_new_handle (index));
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, lk_metrics_to_bytes (task_data), (GDestroyNotify) g_bytes_unref);
}

static void
totals_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) totals = lk_ledger_list_totals_finish (LK_LEDGER (source), result, &error);
  g_autoptr(GTask) task = NULL;
  LkMetrics *metrics;

  /* Without the ledger the rest is still told: that it cannot be used is one of the numbers. */
  if (totals == NULL)
    g_message ("the counts cannot be read: %s", error->message);
  metrics = gather (LK_AGENT_CONTEXT (call->owner));
  metrics->totals = g_steal_pointer (&totals);
  task = g_task_new (NULL, NULL, written_cb, g_steal_pointer (&call));
  g_task_set_task_data (task, metrics, (GDestroyNotify) lk_metrics_free);
  g_task_run_in_thread (task, write_thread);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);
  g_autoptr(GError) error = NULL;

  if (!lk_agent_history_flush_finish (lk_agent_context_get_history (context), result, &error))
    g_debug ("the counts were not written: %s", error->message);
  if (ledger != NULL)
    lk_ledger_list_totals_async (ledger, NULL, totals_listed_cb, g_steal_pointer (&call));
  else
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, written_cb, g_steal_pointer (&call));

      g_task_set_task_data (task, gather (context), (GDestroyNotify) lk_metrics_free);
      g_task_run_in_thread (task, write_thread);
    }
}

static gboolean
handle_metrics (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                LkAgentContext *context)
{
  lk_agent_history_flush_async (lk_agent_context_get_history (context), flushed_cb,
                                lk_agent_call_new (context, invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_metrics_connect (LkAgentContext *context)
{
  g_signal_connect_object (lk_agent_context_get_agent (context), "handle-metrics",
                           G_CALLBACK (handle_metrics), context, 0);
}
