/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-life.h"

struct _LkAgentLife
{
  LkAgentContext *context; /* outlives us */
};

LkAgentLife *
lk_agent_life_new (LkAgentContext *context)
{
  LkAgentLife *self = g_new0 (LkAgentLife, 1);

  self->context = context;
  return self;
}

void
lk_agent_life_free (LkAgentLife *self)
{
  g_free (self);
}
