/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_remove (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  const LkCtlHelp help = {
    .name = "remove",
    .parameters = _("CONNECTION"),
    .summary = _("Forgets a connection on this computer."),
    .examples = "  latchkeyctl remove acme\n",
    .notes = _("The provider is not told; “latchkeyctl revoke” withdraws the authorization too."),
  };
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  return lk_ctl_connection_act_and_tell (self, word, "Remove", NULL, _("Removed “%s”."));
}
