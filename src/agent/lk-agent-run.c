/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-run.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

#include "lk-agent-context.h"
#include "lk-agent-token-door.h"

/* How long the name waits for a slow ledger. */
#define OPENING_DEADLINE_MS (15 * 1000)

typedef struct
{
  GMainLoop        *loop;    /* (owned) */
  LkAgentContext   *context; /* (owned) */
  GDBusConnection  *bus;     /* (owned) */
  LkAgentTokenDoor *door;    /* (owned) (nullable) */
  guint             name_id;
  guint             opening_id;
  gboolean          ending;
  int               status;
} Program;

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *program = user_data;

  lk_agent_context_close_finish (program->context, result);
  g_main_loop_quit (program->loop);
}

static void
program_end (Program *program, int status)
{
  if (program->ending)
    return;
  program->ending = TRUE;
  program->status = status;
  g_clear_handle_id (&program->opening_id, g_source_remove);
  lk_agent_context_close_async (program->context, closed_cb, program);
}

static gboolean
signal_cb (gpointer user_data)
{
  program_end (user_data, EXIT_SUCCESS);
  return G_SOURCE_CONTINUE;
}

static void
quit_cb (LkAgentContext *context, gpointer user_data)
{
  program_end (user_data, EXIT_SUCCESS);
}

static void
name_acquired_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Program *program = user_data;
  g_autoptr(GError) error = NULL;

  /* Without it tokens go over the bus alone, which is slower and else the same. */
  program->door = lk_agent_token_door_new (program->context, g_get_user_runtime_dir (), &error);
  if (program->door == NULL)
    g_message ("no short way to tokens: %s", error->message);
}

static void
name_lost_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Program *program = user_data;

  if (bus == NULL || g_dbus_connection_is_closed (bus))
    g_message ("the session bus went away");
  else
    g_message ("another agent has the name %s", name);
  program_end (program, EXIT_FAILURE);
}

static void
program_own_name (Program *program)
{
  g_clear_handle_id (&program->opening_id, g_source_remove);
  if (program->name_id == 0 && !program->ending)
    program->name_id = g_bus_own_name_on_connection (program->bus, LK_AGENT_NAME,
                                                     G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                                     name_acquired_cb, name_lost_cb, program, NULL);
}

static gboolean
opening_deadline_cb (gpointer user_data)
{
  Program *program = user_data;

  program->opening_id = 0;
  program_own_name (program);
  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  lk_agent_context_open_finish (LK_AGENT_CONTEXT (source), result);
  program_own_name (user_data);
}

/* Runs until the end; gives the exit status. */
static int
program_run (Program *program)
{
  g_autofree char *data_dir = g_build_filename (g_get_user_data_dir (), "latchkey", NULL);
  g_autofree char *provider_dir = lk_profile_set_dup_user_dir ();
  g_autoptr(GError) error = NULL;

  program->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (program->bus == NULL)
    {
      g_printerr ("latchkey-agent: %s\n", error->message);
      return EXIT_FAILURE;
    }
  g_dbus_connection_set_exit_on_close (program->bus, FALSE);

  program->loop = g_main_loop_new (NULL, FALSE);
  program->context = lk_agent_context_new (data_dir, provider_dir);
  g_signal_connect (program->context, "quit", G_CALLBACK (quit_cb), program);
  g_unix_signal_add (SIGTERM, signal_cb, program);
  g_unix_signal_add (SIGINT, signal_cb, program);

  lk_agent_context_export (program->context, program->bus);
  program->opening_id = g_timeout_add (OPENING_DEADLINE_MS, opening_deadline_cb, program);
  lk_agent_context_open_async (program->context, opened_cb, program);
  g_main_loop_run (program->loop);

  g_clear_object (&program->door);
  g_clear_handle_id (&program->name_id, g_bus_unown_name);
  g_dbus_connection_flush_sync (program->bus, NULL, NULL);
  g_object_run_dispose (G_OBJECT (program->context));
  g_clear_object (&program->context);
  g_clear_object (&program->bus);
  g_clear_pointer (&program->loop, g_main_loop_unref);
  return program->status;
}

/**
 * lk_agent_run:
 *
 * Owns the agent's name on the session bus and works until a signal, Quit, or the loss of the name.
 *
 * Returns: the exit status
 */
int
lk_agent_run (void)
{
  Program program = { .status = EXIT_SUCCESS };

  return program_run (&program);
}
