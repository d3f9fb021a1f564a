/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-settings-rules.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAYS_MAX           10
#define DAY_MAX            365
#define STATUS_MINUTES_MIN 30
#define COMMAND_WORDS_MAX  64
#define TEXT_MAX           2048 /* bytes */

static const char * const event_kinds[] = { "attention", "ending", "changed", "recovered",
                                            "incident", NULL };

static char *
check_warn_days (GVariant *value)
{
  gsize n;
  const guint32 *days = g_variant_get_fixed_array (value, &n, sizeof (guint32));
  gboolean good = n <= DAYS_MAX;

  for (gsize i = 0; i < n && good; i++)
    good = days[i] >= 1 && days[i] <= DAY_MAX;
  for (gsize i = 1; i < n && good; i++)
    for (gsize j = 0; j < i && good; j++)
      good = days[i] != days[j];
  if (good)
    return NULL;
  return g_strdup_printf (_("Up to %d different numbers of days, each from 1 to %d."), DAYS_MAX,
                          DAY_MAX);
}

static char *
check_status_minutes (GVariant *value)
{
  guint32 minutes = g_variant_get_uint32 (value);

  if (minutes == 0 || minutes >= STATUS_MINUTES_MIN)
    return NULL;
  return g_strdup_printf (_("%d minutes or more, or 0 for never: providers do not want to be "
                            "asked more often."), STATUS_MINUTES_MIN);
}

static gboolean
is_this_machine (const char *host)
{
  return g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1")
         || g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
is_webhook (const char *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || host[0] == '\0' || g_uri_get_userinfo (uri) != NULL
      || strlen (address) > TEXT_MAX)
    return FALSE;
  return g_str_equal (g_uri_get_scheme (uri), "https")
         || (g_str_equal (g_uri_get_scheme (uri), "http") && is_this_machine (host));
}

static char *
check_event_webhook (GVariant *value)
{
  const char *address = g_variant_get_string (value, NULL);

  if (address[0] == '\0' || is_webhook (address))
    return NULL;
  return g_strdup (_("An address that begins with https://, without a user name in it. "
                     "Only for this computer itself http:// will do."));
}

static char *
check_event_command (GVariant *value)
{
  g_autofree const char **words = g_variant_get_strv (value, NULL);
  gsize n = g_strv_length ((char **) words);
  gboolean good = n <= COMMAND_WORDS_MAX && (n == 0 || words[0][0] != '\0');

  for (gsize i = 0; i < n && good; i++)
    good = strlen (words[i]) <= TEXT_MAX;
  if (good)
    return NULL;
  return g_strdup_printf (_("A program and its arguments, up to %d words."), COMMAND_WORDS_MAX);
}

static char *
check_event_kinds (GVariant *value)
{
  g_autofree const char **words = g_variant_get_strv (value, NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    if (!g_strv_contains (event_kinds, words[i]))
      {
        g_autofree char *known = g_strjoinv (", ", (char **) event_kinds);

        /* Translators: %s is a list of words that are not translated. */
        return g_strdup_printf (_("Any of these: %s."), known);
      }
  return NULL;
}

/* What the schema says, in words. */
static char *
describe_type (GSettingsSchemaKey *key)
{
  const GVariantType *type = g_settings_schema_key_get_value_type (key);
  g_autoptr(GVariant) range = g_settings_schema_key_get_range (key);
  g_autoptr(GVariant) bounds = NULL;
  const char *how;

  g_variant_get (range, "(&sv)", &how, &bounds);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_UINT32) && g_str_equal (how, "range"))
    {
      guint32 min, max;

      g_variant_get (bounds, "(uu)", &min, &max);
      return g_strdup_printf (_("A whole number from %u to %u."), min, max);
    }
  if (g_variant_type_equal (type, G_VARIANT_TYPE_UINT32))
    return g_strdup (_("A whole number."));
  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (_("Either true or false."));
  if (g_variant_type_equal (type, G_VARIANT_TYPE ("au")))
    return g_strdup (_("A list of whole numbers, such as [7, 1]."));
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING_ARRAY))
    return g_strdup (_("A list of texts, such as ['one', 'two']."));
  return g_strdup (_("A text."));
}

char *
lk_agent_settings_rules_check (GSettingsSchemaKey *key, GVariant *value)
{
  static const struct
  {
    const char *name;
    char *(*check) (GVariant *value);
  } rules[] = {
    { "warn-days", check_warn_days },
    { "status-minutes", check_status_minutes },
    { "event-webhook", check_event_webhook },
    { "event-command", check_event_command },
    { "event-kinds", check_event_kinds },
  };
  const char *name = g_settings_schema_key_get_name (key);

  if (!g_variant_is_of_type (value, g_settings_schema_key_get_value_type (key))
      || !g_settings_schema_key_range_check (key, value))
    return describe_type (key);
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (name, rules[i].name))
      return rules[i].check (value);
  return NULL;
}

char *
lk_agent_settings_rules_find (const char *name, GVariant *value)
{
  g_autofree const char **words = NULL;
  g_autofree char *found = NULL;

  if (!g_str_equal (name, "event-command"))
    return NULL;
  words = g_variant_get_strv (value, NULL);
  if (words[0] == NULL || (found = g_find_program_in_path (words[0])) != NULL)
    return NULL;
  return g_strdup_printf (_("A program that is there: “%s” was not found, or cannot be run."),
                          words[0]);
}

GVariant *
lk_agent_settings_rules_parse (GSettingsSchemaKey *key, const char *text)
{
  const GVariantType *type = g_settings_schema_key_get_value_type (key);

  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING) && text[0] != '\'' && text[0] != '"')
    return g_variant_ref_sink (g_variant_new_string (text));
  return g_variant_parse (type, text, NULL, NULL, NULL);
}
