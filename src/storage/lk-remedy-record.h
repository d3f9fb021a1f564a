/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-call-request.h"
#include "lk-facts.h"

G_BEGIN_DECLS

/**
 * LkStepRecord:
 * @id: of the step in its remedy
 * @state: "todo", "done", "not-yet", "unknown" or "told"
 * @at: when it was looked at last, 0 for never
 */
typedef struct
{
  char   *id;
  char   *state;
  gint64  at;
} LkStepRecord;

LkStepRecord   *lk_step_record_new          (const char *id, const char *state, gint64 at);
void            lk_step_record_free         (LkStepRecord *self);

/**
 * LkRemedyRecord:
 * @id: word of [a-z0-9], the last part of the D-Bus path
 * @connection: id of the connection
 * @remedy, @cause: of the finding
 * @values: (element-type utf8 utf8): of the finding, never %NULL
 * @facts: what is known, never %NULL
 * @steps: (element-type LkStepRecord), never %NULL
 * @call: (nullable): what "try it again" repeats
 * @event: of the refused call in the history, 0 for none
 * @started, @ended: seconds since 1970 UTC; 0 while it is not done
 * @watched_since: when watching began, 0 while nobody wants it
 *
 * A remedy under way, as the ledger keeps it. Without secrets.
 */
typedef struct
{
  char          *id;
  char          *connection;
  char          *remedy;
  char          *cause;
  GHashTable    *values;
  LkFacts       *facts;
  GPtrArray     *steps;
  LkCallRequest *call;
  gint64         event;
  gint64         started;
  gint64         ended;
  gint64         watched_since;
} LkRemedyRecord;

LkRemedyRecord *lk_remedy_record_new          (void);
LkRemedyRecord *lk_remedy_record_copy         (const LkRemedyRecord *self);
void            lk_remedy_record_free         (LkRemedyRecord *self);
/* a{ss} and a(ssx), as on the bus; (transfer floating) */
GVariant       *lk_remedy_record_dup_values   (const LkRemedyRecord *self);
GVariant       *lk_remedy_record_dup_steps    (const LkRemedyRecord *self);
void            lk_remedy_record_take_values  (LkRemedyRecord *self, GVariant *values);
/* All but id, connection, started and ended, which are columns of their own. */
GVariant       *lk_remedy_record_to_variant   (const LkRemedyRecord *self);
gboolean        lk_remedy_record_read_variant (LkRemedyRecord *self, GVariant *dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkStepRecord, lk_step_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRemedyRecord, lk_remedy_record_free)

G_END_DECLS
