/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-token-door.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lk-agent-connections.h"
#include "lk-agent-programs.h"
#include "lk-token-door.h"

/* Whoever connects has to ask at once. */
#define QUESTION_DEADLINE_S 2
#define QUESTION_MAX        1024 /* bytes */
#define VISITORS_MAX        128

struct _LkAgentTokenDoor
{
  GObject         parent_instance;

  LkAgentContext *context;   /* (unowned): outlives us */
  GSocket        *listener;  /* (owned) (nullable) */
  GSource        *source;    /* (owned) (nullable) */
  GHashTable     *visitors;  /* (owned) (element-type Visitor) */
  char           *path;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (LkAgentTokenDoor, lk_agent_token_door, G_TYPE_OBJECT)

typedef struct
{
  LkAgentTokenDoor *door;     /* (unowned) */
  GSocket          *socket;   /* (owned) */
  GSource          *source;   /* (owned) */
  guint             deadline;
  pid_t             pid;      /* 0 when the kernel does not tell */
} Visitor;

static void
visitor_free (Visitor *self)
{
  g_clear_handle_id (&self->deadline, g_source_remove);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self);
}

static gboolean
visitor_deadline_cb (gpointer user_data)
{
  Visitor *self = user_data;

  self->deadline = 0;
  g_hash_table_remove (self->door->visitors, self);
  return G_SOURCE_REMOVE;
}

/* The next of the question's zero-ended words, NULL when it is not whole. */
static const char *
next_word (const char **rest, const char *end)
{
  const char *word = *rest;
  const char *zero = word < end ? memchr (word, '\0', (size_t) (end - word)) : NULL;

  if (zero == NULL)
    return NULL;
  *rest = zero + 1;
  return word;
}

/* A visitor that still waits has not given its number to another process meanwhile. */
static gboolean
is_waiting (GSocket *socket)
{
  return (g_socket_condition_check (socket, G_IO_HUP | G_IO_ERR) & (G_IO_HUP | G_IO_ERR)) == 0;
}

/* NULL also for a program that may not, or that the person has to be asked about: the long way does
 * that. */
static LkSecret *
lk_agent_token_door_find (LkAgentTokenDoor *self, Visitor *visitor, const char *question,
                          size_t length)
{
  LkAgentPrograms *programs = lk_agent_context_get_programs (self->context);
  const char *rest = question;
  const char *greeting = next_word (&rest, question + length);
  const char *min_valid = next_word (&rest, question + length);
  const char *name = next_word (&rest, question + length);
  g_autoptr(LkAgentProgram) program = NULL;
  g_autoptr(LkSecret) token = NULL;
  LkAgentConnection *connection;
  guint64 seconds;

  if (g_strcmp0 (greeting, LK_TOKEN_DOOR_GREETING) != 0 || name == NULL ||
      !g_ascii_string_to_unsigned (min_valid, 10, 0, G_MAXUINT32, &seconds, NULL))
    return NULL;

  connection = lk_agent_connections_find (lk_agent_context_get_connections (self->context), name);
  if (connection == NULL)
    return NULL;

  token = lk_agent_connection_dup_token_at_hand (connection, (gint64) seconds);
  if (token == NULL)
    return NULL;
  program = lk_agent_programs_identify (programs, visitor->pid, NULL);
  if (!is_waiting (visitor->socket)
      || !lk_agent_programs_may_take (programs, connection, program))
    return NULL;
  lk_agent_programs_note (programs, connection, program);
  return g_steal_pointer (&token);
}

static void
visitor_answer (Visitor *self, LkSecret *token)
{
  const char ask = LK_TOKEN_DOOR_ASK;
  size_t length = token != NULL ? lk_secret_get_length (token) : 0;
  g_autofree char *packet = NULL;

  if (token == NULL || length + 1 > LK_TOKEN_DOOR_MAX)
    {
      g_socket_send (self->socket, &ask, 1, NULL, NULL);
      return;
    }

  packet = g_malloc (length + 1);
  packet[0] = LK_TOKEN_DOOR_TOKEN;
  memcpy (packet + 1, lk_secret_open (token), length);
  g_socket_send (self->socket, packet, length + 1, NULL, NULL);
  lk_wipe (packet, length + 1);
}

static gboolean
visitor_asked_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Visitor *self = user_data;
  char question[QUESTION_MAX];
  gssize n = g_socket_receive (socket, question, sizeof question, NULL, NULL);

  if (n > 0)
    {
      g_autoptr(LkSecret) token = lk_agent_token_door_find (self->door, self, question,
                                                            (size_t) n);

      visitor_answer (self, token);
    }
  g_hash_table_remove (self->door->visitors, self);
  return G_SOURCE_REMOVE;
}

/* The folder lets nobody else in; this is for the day when it does. */
static gboolean
is_same_user (GCredentials *credentials)
{
  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == getuid ();
}

static gboolean
visitor_came_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  LkAgentTokenDoor *self = user_data;
  g_autoptr(GSocket) socket = g_socket_accept (listener, NULL, NULL);
  g_autoptr(GCredentials) credentials = NULL;
  Visitor *visitor;

  if (socket == NULL)
    return G_SOURCE_CONTINUE;
  if (g_hash_table_size (self->visitors) >= VISITORS_MAX)
    return G_SOURCE_CONTINUE;
  credentials = g_socket_get_credentials (socket, NULL);
  if (!is_same_user (credentials))
    {
      g_warning ("a program of another user knocked at %s", self->path);
      return G_SOURCE_CONTINUE;
    }

  g_socket_set_blocking (socket, FALSE);
  visitor = g_new0 (Visitor, 1);
  visitor->door = self;
  visitor->pid = MAX (g_credentials_get_unix_pid (credentials, NULL), 0);
  visitor->socket = g_steal_pointer (&socket);
  visitor->deadline = g_timeout_add_seconds (QUESTION_DEADLINE_S, visitor_deadline_cb, visitor);
  visitor->source = g_socket_create_source (visitor->socket, G_IO_IN, NULL);
  g_source_set_callback (visitor->source, G_SOURCE_FUNC (visitor_asked_cb), visitor, NULL);
  g_source_attach (visitor->source, NULL);
  g_hash_table_add (self->visitors, visitor);
  return G_SOURCE_CONTINUE;
}

/* An agent on another bus, with tokens of its own. One that was killed left a door that leads
 * nowhere. */
static gboolean
is_somebody_elses (GSocketAddress *address)
{
  g_autoptr(GSocket) probe = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_SEQPACKET,
                                           G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (probe == NULL)
    return FALSE;
  g_socket_set_blocking (probe, FALSE);
  return g_socket_connect (probe, address, NULL, NULL);
}

static gboolean
lk_agent_token_door_open (LkAgentTokenDoor *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (self->path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", folder,
                   g_strerror (saved));
      return FALSE;
    }

  if (is_somebody_elses (address))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                           "another agent has it");
      return FALSE;
    }
  g_unlink (self->path);
  self->listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_SEQPACKET,
                                 G_SOCKET_PROTOCOL_DEFAULT, error);
  if (self->listener == NULL)
    return FALSE;

  g_socket_set_blocking (self->listener, FALSE);
  if (!g_socket_bind (self->listener, address, TRUE, error))
    return FALSE;
  if (g_chmod (self->path, 0600) != 0)
    g_debug ("%s keeps its mode: %s", self->path, g_strerror (errno));
  return g_socket_listen (self->listener, error);
}

static void
lk_agent_token_door_dispose (GObject *object)
{
  LkAgentTokenDoor *self = LK_AGENT_TOKEN_DOOR (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_hash_table_remove_all (self->visitors);
  if (self->listener != NULL)
    {
      g_unlink (self->path);
      g_socket_close (self->listener, NULL);
      g_clear_object (&self->listener);
    }

  G_OBJECT_CLASS (lk_agent_token_door_parent_class)->dispose (object);
}

static void
lk_agent_token_door_finalize (GObject *object)
{
  LkAgentTokenDoor *self = LK_AGENT_TOKEN_DOOR (object);

  g_clear_pointer (&self->visitors, g_hash_table_unref);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (lk_agent_token_door_parent_class)->finalize (object);
}

static void
lk_agent_token_door_class_init (LkAgentTokenDoorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_agent_token_door_dispose;
  object_class->finalize = lk_agent_token_door_finalize;
}

static void
lk_agent_token_door_init (LkAgentTokenDoor *self)
{
  self->visitors = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) visitor_free, NULL);
}

LkAgentTokenDoor *
lk_agent_token_door_new (LkAgentContext *context, const char *run_dir, GError **error)
{
  g_autoptr(LkAgentTokenDoor) self = g_object_new (LK_TYPE_AGENT_TOKEN_DOOR, NULL);

  self->context = context;
  self->path = g_build_filename (run_dir, LK_TOKEN_DOOR, NULL);
  if (!lk_agent_token_door_open (self, error))
    return NULL;

  self->source = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (visitor_came_cb), self, NULL);
  g_source_attach (self->source, NULL);
  return g_steal_pointer (&self);
}
