/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-run.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

#include "lk-agent-claim.h"
#include "lk-agent-context.h"
#include "lk-agent-token-door.h"

/* How long the name waits for a slow ledger. */
#define OPENING_DEADLINE_MS (15 * 1000)
#define ACTIVATION_DEADLINE_MS (30 * 1000)

typedef struct
{
  GMainLoop        *loop;    /* (owned) */
  LkAgentContext   *context; /* (owned) */
  GDBusConnection  *bus;     /* (owned) */
  LkAgentTokenDoor *door;    /* (owned) (nullable) */
  LkAgentClaim     *claim;   /* (owned) */
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
    {
      g_message ("the session bus went away");
      program_end (program, EXIT_FAILURE);
      return;
    }
  /* On the host or in a Flatpak: the tokens are looked after, so whoever started us may rest. */
  g_message ("another agent runs already and has the name %s", name);
  program_end (program, EXIT_SUCCESS);
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

static void
program_open (Program *program)
{
  program->opening_id = g_timeout_add (OPENING_DEADLINE_MS, opening_deadline_cb, program);
  lk_agent_context_open_async (program->context, opened_cb, program);
}

/* The agent of the person's other session has ended. */
static void
claimed_cb (gpointer user_data)
{
  Program *program = user_data;

  if (program->ending)
    return;
  g_message ("the data folder is free now");
  lk_agent_context_set_in_use (program->context, FALSE);
  program_open (program);
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
  program->claim = lk_agent_claim_new (data_dir, claimed_cb, program);
  if (lk_agent_claim_is_held (program->claim))
    program_open (program);
  else
    {
      g_message ("an agent on another bus works with %s", data_dir);
      lk_agent_context_set_in_use (program->context, TRUE);
      program_own_name (program);
    }
  g_main_loop_run (program->loop);

  g_clear_object (&program->door);
  g_clear_handle_id (&program->name_id, g_bus_unown_name);
  g_dbus_connection_flush_sync (program->bus, NULL, NULL);
  g_object_run_dispose (G_OBJECT (program->context));
  g_clear_object (&program->context);
  g_clear_pointer (&program->claim, lk_agent_claim_free);
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

/**
 * lk_agent_activate:
 *
 * Lets the session bus start the agent in its own way, which may be systemd's, unless it runs.
 *
 * Returns: whether an agent runs now
 */
gboolean
lk_agent_activate (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = NULL;

  if (bus != NULL)
    reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                         "org.freedesktop.DBus", "StartServiceByName",
                                         g_variant_new ("(su)", LK_AGENT_NAME, 0),
                                         G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE,
                                         ACTIVATION_DEADLINE_MS, NULL, NULL);
  return reply != NULL;
}
