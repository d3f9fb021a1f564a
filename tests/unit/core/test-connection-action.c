/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-connection-action.h"

/* What a connection needs from the person follows from its health, its own fault and the last
 * refused call; a rate limit never sends anybody through a sign-in. */
static void
test_decide (void)
{
  static const struct
  {
    LkHealth health;
    LkClass fault;            /* LK_CLASS_OK for none */
    const char *local;
    LkClass refusal;          /* LK_CLASS_OK for none */
    LkHealth shown;
    LkConnectionAction action;
  } rows[] = {
    { LK_HEALTH_FINE, LK_CLASS_OK, NULL, LK_CLASS_OK, LK_HEALTH_FINE,
      LK_CONNECTION_ACTION_NONE },
    { LK_HEALTH_FINE, LK_CLASS_OK, NULL, LK_CLASS_RATE, LK_HEALTH_FINE,
      LK_CONNECTION_ACTION_NONE },
    { LK_HEALTH_FINE, LK_CLASS_OK, NULL, LK_CLASS_PERMISSION, LK_HEALTH_ATTENTION,
      LK_CONNECTION_ACTION_FIX },
    { LK_HEALTH_ENDING, LK_CLASS_OK, NULL, LK_CLASS_PERMISSION, LK_HEALTH_ENDING,
      LK_CONNECTION_ACTION_SIGN_IN_AGAIN },
    { LK_HEALTH_ATTENTION, LK_CLASS_REFRESH_DEAD, NULL, LK_CLASS_OK, LK_HEALTH_ATTENTION,
      LK_CONNECTION_ACTION_RECONNECT },
    { LK_HEALTH_ATTENTION, LK_CLASS_REFRESH_DEAD, NULL, LK_CLASS_PERMISSION,
      LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_RECONNECT },
    { LK_HEALTH_ATTENTION, LK_CLASS_TRANSIENT, "keyring-locked", LK_CLASS_OK,
      LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_UNLOCK },
    { LK_HEALTH_ATTENTION, LK_CLASS_TRANSIENT, "refresh-lost", LK_CLASS_OK,
      LK_HEALTH_ATTENTION, LK_CONNECTION_ACTION_RECONNECT },
    { LK_HEALTH_ATTENTION, LK_CLASS_APP_CONFIG, NULL, LK_CLASS_OK, LK_HEALTH_ATTENTION,
      LK_CONNECTION_ACTION_FIX },
    { LK_HEALTH_ATTENTION, LK_CLASS_OK, NULL, LK_CLASS_OK, LK_HEALTH_ATTENTION,
      LK_CONNECTION_ACTION_RECONNECT },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(LkFault) fault = NULL;
      g_autoptr(LkFault) refusal = NULL;

      if (rows[i].local != NULL)
        fault = lk_fault_new_local (rows[i].fault, rows[i].local, NULL);
      else if (rows[i].fault != LK_CLASS_OK)
        fault = lk_fault_new (rows[i].fault);
      if (rows[i].refusal != LK_CLASS_OK)
        refusal = lk_fault_new (rows[i].refusal);
      g_test_message ("row %zu", i);
      g_assert_cmpint (lk_connection_health_with_refusal (rows[i].health, refusal), ==,
                       rows[i].shown);
      g_assert_cmpint (lk_connection_action_decide (rows[i].health, fault, refusal), ==,
                       rows[i].action);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection-action/decide", test_decide);
  return g_test_run ();
}
