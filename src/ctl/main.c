/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"
#include "lk-locale.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/prctl.h>

static const LkCtlCommand commands[] = {
  { "client", lk_ctl_run_client, N_("Add, list and remove developer apps") },
  { "connect", lk_ctl_run_connect, N_("Sign in and make a connection") },
  { "list", lk_ctl_run_list, N_("List the connections") },
  { "show", lk_ctl_run_show, N_("Show one connection") },
  { "history", lk_ctl_run_history, N_("Tell what happened") },
  { "ends", lk_ctl_run_ends, N_("List when to sign in again") },
  { "metrics", lk_ctl_run_metrics, N_("Print all numbers for monitoring") },
  { "token", lk_ctl_run_token, N_("Print a connection’s access token") },
  { "exec", lk_ctl_run_exec, N_("Run a command with the access token") },
  { "call", lk_ctl_run_call, N_("Call the platform’s API with the connection’s token") },
  { "renew", lk_ctl_run_renew, N_("Renew a connection’s tokens now") },
  { "verify", lk_ctl_run_verify, N_("Check whether a connection’s token is alive") },
  { "reconnect", lk_ctl_run_reconnect, N_("Sign in again") },
  { "revoke", lk_ctl_run_revoke, N_("Withdraw the authorization at the provider") },
  { "remove", lk_ctl_run_remove, N_("Forget a connection here") },
  { "rename", lk_ctl_run_rename, N_("Rename a connection") },
  { "diagnose", lk_ctl_run_diagnose, N_("Explain an error") },
  { "providers", lk_ctl_run_providers, N_("List and check provider profiles") },
  { "programs", lk_ctl_run_programs, N_("List the programs that take tokens, and what they may") },
  { "settings", lk_ctl_run_settings, N_("Show and change settings") },
  { "pause", lk_ctl_run_pause, N_("Renew and check nothing by itself for a while") },
  { "resume", lk_ctl_run_resume, N_("Renew and check again") },
  { "backup", lk_ctl_run_backup, N_("Back connections up, or move them to another computer") },
  { "restore", lk_ctl_run_restore, N_("Take connections from a backup or a move") },
  { "take-back", lk_ctl_run_take_back, N_("Use connections again that were moved or are on hold") },
  { "unlock", lk_ctl_run_unlock, N_("Unlock the keyring") },
  { "trial", lk_ctl_run_trial, N_("Start an offline TikTok to try things with") },
  { NULL, NULL, NULL }
};

int
main (int    argc,
      char **argv)
{
  g_autoptr(LkClock) clock = lk_system_clock_new ();
  LkCtl self = { .clock = clock };
  int status;

  /* Tokens pass through this process: no core dumps, no debugger of another program. */
  prctl (PR_SET_DUMPABLE, 0);
  lk_locale_init ();

  /* “latchkeyctl --complete WORD…” is what a shell asks; the last word is unfinished. */
  if (argc > 2 && g_str_equal (argv[1], "--complete"))
    {
      self.typed = argv[--argc];
      argv[argc] = NULL;
      argv++;
      argc--;
    }

  status = lk_ctl_dispatch (&self, "", commands, argc, argv);
  if ((fflush (stdout) != 0 || ferror (stdout) != 0) && status == LK_CTL_EXIT_DONE)
    {
      lk_ctl_note ("%s", _("latchkeyctl: The result could not be written."));
      status = LK_CTL_EXIT_FAILED;
    }

  g_clear_pointer (&self.diagnosis, lk_diagnosis_free);
  g_clear_pointer (&self.profiles, lk_profile_set_unref);
  g_clear_object (&self.bus);
  return status;
}
