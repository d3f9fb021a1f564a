/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-history.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A shell waits while somebody looks at the cursor. */
#define PATIENCE_S 3
/* Instead of words: the shell knows better. */
#define FILES ":files"

/* What can stand in a place; each prints what begins with what is being typed. */
typedef void (*Offer) (LkCtl *self, const char *prefix);

static gboolean
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return FALSE;
  return TRUE;
}

static void
offer (LkCtl *self, const char *prefix, const char *word, const char *about)
{
  g_autofree char *whole = g_strconcat (prefix, word, NULL);

  if (g_str_has_prefix (whole, self->typed) && is_plain (whole))
    printf ("%s\t%s\n", whole, is_plain (about) ? about : "");
}

static void
offer_connections (LkCtl *self, const char *prefix)
{
  g_autoptr(GPtrArray) connections = lk_ctl_load_connections (self, NULL);

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    offer (self, prefix, lk_ctl_connection_get (g_ptr_array_index (connections, i), "Name"),
           lk_ctl_connection_get (g_ptr_array_index (connections, i), "ProviderName"));
}

static void
offer_listed (LkCtl *self, const char *prefix, const char *method, const char *key,
              const char *about_key)
{
  g_autoptr(GVariant) reply = lk_ctl_call_agent (self, method, NULL, "(aa{sv})", NULL);
  g_autoptr(GVariant) list = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) one = g_variant_get_child_value (list, i);
      const char *word = "", *about = "";

      g_variant_lookup (one, key, "&s", &word);
      g_variant_lookup (one, about_key, "&s", &about);
      if (word[0] != '\0' && g_hash_table_add (seen, g_strdup (word)))
        offer (self, prefix, word, about);
    }
}

static void
offer_apps (LkCtl *self, const char *prefix)
{
  offer_listed (self, prefix, "ListClients", "name", "provider");
}

static void
offer_programs (LkCtl *self, const char *prefix)
{
  offer_listed (self, prefix, "ListPrograms", "program", "connection-name");
}

static GVariant *
load_settings (LkCtl *self)
{
  g_autoptr(GVariant) properties
    = lk_ctl_get_properties (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, NULL);

  return properties != NULL
           ? g_variant_lookup_value (properties, "Settings", G_VARIANT_TYPE_VARDICT) : NULL;
}

static void
offer_settings (LkCtl *self, const char *prefix)
{
  g_autoptr(GVariant) settings = load_settings (self);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (settings == NULL)
    return;
  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      g_autofree char *now = g_variant_print (value, FALSE);

      offer (self, prefix, key, now);
    }
}

static void
offer_providers (LkCtl *self, const char *prefix)
{
  GPtrArray *profiles = lk_profile_set_get_profiles (lk_ctl_get_profiles (self));

  for (guint i = 0; i < profiles->len; i++)
    offer (self, prefix, lk_profile_get_id (g_ptr_array_index (profiles, i)),
           lk_profile_get_name (g_ptr_array_index (profiles, i)));
}

static void
offer_words (LkCtl *self, const char *prefix, const char *words)
{
  g_auto(GStrv) list = g_strsplit (words, ", ", -1);

  for (gsize i = 0; list[i] != NULL; i++)
    offer (self, prefix, list[i], "");
}

static void
offer_kinds (LkCtl *self, const char *prefix)
{
  g_autofree char *kinds = lk_ctl_dup_event_kinds ();

  offer_words (self, prefix, kinds);
}

static void
offer_formats (LkCtl *self, const char *prefix)
{
  offer_words (self, prefix, "table, json, csv");
}

static void
offer_steps (LkCtl *self, const char *prefix)
{
  offer_words (self, prefix, "authorize, token, refresh, revoke, verify, accounts, api");
}

static void
offer_methods (LkCtl *self, const char *prefix)
{
  offer_words (self, prefix, "GET, POST, PUT, PATCH, DELETE");
}

static void
offer_files (LkCtl *self, const char *prefix)
{
  puts (FILES);
}

static const struct { const char *option; Offer offer; } values[] = {
  { "connection", offer_connections }, { "provider", offer_providers }, { "kind", offer_kinds },
  { "format", offer_formats }, { "step", offer_steps }, { "data", offer_files },
};

/* What the arguments of a command are, in their order. */
static const struct { const char *command; Offer offers[2]; } arguments[] = {
  { "show", { offer_connections } }, { "history", { offer_connections } },
  { "token", { offer_connections } }, { "exec", { offer_connections, offer_files } },
  { "call", { offer_connections, offer_methods } }, { "renew", { offer_connections } },
  { "verify", { offer_connections } }, { "reconnect", { offer_connections } },
  { "revoke", { offer_connections } }, { "remove", { offer_connections } },
  { "rename", { offer_connections } }, { "connect", { offer_apps } },
  { "client secret", { offer_apps } }, { "client remove", { offer_apps } },
  { "settings", { offer_settings } }, { "diagnose", { offer_files } },
  { "providers check", { offer_files } }, { "backup", { offer_files } },
  { "restore", { offer_files } }, { "take-back", { offer_connections } },
  { "programs allow", { offer_programs, offer_connections } },
  { "programs deny", { offer_programs, offer_connections } },
  { "programs ask", { offer_programs, offer_connections } },
  { "programs forget", { offer_programs, offer_connections } },
};

static void
offer_options (LkCtl *self, const GOptionEntry *entries)
{
  for (; entries != NULL && entries->long_name != NULL; entries++)
    {
      g_autofree char *word = g_strconcat ("--", entries->long_name, NULL);

      offer (self, "", word, _(entries->description));
    }
}

/* The option that @word is, when a value has to follow it. */
static const GOptionEntry *
find_option (const GOptionEntry *entries, const char *word)
{
  for (; entries != NULL && entries->long_name != NULL; entries++)
    if (entries->arg != G_OPTION_ARG_NONE
        && ((g_str_has_prefix (word, "--") && g_str_equal (word + 2, entries->long_name))
            || (word[0] == '-' && word[1] != '\0' && word[1] == entries->short_name
                && word[2] == '\0')))
      return entries;
  return NULL;
}

static void
offer_value (LkCtl *self, const char *option, const char *prefix)
{
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i].option, option))
      values[i].offer (self, prefix);
}

static void
offer_argument (LkCtl *self, const char *command, const GOptionEntry *entries,
                const GOptionEntry *shared, int argc, char **argv)
{
  guint place = 0;

  for (int i = 1; i < argc; i++)
    if (find_option (entries, argv[i]) != NULL || find_option (shared, argv[i]) != NULL)
      i++;
    else if (argv[i][0] != '-')
      place++;
  for (size_t i = 0; i < G_N_ELEMENTS (arguments); i++)
    if (g_str_equal (arguments[i].command, command)
        && place < G_N_ELEMENTS (arguments[i].offers) && arguments[i].offers[place] != NULL)
      arguments[i].offers[place] (self, "");
}

/**
 * lk_ctl_complete:
 * @entries: (nullable): options of the command
 * @shared: options of every command
 * @argv: what stands before the word that is being typed, with the command first
 *
 * Prints what can stand at the end of an unfinished command, a line each: the word, a tab, what it
 * is; or “:files”. Ends the process: completing must never do what the command does.
 */
void
lk_ctl_complete (LkCtl *self, const char *command, const GOptionEntry *entries,
                 const GOptionEntry *shared, int argc, char **argv)
{
  const GOptionEntry *option = argc > 1 ? find_option (entries, argv[argc - 1]) : NULL;
  const char *equals = strchr (self->typed, '=');

  self->timeout = 0;
  lk_ctl_start_clock (self, PATIENCE_S);
  if (option != NULL)
    offer_value (self, option->long_name, "");
  else if (g_str_has_prefix (self->typed, "--") && equals != NULL)
    {
      g_autofree char *prefix = g_strndup (self->typed, (gsize) (equals + 1 - self->typed));
      g_autofree char *name = g_strndup (self->typed + 2, (gsize) (equals - self->typed - 2));

      offer_value (self, name, prefix);
    }
  else if (self->typed[0] == '-')
    {
      offer_options (self, entries);
      offer_options (self, shared);
      offer (self, "", "--help", "");
    }
  else if (argc < 2 || find_option (shared, argv[argc - 1]) == NULL)
    offer_argument (self, command, entries, shared, argc, argv);
  exit (LK_CTL_EXIT_DONE);
}

void
lk_ctl_complete_command (LkCtl *self, const LkCtlCommand *commands)
{
  static const char * const options[] = { "--json", "--timeout", "--version", "--help" };

  for (size_t i = 0; commands[i].name != NULL; i++)
    offer (self, "", commands[i].name, _(commands[i].summary));
  for (size_t i = 0; self->typed[0] == '-' && i < G_N_ELEMENTS (options); i++)
    offer (self, "", options[i], "");
  exit (LK_CTL_EXIT_DONE);
}
