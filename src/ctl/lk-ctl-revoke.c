/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_revoke (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  const LkCtlHelp help = {
    .name = "revoke",
    .parameters = _("CONNECTION"),
    .summary = _("Withdraws the authorization at the provider, then forgets the connection."),
    .examples = "  latchkeyctl revoke acme\n",
    .notes = _("There is no way back but a new sign-in. “latchkeyctl remove” only forgets the "
               "connection here."),
  };
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  return lk_ctl_connection_act_and_tell (self, word, "Revoke", NULL,
                                         _("Revoked and removed “%s”."));
}
