/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"
#include "lk-ledger-query.h"
#include "lk-warning.h"

G_BEGIN_DECLS

/**
 * LkAgentWarningEntry:
 * @subject: id of a connection; a word for the provider's incident; empty for the summary
 * @desktop: what was told on the desktop
 * @outlet: what was passed on to the program and the address
 * @about: of news, what there is to tell; 0 for nothing
 * @detail: (nullable): see #LkAgentWarningSubject; of @LK_WARNING_ATTENTION what it rests on:
 *   "fault", "refusal" or "ended"
 * @signed_in: when a person had signed in last as it was told
 * @open: told on the desktop, and neither settled nor taken away
 * @shown: somebody did show it
 * @summed: it stands in the summary of @reason and not alone
 * @mark: (nullable): finds the notice again
 * @handed: this agent gave it to the notifier; not kept
 * @pending: it waits for others that come at the same moment; not kept
 * @saved: (nullable): what the ledger has; not kept
 *
 * What is remembered of one warning.
 */
typedef struct
{
  LkWarningReason  reason;
  char            *subject;
  LkWarningState   desktop;
  LkWarningState   outlet;
  gint64           about;
  char            *detail;
  gint64           signed_in;
  gboolean         open;
  gboolean         shown;
  gboolean         summed;
  GVariant        *mark;
  gboolean         handed;
  gboolean         pending;
  GVariant        *saved;
} LkAgentWarningEntry;

LkAgentWarningEntry *lk_agent_warning_entry_new          (LkWarningReason reason,
                                                          const char *subject);
void                 lk_agent_warning_entry_free         (LkAgentWarningEntry *self);
/* "REASON/SUBJECT", which is the id of its notice, too. */
char                *lk_agent_warning_entry_dup_key      (LkWarningReason reason,
                                                          const char *subject);
void                 lk_agent_warning_entry_set_detail   (LkAgentWarningEntry *self,
                                                          const char *detail);
void                 lk_agent_warning_entry_set_mark     (LkAgentWarningEntry *self,
                                                          GVariant *mark);
/* Nothing of it has to be remembered. */
gboolean             lk_agent_warning_entry_is_blank     (const LkAgentWarningEntry *self);
/* (nullable): NULL for a record that another version wrote */
LkAgentWarningEntry *lk_agent_warning_entry_from_record  (const LkStateRecord *record);
/* Writes it, or forgets it when it is blank; only when the ledger has something else. */
void                 lk_agent_warning_entry_save         (LkAgentWarningEntry *self,
                                                          LkAgentContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAgentWarningEntry, lk_agent_warning_entry_free)

G_END_DECLS
