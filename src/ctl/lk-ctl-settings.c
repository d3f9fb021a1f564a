/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

/* What the service says about a setting is for people, and names the key. */
static int
fail_setting (LkCtl        *self,
              const GError *error)
{
  g_autoptr(GError) told = NULL;

  if (!g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_INVALID_ARGUMENT) &&
      !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_READ_ONLY) &&
      !g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_DISK_FULL))
    return lk_ctl_fail (self, error);

  told = g_error_copy (error);
  g_dbus_error_strip_remote_error (told);
  told->domain = LK_CTL_ERROR;
  told->code = (int) lk_ctl_exit_for_error (error);
  return lk_ctl_fail (self, told);
}

static gboolean
is_command (const char *key)
{
  return g_str_equal (key, "event-command");
}

/* As it can be typed again. */
static char *
dup_value_words (const char *key,
                 GVariant   *value)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY))
    return g_variant_print (value, FALSE);

  for (size_t i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_STRING))
        g_ptr_array_add (words, g_variant_print (child, FALSE));
      else if (is_command (key))
        g_ptr_array_add (words, g_shell_quote (g_variant_get_string (child, NULL)));
      else
        g_ptr_array_add (words, g_variant_dup_string (child, NULL));
    }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (is_command (key) ? " " : ",", (char **) words->pdata);
}

static void
add_to_json (JsonBuilder *builder,
             GVariant    *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    json_builder_add_boolean_value (builder, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    json_builder_add_int_value (builder, g_variant_get_uint32 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    json_builder_add_string_value (builder, g_variant_get_string (value, NULL));
  else
    {
      json_builder_begin_array (builder);
      for (size_t i = 0; i < g_variant_n_children (value); i++)
        {
          g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

          add_to_json (builder, child);
        }
      json_builder_end_array (builder);
    }
}

static char *
dup_member (const char *key)
{
  return g_strdelimit (g_strdup (key), "-", '_');
}

/* What stands in the file and does not count. */
static void
note_problems (GVariant *properties)
{
  g_autoptr(GVariant) problems = g_variant_lookup_value (properties, "SettingsProblems",
                                                         G_VARIANT_TYPE ("a(ss)"));
  GVariantIter iter;
  const char *key, *problem;

  if (problems == NULL)
    return;
  g_variant_iter_init (&iter, problems);
  while (g_variant_iter_next (&iter, "(&s&s)", &key, &problem))
    {
      if (key[0] != '\0')
        /* Translators: the name of a setting, then what it takes. */
        lk_ctl_note (_("In settings.ini “%s” does not count: %s"), key, problem);
      else
        lk_ctl_note (_("settings.ini does not count: %s"), problem);
    }
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* (element-type utf8): borrowed from @settings */
static GPtrArray *
list_keys (GVariant *settings)
{
  GPtrArray *keys = g_ptr_array_new ();
  GVariantIter iter;
  const char *key;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    g_ptr_array_add (keys, (gpointer) key);
  g_ptr_array_sort (keys, compare_keys);
  return keys;
}

static void
print_all (LkCtl    *self,
           GVariant *settings)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(GPtrArray) keys = list_keys (settings);

  json_builder_begin_object (builder);
  for (guint i = 0; i < keys->len; i++)
    {
      const char *key = keys->pdata[i];
      g_autoptr(GVariant) value = g_variant_lookup_value (settings, key, NULL);
      g_autofree char *words = dup_value_words (key, value);
      g_autofree char *member = dup_member (key);

      lk_ctl_table_add (table, key, words, NULL);
      json_builder_set_member_name (builder, member);
      add_to_json (builder, value);
    }
  json_builder_end_object (builder);

  if (self->json)
    lk_ctl_json_print (builder);
  else
    lk_ctl_table_print (table);
}

static void
print_one (LkCtl      *self,
           const char *key,
           GVariant   *value)
{
  g_autofree char *words = dup_value_words (key, value);

  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();
      g_autofree char *member = dup_member (key);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, member);
      add_to_json (builder, value);
      json_builder_end_object (builder);
      lk_ctl_json_print (builder);
      return;
    }
  lk_ctl_print ("%s", words);
}

/* Lists are typed as "14,7,1", as separate words, or as GLib writes them. */
static GVariant *
parse_list (const char         *key,
            const GVariantType *type,
            char              **words)
{
  const GVariantType *element = g_variant_type_element (type);
  GVariantBuilder builder;

  if (words[0] != NULL && words[1] == NULL && words[0][0] == '[')
    return g_variant_parse (type, words[0], NULL, NULL, NULL);

  g_variant_builder_init (&builder, type);
  for (size_t i = 0; words[i] != NULL; i++)
    {
      g_auto(GStrv) parts = is_command (key) ? NULL : g_strsplit (words[i], ",", -1);
      char *whole[] = { words[i], NULL };
      char **each = parts != NULL ? parts : whole;

      for (size_t j = 0; each[j] != NULL; j++)
        {
          g_autoptr(GVariant) number = NULL;

          if (g_variant_type_equal (element, G_VARIANT_TYPE_STRING))
            {
              if (each[j][0] != '\0' || is_command (key))
                g_variant_builder_add (&builder, "s", each[j]);
              continue;
            }
          number = g_variant_parse (element, each[j], NULL, NULL, NULL);
          if (number == NULL && each[j][0] != '\0')
            {
              g_variant_builder_clear (&builder);
              return NULL;
            }
          if (number != NULL)
            g_variant_builder_add_value (&builder, number);
        }
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* What cannot be read goes as a text, so that the service says what the setting takes. */
static GVariant *
parse_value (const char         *key,
             const GVariantType *type,
             char              **words)
{
  g_autofree char *text = g_strjoinv (" ", words);
  GVariant *value = NULL;

  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN))
    {
      static const char * const yes[] = { "true", "yes", "on", "1", NULL };
      static const char * const no[] = { "false", "no", "off", "0", NULL };

      if (g_strv_contains (yes, text) || g_strv_contains (no, text))
        value = g_variant_ref_sink (g_variant_new_boolean (g_strv_contains (yes, text)));
    }
  else if (g_variant_type_is_array (type))
    {
      gboolean none = words[1] == NULL && words[0][0] == '\0';

      value = parse_list (key, type, none ? words + 1 : words);
    }
  else if (!g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    value = g_variant_parse (type, text, NULL, NULL, NULL);

  return value != NULL ? value : g_variant_ref_sink (g_variant_new_string (text));
}

static int
set_value (LkCtl      *self,
           const char *key,
           GVariant   *value)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", key, value);
  reply = lk_ctl_call_agent (self, "SetSettings", g_variant_new ("(a{sv})", &builder), NULL,
                             &error);
  return reply != NULL ? LK_CTL_EXIT_DONE : fail_setting (self, error);
}

static int
reset (LkCtl *self,
       char **keys)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = lk_ctl_call_agent (self, "ResetSettings",
                             g_variant_new ("(^as)", keys), NULL, &error);
  return reply != NULL ? LK_CTL_EXIT_DONE : fail_setting (self, error);
}

static int
fail_unknown (LkCtl      *self,
              const char *key)
{
  return lk_ctl_usage (self, _("there is no setting “%s”; “latchkeyctl settings” shows all"), key);
}

int
lk_ctl_run_settings (LkCtl  *self,
                     int     argc,
                     char  **argv)
{
  gboolean to_default = FALSE;
  const GOptionEntry entries[] = {
    { "reset", 0, 0, G_OPTION_ARG_NONE, &to_default,
      N_("Take KEY, or all settings, back to the default"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "settings",
    .parameters = _("[KEY [VALUE…]]"),
    .summary = _("Shows all settings, or one, or changes one."),
    .examples = "  latchkeyctl settings\n"
                "  latchkeyctl settings warn-days 14,7,1\n"
                "  latchkeyctl settings event-command notify-me --loud\n"
                "  latchkeyctl settings --reset warn-days\n",
    .notes = _("A change counts at once. An empty VALUE ('') empties a text or a list."),
  };
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GVariant) settings = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse_posix (self, &help, entries, &argc, &argv))
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 30);
  properties = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, &error);
  settings = properties != NULL ? g_variant_lookup_value (properties, "Settings",
                                                          G_VARIANT_TYPE_VARDICT) : NULL;
  if (settings == NULL)
    return lk_ctl_fail (self, error);
  if (argc > 1 && (value = g_variant_lookup_value (settings, argv[1], NULL)) == NULL)
    return fail_unknown (self, argv[1]);
  if (to_default)
    return argc > 2 ? lk_ctl_usage (self, _("“%s” is one argument too many"), argv[2])
                    : reset (self, argv + 1);
  if (argc > 2)
    {
      g_autoptr(GVariant) wanted = parse_value (argv[1], g_variant_get_type (value), argv + 2);

      return set_value (self, argv[1], wanted);
    }

  note_problems (properties);
  if (argc > 1)
    print_one (self, argv[1], value);
  else
    print_all (self, settings);
  return LK_CTL_EXIT_DONE;
}

static int
set_paused (LkCtl           *self,
            const LkCtlHelp *help,
            gboolean         paused,
            const char      *done,
            int              argc,
            char           **argv)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_boolean (paused));
  int status;

  if (!lk_ctl_parse (self, help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 30);
  status = set_value (self, "paused", value);
  if (status == LK_CTL_EXIT_DONE && !self->json)
    lk_ctl_note ("%s", done);
  return status;
}

int
lk_ctl_run_pause (LkCtl  *self,
                  int     argc,
                  char  **argv)
{
  const LkCtlHelp help = {
    .name = "pause",
    .summary = _("Lets Latchkey renew and check nothing by itself until “latchkeyctl resume”."),
    .examples = "  latchkeyctl pause\n",
    .notes = _("A program that asks for a token still gets one, renewed if need be."),
  };

  return set_paused (self, &help, TRUE, _("Paused. “latchkeyctl resume” goes on."), argc, argv);
}

int
lk_ctl_run_resume (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  const LkCtlHelp help = {
    .name = "resume",
    .summary = _("Lets Latchkey renew and check by itself again."),
    .examples = "  latchkeyctl resume\n",
  };

  return set_paused (self, &help, FALSE, _("Latchkey renews and checks again."), argc, argv);
}
