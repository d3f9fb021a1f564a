/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-remedy.h"

G_BEGIN_DECLS

/**
 * LkAgentRemedies:
 *
 * All remedies under way, and those that were done within a day.
 */
LkAgentRemedies *lk_agent_remedies_new          (LkAgentContext *context);
void             lk_agent_remedies_free         (LkAgentRemedies *self);

/* What the ledger held at the start. @records: (element-type LkRemedyRecord) */
void             lk_agent_remedies_take         (LkAgentRemedies *self, GPtrArray *records);
/* @record: (transfer full): remedy, cause, values, facts, connection, event */
void             lk_agent_remedies_start_async  (LkAgentRemedies *self, LkRemedyRecord *record,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
/* (transfer full): its path on the bus. @context is the source object. */
char            *lk_agent_remedies_start_finish (LkAgentContext *context, GAsyncResult *result,
                                                 GError **error);
void             lk_agent_remedies_close        (LkAgentRemedies *self, LkAgentRemedy *remedy);
/* Whether the person puts a refusal of that kind right already. */
gboolean         lk_agent_remedies_mend         (LkAgentRemedies *self, const char *connection,
                                                 LkClass klass);
/* The connection was removed, or signed in again. */
void             lk_agent_remedies_close_of     (LkAgentRemedies *self, const char *connection);
void             lk_agent_remedies_signed_in    (LkAgentRemedies *self, const char *connection);
/* Sets the alarm to what is due first. */
void             lk_agent_remedies_plan         (LkAgentRemedies *self);

G_END_DECLS
