/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs.h"

struct _LkAgentPrograms
{
  LkAgentContext *context; /* outlives us */
};

LkAgentPrograms *
lk_agent_programs_new (LkAgentContext *context)
{
  LkAgentPrograms *self = g_new0 (LkAgentPrograms, 1);

  self->context = context;
  return self;
}

void
lk_agent_programs_free (LkAgentPrograms *self)
{
  g_free (self);
}
