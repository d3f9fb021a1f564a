/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-notice.h"

#define SERVICE      "org.freedesktop.portal.Desktop"
#define SERVICE_PATH "/org/freedesktop/portal/desktop"
#define PORTAL       "org.freedesktop.portal.Notification"
#define DEADLINE_MS  (5 * 1000)

struct _LkAgentPortalNotices
{
  GDBusConnection           *bus;       /* (owned) */
  const LkAgentNoticeEvents *events;
  gpointer                   user_data;
  GCancellable              *end;       /* (owned) */
  gboolean                   there;
  guint                      watch_id;
  guint                      signal_id;
};

/* A call that is under way; @self is gone when it was cancelled. */
typedef struct
{
  LkAgentPortalNotices *self;
  char                 *id; /* (owned) */
} Sent;

static void
sent_free (Sent *sent)
{
  g_free (sent->id);
  g_free (sent);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sent, sent_free)

/* The last of the values may be what the platform has to say. */
static char *
dup_token (GVariant *values)
{
  gsize n = g_variant_n_children (values);
  g_autoptr(GVariant) boxed = n > 0 ? g_variant_get_child_value (values, n - 1) : NULL;
  g_autoptr(GVariant) last = boxed != NULL ? g_variant_get_variant (boxed) : NULL;
  char *token = NULL;

  if (last != NULL && g_variant_is_of_type (last, G_VARIANT_TYPE_VARDICT))
    g_variant_lookup (last, "activation-token", "s", &token);
  return token;
}

static void
action_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
           const char *signal, GVariant *parameters, gpointer user_data)
{
  LkAgentPortalNotices *self = user_data;
  g_autoptr(GVariant) values = NULL;
  g_autofree char *token = NULL;
  const char *id, *action;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssav)")))
    return;
  g_variant_get (parameters, "(&s&s@av)", &id, &action, &values);
  token = dup_token (values);
  self->events->acted (id, action, token, self->user_data);
}

static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  LkAgentPortalNotices *self = user_data;

  self->there = TRUE;
  self->events->changed (self->user_data);
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  LkAgentPortalNotices *self = user_data;

  self->there = FALSE;
}

/**
 * lk_agent_portal_notices_new:
 * @start: whether the portal is started when it does not run
 */
LkAgentPortalNotices *
lk_agent_portal_notices_new (GDBusConnection *bus, gboolean start,
                             const LkAgentNoticeEvents *events, gpointer user_data)
{
  LkAgentPortalNotices *self = g_new0 (LkAgentPortalNotices, 1);

  self->bus = g_object_ref (bus);
  self->events = events;
  self->user_data = user_data;
  self->end = g_cancellable_new ();
  self->signal_id
    = g_dbus_connection_signal_subscribe (bus, SERVICE, PORTAL, "ActionInvoked", SERVICE_PATH, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, action_cb, self, NULL);
  self->watch_id
    = g_bus_watch_name_on_connection (bus, SERVICE,
                                      start ? G_BUS_NAME_WATCHER_FLAGS_AUTO_START
                                            : G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      appeared_cb, vanished_cb, self, NULL);
  return self;
}

void
lk_agent_portal_notices_free (LkAgentPortalNotices *self)
{
  g_cancellable_cancel (self->end);
  g_bus_unwatch_name (self->watch_id);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signal_id);
  g_clear_object (&self->end);
  g_clear_object (&self->bus);
  g_free (self);
}

gboolean
lk_agent_portal_notices_is_there (LkAgentPortalNotices *self)
{
  return self->there;
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Sent) sent = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr(GVariant) mark = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_info ("a notification was not shown: %s", error->message);
      sent->self->events->failed (sent->id, sent->self->user_data);
      return;
    }
  mark = g_variant_ref_sink (g_variant_new ("(s)", "portal"));
  sent->self->events->shown (sent->id, mark, sent->self->user_data);
}

static void
add_button (GVariantBuilder *buttons, const char *label, const char *action)
{
  g_variant_builder_open (buttons, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (buttons, "{sv}", "label", g_variant_new_string (label));
  g_variant_builder_add (buttons, "{sv}", "action", g_variant_new_string (action));
  g_variant_builder_close (buttons);
}

static GVariant *
notice_to_variant (const LkAgentNotice *notice)
{
  LkAgentNoticeButton list[LK_AGENT_NOTICE_BUTTONS_MAX];
  guint n_buttons = lk_agent_notice_get_buttons (notice, list);
  GVariantBuilder dict, buttons;

  g_variant_builder_init (&buttons, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_buttons; i++)
    add_button (&buttons, list[i].label, list[i].action);
  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "title", g_variant_new_string (notice->title));
  g_variant_builder_add (&dict, "{sv}", "body", g_variant_new_string (notice->body));
  g_variant_builder_add (&dict, "{sv}", "priority",
                         g_variant_new_string (notice->low ? "low" : "normal"));
  g_variant_builder_add (&dict, "{sv}", "default-action",
                         g_variant_new_string (LK_AGENT_NOTICE_DEFAULT));
  g_variant_builder_add (&dict, "{sv}", "buttons", g_variant_builder_end (&buttons));
  return g_variant_builder_end (&dict);
}

void
lk_agent_portal_notices_show (LkAgentPortalNotices *self, const LkAgentNotice *notice)
{
  Sent *sent = g_new0 (Sent, 1);

  sent->self = self;
  sent->id = g_strdup (notice->id);
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, PORTAL, "AddNotification",
                          g_variant_new ("(s@a{sv})", notice->id, notice_to_variant (notice)),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, DEADLINE_MS, self->end, shown_cb,
                          sent);
}

void
lk_agent_portal_notices_withdraw (LkAgentPortalNotices *self, const char *id)
{
  if (!self->there)
    return;
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, PORTAL, "RemoveNotification",
                          g_variant_new ("(s)", id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          DEADLINE_MS, NULL, NULL, NULL);
}
