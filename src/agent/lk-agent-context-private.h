/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

struct _LkAgentContext
{
  GObject                   parent_instance;

  char                     *data_dir;      /* (owned) */
  char                     *provider_dir;  /* (owned) */

  LkClock                  *clock;         /* (owned) */
  LkHttp                   *http;          /* (owned) */
  LkCallEngine             *engine;        /* (owned) */
  LkDiagnosis              *diagnosis;     /* (owned) (nullable): while it is needed */
  guint                     diagnosis_id;
  guint                     tidy_id;
  LkVault                  *vault;         /* (owned) */
  LkProfileSet             *profiles;      /* (owned) */
  LkLedger                 *ledger;        /* (owned) (nullable) */
  GError                   *ledger_error;  /* (owned) (nullable): why there is no ledger */
  LkJournal                *journal;       /* (owned) (nullable) */
  GError                   *journal_error; /* (owned) (nullable): why there is no journal */
  LkRenewer                *renewer;       /* (owned) (nullable) */

  GDBusObjectManagerServer *server;        /* (owned) */
  LkDBusAgent1             *agent;         /* (owned) */
  LkAgentClients           *clients;       /* (owned) */
  LkAgentConnections       *connections;   /* (owned) */
  LkAgentDeadlines         *deadlines;     /* (owned) */
  LkAgentHandouts          *handouts;      /* (owned) */
  LkAgentHistory           *history;       /* (owned) */
  LkAgentNotifier          *notifier;      /* (owned) */
  LkAgentRemedies          *remedies;      /* (owned) */
  LkAgentRoster            *roster;        /* (owned) */
  GHashTable               *news;          /* (owned) (nullable) provider → LkProbeAnswer */
  LkAgentScheduler         *scheduler;     /* (owned) */
  LkAgentSleep             *sleep;         /* (owned) */
  LkAgentSignIns           *sign_ins;      /* (owned) */
  LkAgentTree              *tree;          /* (owned) */
  LkAgentTrial             *trial;         /* (owned) */
  LkAgentMonitor           *monitor;       /* (owned) */
  LkAgentWarnings          *warnings;      /* (owned) */
  LkAgentPrograms          *programs;      /* (owned) */
  LkAgentTray              *tray;          /* (owned) (nullable): once on the bus */
  LkAgentLife              *life;          /* (owned) (nullable): once on the bus */
  GSettings                *settings;      /* (owned) */

  guint                     holds;
  GTask                    *closing;       /* (owned) (nullable) */
  guint                     closing_id;
  guint                     vault_check_id;
  guint                     replay_id;
  GPtrArray                *replays;       /* (owned) (nullable): who waits for the one under way */
  gboolean                  backing_up;    /* or restoring */
  gboolean                  loaded;
  gboolean                  replayed;      /* at least once since the start */
};

/* lk-agent-opening.c */
void lk_agent_context_watch_vault (LkAgentContext *self);

/* lk-agent-context.c */
void lk_agent_context_set_ledger_state (LkAgentContext *self, const GError *error);

G_END_DECLS
