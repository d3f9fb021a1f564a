/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-outlet.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-notifier.h"

/* At once; the others wait in order. */
#define AT_ONCE 3
/* What waits longer than that many others is old news. */
#define WAITING_MAX 500

/* The program, or the address. */
typedef enum
{
  WAY_COMMAND,
  WAY_WEBHOOK,
  N_WAYS,
} Way;

struct _LkAgentOutlet
{
  LkAgentContext *context;         /* outlives us */
  GCancellable   *end;             /* (owned) */
  GQueue          waiting[N_WAYS]; /* of LkAgentOutletEvent */
  guint           running[N_WAYS];
  gboolean        failed[N_WAYS];  /* and the person was told */
};

/* One event under way; the outlet is gone when it was cancelled. */
typedef struct
{
  LkAgentOutlet      *outlet;
  Way                 way;
  LkAgentOutletEvent *event; /* (owned) */
} Job;

static void lk_agent_outlet_pump (LkAgentOutlet *self, Way way);

/* Settings. */

static char **
dup_command (LkAgentOutlet *self)
{
  return g_settings_get_strv (lk_agent_context_get_settings (self->context), "event-command");
}

static char *
dup_address (LkAgentOutlet *self)
{
  return g_settings_get_string (lk_agent_context_get_settings (self->context), "event-webhook");
}

static gboolean
is_set (LkAgentOutlet *self, Way way)
{
  g_auto(GStrv) command = way == WAY_COMMAND ? dup_command (self) : NULL;
  g_autofree char *address = way == WAY_WEBHOOK ? dup_address (self) : NULL;

  return way == WAY_COMMAND ? command[0] != NULL && command[0][0] != '\0' : address[0] != '\0';
}

gboolean
lk_agent_outlet_wants (LkAgentOutlet *self, LkWarningReason reason)
{
  g_auto(GStrv) kinds
    = g_settings_get_strv (lk_agent_context_get_settings (self->context), "event-kinds");

  return g_strv_contains ((const char * const *) kinds, lk_warning_reason_to_string (reason))
         && (is_set (self, WAY_COMMAND) || is_set (self, WAY_WEBHOOK));
}

/* What came of it. */

static const char *
id_of (Way way)
{
  return way == WAY_COMMAND ? "command" : "webhook";
}

static char *
dup_failure (LkAgentOutlet *self, Way way)
{
  g_auto(GStrv) command = NULL;
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GUri) uri = NULL;

  if (way == WAY_COMMAND)
    {
      command = dup_command (self);
      name = g_filename_display_basename (command[0] != NULL ? command[0] : "");
      /* Translators: %s is a program that the person chose. */
      return g_strdup_printf (_("The program “%s” did not take an event. Look at it in the "
                                "preferences."), name);
    }
  address = dup_address (self);
  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  /* Translators: %s is the name of a server. */
  return g_strdup_printf (_("%s did not take an event. Look at the address in the preferences."),
                          uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri)
                                                                      : _("The address"));
}

/* Once; what fails again is no news until it worked. */
static void
heed_outcome (LkAgentOutlet *self, Way way, const GError *error)
{
  LkAgentNotifier *notifier = lk_agent_context_get_notifier (self->context);
  g_autofree char *id = g_strconcat ("outlet//", id_of (way), NULL);

  if (error == NULL)
    {
      if (self->failed[way])
        lk_agent_notifier_withdraw (notifier, id);
      self->failed[way] = FALSE;
      return;
    }
  g_message ("an event was not passed on (%s): %s", id_of (way), error->message);
  if (!self->failed[way])
    lk_agent_notifier_show (notifier,
                            lk_agent_notice_new ("outlet", NULL, id_of (way),
                                                 g_strdup (_("An event could not be passed on")),
                                                 dup_failure (self, way)));
  self->failed[way] = TRUE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  LkAgentOutlet *self = job->outlet;
  Way way = job->way;
  g_autoptr(GError) error = NULL;

  if (way == WAY_COMMAND)
    lk_agent_outlet_run_finish (result, &error);
  else
    lk_agent_outlet_post_finish (result, &error);
  lk_agent_outlet_event_free (job->event);
  g_free (job);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->running[way]--;
  heed_outcome (self, way, error);
  lk_agent_outlet_pump (self, way);
}

/* Passing on. */

static void
lk_agent_outlet_start (LkAgentOutlet *self, Way way, LkAgentOutletEvent *event)
{
  Job *job = g_new0 (Job, 1);
  g_auto(GStrv) command = NULL;
  g_autofree char *address = NULL;

  job->outlet = self;
  job->way = way;
  job->event = event;
  self->running[way]++;
  if (way == WAY_COMMAND)
    {
      command = dup_command (self);
      lk_agent_outlet_run_async ((const char * const *) command, event, self->end, done_cb, job);
      return;
    }
  address = dup_address (self);
  lk_agent_outlet_post_async (lk_agent_context_get_http (self->context), address, event, self->end,
                              done_cb, job);
}

static void
lk_agent_outlet_pump (LkAgentOutlet *self, Way way)
{
  gboolean online = lk_dbus_agent1_get_online (lk_agent_context_get_agent (self->context));

  if (!is_set (self, way))
    g_queue_clear_full (&self->waiting[way], (GDestroyNotify) lk_agent_outlet_event_free);
  while (self->running[way] < AT_ONCE && !g_queue_is_empty (&self->waiting[way])
         && (online || way == WAY_COMMAND))
    lk_agent_outlet_start (self, way, g_queue_pop_head (&self->waiting[way]));
}

static LkAgentOutletEvent *
event_copy (const LkAgentOutletEvent *event)
{
  LkAgentOutletEvent *copy = lk_agent_outlet_event_new (event->kind, event->at);

  copy->connection = g_strdup (event->connection);
  copy->name = g_strdup (event->name);
  copy->provider = g_strdup (event->provider);
  copy->title = g_strdup (event->title);
  copy->text = g_strdup (event->text);
  copy->fault = g_strdup (event->fault);
  copy->ends = event->ends;
  return copy;
}

void
lk_agent_outlet_pass (LkAgentOutlet *self, LkAgentOutletEvent *event)
{
  for (Way way = 0; way < N_WAYS; way++)
    {
      g_queue_push_tail (&self->waiting[way], event_copy (event));
      if (g_queue_get_length (&self->waiting[way]) > WAITING_MAX)
        lk_agent_outlet_event_free (g_queue_pop_head (&self->waiting[way]));
      lk_agent_outlet_pump (self, way);
    }
  lk_agent_outlet_event_free (event);
}

static void
online_cb (LkAgentOutlet *self)
{
  lk_agent_outlet_pump (self, WAY_WEBHOOK);
}

/* Another program, another chance. */
static void
settings_changed_cb (LkAgentOutlet *self, const char *key)
{
  if (g_str_equal (key, "event-command"))
    self->failed[WAY_COMMAND] = FALSE;
  else if (g_str_equal (key, "event-webhook"))
    self->failed[WAY_WEBHOOK] = FALSE;
}

LkAgentOutlet *
lk_agent_outlet_new (LkAgentContext *context)
{
  LkAgentOutlet *self = g_new0 (LkAgentOutlet, 1);

  self->context = context;
  self->end = g_cancellable_new ();
  for (Way way = 0; way < N_WAYS; way++)
    g_queue_init (&self->waiting[way]);
  g_signal_connect_swapped (lk_agent_context_get_agent (context), "notify::online",
                            G_CALLBACK (online_cb), self);
  g_signal_connect_swapped (lk_agent_context_get_settings (context), "changed",
                            G_CALLBACK (settings_changed_cb), self);
  return self;
}

void
lk_agent_outlet_free (LkAgentOutlet *self)
{
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_agent (self->context), self);
  g_signal_handlers_disconnect_by_data (lk_agent_context_get_settings (self->context), self);
  g_cancellable_cancel (self->end);
  for (Way way = 0; way < N_WAYS; way++)
    g_queue_clear_full (&self->waiting[way], (GDestroyNotify) lk_agent_outlet_event_free);
  g_clear_object (&self->end);
  g_free (self);
}
