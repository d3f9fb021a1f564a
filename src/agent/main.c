/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "lk-agent-run.h"
#include "lk-locale.h"

#define DESCRIPTORS 16384

/* Tokens must not end up in a core dump, nor be read by another process of the person. */
static void
forbid_core_dumps (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Whoever opens many connections to the listener, or hands over many pipes, must not leave us
 * without a descriptor for the journal. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = MAX (limit.rlim_cur, MIN (limit.rlim_max, DESCRIPTORS));
  setrlimit (RLIMIT_NOFILE, &limit);
}

int
main (int argc, char *argv[])
{
  gboolean version = FALSE;
  gboolean activate = FALSE;
  const GOptionEntry entries[] = {
    { "activate", 0, 0, G_OPTION_ARG_NONE, &activate, N_("Let the session bus start it, and exit"),
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Print the version and exit"), NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) options = NULL;
  g_autoptr(GError) error = NULL;

  lk_locale_init ();
  /* The standard output is for what was asked for. */
  g_log_writer_default_set_use_stderr (TRUE);
  /* A file that may not grow is an error of that write, not the end of all connections. */
  signal (SIGXFSZ, SIG_IGN);
  forbid_core_dumps ();
  raise_descriptor_limit ();
  options = g_option_context_new (_("- keeps access alive"));
  g_option_context_add_main_entries (options, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      g_printerr ("latchkey-agent: %s\n", error->message);
      return 2;
    }
  if (version)
    {
      g_print ("latchkey-agent %s\n", LK_VERSION);
      return EXIT_SUCCESS;
    }
  if (activate && lk_agent_activate ())
    return EXIT_SUCCESS;
  return lk_agent_run ();
}
