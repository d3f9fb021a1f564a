/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-remedy.h"

G_BEGIN_DECLS

struct _LkAgentRemedy
{
  GObject               parent_instance;

  LkAgentContext       *context;    /* (owned) */
  LkRemedyRecord       *record;     /* (owned) */
  LkDBusRemedy1        *skeleton;   /* (owned) */
  LkDBusObjectSkeleton *object;     /* (owned) (nullable): while on the bus */
  GQueue                waiting;    /* (owned) of GTask: checks that wait for the one under way */
  gint64                next_check; /* 0 for none */
  gint64                not_before; /* a limit of the provider */
  int                   untold;     /* a step that is done and is told when the call came back */
  guint                 watcher_id; /* while the window that watches is there */
};

/* Checks and looks: one at a time. */
void lk_agent_remedy_check_next (LkAgentRemedy *self);

G_END_DECLS
