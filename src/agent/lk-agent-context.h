/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-call.h"
#include "lk-clock.h"
#include "lk-corrected-clock.h"
#include "lk-diagnosis.h"
#include "lk-http.h"
#include "lk-ipc.h"
#include "lk-ledger.h"
#include "lk-profile-set.h"
#include "lk-records.h"
#include "lk-renewer.h"
#include "lk-vault.h"

G_BEGIN_DECLS

typedef struct _LkAgentClients LkAgentClients;
typedef struct _LkAgentConnection LkAgentConnection;
typedef struct _LkAgentConnections LkAgentConnections;
typedef struct _LkAgentDeadlines LkAgentDeadlines;
typedef struct _LkAgentHandouts LkAgentHandouts;
typedef struct _LkAgentHistory LkAgentHistory;
typedef struct _LkAgentLife LkAgentLife;
typedef struct _LkAgentMonitor LkAgentMonitor;
typedef struct _LkAgentNotifier LkAgentNotifier;
typedef struct _LkAgentPrograms LkAgentPrograms;
typedef struct _LkAgentRemedies LkAgentRemedies;
typedef struct _LkAgentRoster LkAgentRoster;
typedef struct _LkAgentScheduler LkAgentScheduler;
typedef struct _LkAgentSignIns LkAgentSignIns;
typedef struct _LkAgentSleep LkAgentSleep;
typedef struct _LkAgentTray LkAgentTray;
typedef struct _LkAgentTree LkAgentTree;
typedef struct _LkAgentTrial LkAgentTrial;
typedef struct _LkAgentWarnings LkAgentWarnings;

/**
 * LkAgentContext:
 *
 * Owns everything that the agent's parts share, and outlives them. Signals:
 * "quit": the agent was asked to end;
 * "connection-changed" (#LkAgentConnection): its record or what follows from it may differ, also
 *   when it was published or withdrawn;
 * "event-added" (#LkEvent): a line of the history was written or counted up;
 * "clock-changed": the time of day moved in another way than by passing, or the machine was asleep;
 *   what was worked out from the old time is to be worked out again. Deadlines see to themselves;
 * "incidents-changed": a provider began or ceased to say that it has trouble; see Agent1.Incidents.
 */
#define LK_TYPE_AGENT_CONTEXT (lk_agent_context_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentContext, lk_agent_context, LK, AGENT_CONTEXT, GObject)

LkAgentContext *lk_agent_context_new          (const char *data_dir, const char *provider_dir);
void            lk_agent_context_export       (LkAgentContext *self, GDBusConnection *bus);
void            lk_agent_context_open_async   (LkAgentContext *self, GAsyncReadyCallback callback,
                                               gpointer user_data);
void            lk_agent_context_set_in_use   (LkAgentContext *self, gboolean in_use);
void            lk_agent_context_open_finish  (LkAgentContext *self, GAsyncResult *result);
void            lk_agent_context_close_async  (LkAgentContext *self, GAsyncReadyCallback callback,
                                               gpointer user_data);
void            lk_agent_context_close_finish (LkAgentContext *self, GAsyncResult *result);
void            lk_agent_context_quit         (LkAgentContext *self);

/* What time it is, although the computer's clock may be wrong: an LkCorrectedClock. */
LkClock                  *lk_agent_context_get_clock       (LkAgentContext *self);
LkHttp                   *lk_agent_context_get_http        (LkAgentContext *self);
LkCallEngine             *lk_agent_context_get_engine      (LkAgentContext *self);
/* Made when first asked for, and let go a while after it was asked for last; never kept. */
LkDiagnosis              *lk_agent_context_get_diagnosis   (LkAgentContext *self);
/* What a provider said of incidents within the last half hour; (transfer none) (nullable). */
const LkProbeAnswer      *lk_agent_context_get_news        (LkAgentContext *self,
                                                            const char *provider);
void                      lk_agent_context_keep_news       (LkAgentContext *self,
                                                            const char *provider,
                                                            const LkProbeAnswer *answer);
LkVault                  *lk_agent_context_get_vault       (LkAgentContext *self);
LkProfileSet             *lk_agent_context_get_profiles    (LkAgentContext *self);
GDBusObjectManagerServer *lk_agent_context_get_server      (LkAgentContext *self);
LkDBusAgent1             *lk_agent_context_get_agent       (LkAgentContext *self);
LkAgentClients           *lk_agent_context_get_clients     (LkAgentContext *self);
LkAgentConnections       *lk_agent_context_get_connections (LkAgentContext *self);
LkAgentDeadlines         *lk_agent_context_get_deadlines   (LkAgentContext *self);
LkAgentHandouts          *lk_agent_context_get_handouts    (LkAgentContext *self);
LkAgentHistory           *lk_agent_context_get_history     (LkAgentContext *self);
LkAgentNotifier          *lk_agent_context_get_notifier    (LkAgentContext *self);
LkAgentRemedies          *lk_agent_context_get_remedies    (LkAgentContext *self);
LkAgentScheduler         *lk_agent_context_get_scheduler   (LkAgentContext *self);
LkAgentSignIns           *lk_agent_context_get_sign_ins    (LkAgentContext *self);
LkAgentTree              *lk_agent_context_get_tree        (LkAgentContext *self);
LkAgentTrial             *lk_agent_context_get_trial       (LkAgentContext *self);
LkAgentMonitor           *lk_agent_context_get_monitor     (LkAgentContext *self);
LkAgentWarnings          *lk_agent_context_get_warnings    (LkAgentContext *self);
LkAgentPrograms          *lk_agent_context_get_programs    (LkAgentContext *self);
GSettings                *lk_agent_context_get_settings    (LkAgentContext *self);

gint64                    lk_agent_context_get_now         (LkAgentContext *self);
void                      lk_agent_context_reload_profiles (LkAgentContext *self);

/* After something large: gives the room back when it was quiet for a few seconds. */
void                      lk_agent_context_tidy_soon       (LkAgentContext *self);

/* What is under way; closing waits for it. */
void                      lk_agent_context_hold            (LkAgentContext *self);
void                      lk_agent_context_release         (LkAgentContext *self);
gboolean                  lk_agent_context_is_busy         (LkAgentContext *self);

/* The ledger. NULL with an error of the bus while it cannot be used. */
LkLedger                 *lk_agent_context_get_ledger      (LkAgentContext *self, GError **error);
void                      lk_agent_context_save            (LkAgentContext *self,
                                                            const LkConnectionRecord *record,
                                                            const LkEvent *event);
void                      lk_agent_context_add_event       (LkAgentContext *self,
                                                            const LkEvent *event);
/* Emits the signals. */
void                      lk_agent_context_connection_changed (LkAgentContext *self,
                                                               LkAgentConnection *connection);
void                      lk_agent_context_event_added     (LkAgentContext *self,
                                                            const LkEvent *event);
void                      lk_agent_context_clock_changed   (LkAgentContext *self);
void                      lk_agent_context_incidents_changed (LkAgentContext *self);
void                      lk_agent_context_ledger_failed   (LkAgentContext *self,
                                                            const GError *error);

/* NULL with an error of the bus while the journal cannot be used. */
LkRenewer                *lk_agent_context_get_renewer     (LkAgentContext *self, GError **error);
/* (transfer full) (nullable): a reply that is in the journal and not yet in the keyring. */
LkTokenSet               *lk_agent_context_dup_kept_reply  (LkAgentContext *self, const char *id);

/* Drops what the journal kept of a connection that was signed in again or forgotten. */
void                      lk_agent_context_forget_kept     (LkAgentContext *self,
                                                            const char *connection);

/* What the journal kept of an earlier life comes before everything that reads tokens. Replies at
 * once when that was done. */
void                      lk_agent_context_settle_async    (LkAgentContext *self,
                                                            GAsyncReadyCallback callback,
                                                            gpointer user_data);
gboolean                  lk_agent_context_settle_finish   (LkAgentContext *self,
                                                            GAsyncResult *result, GError **error);

G_END_DECLS
