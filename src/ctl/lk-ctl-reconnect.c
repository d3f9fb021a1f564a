/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

int
lk_ctl_run_reconnect (LkCtl  *self,
                      int     argc,
                      char  **argv)
{
  g_auto(GStrv) scopes = NULL;
  gboolean no_browser = FALSE;
  LkCtlSignInOptions options = { .owned = TRUE };
  const GOptionEntry entries[] = {
    { "scope", 0, 0, G_OPTION_ARG_STRING_ARRAY, &scopes,
      N_("Ask for this scope instead of those of last time; can be repeated"), N_("SCOPE") },
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser,
      N_("Print the address instead of opening it"), NULL },
    { "accept-identity", 0, 0, G_OPTION_ARG_NONE, &options.accept_identity,
      N_("Go on even if somebody else signs in"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "reconnect",
    .parameters = _("CONNECTION"),
    .summary = _("Signs in again. The connection keeps its id, name and history."),
    .examples = "  latchkeyctl reconnect acme\n"
                "  latchkeyctl reconnect acme --no-browser --json\n",
    .notes = _("If another login than before signs in, you are asked first; without a terminal "
               "that is refused."),
  };
  g_autoptr(LkCtlConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  const char *word = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (word = lk_ctl_one_argument (self, argc, argv, _("CONNECTION"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 300);
  connection = lk_ctl_find_connection (self, word, &error);
  if (connection == NULL)
    return lk_ctl_fail (self, error);

  if (scopes == NULL)
    scopes = lk_ctl_connection_dup_strv (connection, "ScopesAsked");
  options.browser = !no_browser;
  return lk_ctl_sign_in (self, lk_ctl_connection_get (connection, "Client"),
                         lk_ctl_connection_get (connection, "Id"), NULL,
                         (const char * const *) scopes, &options);
}
