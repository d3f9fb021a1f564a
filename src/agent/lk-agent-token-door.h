/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentTokenDoor:
 *
 * The short way to a token that is in memory; see lk-token-door.h. Answers only what the bus would
 * answer at once; it never renews, never reads the keyring.
 */
#define LK_TYPE_AGENT_TOKEN_DOOR (lk_agent_token_door_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentTokenDoor, lk_agent_token_door, LK, AGENT_TOKEN_DOOR, GObject)

/* @run_dir: $XDG_RUNTIME_DIR. NULL with an error when the socket cannot be made. To be called once
 * the name on the bus is ours, because it takes the place of a socket that is there. */
LkAgentTokenDoor *lk_agent_token_door_new (LkAgentContext *context, const char *run_dir,
                                           GError **error);

G_END_DECLS
