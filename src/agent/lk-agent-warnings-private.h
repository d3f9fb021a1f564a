/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-clock-doubt.h"
#include "lk-agent-deadlines.h"
#include "lk-agent-outlet.h"
#include "lk-agent-warning-entry.h"
#include "lk-agent-warning-words.h"
#include "lk-agent-warnings.h"

G_BEGIN_DECLS

/* What several files of the warnings share. */

struct _LkAgentWarnings
{
  LkAgentContext    *context;   /* outlives us */
  LkAgentOutlet     *outlet;    /* (owned) */
  GHashTable        *entries;   /* (owned) key → LkAgentWarningEntry */
  GHashTable        *changed;   /* (owned) set of ids of connections to be looked at */
  GPtrArray         *news;      /* (owned) of LkEvent that came before the ledger was read */
  GPtrArray         *later;     /* (owned) of LkAgentNotice, until the quiet hours are over */
  GHashTable        *troubled;  /* (owned) set of ids of providers that have an incident */
  LkAgentDeadline   *deadline;  /* (owned) */
  GCancellable      *end;       /* (owned) */
  LkAgentClockDoubt  doubt;
  LkWarningRules     desktop;   /* its days are those of @days */
  LkWarningRules     passed_on; /* the same for the outlet */
  GVariant          *days;      /* (owned) (nullable) */
  gint64             incidents_from; /* before that, none may just mean that nobody asked yet */
  guint              look_id;
  guint              flush_id;
  gboolean           stale[LK_N_WARNING_REASONS]; /* its summary counts too many */
  gboolean           loading;
  gboolean           ready;
};

/* (nullable) */
LkAgentWarningEntry *lk_agent_warnings_lookup  (LkAgentWarnings *self, LkWarningReason reason,
                                                const char *subject);
LkAgentWarningEntry *lk_agent_warnings_ensure  (LkAgentWarnings *self, LkWarningReason reason,
                                                const char *subject);
/* Writes it; one that is blank is gone afterwards. */
void                 lk_agent_warnings_keep    (LkAgentWarnings *self,
                                                LkAgentWarningEntry *entry);
GPtrArray           *lk_agent_warnings_list    (LkAgentWarnings *self);
GTimeZone           *lk_agent_warnings_dup_zone (void);

/* By then every status page was read once. */
#define LK_AGENT_INCIDENTS_KNOWN_S (45 * 60)

/* lk-agent-warnings-decide.c */
gint64      lk_agent_warnings_decide           (LkAgentWarnings *self,
                                                LkAgentConnection *connection);
void        lk_agent_warnings_decide_incidents (LkAgentWarnings *self, gint64 *again);
void        lk_agent_warnings_settle_all       (LkAgentWarnings *self, const char *id);

/* lk-agent-warnings-facts.c: what there is to say of a connection. */
gint64      lk_agent_warnings_attention_of (LkAgentConnection *connection, LkFault **fault,
                                            const char **rests_on, gint64 *ends);
gboolean    lk_agent_warnings_helps_sign_in (const LkFault *fault, const char *rests_on);
/* Title and text of @entry; FALSE when it is about nothing any more. Both (transfer full). */
gboolean    lk_agent_warnings_word         (LkAgentWarnings *self,
                                            const LkAgentWarningEntry *entry, char **title,
                                            char **text, gboolean *reconnect);
LkAgentOutletEvent *lk_agent_warnings_dup_event (LkAgentWarnings *self,
                                                 const LkAgentWarningEntry *entry);

/* lk-agent-warnings-show.c: alone, or in a summary. */
void        lk_agent_warnings_flush_soon   (LkAgentWarnings *self);
void        lk_agent_warnings_settle       (LkAgentWarnings *self, LkAgentWarningEntry *entry);
void        lk_agent_warnings_adopt        (LkAgentWarnings *self);
void        lk_agent_warnings_connect      (LkAgentWarnings *self);

G_END_DECLS
