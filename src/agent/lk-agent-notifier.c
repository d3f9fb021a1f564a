/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-notifier.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n-lib.h>

#define SERVICE     "org.freedesktop.Notifications"
#define SERVICE_PATH "/org/freedesktop/Notifications"
#define WINDOW      "io.github.latchkey_app.Latchkey"
#define WINDOW_PATH "/io/github/latchkey_app/Latchkey"
#define DEADLINE_MS (5 * 1000)

struct _LkAgentNotifier
{
  LkAgentContext  *context;  /* outlives us */
  GDBusConnection *bus;      /* (owned) (nullable): once something was told */
  GCancellable    *end;      /* (owned) */
  GHashTable      *shown;    /* (owned) id of a remedy → number of what was told last */
  char            *token;    /* (owned) (nullable): lets the window come to the front */
  guint            clicked_id;
  guint            token_id;
};

LkAgentNotifier *
lk_agent_notifier_new (LkAgentContext *context)
{
  LkAgentNotifier *self = g_new0 (LkAgentNotifier, 1);

  self->context = context;
  self->end = g_cancellable_new ();
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
lk_agent_notifier_free (LkAgentNotifier *self)
{
  g_cancellable_cancel (self->end);
  if (self->clicked_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->clicked_id);
  if (self->token_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->token_id);
  g_clear_object (&self->bus);
  g_clear_object (&self->end);
  g_hash_table_unref (self->shown);
  g_free (self->token);
  g_free (self);
}

/* Opening the window: the one that runs, else a new one. */

static void
start_window (const char *token)
{
  g_autoptr(GDesktopAppInfo) window = g_desktop_app_info_new (WINDOW ".desktop");
  g_autoptr(GAppLaunchContext) launch = g_app_launch_context_new ();
  g_autoptr(GError) error = NULL;

  if (token != NULL)
    {
      g_app_launch_context_setenv (launch, "XDG_ACTIVATION_TOKEN", token);
      g_app_launch_context_setenv (launch, "DESKTOP_STARTUP_ID", token);
    }
  if (window == NULL)
    g_info ("a notification was clicked, but there is no window to open");
  else if (!g_app_info_launch (G_APP_INFO (window), NULL, launch, &error))
    g_message ("the window could not be opened: %s", error->message);
}

static void
activated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *token = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    start_window (token);
}

static void
open_window (LkAgentNotifier *self)
{
  GVariantBuilder data;
  char *token = g_steal_pointer (&self->token);

  g_variant_builder_init (&data, G_VARIANT_TYPE_VARDICT);
  if (token != NULL)
    {
      g_variant_builder_add (&data, "{sv}", "activation-token", g_variant_new_string (token));
      g_variant_builder_add (&data, "{sv}", "desktop-startup-id", g_variant_new_string (token));
    }
  g_dbus_connection_call (self->bus, WINDOW, WINDOW_PATH, "org.freedesktop.Application",
                          "Activate", g_variant_new ("(a{sv})", &data), NULL,
                          G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, self->end, activated_cb, token);
}

static gboolean
is_number (gpointer key, gpointer value, gpointer user_data)
{
  return value == user_data;
}

static gboolean
is_ours (LkAgentNotifier *self, GVariant *parameters, const char *type, const char **word)
{
  guint32 id;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE (type)))
    return FALSE;
  g_variant_get (parameters, "(u&s)", &id, word);
  return g_hash_table_find (self->shown, is_number, GUINT_TO_POINTER (id)) != NULL;
}

static void
token_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
          const char *signal, GVariant *parameters, gpointer user_data)
{
  LkAgentNotifier *self = user_data;
  const char *token;

  if (!is_ours (self, parameters, "(us)", &token))
    return;
  g_free (self->token);
  self->token = g_strdup (token);
}

static void
clicked_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
            const char *signal, GVariant *parameters, gpointer user_data)
{
  LkAgentNotifier *self = user_data;
  const char *action;

  if (is_ours (self, parameters, "(us)", &action) && g_str_equal (action, "default"))
    open_window (self);
}

/* Telling. */

typedef struct
{
  LkAgentNotifier *notifier; /* gone when the call was cancelled */
  char            *remedy;   /* (owned) */
} Told;

static void
told_free (Told *told)
{
  g_free (told->remedy);
  g_free (told);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Told, told_free)

static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Told) told = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 id;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_info ("nobody shows notifications: %s", error->message);
      return;
    }
  g_variant_get (reply, "(u)", &id);
  g_hash_table_replace (told->notifier->shown, g_steal_pointer (&told->remedy),
                        GUINT_TO_POINTER (id));
}

static gboolean
lk_agent_notifier_connect (LkAgentNotifier *self)
{
  GDBusConnection *bus
    = g_dbus_object_manager_server_get_connection (lk_agent_context_get_server (self->context));

  if (self->bus != NULL || bus == NULL)
    {
      g_clear_object (&bus);
      return self->bus != NULL;
    }
  self->bus = bus;
  self->clicked_id
    = g_dbus_connection_signal_subscribe (bus, SERVICE, SERVICE, "ActionInvoked", SERVICE_PATH,
                                          NULL, G_DBUS_SIGNAL_FLAGS_NONE, clicked_cb, self, NULL);
  self->token_id
    = g_dbus_connection_signal_subscribe (bus, SERVICE, SERVICE, "ActivationToken", SERVICE_PATH,
                                          NULL, G_DBUS_SIGNAL_FLAGS_NONE, token_cb, self, NULL);
  return TRUE;
}

static void
lk_agent_notifier_show (LkAgentNotifier *self, const char *remedy, const char *summary,
                        const char *body)
{
  guint32 last = GPOINTER_TO_UINT (g_hash_table_lookup (self->shown, remedy));
  Told *told;
  const char * const actions[] = { "default", _("Open Latchkey"), NULL };
  g_autofree char *escaped = g_markup_escape_text (body, -1);
  GVariantBuilder hints;

  if (!lk_agent_notifier_connect (self))
    return;
  told = g_new0 (Told, 1);
  told->notifier = self;
  told->remedy = g_strdup (remedy);
  g_variant_builder_init (&hints, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&hints, "{sv}", "desktop-entry", g_variant_new_string (WINDOW));
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, SERVICE, "Notify",
                          g_variant_new ("(susss^asa{sv}i)", "Latchkey", last, WINDOW, summary,
                                         escaped, actions, &hints, -1),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, DEADLINE_MS, self->end,
                          told_cb, told);
}

/* What others did, a wait that is over, or the end; not what Latchkey found out on the way. */
static gboolean
is_worth_telling (const LkRemedyRecord *record, const LkRemedyStep *step)
{
  return record->ended != 0 || step->watchable || step->check == LK_CHECK_TIME;
}

void
lk_agent_notifier_tell (LkAgentRemedy *remedy, guint step)
{
  LkAgentConnection *connection = lk_agent_remedy_get_connection (remedy);
  const LkRemedyRecord *record = lk_agent_remedy_get_record (remedy);
  LkAgentNotifier *self;
  g_autoptr(LkRemedy) plan = lk_agent_remedy_dup_plan (remedy);
  g_autofree char *body = NULL;
  const char *name;
  const char *summary;

  if (connection == NULL || plan == NULL || step >= plan->steps->len
      || !is_worth_telling (record, plan->steps->pdata[step]))
    return;
  self = lk_agent_context_get_notifier (lk_agent_connection_get_context (connection));
  name = lk_agent_connection_get_record (connection)->name;
  if (record->ended != 0)
    {
      summary = _("It works again");
      /* Translators: %s is the name of a connection. */
      body = g_strdup_printf (_("What was refused for %s is accepted now."), name);
    }
  else if (((const LkRemedyStep *) plan->steps->pdata[step])->watchable)
    {
      summary = _("The permission is there");
      /* Translators: %s is the name of a connection. */
      body = g_strdup_printf (_("What %s was missing has been granted. Open Latchkey to try the "
                                "call again."), name);
    }
  else
    {
      summary = _("One step further");
      /* Translators: the title of a step, then the name of a connection. */
      body = g_strdup_printf (_("“%s” is done for %s. Open Latchkey to go on."),
                              ((const LkRemedyStep *) plan->steps->pdata[step])->title, name);
    }
  lk_agent_notifier_show (self, record->id, summary, body);
}
