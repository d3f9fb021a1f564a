/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-context-private.h"

LkClock *
lk_agent_context_get_clock (LkAgentContext *self)
{
  return self->clock;
}

LkHttp *
lk_agent_context_get_http (LkAgentContext *self)
{
  return self->http;
}

LkCallEngine *
lk_agent_context_get_engine (LkAgentContext *self)
{
  return self->engine;
}

LkVault *
lk_agent_context_get_vault (LkAgentContext *self)
{
  return self->vault;
}

LkProfileSet *
lk_agent_context_get_profiles (LkAgentContext *self)
{
  return self->profiles;
}

GDBusObjectManagerServer *
lk_agent_context_get_server (LkAgentContext *self)
{
  return self->server;
}

LkDBusAgent1 *
lk_agent_context_get_agent (LkAgentContext *self)
{
  return self->agent;
}

LkAgentClients *
lk_agent_context_get_clients (LkAgentContext *self)
{
  return self->clients;
}

LkAgentConnections *
lk_agent_context_get_connections (LkAgentContext *self)
{
  return self->connections;
}

LkAgentDeadlines *
lk_agent_context_get_deadlines (LkAgentContext *self)
{
  return self->deadlines;
}

LkAgentHandouts *
lk_agent_context_get_handouts (LkAgentContext *self)
{
  return self->handouts;
}

LkAgentHistory *
lk_agent_context_get_history (LkAgentContext *self)
{
  return self->history;
}

LkAgentNotifier *
lk_agent_context_get_notifier (LkAgentContext *self)
{
  return self->notifier;
}

LkAgentRemedies *
lk_agent_context_get_remedies (LkAgentContext *self)
{
  return self->remedies;
}

LkAgentScheduler *
lk_agent_context_get_scheduler (LkAgentContext *self)
{
  return self->scheduler;
}

LkAgentSignIns *
lk_agent_context_get_sign_ins (LkAgentContext *self)
{
  return self->sign_ins;
}

LkAgentTree *
lk_agent_context_get_tree (LkAgentContext *self)
{
  return self->tree;
}

LkAgentTrial *
lk_agent_context_get_trial (LkAgentContext *self)
{
  return self->trial;
}

gint64
lk_agent_context_get_now (LkAgentContext *self)
{
  return lk_clock_get_now (self->clock);
}

LkAgentMonitor *
lk_agent_context_get_monitor (LkAgentContext *self)
{
  return self->monitor;
}

LkAgentWarnings *
lk_agent_context_get_warnings (LkAgentContext *self)
{
  return self->warnings;
}

LkAgentPrograms *
lk_agent_context_get_programs (LkAgentContext *self)
{
  return self->programs;
}

GSettings *
lk_agent_context_get_settings (LkAgentContext *self)
{
  return self->settings;
}
