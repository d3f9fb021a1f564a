/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-notice.h"

#include <glib/gi18n-lib.h>

#define SERVICE      "org.freedesktop.Notifications"
#define SERVICE_PATH "/org/freedesktop/Notifications"
#define DEADLINE_MS  (5 * 1000)
#define MARK_TYPE    "(ssu)"

struct _LkAgentDesktopNotices
{
  GDBusConnection           *bus;       /* (owned) */
  const LkAgentNoticeEvents *events;
  gpointer                   user_data;
  GCancellable              *end;       /* (owned) */
  GHashTable                *shown;     /* (owned) id of a notice → number */
  GHashTable                *adopted;   /* (owned) id of a notice → mark of an earlier agent */
  char                      *owner;     /* (owned) (nullable): who shows notices */
  char                      *token;     /* (owned) (nullable): lets a window come to the front */
  gboolean                   looked;    /* whether it is known who does */
  gboolean                   asked;     /* whether it is known what it can show */
  gboolean                   called;    /* the bus was asked to start it */
  gboolean                   buttons;
  gboolean                   markup;
  guint                      watch_id;
  guint                      signals_id;
};

/* A call that is under way; @self is gone when it was cancelled. */
typedef struct
{
  LkAgentDesktopNotices *self;
  char                  *id;    /* (owned) */
  char                  *owner; /* (owned): whom it was sent to */
} Sent;

static void
sent_free (Sent *sent)
{
  g_free (sent->id);
  g_free (sent->owner);
  g_free (sent);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sent, sent_free)

/* What comes back. */

static gboolean
is_number (gpointer key, gpointer value, gpointer user_data)
{
  return value == user_data;
}

/* (transfer full) (nullable) */
static char *
dup_id (LkAgentDesktopNotices *self, guint32 number)
{
  GHashTableIter iter;
  gpointer id, value;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &id, &value))
    if (is_number (id, value, GUINT_TO_POINTER (number)))
      return g_strdup (id);
  return NULL;
}

static void
signal_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
           const char *signal, GVariant *parameters, gpointer user_data)
{
  LkAgentDesktopNotices *self = user_data;
  gboolean closed = g_str_equal (signal, "NotificationClosed");
  g_autofree char *id = NULL;
  guint32 number;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE (closed ? "(uu)" : "(us)")))
    return;
  g_variant_get_child (parameters, 0, "u", &number);
  id = dup_id (self, number);
  if (id == NULL)
    return;
  if (closed)
    {
      g_hash_table_remove (self->shown, id);
      self->events->closed (id, self->user_data);
    }
  else if (g_str_equal (signal, "ActivationToken"))
    {
      g_free (self->token);
      g_variant_get_child (parameters, 1, "s", &self->token);
    }
  else if (g_str_equal (signal, "ActionInvoked"))
    {
      g_autofree char *token = g_steal_pointer (&self->token);
      const char *action;

      g_variant_get_child (parameters, 1, "&s", &action);
      self->events->acted (id, action, token, self->user_data);
    }
}

/* Who is there. */

static void
adopt_now (LkAgentDesktopNotices *self)
{
  GHashTableIter iter;
  gpointer id, mark;

  g_hash_table_iter_init (&iter, self->adopted);
  while (g_hash_table_iter_next (&iter, &id, &mark))
    {
      const char *bus, *owner;
      guint32 number;

      g_variant_get (mark, "(&s&su)", &bus, &owner, &number);
      /* Names and numbers come again after a restart of the bus or the service, for others. */
      if (g_strcmp0 (bus, g_dbus_connection_get_guid (self->bus)) == 0
          && g_strcmp0 (owner, self->owner) == 0 && !g_hash_table_contains (self->shown, id))
        g_hash_table_insert (self->shown, g_strdup (id), GUINT_TO_POINTER (number));
    }
  g_hash_table_remove_all (self->adopted);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Sent) sent = user_data;
  LkAgentDesktopNotices *self = sent->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree const char **words = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_strcmp0 (sent->owner, self->owner) != 0)
    return;
  if (reply != NULL)
    g_variant_get (reply, "(^a&s)", &words);
  self->buttons = words != NULL && g_strv_contains (words, "actions");
  self->markup = words != NULL && g_strv_contains (words, "body-markup");
  self->asked = TRUE;
  self->events->changed (self->user_data);
}

static Sent *
sent_new (LkAgentDesktopNotices *self, const char *id)
{
  Sent *sent = g_new0 (Sent, 1);

  sent->self = self;
  sent->id = g_strdup (id);
  sent->owner = g_strdup (self->owner);
  return sent;
}

static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  LkAgentDesktopNotices *self = user_data;

  g_free (self->owner);
  self->owner = g_strdup (owner);
  self->looked = TRUE;
  self->called = FALSE;
  self->asked = FALSE;
  g_hash_table_remove_all (self->shown);
  adopt_now (self);
  g_dbus_connection_call (bus, owner, SERVICE_PATH, SERVICE, "GetCapabilities", NULL,
                          G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS,
                          self->end, asked_cb, sent_new (self, NULL));
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  LkAgentDesktopNotices *self = user_data;
  g_autoptr(GHashTable) shown = g_steal_pointer (&self->shown);
  GHashTableIter iter;
  gpointer id;

  g_clear_pointer (&self->owner, g_free);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->looked = TRUE;
  self->asked = FALSE;
  g_hash_table_iter_init (&iter, shown);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    self->events->lost (id, self->user_data);
  self->events->changed (self->user_data);
}

LkAgentDesktopNotices *
lk_agent_desktop_notices_new (GDBusConnection *bus, const LkAgentNoticeEvents *events,
                              gpointer user_data)
{
  LkAgentDesktopNotices *self = g_new0 (LkAgentDesktopNotices, 1);

  self->bus = g_object_ref (bus);
  self->events = events;
  self->user_data = user_data;
  self->end = g_cancellable_new ();
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->adopted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_variant_unref);
  self->signals_id
    = g_dbus_connection_signal_subscribe (bus, SERVICE, SERVICE, NULL, SERVICE_PATH, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, signal_cb, self, NULL);
  self->watch_id = g_bus_watch_name_on_connection (bus, SERVICE, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                   appeared_cb, vanished_cb, self, NULL);
  return self;
}

void
lk_agent_desktop_notices_free (LkAgentDesktopNotices *self)
{
  g_cancellable_cancel (self->end);
  g_bus_unwatch_name (self->watch_id);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signals_id);
  g_clear_object (&self->end);
  g_clear_object (&self->bus);
  g_hash_table_unref (self->shown);
  g_hash_table_unref (self->adopted);
  g_free (self->owner);
  g_free (self->token);
  g_free (self);
}

gboolean
lk_agent_desktop_notices_is_there (LkAgentDesktopNotices *self)
{
  return self->owner != NULL && self->asked;
}

gboolean
lk_agent_desktop_notices_is_absent (LkAgentDesktopNotices *self)
{
  return self->looked && self->owner == NULL;
}

static void
called_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_debug ("nobody shows notifications: %s", error->message);
}

void
lk_agent_desktop_notices_call_up (LkAgentDesktopNotices *self)
{
  if (self->called)
    return;
  self->called = TRUE;
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "StartServiceByName",
                          g_variant_new ("(su)", SERVICE, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          self->end, called_up_cb, NULL);
}

/* Showing. */

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Sent) sent = user_data;
  LkAgentDesktopNotices *self = sent->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr(GVariant) mark = NULL;
  guint32 number;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_info ("a notification was not shown: %s", error->message);
      self->events->failed (sent->id, self->user_data);
      return;
    }
  g_variant_get (reply, "(u)", &number);
  mark = g_variant_ref_sink (g_variant_new (MARK_TYPE, g_dbus_connection_get_guid (self->bus),
                                            sent->owner, number));
  if (g_strcmp0 (sent->owner, self->owner) == 0)
    {
      g_hash_table_replace (self->shown, g_strdup (sent->id), GUINT_TO_POINTER (number));
      self->events->shown (sent->id, mark, self->user_data);
      return;
    }
  self->events->shown (sent->id, mark, self->user_data);
  self->events->lost (sent->id, self->user_data);
}

static GVariant *
actions_to_variant (LkAgentDesktopNotices *self, const LkAgentNotice *notice)
{
  LkAgentNoticeButton buttons[LK_AGENT_NOTICE_BUTTONS_MAX];
  guint n_buttons = self->buttons ? lk_agent_notice_get_buttons (notice, buttons) : 0;
  GVariantBuilder actions;

  g_variant_builder_init (&actions, G_VARIANT_TYPE ("as"));
  if (self->buttons)
    {
      g_variant_builder_add (&actions, "s", LK_AGENT_NOTICE_DEFAULT);
      g_variant_builder_add (&actions, "s", _("Open Latchkey"));
    }
  for (guint i = 0; i < n_buttons; i++)
    {
      g_variant_builder_add (&actions, "s", buttons[i].action);
      g_variant_builder_add (&actions, "s", buttons[i].label);
    }
  return g_variant_builder_end (&actions);
}

static GVariant *
hints_to_variant (const LkAgentNotice *notice)
{
  GVariantBuilder hints;

  g_variant_builder_init (&hints, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&hints, "{sv}", "desktop-entry", g_variant_new_string (LK_APP_ID));
  g_variant_builder_add (&hints, "{sv}", "category", g_variant_new_string ("network"));
  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (notice->low ? 0 : 1));
  return g_variant_builder_end (&hints);
}

void
lk_agent_desktop_notices_show (LkAgentDesktopNotices *self, const LkAgentNotice *notice)
{
  guint32 last = GPOINTER_TO_UINT (g_hash_table_lookup (self->shown, notice->id));
  g_autofree char *body = self->markup ? g_markup_escape_text (notice->body, -1)
                                       : g_strdup (notice->body);

  g_dbus_connection_call (self->bus, self->owner, SERVICE_PATH, SERVICE, "Notify",
                          g_variant_new ("(susss@as@a{sv}i)", "Latchkey", last, LK_APP_ID,
                                         notice->title, body, actions_to_variant (self, notice),
                                         hints_to_variant (notice), notice->question ? 0 : -1),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS,
                          self->end, shown_cb, sent_new (self, notice->id));
}

/* One that is just being shown is taken back by whoever hears that it was. */
void
lk_agent_desktop_notices_withdraw (LkAgentDesktopNotices *self, const char *id)
{
  guint32 number = GPOINTER_TO_UINT (g_hash_table_lookup (self->shown, id));

  g_hash_table_remove (self->adopted, id);
  if (number == 0)
    return;
  g_hash_table_remove (self->shown, id);
  g_dbus_connection_call (self->bus, self->owner, SERVICE_PATH, SERVICE, "CloseNotification",
                          g_variant_new ("(u)", number), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          DEADLINE_MS, NULL, NULL, NULL);
}

void
lk_agent_desktop_notices_adopt (LkAgentDesktopNotices *self, const char *id, GVariant *mark)
{
  if (!g_variant_is_of_type (mark, G_VARIANT_TYPE (MARK_TYPE)))
    return;
  g_hash_table_replace (self->adopted, g_strdup (id), g_variant_ref (mark));
  if (self->owner != NULL)
    adopt_now (self);
}
