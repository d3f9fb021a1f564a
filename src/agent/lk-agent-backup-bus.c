/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-backup.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lk-agent-call.h"
#include "lk-agent-connections.h"
#include "lk-agent-context-private.h"
#include "lk-agent-error.h"

#define TELL_EVERY (G_TIME_SPAN_SECOND / 4)

gboolean
lk_agent_backup_begin (LkAgentContext *context, GError **error)
{
  if (context->backing_up)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE,
                           "a backup is being written or restored");
      return FALSE;
    }
  context->backing_up = TRUE;
  return TRUE;
}

void
lk_agent_backup_end (LkAgentContext *context)
{
  context->backing_up = FALSE;
}

gboolean
lk_agent_backup_is_under_way (LkAgentContext *context)
{
  return context->backing_up;
}

void
lk_agent_backup_tell (LkAgentContext *context, const char *cookie, guint done, guint total,
                      gint64 *told)
{
  gint64 now = g_get_monotonic_time ();

  if (cookie == NULL || (now - *told < TELL_EVERY && done < total))
    return;
  *told = now;
  lk_dbus_agent1_emit_backup_progress (lk_agent_context_get_agent (context), cookie, done, total);
}

/* A pipe could stop the thread for as long as who holds its other end likes. */
static int
steal_file (GUnixFDList *fds, GVariant *handle, GError **error)
{
  int fd = lk_agent_call_steal_fd (fds, handle);
  struct stat info;

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    return fd;
  if (fd >= 0)
    close (fd);
  g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                       "the file is no ordinary file");
  return -1;
}

/* A call with a file and a passphrase, until the passphrase is read. */
typedef struct
{
  LkAgentCall *call;    /* (owned) (nullable) */
  int          fd;      /* (owned) */
  GVariant    *options; /* (owned) */
  gboolean     preview;
} Opening;

static void
opening_free (Opening *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->call, lk_agent_call_free);
  g_variant_unref (self->options);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
opening_start (LkAgentContext *context, GDBusMethodInvocation *invocation, GUnixFDList *fds,
               GVariant *file, GVariant *passphrase, GVariant *options, gboolean preview,
               GAsyncReadyCallback callback)
{
  g_autoptr(GError) error = NULL;
  int fd = steal_file (fds, file, &error);
  Opening *self;

  if (fd < 0)
    {
      lk_agent_return_error (invocation, error);
      return;
    }
  self = g_new0 (Opening, 1);
  self->call = lk_agent_call_new (context, invocation);
  self->fd = fd;
  self->options = g_variant_ref (options);
  self->preview = preview;
  lk_secret_from_fd_async (lk_agent_call_steal_fd (fds, passphrase), callback, self);
}

static const char *
lookup_cookie (GVariant *options)
{
  const char *cookie = NULL;

  g_variant_lookup (options, "cookie", "&s", &cookie);
  return cookie;
}

/* WriteBackup. */

static void
call_fail (LkAgentCall *call, const GError *error)
{
  lk_agent_return_error (g_steal_pointer (&call->invocation), error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) told = lk_agent_backup_write_finish (context, result, &error);

  if (told == NULL)
    call_fail (call, error);
  else
    lk_dbus_agent1_complete_write_backup (lk_agent_context_get_agent (context),
                                          g_steal_pointer (&call->invocation), NULL, told);
}

static void
write_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Opening) self = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (self->call->owner);
  g_autofree const char **ids = NULL;
  const char *kind = "copy";
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) passphrase = lk_secret_from_fd_finish (result, &error);

  g_variant_lookup (self->options, "kind", "&s", &kind);
  g_variant_lookup (self->options, "connections", "^a&s", &ids);
  if (passphrase != NULL && !g_str_equal (kind, "copy") && !g_str_equal (kind, "move"))
    g_set_error_literal (&error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT,
                         "kind is neither copy nor move");
  if (error != NULL)
    {
      call_fail (self->call, error);
      return;
    }
  lk_agent_backup_write_async (context, g_steal_fd (&self->fd), passphrase,
                               g_str_equal (kind, "move"), ids, lookup_cookie (self->options),
                               written_cb, g_steal_pointer (&self->call));
}

static gboolean
handle_write_backup (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                     GVariant *file, GVariant *passphrase, GVariant *options,
                     LkAgentContext *context)
{
  opening_start (context, invocation, fds, file, passphrase, options, FALSE, write_opened_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* ReadBackup, RestoreBackup: their answers are the same. */

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) told = lk_agent_restore_finish (context, result, &error);

  g_dbus_interface_skeleton_flush (
    G_DBUS_INTERFACE_SKELETON (lk_agent_context_get_agent (context)));
  if (told == NULL)
    call_fail (call, error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), told);
}

static void
restore_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Opening) self = user_data;
  LkAgentContext *context = LK_AGENT_CONTEXT (self->call->owner);
  gboolean use = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) passphrase = lk_secret_from_fd_finish (result, &error);

  g_variant_lookup (self->options, "use", "b", &use);
  if (passphrase == NULL)
    {
      call_fail (self->call, error);
      return;
    }
  lk_agent_restore_async (context, g_steal_fd (&self->fd), passphrase, self->preview, use,
                          lookup_cookie (self->options), restored_cb,
                          g_steal_pointer (&self->call));
}

static gboolean
handle_read_backup (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                    GVariant *file, GVariant *passphrase, GVariant *options,
                    LkAgentContext *context)
{
  opening_start (context, invocation, fds, file, passphrase, options, TRUE, restore_opened_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_restore_backup (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GUnixFDList *fds,
                       GVariant *file, GVariant *passphrase, GVariant *options,
                       LkAgentContext *context)
{
  opening_start (context, invocation, fds, file, passphrase, options, FALSE, restore_opened_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* TakeBack. */

static gboolean
check_ids (LkAgentContext *context, const char * const *ids, GError **error)
{
  if (context->backing_up)
    {
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_IN_USE,
                           "a backup is being written or restored");
      return FALSE;
    }
  for (size_t i = 0; ids[i] != NULL; i++)
    {
      LkAgentConnection *connection
        = lk_agent_connections_lookup (lk_agent_context_get_connections (context), ids[i]);

      if (connection != NULL && lk_agent_connection_is_published (connection))
        continue;
      g_set_error_literal (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND,
                           "there is no connection with this id");
      return FALSE;
    }
  return TRUE;
}

static gboolean
handle_take_back (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                  const char * const *ids, LkAgentContext *context)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (context);
  g_autoptr(GError) error = NULL;
  guint count = 0;

  if (!check_ids (context, ids, &error))
    {
      lk_agent_return_error (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  for (size_t i = 0; ids[i] != NULL; i++)
    {
      LkAgentConnection *connection = lk_agent_connections_lookup (connections, ids[i]);

      if (!lk_agent_connection_is_parked (connection, NULL))
        continue;
      lk_agent_connection_take_back (connection);
      lk_agent_connection_flush (connection);
      count++;
    }
  lk_dbus_agent1_complete_take_back (agent, invocation, count);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void
lk_agent_backup_connect (LkAgentContext *context)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);

  g_signal_connect_object (agent, "handle-write-backup", G_CALLBACK (handle_write_backup),
                           context, 0);
  g_signal_connect_object (agent, "handle-read-backup", G_CALLBACK (handle_read_backup), context,
                           0);
  g_signal_connect_object (agent, "handle-restore-backup", G_CALLBACK (handle_restore_backup),
                           context, 0);
  g_signal_connect_object (agent, "handle-take-back", G_CALLBACK (handle_take_back), context, 0);
}
