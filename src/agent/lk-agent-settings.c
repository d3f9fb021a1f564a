/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

#include "lk-agent-error.h"

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
  g_autoptr(GSettingsBackend) backend
    = g_keyfile_settings_backend_new (path, g_settings_schema_get_path (schema), "Settings");

  return g_settings_new_full (schema, backend, NULL);
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

/**
 * lk_agent_settings_connect:
 *
 * Keeps the property in line with the settings.
 */
void
lk_agent_settings_connect (LkAgentContext *context)
{
  g_signal_connect_object (lk_agent_context_get_settings (context), "changed",
                           G_CALLBACK (changed_cb), context, G_CONNECT_SWAPPED);
  changed_cb (context);
}
