/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LkAgentClaim:
 *
 * The data folder is one agent's alone: a person may have two sessions with a bus each, and two
 * agents that renew one token would take it from each other. The claim ends with the process.
 */
typedef struct _LkAgentClaim LkAgentClaim;

typedef void (*LkAgentClaimFunc) (gpointer user_data);

/* @got_it: called once when a claim that another agent had has become ours */
LkAgentClaim *lk_agent_claim_new     (const char *folder, LkAgentClaimFunc got_it,
                                      gpointer user_data);
/* Also TRUE where files cannot be locked at all. */
gboolean      lk_agent_claim_is_held (LkAgentClaim *self);
void          lk_agent_claim_free    (LkAgentClaim *self);

G_END_DECLS
