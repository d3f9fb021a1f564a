/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-life.h"

#include "lk-agent-life-host.h"
#include "lk-agent-life-portal.h"
#include "lk-agent-sandbox.h"
#include "lk-agent-tray-facts.h"
#include "lk-summary-words.h"

#define STATUS_MS 500

struct _LkAgentLife
{
  LkAgentContext  *context;   /* outlives us */
  GDBusConnection *bus;       /* (owned) (nullable) */
  GCancellable    *end;       /* (owned) */
  gboolean         flatpak;
  gboolean         busy;      /* setting it takes a while */
  gboolean         asked_for; /* what the one under way sets */
  char            *status;    /* (owned) (nullable): what the desktop was told last */
  guint            status_id;
};

static GSettings *
get_settings (LkAgentLife *self)
{
  return lk_agent_context_get_settings (self->context);
}

static gboolean
is_wanted (LkAgentLife *self)
{
  return g_settings_get_boolean (get_settings (self), "autostart");
}

static gboolean
has_state (LkAgentLife *self, const char *word)
{
  g_autofree char *state = g_settings_get_string (get_settings (self), "autostart-state");

  return g_str_equal (state, word);
}

static void lk_agent_life_apply (LkAgentLife *self);

static void
lk_agent_life_applied (LkAgentLife *self, const char *state)
{
  self->busy = FALSE;
  g_settings_set_string (get_settings (self), "autostart-state", state);
  if (is_wanted (self) != self->asked_for)
    lk_agent_life_apply (self);
}

static void
host_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean done = lk_agent_life_host_set_finish (G_DBUS_CONNECTION (source), result, &error);
  LkAgentLife *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!done)
    g_message ("starting with the session cannot be set: %s", error->message);
  lk_agent_life_applied (self, !done ? "failed" : self->asked_for ? "on" : "off");
}

static void
portal_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean granted;
  gboolean answered = lk_agent_life_portal_request_finish (G_DBUS_CONNECTION (source), result,
                                                           &granted, &error);
  LkAgentLife *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!answered)
    g_info ("the desktop was not asked for a life in the background: %s", error->message);
  if (!answered)
    lk_agent_life_applied (self, "failed");
  else if (!self->asked_for)
    lk_agent_life_applied (self, "off");
  else
    lk_agent_life_applied (self, granted ? "on" : "refused");
}

static void
lk_agent_life_apply (LkAgentLife *self)
{
  if (self->busy)
    return;
  self->busy = TRUE;
  self->asked_for = is_wanted (self);
  if (self->flatpak)
    lk_agent_life_portal_request_async (self->bus, self->asked_for, self->end, portal_answered_cb,
                                        self);
  else
    lk_agent_life_host_set_async (self->bus, self->asked_for, self->end, host_set_cb, self);
}

static void
wanted_changed_cb (LkAgentLife *self)
{
  /* What was taken over from elsewhere is so already. */
  if (!has_state (self, is_wanted (self) ? "on" : "off"))
    lk_agent_life_apply (self);
}

/* Somebody who looks at an empty window has nothing that must be kept alive. */
static void
lk_agent_life_begin (LkAgentLife *self)
{
  if (!self->busy && has_state (self, ""))
    lk_agent_life_apply (self);
}

/* The state is set first, so that the setting is not carried out once more. */
static void
host_got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean on;
  LkAgentLife *self;

  if (!lk_agent_life_host_get_finish (G_DBUS_CONNECTION (source), result, &on, &error))
    return;
  self = user_data;
  if (self->busy || has_state (self, "") || has_state (self, on ? "on" : "off"))
    return;
  g_settings_set_string (get_settings (self), "autostart-state", on ? "on" : "off");
  g_settings_set_boolean (get_settings (self), "autostart", on);
}

/* Telling the desktop. */

static gboolean
status_cb (gpointer user_data)
{
  LkAgentLife *self = user_data;
  g_autoptr(LkTrayFacts) facts = lk_agent_tray_facts_gather (self->context);
  g_autofree char *text = lk_summary_words_dup (facts->attention, facts->ending, facts->fine);

  self->status_id = 0;
  if (g_strcmp0 (text, self->status) == 0)
    return G_SOURCE_REMOVE;
  lk_agent_life_portal_set_status (self->bus, text, self->end);
  g_free (self->status);
  self->status = g_steal_pointer (&text);
  return G_SOURCE_REMOVE;
}

static void
connection_changed_cb (LkAgentLife *self)
{
  lk_agent_life_begin (self);
  if (self->flatpak && self->status_id == 0)
    self->status_id = g_timeout_add (STATUS_MS, status_cb, self);
}

LkAgentLife *
lk_agent_life_new (LkAgentContext *context)
{
  LkAgentLife *self = g_new0 (LkAgentLife, 1);

  self->context = context;
  self->end = g_cancellable_new ();
  self->flatpak = lk_agent_sandbox_is_flatpak ();
  self->bus = g_dbus_object_manager_server_get_connection (lk_agent_context_get_server (context));
  if (self->bus == NULL)
    return self;
  g_signal_connect_swapped (get_settings (self), "changed::autostart",
                            G_CALLBACK (wanted_changed_cb), self);
  g_signal_connect_swapped (context, "connection-changed", G_CALLBACK (connection_changed_cb),
                            self);
  if (!self->flatpak && !has_state (self, ""))
    lk_agent_life_host_get_async (self->bus, self->end, host_got_cb, self);
  return self;
}

void
lk_agent_life_free (LkAgentLife *self)
{
  g_cancellable_cancel (self->end);
  g_clear_handle_id (&self->status_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (get_settings (self), self);
  g_signal_handlers_disconnect_by_data (self->context, self);
  g_clear_object (&self->bus);
  g_clear_object (&self->end);
  g_free (self->status);
  g_free (self);
}
