/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-app-context.h"

#define TICK_SECONDS 15

struct _LkAppContext
{
  GObject        parent_instance;

  LkAgentClient *client;    /* (owned) */
  LkProfileSet  *profiles;  /* (owned) */
  LkDiagnosis   *diagnosis; /* (owned) */
  LkClock       *clock;     /* (owned) */
  guint          tick_id;
};

typedef enum
{
  PROP_NOW = 1,
} LkAppContextProperty;

static GParamSpec *props[PROP_NOW + 1];
static guint profiles_changed_signal;

G_DEFINE_FINAL_TYPE (LkAppContext, lk_app_context, G_TYPE_OBJECT)

static gboolean
tick_cb (gpointer user_data)
{
  g_object_notify_by_pspec (G_OBJECT (user_data), props[PROP_NOW]);
  return G_SOURCE_CONTINUE;
}

static void
lk_app_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LkAppContext *self = LK_APP_CONTEXT (object);

  switch ((LkAppContextProperty) id)
    {
    case PROP_NOW:
      g_value_set_int64 (value, lk_clock_get_now (self->clock));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_app_context_dispose (GObject *object)
{
  LkAppContext *self = LK_APP_CONTEXT (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->client);
  g_clear_pointer (&self->diagnosis, lk_diagnosis_free);
  g_clear_pointer (&self->profiles, lk_profile_set_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (lk_app_context_parent_class)->dispose (object);
}

static void
lk_app_context_class_init (LkAppContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_app_context_get_property;
  object_class->dispose = lk_app_context_dispose;

  props[PROP_NOW] = g_param_spec_int64 ("now", NULL, NULL, 0, G_MAXINT64, 0,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
  profiles_changed_signal
    = g_signal_new ("profiles-changed", LK_TYPE_APP_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
lk_app_context_init (LkAppContext *self)
{
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

LkAppContext *
lk_app_context_new (LkAgentClient *client, LkProfileSet *profiles, LkClock *clock)
{
  LkAppContext *self = g_object_new (LK_TYPE_APP_CONTEXT, NULL);

  self->client = g_object_ref (client);
  self->profiles = lk_profile_set_ref (profiles);
  self->diagnosis = lk_diagnosis_new (profiles);
  self->clock = g_object_ref (clock);
  return self;
}

LkAgentClient *
lk_app_context_get_client (LkAppContext *self)
{
  return self->client;
}

LkDBusAgent1 *
lk_app_context_get_agent (LkAppContext *self)
{
  return lk_agent_client_get_agent (self->client);
}

LkDiagnosis *
lk_app_context_get_diagnosis (LkAppContext *self)
{
  return self->diagnosis;
}

LkProfileSet *
lk_app_context_get_profiles (LkAppContext *self)
{
  return self->profiles;
}

gint64
lk_app_context_get_now (LkAppContext *self)
{
  return lk_clock_get_now (self->clock);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  if (!lk_agent_client_start_finish (LK_AGENT_CLIENT (source), result, &error))
    g_warning ("The agent does not start: %s", error->message);
}

/**
 * lk_app_context_start:
 *
 * Starts the agent, or tries again. What becomes of it shows in the client's "state".
 */
void
lk_app_context_start (LkAppContext *self)
{
  lk_agent_client_start_async (self->client, NULL, started_cb, NULL);
}

/**
 * lk_app_context_reload_profiles:
 *
 * Reads the provider files again, as the agent does on its side.
 */
void
lk_app_context_reload_profiles (LkAppContext *self)
{
  g_autofree char *user_dir = lk_profile_set_dup_user_dir ();
  g_autoptr(LkProfileSet) old = g_steal_pointer (&self->profiles);
  LkDiagnosis *old_diagnosis = self->diagnosis;

  self->profiles = lk_profile_set_new (user_dir);
  self->diagnosis = lk_diagnosis_new (self->profiles);
  g_signal_emit (self, profiles_changed_signal, 0);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NOW]);
  lk_diagnosis_free (old_diagnosis);
}
