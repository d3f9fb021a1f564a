/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-trial.h"

#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-agent-scheduler.h"

#include <signal.h>
#include <sys/prctl.h>

#define SIMULATOR "latchkey-simulator"
#define READY_WORD "listening "
#define READY_DEADLINE_S 10
#define USUAL_PORT 17816

/* The apps that the simulator knows from its start; none of this is secret. */
static const struct
{
  const char *name;
  const char *provider;
  const char *client_id;
  const char *secret;
  const char *redirect;
} trial_clients[] = {
  { "Trial: Login Kit", "tiktok-login-simulator", "sim-login-key", "sim-login-secret", NULL },
  { "Trial: Ads", "tiktok-ads-simulator", "7000000000000000101", "sim-ads-secret",
    "http://127.0.0.1:17817/callback/" },
  { "Trial: TikTok Account", "tiktok-account-simulator", "sim-account-id", "sim-account-secret",
    "http://127.0.0.1:17818/callback/" },
  { "Trial: Shop", "tiktok-shop-simulator", "sim-shop-key", "sim-shop-secret",
    "http://127.0.0.1:17819/callback/" },
};

struct _LkAgentTrial
{
  LkAgentContext *context; /* outlives us */
  GSubprocess    *process; /* (owned) (nullable) */
  char           *address; /* (owned) (nullable) */
  gboolean        starting;
  GQueue          waiting; /* of GTask: who asked while it was being started */
};

LkAgentTrial *
lk_agent_trial_new (LkAgentContext *context)
{
  LkAgentTrial *self = g_new0 (LkAgentTrial, 1);

  self->context = context;
  return self;
}

void
lk_agent_trial_stop (LkAgentTrial *self)
{
  if (self->process != NULL)
    g_subprocess_send_signal (self->process, SIGTERM);
  g_clear_object (&self->process);
  g_clear_pointer (&self->address, g_free);
}

void
lk_agent_trial_free (LkAgentTrial *self)
{
  lk_agent_trial_stop (self);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_free (self);
}

const char *
lk_agent_trial_get_address (LkAgentTrial *self)
{
  return self->address != NULL ? self->address : "";
}

/* Beside the agent in the build tree, then where it is installed, then anywhere. */
static char *
find_simulator (void)
{
  g_autofree char *self_exe = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *dir = self_exe != NULL ? g_path_get_dirname (self_exe) : NULL;
  const char *folders[] = { dir, LK_BINDIR };

  for (size_t i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *beside = g_build_filename (folders[i] != NULL ? folders[i] : "", SIMULATOR,
                                                  NULL);
      g_autofree char *build = g_build_filename (folders[i] != NULL ? folders[i] : "", "..",
                                                 "simulator", SIMULATOR, NULL);

      if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&beside);
      if (g_file_test (build, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&build);
    }
  return g_find_program_in_path (SIMULATOR);
}

typedef struct
{
  /* in progress */
  GSubprocess      *process;  /* (owned) (nullable) */
  GDataInputStream *output;   /* (owned) (nullable) */
  GCancellable     *deadline; /* (owned) */
  guint             deadline_id;
  int               port;
  gboolean          resumes; /* what is there is to run again: that port, those apps */
  size_t            client;   /* the next to be made */
} Start;

static void
start_free (Start *start)
{
  g_clear_handle_id (&start->deadline_id, g_source_remove);
  g_clear_object (&start->process);
  g_clear_object (&start->output);
  g_clear_object (&start->deadline);
  g_free (start);
}

static void start_spawn (GTask *task);
static void start_next_client (GTask *task);

/* @task: (transfer full) */
static void
lk_agent_trial_begin (LkAgentTrial *self, GTask *task)
{
  g_autoptr(GTask) owned = task;

  if (self->starting)
    g_queue_push_tail (&self->waiting, g_steal_pointer (&owned));
  else if (self->process != NULL)
    start_next_client (task);
  else
    {
      self->starting = TRUE;
      start_spawn (task);
    }
}

/* Started or not: those who waited for it go on from here. */
static void
lk_agent_trial_started (LkAgentTrial *self)
{
  GQueue waiting = self->waiting;

  self->starting = FALSE;
  g_queue_init (&self->waiting);
  while (!g_queue_is_empty (&waiting))
    lk_agent_trial_begin (self, g_queue_pop_head (&waiting));
}

static void
start_fail (GTask *task, LkAgentError code, const char *message)
{
  Start *start = g_task_get_task_data (task);
  LkAgentTrial *self = lk_agent_context_get_trial (g_task_get_source_object (task));

  if (start->process != NULL)
    g_subprocess_force_exit (start->process);
  g_task_return_new_error (task, LK_AGENT_ERROR, code, "%s", message);
  lk_agent_trial_started (self);
}

/* Apps, one after the other; those that are there already stay. */

static void
client_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (lk_agent_clients_change_finish (LK_AGENT_CONTEXT (source), result, &error))
    start_next_client (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
start_next_client (GTask *task)
{
  LkAgentContext *context = g_task_get_source_object (task);
  LkAgentClients *clients = lk_agent_context_get_clients (context);
  Start *start = g_task_get_task_data (task);
  g_auto(GStrv) names = g_new0 (char *, G_N_ELEMENTS (trial_clients) + 1);

  while (!start->resumes && start->client < G_N_ELEMENTS (trial_clients))
    {
      size_t i = start->client++;
      const LkClientRecord record = {
        .name = (char *) trial_clients[i].name,
        .provider = (char *) trial_clients[i].provider,
        .client_id = (char *) trial_clients[i].client_id,
        .redirect = (char *) trial_clients[i].redirect,
        .created = lk_agent_context_get_now (context),
      };
      g_autoptr(LkSecret) secret = lk_secret_new (trial_clients[i].secret);

      if (lk_agent_clients_lookup (clients, record.name) != NULL)
        continue;
      lk_agent_clients_add_async (clients, &record, secret, client_added_cb, g_object_ref (task));
      return;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (trial_clients); i++)
    names[i] = g_strdup (trial_clients[i].name);
  g_task_return_pointer (task, g_steal_pointer (&names), (GDestroyNotify) g_strfreev);
}

/* The child. */

static void
exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  LkAgentTrial *self = lk_agent_context_get_trial (context);

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (self == NULL || self->process != G_SUBPROCESS (source))
    return;
  g_message ("the simulator ended");
  g_clear_object (&self->process);
  g_clear_pointer (&self->address, g_free);
  lk_dbus_agent1_set_trial_address (lk_agent_context_get_agent (context), "");
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentContext *context = g_task_get_source_object (task);
  LkAgentTrial *self = lk_agent_context_get_trial (context);
  Start *start = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *line
    = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL,
                                                 &error);

  g_clear_handle_id (&start->deadline_id, g_source_remove);
  if (line == NULL && error == NULL && start->port != 0 && !start->resumes)
    {
      start->port = 0;
      start_spawn (task);
      return;
    }
  if (line == NULL || !g_str_has_prefix (line, READY_WORD))
    {
      start_fail (task, LK_AGENT_ERROR_FAILED, "the simulator did not start");
      return;
    }

  g_set_object (&self->process, start->process);
  g_free (self->address);
  self->address = g_strstrip (g_strdup (line + strlen (READY_WORD)));
  lk_dbus_agent1_set_trial_address (lk_agent_context_get_agent (context), self->address);
  g_subprocess_wait_async (self->process, NULL, exited_cb, g_object_ref (context));
  lk_agent_context_reload_profiles (context);
  /* What found nobody there before is tried again. */
  lk_agent_scheduler_network_returned (lk_agent_context_get_scheduler (context));
  start_next_client (task);
  lk_agent_trial_started (self);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Start *start = user_data;

  start->deadline_id = 0;
  g_cancellable_cancel (start->deadline);
  return G_SOURCE_REMOVE;
}

/* Runs in the child; it must not outlive the agent. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
start_spawn (GTask *task)
{
  Start *start = g_task_get_task_data (task);
  g_autoptr(GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = find_simulator ();
  g_autofree char *provider_dir = lk_profile_set_dup_user_dir ();
  g_autofree char *port = g_strdup_printf ("%d", start->port);
  g_autoptr(GError) error = NULL;

  if (program == NULL)
    {
      start_fail (task, LK_AGENT_ERROR_UNSUPPORTED, "the simulator is not installed");
      return;
    }
  g_mkdir_with_parents (provider_dir, 0700);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  g_clear_object (&start->output);
  g_clear_object (&start->process);
  start->process = g_subprocess_launcher_spawn (launcher, &error, program, "--port", port,
                                                "--write-profiles", provider_dir, NULL);
  if (start->process == NULL)
    {
      start_fail (task, LK_AGENT_ERROR_FAILED, error->message);
      return;
    }
  start->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (start->process));
  start->deadline_id = g_timeout_add_seconds (READY_DEADLINE_S, deadline_cb, start);
  g_data_input_stream_read_line_async (start->output, G_PRIORITY_DEFAULT, start->deadline,
                                       line_read_cb, g_object_ref (task));
}

static GTask *
start_task (LkAgentTrial *self, int port, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self->context, NULL, callback, user_data);
  Start *start = g_new0 (Start, 1);

  g_task_set_source_tag (task, lk_agent_trial_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  start->deadline = g_cancellable_new ();
  start->port = port;
  return task;
}

void
lk_agent_trial_start_async (LkAgentTrial *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = start_task (self, USUAL_PORT, callback, user_data);
  g_autoptr(GError) error = NULL;

  if (lk_agent_context_get_ledger (self->context, &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    lk_agent_trial_begin (self, g_steal_pointer (&task));
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = lk_agent_trial_start_finish (LK_AGENT_CONTEXT (source), result, &error);

  if (names == NULL)
    g_message ("the trial does not go on: %s", error->message);
}

/* Where the profiles of the trial point to; 0 when there is nothing to go on with. */
static int
find_port_of_trial (LkAgentTrial *self)
{
  LkAgentClients *clients = lk_agent_context_get_clients (self->context);

  for (size_t i = 0; i < G_N_ELEMENTS (trial_clients); i++)
    {
      const LkClientRecord *client = lk_agent_clients_lookup (clients, trial_clients[i].name);
      LkProfile *profile = NULL;
      g_autoptr(GUri) portal = NULL;

      if (client != NULL)
        profile = lk_profile_set_lookup (lk_agent_context_get_profiles (self->context),
                                         client->provider);
      if (profile != NULL && lk_profile_is_sandbox (profile)
          && lk_profile_get_portal (profile) != NULL)
        portal = g_uri_parse (lk_profile_get_portal (profile), G_URI_FLAGS_NONE, NULL);
      if (portal != NULL && g_strcmp0 (g_uri_get_host (portal), "127.0.0.1") == 0)
        return MAX (g_uri_get_port (portal), 0);
    }
  return 0;
}

/**
 * lk_agent_trial_resume:
 *
 * Runs the simulator again where the apps of an earlier trial expect it. When somebody else has
 * that port, a simulator by hand for one, nothing happens.
 */
void
lk_agent_trial_resume (LkAgentTrial *self)
{
  GTask *task = NULL;
  int port = find_port_of_trial (self);

  if (port == 0 || self->process != NULL || self->starting)
    return;
  task = start_task (self, port, resumed_cb, NULL);
  ((Start *) g_task_get_task_data (task))->resumes = TRUE;
  lk_agent_trial_begin (self, task);
}

char **
lk_agent_trial_start_finish (LkAgentContext *context, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, context), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
