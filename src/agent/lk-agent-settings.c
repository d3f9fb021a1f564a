/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-settings.h"

#include <glib/gi18n-lib.h>

#include "lk-agent-error.h"
#include "lk-agent-settings-file.h"
#include "lk-agent-settings-rules.h"

/* An installation below a prefix that the session does not know has its schema, too. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *known = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchemaSource) own
    = g_settings_schema_source_new_from_directory (LK_SCHEMADIR, known, TRUE, NULL);
  GSettingsSchema *schema
    = known != NULL ? g_settings_schema_source_lookup (known, LK_SETTINGS_SCHEMA, TRUE) : NULL;

  if (schema == NULL && own != NULL)
    schema = g_settings_schema_source_lookup (own, LK_SETTINGS_SCHEMA, TRUE);
  if (schema == NULL)
    g_error ("the schema of the settings is missing: is Latchkey installed as a whole?");
  return schema;
}

/**
 * lk_agent_settings_new:
 *
 * Returns: (transfer full): the settings, kept in `$XDG_CONFIG_HOME/latchkey/settings.ini`
 */
GSettings *
lk_agent_settings_new (void)
{
  g_autoptr(GSettingsSchema) schema = find_schema ();
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "latchkey", "settings.ini",
                                            NULL);
  g_autoptr(LkAgentSettingsFile) file = lk_agent_settings_file_new (schema, path);

  return g_settings_new_full (schema, G_SETTINGS_BACKEND (file), NULL);
}

static LkAgentSettingsFile *
dup_file (GSettings *settings)
{
  GSettingsBackend *backend = NULL;

  g_object_get (settings, "backend", &backend, NULL);
  return LK_AGENT_SETTINGS_FILE (backend);
}

static GVariant *
settings_to_variant (GSettings *settings)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) keys = NULL;
  GVariantBuilder builder;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (size_t i = 0; keys[i] != NULL; i++)
    {
      g_autoptr(GVariant) value = g_settings_get_value (settings, keys[i]);

      g_variant_builder_add (&builder, "{sv}", keys[i], value);
    }
  return g_variant_builder_end (&builder);
}

static void
changed_cb (LkAgentContext *context)
{
  lk_dbus_agent1_set_settings (lk_agent_context_get_agent (context),
                               settings_to_variant (lk_agent_context_get_settings (context)));
}

static void
problems_changed_cb (LkAgentContext *context)
{
  g_autoptr(LkAgentSettingsFile) file = dup_file (lk_agent_context_get_settings (context));
  GPtrArray *problems = lk_agent_settings_file_get_problems (file);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < problems->len; i++)
    {
      const LkAgentSettingsProblem *problem = problems->pdata[i];

      g_variant_builder_add (&builder, "(ss)", problem->key, problem->problem);
    }
  lk_dbus_agent1_set_settings_problems (lk_agent_context_get_agent (context),
                                        g_variant_builder_end (&builder));
}

/* Methods. */

static gboolean
find_key (GSettingsSchema *schema, const char *name, GError **error)
{
  if (g_settings_schema_has_key (schema, name))
    return TRUE;
  g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT, "%s: %s", name,
               _("There is no setting by this name."));
  return FALSE;
}

static gboolean
check_value (GSettingsSchema *schema, const char *name, GVariant *value, GError **error)
{
  g_autoptr(GSettingsSchemaKey) key = NULL;
  g_autofree char *takes = NULL;

  if (!find_key (schema, name, error))
    return FALSE;
  key = g_settings_schema_get_key (schema, name);
  takes = lk_agent_settings_rules_check (key, value);
  if (takes == NULL)
    takes = lk_agent_settings_rules_find (name, value);
  if (takes == NULL)
    return TRUE;
  g_set_error (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT, "%s: %s", name, takes);
  return FALSE;
}

static void
answer_change (LkAgentContext *context, GDBusMethodInvocation *invocation, GHashTable *changes)
{
  g_autoptr(LkAgentSettingsFile) file = dup_file (lk_agent_context_get_settings (context));
  g_autoptr(GError) error = NULL;

  if (!lk_agent_settings_file_change (file, changes, NULL, &error))
    {
      lk_agent_return_error (invocation, error);
      return;
    }
  g_dbus_interface_skeleton_flush (
    G_DBUS_INTERFACE_SKELETON (lk_agent_context_get_agent (context)));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static gboolean
handle_set_settings (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GVariant *settings,
                     LkAgentContext *context)
{
  g_autoptr(GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                         (GDestroyNotify) g_variant_unref);
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GError) error = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_object_get (lk_agent_context_get_settings (context), "settings-schema", &schema, NULL);
  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_hash_table_replace (changes, (gpointer) name, value);
      if (!check_value (schema, name, value, &error))
        {
          lk_agent_return_error (invocation, error);
          return G_DBUS_METHOD_INVOCATION_HANDLED;
        }
    }
  answer_change (context, invocation, changes);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_reset_settings (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation,
                       const char * const *keys, LkAgentContext *context)
{
  g_autoptr(GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) all = NULL;

  g_object_get (lk_agent_context_get_settings (context), "settings-schema", &schema, NULL);
  all = g_settings_schema_list_keys (schema);
  if (keys[0] == NULL)
    keys = (const char * const *) all;
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      if (!find_key (schema, keys[i], &error))
        {
          lk_agent_return_error (invocation, error);
          return G_DBUS_METHOD_INVOCATION_HANDLED;
        }
      g_hash_table_insert (changes, (gpointer) keys[i], NULL);
    }
  answer_change (context, invocation, changes);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Programs and addresses to run are this computer's own, and so is what it does right now. */
static gboolean
is_portable (const char *name)
{
  static const char * const own[] = { "autostart", "autostart-state", "event-command",
                                      "event-webhook", "paused", "told-background", NULL };

  return !g_strv_contains (own, name);
}

GVariant *
lk_agent_settings_dup_portable (GSettings *settings)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) keys = NULL;
  GVariantBuilder builder;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (size_t i = 0; keys[i] != NULL; i++)
    {
      g_autoptr(GVariant) value = g_settings_get_user_value (settings, keys[i]);

      if (value != NULL && is_portable (keys[i]))
        g_variant_builder_add (&builder, "{sv}", keys[i], value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
lk_agent_settings_dup_fitting (GSettings *settings, GVariant *values)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_object_get (settings, "settings-schema", &schema, NULL);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autoptr(GVariant) own = NULL;

      if (!is_portable (name) || !check_value (schema, name, value, NULL))
        continue;
      own = g_settings_get_user_value (settings, name);
      if (own == NULL)
        g_variant_builder_add (&builder, "{sv}", name, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

gboolean
lk_agent_settings_apply (GSettings *settings, GVariant *values, GError **error)
{
  g_autoptr(GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                         (GDestroyNotify) g_variant_unref);
  g_autoptr(LkAgentSettingsFile) file = dup_file (settings);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    g_hash_table_replace (changes, (gpointer) name, value);
  return g_hash_table_size (changes) == 0
         || lk_agent_settings_file_change (file, changes, NULL, error);
}

/**
 * lk_agent_settings_connect:
 *
 * Keeps the properties in line with the settings, and answers the methods that change them.
 */
void
lk_agent_settings_connect (LkAgentContext *context)
{
  LkDBusAgent1 *agent = lk_agent_context_get_agent (context);
  GSettings *settings = lk_agent_context_get_settings (context);
  g_autoptr(LkAgentSettingsFile) file = dup_file (settings);

  g_signal_connect_object (settings, "changed", G_CALLBACK (changed_cb), context,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (file, "problems-changed", G_CALLBACK (problems_changed_cb), context,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (agent, "handle-set-settings", G_CALLBACK (handle_set_settings), context,
                           0);
  g_signal_connect_object (agent, "handle-reset-settings", G_CALLBACK (handle_reset_settings),
                           context, 0);
  changed_cb (context);
  problems_changed_cb (context);
}
