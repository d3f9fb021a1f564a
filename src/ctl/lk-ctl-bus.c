/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

/**
 * lk_ctl_start_clock:
 * @seconds: the command's default
 *
 * From here on, nothing that the command does takes longer than this or, when given, --timeout.
 */
void
lk_ctl_start_clock (LkCtl *self,
                    int    seconds)
{
  if (self->timeout > 0)
    seconds = self->timeout;
  self->deadline = g_get_monotonic_time () + (gint64) seconds * G_TIME_SPAN_SECOND;
}

int
lk_ctl_get_remaining (LkCtl *self)
{
  gint64 left = (self->deadline - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;

  return (int) CLAMP (left, 0, G_MAXINT);
}

static gboolean
deadline_passed_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
bus_opened_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GAsyncResult **opened = user_data;

  *opened = g_object_ref (result);
}

/* A bus that accepts and then says nothing must not hold anyone up either. */
/* In cron, over SSH and in containers nothing names the bus. */
static void
explain_bus (const GError  *why,
             GError       **error)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");

  if (address != NULL && address[0] != '\0')
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                 _("Nothing answers at the session bus that DBUS_SESSION_BUS_ADDRESS names (%s). "
                   "Log in again, or correct the variable."),
                 why->message);
  else
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_FAILED,
                 _("There is no session bus here, so Latchkey’s background service cannot be "
                   "reached. In cron and the like, put XDG_RUNTIME_DIR=/run/user/%u and "
                   "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/%u/bus before the command; "
                   "“loginctl enable-linger” keeps them there while nobody is logged in."),
                 (unsigned int) getuid (), (unsigned int) getuid ());
}

gboolean
lk_ctl_open_bus (LkCtl   *self,
                 GError **error)
{
  g_autoptr(GCancellable) cancellable = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GError) local_error = NULL;
  guint deadline = 0;

  if (self->bus != NULL)
    return TRUE;

  lk_agent_error_quark ();
  cancellable = g_cancellable_new ();
  deadline = g_timeout_add ((guint) lk_ctl_get_remaining (self), deadline_passed_cb, cancellable);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_opened_cb, &opened);
  while (opened == NULL)
    g_main_context_iteration (NULL, TRUE);

  self->bus = g_bus_get_finish (opened, &local_error);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_clear_object (&self->bus);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "the session bus did not answer in time");
      return FALSE;
    }
  g_source_remove (deadline);
  if (self->bus == NULL)
    {
      explain_bus (local_error, error);
      return FALSE;
    }

  g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  return TRUE;
}

typedef struct
{
  GVariant    *reply;
  GUnixFDList *fds;
  GError      *error;
  gboolean     done;
} Answer;

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source),
                                                                   &answer->fds, result,
                                                                   &answer->error);
  answer->done = TRUE;
}

GVariant *
lk_ctl_call_with_fds (LkCtl        *self,
                      const char   *path,
                      const char   *interface,
                      const char   *method,
                      GVariant     *parameters,
                      GUnixFDList  *fds,
                      const char   *reply_type,
                      GUnixFDList **reply_fds,
                      GError      **error)
{
  g_autoptr(GVariant) owned = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  Answer answer = { NULL, };
  int remaining = 0;

  if (!lk_ctl_open_bus (self, error))
    return NULL;

  remaining = lk_ctl_get_remaining (self);
  if (remaining == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no time is left");
      return NULL;
    }

  g_dbus_connection_call_with_unix_fd_list (
    self->bus, LK_AGENT_NAME, path, interface, method, owned,
    reply_type != NULL ? G_VARIANT_TYPE (reply_type) : NULL, G_DBUS_CALL_FLAGS_NONE, remaining,
    fds, NULL, called_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);

  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  if (reply_fds != NULL)
    *reply_fds = g_steal_pointer (&answer.fds);
  g_clear_object (&answer.fds);
  return answer.reply;
}

GVariant *
lk_ctl_call (LkCtl       *self,
             const char  *path,
             const char  *interface,
             const char  *method,
             GVariant    *parameters,
             const char  *reply_type,
             GError     **error)
{
  return lk_ctl_call_with_fds (self, path, interface, method, parameters, NULL, reply_type, NULL,
                               error);
}

/**
 * lk_ctl_call_with_secret:
 * @parameters: name the file descriptor by its handle, 0
 * @secret: goes through a pipe, never through the message
 */
GVariant *
lk_ctl_call_with_secret (LkCtl       *self,
                         const char  *path,
                         const char  *interface,
                         const char  *method,
                         GVariant    *parameters,
                         LkSecret    *secret,
                         const char  *reply_type,
                         GError     **error)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (parameters);
  g_autoptr(GUnixFDList) fds = NULL;
  int fd = lk_secret_to_fd (secret, error);

  if (fd < 0)
    return NULL;

  fds = g_unix_fd_list_new_from_array (&fd, 1);
  return lk_ctl_call_with_fds (self, path, interface, method, owned, fds, reply_type, NULL, error);
}

GVariant *
lk_ctl_call_agent (LkCtl       *self,
                   const char  *method,
                   GVariant    *parameters,
                   const char  *reply_type,
                   GError     **error)
{
  return lk_ctl_call (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, method, parameters,
                      reply_type, error);
}

GVariant *
lk_ctl_get_properties (LkCtl       *self,
                       const char  *path,
                       const char  *interface,
                       GError     **error)
{
  g_autoptr(GVariant) reply = NULL;

  reply = lk_ctl_call (self, path, "org.freedesktop.DBus.Properties", "GetAll",
                       g_variant_new ("(s)", interface), "(a{sv})", error);
  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}
