/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <unistd.h>

/* As env(1) and nohup(1) have it, so that they are told from the command's own status. */
#define EXIT_CANNOT_RUN 126
#define EXIT_NO_COMMAND 127

static int
replace_process (LkSecret  *token,
                 char     **command)
{
  int reason = 0;

  if (setenv ("LATCHKEY_ACCESS_TOKEN", lk_secret_open (token), TRUE) != 0)
    {
      lk_ctl_note ("latchkeyctl: %s", g_strerror (errno));
      return LK_CTL_EXIT_FAILED;
    }

  execvp (command[0], command);
  reason = errno;
  lk_ctl_note (_("latchkeyctl: “%s” cannot be run: %s."), command[0], g_strerror (reason));
  return reason == ENOENT ? EXIT_NO_COMMAND : EXIT_CANNOT_RUN;
}

int
lk_ctl_run_exec (LkCtl  *self,
                 int     argc,
                 char  **argv)
{
  int min_valid = 0;
  const GOptionEntry entries[] = {
    { "min-valid", 0, 0, G_OPTION_ARG_INT, &min_valid,
      N_("Renew first if the token lives shorter than this"), N_("SECONDS") },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "exec",
    .parameters = _("CONNECTION -- COMMAND…"),
    .summary = _("Runs a command with the access token in LATCHKEY_ACCESS_TOKEN."),
    .examples = "  latchkeyctl exec acme -- ./upload.py video.mp4\n"
                "  latchkeyctl exec --min-valid 600 acme -- sh -c 'echo $LATCHKEY_ACCESS_TOKEN'\n",
    .notes = _("Options stand before CONNECTION. The exit status is the command’s own; 126 and 127 "
               "mean that it could not be run or was not found."),
  };
  g_autoptr(LkSecret) token = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *program = NULL;
  char **command = NULL;

  if (!lk_ctl_parse_posix (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc < 2 || g_str_equal (argv[1], "--"))
    return lk_ctl_usage (self, _("%s is missing"), _("CONNECTION"));
  command = argv + (argc > 2 && g_str_equal (argv[2], "--") ? 3 : 2);
  if (command[0] == NULL)
    return lk_ctl_usage (self, _("%s is missing"), _("COMMAND"));
  if (min_valid < 0)
    return lk_ctl_usage (self, "%s", _("--min-valid must not be negative"));

  lk_ctl_start_clock (self, 30);
  /* The service tells programs by their file. */
  program = g_find_program_in_path (command[0]);
  if (program != NULL && !g_path_is_absolute (program))
    {
      g_autofree char *relative = g_steal_pointer (&program);

      program = g_canonicalize_filename (relative, NULL);
    }
  if (program == NULL)
    program = g_path_get_basename (command[0]);
  token = lk_ctl_get_token (self, argv[1], (guint) min_valid, program, &error);
  if (token == NULL)
    return lk_ctl_fail_token (self, argv[1], error);

  return replace_process (token, command);
}
