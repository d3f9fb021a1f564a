/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_unlock (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  const LkCtlHelp help = {
    .name = "unlock",
    .summary = _("Asks the keyring to unlock. The keyring itself asks for its password."),
    .examples = "  latchkeyctl unlock\n",
  };
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 120);
  reply = lk_ctl_call_agent (self, "UnlockKeyring", NULL, NULL, &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  if (self->json)
    lk_ctl_print ("{\"unlocked\":true}");
  else
    lk_ctl_note ("%s", _("The keyring is unlocked."));
  return LK_CTL_EXIT_DONE;
}
