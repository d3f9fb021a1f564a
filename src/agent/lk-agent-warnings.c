/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-warnings.h"

struct _LkAgentWarnings
{
  LkAgentContext *context; /* outlives us */
};

LkAgentWarnings *
lk_agent_warnings_new (LkAgentContext *context)
{
  LkAgentWarnings *self = g_new0 (LkAgentWarnings, 1);

  self->context = context;
  return self;
}

void
lk_agent_warnings_free (LkAgentWarnings *self)
{
  g_free (self);
}
