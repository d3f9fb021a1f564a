/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_rename (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  const LkCtlHelp help = {
    .name = "rename",
    .parameters = _("CONNECTION NAME"),
    .summary = _("Gives a connection another name."),
    .examples = "  latchkeyctl rename acme \"Acme, spring campaign\"\n",
    .notes = _("Scripts can use the id instead; it never changes."),
  };

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc != 3 || argv[2][0] == '\0')
    return lk_ctl_usage (self, "%s", _("a connection and its new name are needed"));

  return lk_ctl_connection_act_and_tell (self, argv[1], "Rename", g_variant_new ("(s)", argv[2]),
                                         _("Renamed “%s”."));
}
