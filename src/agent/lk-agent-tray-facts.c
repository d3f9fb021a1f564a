/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-tray-facts.h"

#include "lk-agent-connections.h"

static void
count (LkTrayFacts *facts, LkAgentConnection *connection, gint64 now)
{
  const LkConnectionRecord *record = lk_agent_connection_get_record (connection);
  g_autoptr(LkFault) fault = lk_agent_connection_dup_fault (connection);
  const LkFault *refusal = record->refusal;
  LkHealth health;
  gint64 ends;

  lk_agent_connection_get_state (connection, &health, &ends);
  if (ends > now && ends != LK_END_NEVER && (facts->next_end == 0 || ends < facts->next_end))
    {
      facts->next_end = ends;
      g_free (facts->next_end_name);
      facts->next_end_name = g_strdup (record->name);
    }
  switch (lk_connection_health_with_refusal (health, refusal))
    {
    case LK_HEALTH_ATTENTION:
      facts->attention++;
      break;
    case LK_HEALTH_ENDING:
      facts->ending++;
      break;
    case LK_HEALTH_FINE:
    default:
      facts->fine++;
      return;
    }
  g_ptr_array_add (facts->needs,
                   lk_tray_need_new (record->id, record->name,
                                     lk_connection_health_with_refusal (health, refusal),
                                     lk_connection_action_decide (health, fault, refusal)));
}

/**
 * lk_agent_tray_facts_gather:
 *
 * Returns: (transfer full): what is known now, without numbers in the menu
 */
LkTrayFacts *
lk_agent_tray_facts_gather (LkAgentContext *context)
{
  LkTrayFacts *facts = lk_tray_facts_new ();
  GSettings *settings = lk_agent_context_get_settings (context);
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (context));
  gint64 now = lk_agent_context_get_now (context);

  facts->loaded = g_strcmp0 (lk_dbus_agent1_get_ledger_state (lk_agent_context_get_agent (context)),
                             "opening") != 0;
  facts->paused = g_settings_get_boolean (settings, "paused");
  facts->shy = !g_settings_get_boolean (settings, "tray-when-fine");
  for (guint i = 0; i < all->len; i++)
    if (lk_agent_connection_get_record (all->pdata[i])->removed_at == 0)
      count (facts, all->pdata[i], now);
  lk_tray_facts_sort (facts);
  return facts;
}
