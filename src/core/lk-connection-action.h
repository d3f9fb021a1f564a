/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-fault.h"
#include "lk-policy.h"

G_BEGIN_DECLS

/**
 * LkConnectionAction:
 *
 * The one thing that helps a connection now.
 */
typedef enum
{
  LK_CONNECTION_ACTION_NONE,
  LK_CONNECTION_ACTION_UNLOCK,
  LK_CONNECTION_ACTION_RECONNECT,
  LK_CONNECTION_ACTION_SIGN_IN_AGAIN,
  LK_CONNECTION_ACTION_FIX,
  LK_CONNECTION_ACTION_TAKE_BACK, /* of a parked one; not from lk_connection_action_decide() */
  LK_CONNECTION_ACTION_USE_HERE,  /* likewise */
} LkConnectionAction;

/* @health: of the sign-in; @refusal: (nullable): the last refused call. What the connection as a
 * whole needs from the person, for lists and counts. */
LkHealth           lk_connection_health_with_refusal (LkHealth health, const LkFault *refusal);
/* @fault: (nullable): the connection's own. */
LkConnectionAction lk_connection_action_decide       (LkHealth health, const LkFault *fault,
                                                      const LkFault *refusal);

G_END_DECLS
