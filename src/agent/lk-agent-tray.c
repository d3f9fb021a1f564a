/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-tray.h"

struct _LkAgentTray
{
  LkAgentContext *context; /* outlives us */
};

LkAgentTray *
lk_agent_tray_new (LkAgentContext *context)
{
  LkAgentTray *self = g_new0 (LkAgentTray, 1);

  self->context = context;
  return self;
}

void
lk_agent_tray_free (LkAgentTray *self)
{
  g_free (self);
}
