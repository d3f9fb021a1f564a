/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-programs-private.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-connections.h"
#include "lk-agent-window.h"

/* One notification a question, with the answers as its buttons. Of each program the oldest question
 * is shown, so that one that wants everything covers nobody's screen. */

#define SERVICE      "org.freedesktop.Notifications"
#define SERVICE_PATH "/org/freedesktop/Notifications"
#define WINDOW       "io.github.latchkey_app.Latchkey"
#define DEADLINE_MS  (5 * 1000)

typedef struct
{
  LkAgentPrograms *programs; /* gone when the call was cancelled */
  guint            question;
} Told;

static const LkAgentQuestion *
find_question (LkAgentPrograms *self, guint id)
{
  for (guint i = 0; i < self->questions->len; i++)
    if (((LkAgentQuestion *) self->questions->pdata[i])->id == id)
      return self->questions->pdata[i];
  return NULL;
}

static void
withdraw (LkAgentPrograms *self, guint32 notice)
{
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, SERVICE, "CloseNotification",
                          g_variant_new ("(u)", notice), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          DEADLINE_MS, NULL, NULL, NULL);
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Told *told = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 notice;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_info ("nobody shows notifications: %s", error->message);
      return;
    }
  g_variant_get (reply, "(u)", &notice);
  if (find_question (told->programs, told->question) == NULL)
    withdraw (told->programs, notice);
  else
    g_hash_table_replace (told->programs->notices, GUINT_TO_POINTER (told->question),
                          GUINT_TO_POINTER (notice));
}

static void
tell (LkAgentPrograms *self, const LkAgentQuestion *question)
{
  LkAgentConnection *connection
    = lk_agent_connections_lookup (lk_agent_context_get_connections (self->context),
                                   question->connection);
  const char * const actions[] = { "default", _("Open Latchkey"), "allow", _("Allow"), "deny",
                                   _("Don’t Allow"), NULL };
  g_autofree char *body = NULL;
  g_autofree char *escaped = NULL;
  GVariantBuilder hints;
  Told *told;

  if (connection == NULL)
    return;
  /* Translators: the name of a program, then of a connection. */
  body = g_strdup_printf (_("“%s” wants a token of “%s”. Latchkey remembers your answer."),
                          question->program->shown,
                          lk_agent_connection_get_record (connection)->name);
  escaped = g_markup_escape_text (body, -1);
  g_variant_builder_init (&hints, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&hints, "{sv}", "desktop-entry", g_variant_new_string (WINDOW));
  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (1));
  told = g_new0 (Told, 1);
  told->programs = self;
  told->question = question->id;
  /* Until it answers, so that no other notification of it is sent. */
  g_hash_table_insert (self->notices, GUINT_TO_POINTER (question->id), NULL);
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, SERVICE, "Notify",
                          g_variant_new ("(susss^asa{sv}i)", "Latchkey", 0, WINDOW,
                                         _("May a program have a token?"), escaped, actions,
                                         &hints, 0),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, self->end,
                          told_cb, told);
}

/* The question that is shown as notification @notice; 0 for none. */
static guint
find_by_notice (LkAgentPrograms *self, guint32 notice)
{
  GHashTableIter iter;
  gpointer question, number;

  g_hash_table_iter_init (&iter, self->notices);
  while (g_hash_table_iter_next (&iter, &question, &number))
    if (notice != 0 && number == GUINT_TO_POINTER (notice))
      return GPOINTER_TO_UINT (question);
  return 0;
}

static void
pressed_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
            const char *signal, GVariant *parameters, gpointer user_data)
{
  LkAgentPrograms *self = user_data;
  g_autoptr(GError) error = NULL;
  const char *action;
  guint32 notice;
  guint question;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)")))
    return;
  g_variant_get (parameters, "(u&s)", &notice, &action);
  question = find_by_notice (self, notice);
  if (question == 0)
    return;
  if (g_str_equal (action, "default"))
    lk_agent_window_open (bus, NULL, NULL, NULL);
  else if (!lk_agent_programs_answer (self, question, g_str_equal (action, "allow"), TRUE, &error))
    g_debug ("%s", error->message);
}

static gboolean
notice_connect (LkAgentPrograms *self)
{
  if (self->bus != NULL)
    return TRUE;
  self->bus
    = g_dbus_object_manager_server_get_connection (lk_agent_context_get_server (self->context));
  if (self->bus == NULL)
    return FALSE;
  self->notices = g_hash_table_new (NULL, NULL);
  self->pressed_id
    = g_dbus_connection_signal_subscribe (self->bus, SERVICE, SERVICE, "ActionInvoked",
                                          SERVICE_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, pressed_cb,
                                          self, NULL);
  return TRUE;
}

static gboolean
is_first_of_program (LkAgentPrograms *self, const LkAgentQuestion *question)
{
  for (guint i = 0; i < self->questions->len; i++)
    {
      const LkAgentQuestion *other = self->questions->pdata[i];

      if (g_str_equal (other->program->program, question->program->program))
        return other == question;
    }
  return FALSE;
}

/**
 * lk_agent_programs_notify:
 *
 * Shows what is asked, and takes back what was answered.
 */
void
lk_agent_programs_notify (LkAgentPrograms *self)
{
  GHashTableIter iter;
  gpointer question, number;

  if (!notice_connect (self))
    return;
  g_hash_table_iter_init (&iter, self->notices);
  while (g_hash_table_iter_next (&iter, &question, &number))
    if (find_question (self, GPOINTER_TO_UINT (question)) == NULL)
      {
        if (number != NULL)
          withdraw (self, GPOINTER_TO_UINT (number));
        g_hash_table_iter_remove (&iter);
      }
  for (guint i = 0; i < self->questions->len; i++)
    {
      const LkAgentQuestion *one = self->questions->pdata[i];

      if (is_first_of_program (self, one)
          && !g_hash_table_contains (self->notices, GUINT_TO_POINTER (one->id)))
        tell (self, one);
    }
}

void
lk_agent_programs_hush (LkAgentPrograms *self)
{
  GHashTableIter iter;
  gpointer number;

  if (self->bus == NULL)
    return;
  g_hash_table_iter_init (&iter, self->notices);
  while (g_hash_table_iter_next (&iter, NULL, &number))
    if (number != NULL)
      withdraw (self, GPOINTER_TO_UINT (number));
  g_dbus_connection_signal_unsubscribe (self->bus, self->pressed_id);
  g_clear_pointer (&self->notices, g_hash_table_unref);
  g_clear_object (&self->bus);
}
