/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

/* The address goes through a pipe; the agent finds the attempt by the state in it. */
static int
paste (LkCtl      *self,
       const char *address)
{
  const LkCtlSignInOptions options = { .browser = FALSE };
  g_autoptr(LkSecret) secret = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *path = NULL;

  lk_ctl_start_clock (self, 300);
  if (g_str_equal (address, "-"))
    secret = lk_ctl_read_secret (self, _("Address:"), &error);
  else
    secret = lk_secret_new (address);
  if (secret == NULL)
    return lk_ctl_fail (self, error);

  reply = lk_ctl_call_with_secret (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, "Paste",
                                   g_variant_new ("(h)", 0), secret, "(o)", &error);
  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, LK_CTL_ERROR, LK_CTL_EXIT_NOT_FOUND,
                           _("No sign-in waits for this address: the address was used already, "
                             "came too late, or lacks a part. Start again with “latchkeyctl "
                             "connect”."));
    }
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  g_variant_get (reply, "(&o)", &path);
  return lk_ctl_follow_sign_in (self, path, &options);
}

int
lk_ctl_run_connect (LkCtl  *self,
                    int     argc,
                    char  **argv)
{
  g_auto(GStrv) scopes = NULL;
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;
  gboolean no_browser = FALSE;
  LkCtlSignInOptions options = { .owned = TRUE };
  const GOptionEntry entries[] = {
    { "scope", 0, 0, G_OPTION_ARG_STRING_ARRAY, &scopes,
      N_("Ask for this scope; can be repeated"), N_("SCOPE") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("Name of the new connection"), N_("NAME") },
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser,
      N_("Print the address instead of opening it"), NULL },
    { "paste", 0, 0, G_OPTION_ARG_STRING, &address,
      N_("Finish with the address that the browser ended at, or “-”"), N_("ADDRESS") },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "connect",
    .parameters = _("APP"),
    .summary = _("Signs in with a developer app and makes a connection."),
    .examples = "  latchkeyctl connect acme-login\n"
                "  latchkeyctl connect acme-login --scope user.info.basic --scope video.list\n"
                "  latchkeyctl connect --paste -\n",
    .notes = _("APP is the name of a developer app, see “latchkeyctl client list”. With --json, "
               "each step is one line. Ctrl+C cancels.\n"
               "“--paste -” reads the address from the standard input. That is safer: it carries a "
               "code, and other programs can see a command line."),
  };
  const char *client = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (address != NULL && argc > 1)
    return lk_ctl_usage (self, "%s",
                         _("--paste needs no app: the address tells which sign-in it is"));
  if (address != NULL)
    return paste (self, address);

  client = lk_ctl_one_argument (self, argc, argv, _("APP"));
  if (client == NULL)
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 300);
  options.browser = !no_browser;
  return lk_ctl_sign_in (self, client, NULL, name, (const char * const *) scopes, &options);
}
