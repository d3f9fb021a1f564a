/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_show (LkCtl  *self,
                 int     argc,
                 char  **argv)
{
  const LkCtlHelp help = {
    .name = "show",
    .parameters = _("CONNECTION"),
    .summary = _("Shows all that is known about a connection, and what is wrong with it."),
    .examples = "  latchkeyctl show acme\n"
                "  latchkeyctl show acme --json | jq .access_ends\n",
    .notes = _("CONNECTION is a name or an id, as “latchkeyctl list” shows them."),
  };
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 30);
  connection = lk_ctl_find_connection (self, word, &error);
  if (connection == NULL)
    return lk_ctl_fail (self, error);

  lk_ctl_connection_print (self, connection);
  return LK_CTL_EXIT_DONE;
}
