/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-app"

#include "config.h"

#include "lk-settings-link.h"

#include <glib/gi18n.h>
#include <string.h>

struct _LkSettingsLink
{
  GObject       parent_instance;

  LkAppContext *context; /* (owned) */
  LkDBusAgent1 *watched; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LkSettingsLink, lk_settings_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
settings_changed_cb (LkSettingsLink *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
agent_state_cb (LkSettingsLink *self)
{
  LkDBusAgent1 *agent = lk_app_context_get_agent (self->context);

  if (self->watched != NULL && self->watched != agent)
    g_signal_handlers_disconnect_by_data (self->watched, self);
  if (g_set_object (&self->watched, agent) && agent != NULL)
    {
      g_signal_connect_object (agent, "notify::settings", G_CALLBACK (settings_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (agent, "notify::settings-problems",
                               G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
    }
  settings_changed_cb (self);
}

static void
lk_settings_link_dispose (GObject *object)
{
  LkSettingsLink *self = LK_SETTINGS_LINK (object);

  g_clear_object (&self->watched);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_settings_link_parent_class)->dispose (object);
}

static void
lk_settings_link_class_init (LkSettingsLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_settings_link_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lk_settings_link_init (LkSettingsLink *self)
{
}

LkSettingsLink *
lk_settings_link_new (LkAppContext *context)
{
  LkSettingsLink *self = g_object_new (LK_TYPE_SETTINGS_LINK, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (lk_app_context_get_client (context), "notify::state",
                           G_CALLBACK (agent_state_cb), self, G_CONNECT_SWAPPED);
  agent_state_cb (self);
  return self;
}

LkAppContext *
lk_settings_link_get_context (LkSettingsLink *self)
{
  return self->context;
}

GVariant *
lk_settings_link_dup (LkSettingsLink *self, const char *key)
{
  GVariant *settings = self->watched != NULL ? lk_dbus_agent1_get_settings (self->watched) : NULL;

  return settings != NULL ? g_variant_lookup_value (settings, key, NULL) : NULL;
}

gboolean
lk_settings_link_get_flag (LkSettingsLink *self, const char *key)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self, key);

  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN)
         && g_variant_get_boolean (value);
}

guint32
lk_settings_link_get_number (LkSettingsLink *self, const char *key)
{
  g_autoptr(GVariant) value = lk_settings_link_dup (self, key);

  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32)
           ? g_variant_get_uint32 (value) : 0;
}

/* What the agent says about a value is for people, after the name of the setting. */
static char *
dup_sentence (const GError *error)
{
  g_autoptr(GError) told = NULL;
  const char *colon;

  if (!g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT)
      && !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_READ_ONLY)
      && !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_DISK_FULL))
    return lk_agent_error_to_sentence (error);
  told = g_error_copy (error);
  g_dbus_error_strip_remote_error (told);
  colon = strstr (told->message, ": ");
  if (colon == NULL || !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT))
    return g_strdup (told->message);
  return g_strdup (colon + 2);
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkSettingsLink) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!lk_dbus_agent1_call_set_settings_finish (LK_DBUS_AGENT1 (source), result, &error))
    {
      sentence = dup_sentence (error);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, sentence);
    }
  settings_changed_cb (self);
}

void
lk_settings_link_set (LkSettingsLink *self, const char *key, GVariant *value)
{
  g_autoptr(GVariant) wanted = g_variant_ref_sink (value);
  g_autoptr(GVariant) now = lk_settings_link_dup (self, key);
  GVariantBuilder builder;

  if (now != NULL && g_variant_equal (now, wanted))
    return;
  if (self->watched == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0,
                     _("Latchkey’s agent is not there. Try again in a moment."));
      settings_changed_cb (self);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", key, wanted);
  lk_dbus_agent1_call_set_settings (self->watched, g_variant_builder_end (&builder), NULL, set_cb,
                                    g_object_ref (self));
}

char *
lk_settings_link_dup_problem (LkSettingsLink *self)
{
  GVariant *problems = self->watched != NULL
                         ? lk_dbus_agent1_get_settings_problems (self->watched) : NULL;
  const char *key, *takes;

  if (problems == NULL || g_variant_n_children (problems) == 0)
    return NULL;
  g_variant_get_child (problems, 0, "(&s&s)", &key, &takes);
  if (key[0] == '\0')
    return g_strdup_printf (_("The file settings.ini can’t be read. %s"), takes);
  /* Translators: the name of a setting, then what it takes. */
  return g_strdup_printf (_("In the file settings.ini, “%s” does not count. %s"), key, takes);
}
