/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-connection.h"
#include "lk-enquiry.h"

G_BEGIN_DECLS

/* What the ledger knows of a connection, as facts without a fault; (transfer full) */
LkFacts *lk_agent_facts_new         (LkAgentConnection *connection);
/* Brings them up to date; the fault and the answers stay. */
void     lk_agent_facts_refresh     (LkFacts *facts, LkAgentConnection *connection);

/* Gives the next question; NULL when there is none left. */
typedef LkQuestion *(*LkAgentNext) (LkDiagnosis *diagnosis, LkProfile *profile,
                                    const LkFacts *facts);

/**
 * lk_agent_enquiry_async:
 * @facts: (transfer full): what is known
 * @next: what to ask, as long as it knows a question
 * @most: probes that are asked at most
 *
 * Asks one probe after the other and puts the answers to the facts, for thirty seconds at most.
 */
void     lk_agent_enquiry_async     (LkAgentConnection *connection, LkFacts *facts,
                                     LkAgentNext next, guint most, GAsyncReadyCallback callback,
                                     gpointer user_data);
/* The same for a list of questions. @questions: (transfer full) (element-type LkQuestion) */
void     lk_agent_enquiry_ask_async (LkAgentConnection *connection, LkFacts *facts,
                                     GPtrArray *questions, GAsyncReadyCallback callback,
                                     gpointer user_data);
/* (transfer full). Errors: NotFound (the profile or the app is gone), Keyring*. */
LkFacts *lk_agent_enquiry_finish    (LkAgentConnection *connection, GAsyncResult *result,
                                     GError **error);

G_END_DECLS
