/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-outlet.h"

#include <signal.h>
#include <unistd.h>

#define DEADLINE_S 30

/* One program while it runs. */
typedef struct
{
  GSubprocess *process; /* (owned) */
  pid_t        group;   /* of the program and what it started; 0 when it ended at once */
  guint        deadline_id;
  gboolean     late;
} Run;

static void
run_free (Run *run)
{
  g_clear_handle_id (&run->deadline_id, g_source_remove);
  g_clear_object (&run->process);
  g_free (run);
}

/* A group of its own, so that what it starts ends with it, and signals as a program expects them.
 * In the child, before the program: nothing but system calls. */
static void
prepare_child_cb (gpointer user_data)
{
  setpgid (0, 0);
  signal (SIGXFSZ, SIG_DFL);
  signal (SIGPIPE, SIG_DFL);
}

static void
end_group (Run *run)
{
  if (run->group > 0)
    kill (-run->group, SIGKILL);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Run *run = g_task_get_task_data (user_data);

  run->deadline_id = 0;
  run->late = TRUE;
  end_group (run);
  g_subprocess_force_exit (run->process);
  return G_SOURCE_REMOVE;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  GSubprocess *process = G_SUBPROCESS (source);
  g_autoptr(GError) error = NULL;

  g_clear_handle_id (&run->deadline_id, g_source_remove);
  if (!g_subprocess_communicate_utf8_finish (process, result, NULL, NULL, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    {
      end_group (run);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (run->late)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it took longer than %d s",
                             DEADLINE_S);
  else if (!g_subprocess_get_if_exited (process))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "a signal ended it");
  else if (g_subprocess_get_exit_status (process) != 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "it ended with status %d",
                             g_subprocess_get_exit_status (process));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * lk_agent_outlet_run_async:
 * @argv: program and arguments
 * @event: goes into its environment, and as JSON to its standard input
 *
 * It has none of our descriptors, and what it writes is thrown away.
 */
void
lk_agent_outlet_run_async (const char * const *argv, const LkAgentOutletEvent *event,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                 | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_auto(GStrv) base = g_get_environ ();
  g_auto(GStrv) environ = lk_agent_outlet_event_dup_environ (event, base);
  g_autofree char *json = lk_agent_outlet_event_dup_json (event);
  g_autofree char *input = g_strconcat (json, "\n", NULL);
  g_autoptr(GError) error = NULL;
  const char *identifier;
  Run *run;

  g_task_set_source_tag (task, lk_agent_outlet_run_async);
  g_subprocess_launcher_set_environ (launcher, environ);
  g_subprocess_launcher_set_cwd (launcher, g_get_home_dir ());
  g_subprocess_launcher_set_child_setup (launcher, prepare_child_cb, NULL, NULL);
  run = g_new0 (Run, 1);
  run->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  if (run->process == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  identifier = g_subprocess_get_identifier (run->process);
  run->group = identifier != NULL ? (pid_t) g_ascii_strtoll (identifier, NULL, 10) : 0;
  run->deadline_id = g_timeout_add_seconds (DEADLINE_S, deadline_cb, task);
  g_subprocess_communicate_utf8_async (run->process, input, cancellable, ended_cb,
                                       g_object_ref (task));
}

gboolean
lk_agent_outlet_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
