/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static void
print_trial (LkCtl       *self,
             const char  *address,
             char       **clients)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!self->json)
    {
      lk_ctl_note (_("The simulator runs at %s. These developer apps are made for it; sign in with "
                     "“latchkeyctl connect”:"), address);
      for (size_t i = 0; clients[i] != NULL; i++)
        lk_ctl_print ("%s", clients[i]);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "address", address);
  lk_ctl_json_strv (builder, "clients", (const char * const *) clients);
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
}

int
lk_ctl_run_trial (LkCtl  *self,
                  int     argc,
                  char  **argv)
{
  const LkCtlHelp help = {
    .name = "trial",
    .summary = _("Starts an offline TikTok on this computer, to try all of it without an account."),
    .examples = "  latchkeyctl trial\n"
                "  latchkeyctl trial --json | jq -r '.clients[]'\n",
  };
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) clients = NULL;
  const char *address = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 30);
  reply = lk_ctl_call_agent (self, "StartTrial", NULL, "(sas)", &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  g_variant_get (reply, "(&s^as)", &address, &clients);
  print_trial (self, address, clients);
  return LK_CTL_EXIT_DONE;
}
