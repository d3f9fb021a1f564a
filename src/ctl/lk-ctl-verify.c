/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_verify (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  const LkCtlHelp help = {
    .name = "verify",
    .parameters = _("CONNECTION"),
    .summary = _("Asks the provider whether the token is alive, whose it is and what it reaches."),
    .examples = "  latchkeyctl verify acme\n"
                "  latchkeyctl verify acme --json\n",
    .notes = _("CONNECTION is a name or an id, as “latchkeyctl list” shows them."),
  };
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  return lk_ctl_connection_act_and_show (self, word, "Verify", _("The token is alive."));
}
