/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-monitor.h"

struct _LkAgentMonitor
{
  LkAgentContext *context; /* outlives us */
};

LkAgentMonitor *
lk_agent_monitor_new (LkAgentContext *context)
{
  LkAgentMonitor *self = g_new0 (LkAgentMonitor, 1);

  self->context = context;
  return self;
}

void
lk_agent_monitor_free (LkAgentMonitor *self)
{
  g_free (self);
}
