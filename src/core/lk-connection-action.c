/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-action.h"

LkHealth
lk_connection_health_with_refusal (LkHealth health, const LkFault *refusal)
{
  /* The sign-in is fine, but work has stopped. */
  if (health == LK_HEALTH_FINE && refusal != NULL && lk_class_stops_work (refusal->klass))
    return LK_HEALTH_ATTENTION;
  return health;
}

static LkConnectionAction
action_for_fault (const LkFault *fault)
{
  static const char * const sign_in[] = { "token-missing", "refresh-lost", NULL };

  if (lk_fault_is_local (fault, "keyring-locked"))
    return LK_CONNECTION_ACTION_UNLOCK;
  if (lk_class_needs_reauth (fault->klass))
    return LK_CONNECTION_ACTION_RECONNECT;
  for (size_t i = 0; sign_in[i] != NULL; i++)
    if (lk_fault_is_local (fault, sign_in[i]))
      return LK_CONNECTION_ACTION_RECONNECT;
  return LK_CONNECTION_ACTION_FIX;
}

LkConnectionAction
lk_connection_action_decide (LkHealth health, const LkFault *fault, const LkFault *refusal)
{
  const LkFault *trouble = fault != NULL ? fault : refusal;

  switch (lk_connection_health_with_refusal (health, refusal))
    {
    case LK_HEALTH_ATTENTION:
      /* A refused call is looked into before anybody signs in for it. */
      if (fault == NULL && refusal != NULL && lk_class_stops_work (refusal->klass))
        return LK_CONNECTION_ACTION_FIX;
      return trouble != NULL ? action_for_fault (trouble) : LK_CONNECTION_ACTION_RECONNECT;
    case LK_HEALTH_ENDING:
      return LK_CONNECTION_ACTION_SIGN_IN_AGAIN;
    case LK_HEALTH_FINE:
    default:
      return LK_CONNECTION_ACTION_NONE;
    }
}
