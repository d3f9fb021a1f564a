/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-simulator"

#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>

#include "lk-simulator.h"

#define DEFAULT_PORT 17816

typedef struct
{
  int       port;
  gint64    access_life;
  gint64    refresh_life;
  int       latency;
  char     *profiles;
  gboolean  version;
} Arguments;

static gboolean
read_arguments (Arguments   *arguments,
                int         *argc,
                char      ***argv,
                GError     **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments->port,
      "Port on 127.0.0.1, 0 for a free one (17816)", "N" },
    { "access-life", 0, 0, G_OPTION_ARG_INT64, &arguments->access_life,
      "Seconds that access tokens live", "S" },
    { "refresh-life", 0, 0, G_OPTION_ARG_INT64, &arguments->refresh_life,
      "Seconds that refresh tokens live", "S" },
    { "latency", 0, 0, G_OPTION_ARG_INT, &arguments->latency,
      "Milliseconds that each answer is held back", "MS" },
    { "write-profiles", 0, 0, G_OPTION_ARG_FILENAME, &arguments->profiles,
      "Write provider profiles that lead here into this folder", "DIR" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "An offline TikTok to try Latchkey and scripts on.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 || arguments->port < 0 || arguments->port > 65535 || arguments->latency < 0 ||
      arguments->access_life < 0 || arguments->refresh_life < 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "an argument is out of its range");
      return FALSE;
    }
  return TRUE;
}

/* A thousand clients at once need a thousand descriptors. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
run (const Arguments  *arguments,
     GError          **error)
{
  LkSimulatorOptions options = {
    .access_life = arguments->access_life,
    .refresh_life = arguments->refresh_life,
    .latency_ms = (guint) arguments->latency,
  };
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(LkClock) clock = lk_system_clock_new ();
  g_autoptr(LkSimulator) simulator = lk_simulator_new (clock, &options);
  guint term = 0;
  guint interrupt = 0;

  if (!lk_simulator_start (simulator, (guint) arguments->port, error))
    return FALSE;
  if (arguments->profiles != NULL &&
      !lk_simulator_write_profiles (simulator, arguments->profiles, error))
    return FALSE;
  term = g_unix_signal_add (SIGTERM, quit_cb, loop);
  interrupt = g_unix_signal_add (SIGINT, quit_cb, loop);
  printf ("listening %s\n", lk_simulator_get_base_uri (simulator));
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (interrupt);
  lk_simulator_stop (simulator);
  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  Arguments arguments = { .port = DEFAULT_PORT };
  g_autofree char *profiles = NULL;
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  /* The standard output is for the line that scripts wait for. */
  g_log_writer_default_set_use_stderr (TRUE);
  if (!read_arguments (&arguments, &argc, &argv, &error))
    {
      fprintf (stderr, "latchkey-simulator: %s\n", error->message);
      return 2;
    }
  profiles = arguments.profiles;
  if (arguments.version)
    {
      puts ("latchkey-simulator " LK_VERSION);
      return 0;
    }
  raise_descriptor_limit ();
  if (!run (&arguments, &error))
    {
      fprintf (stderr, "latchkey-simulator: %s\n", error->message);
      return 1;
    }
  return 0;
}
