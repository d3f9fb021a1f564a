/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

typedef struct
{
  char     *provider;
  char     *client_id;
  char     *redirect;
  gboolean  secret_stdin;
} AddOptions;

static void
add_options_clear (AddOptions *options)
{
  g_free (options->provider);
  g_free (options->client_id);
  g_free (options->redirect);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

/* What the agent would refuse too, in words that say what to change. */
static gboolean
check (LkCtl             *self,
       const AddOptions  *options,
       GError           **error)
{
  LkProfile *profile = lk_profile_set_lookup (lk_ctl_get_profiles (self), options->provider);
  g_autoptr(GError) detail = NULL;

  if (profile == NULL)
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                 _("There is no provider “%s”. “latchkeyctl providers list” shows all of them."),
                 options->provider);
  else if (options->client_id[0] == '\0')
    g_set_error_literal (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                         _("--client-id is empty. Copy the id from the provider’s developer "
                           "portal."));
  else if (!options->secret_stdin && lk_profile_get_secret_required (profile))
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                 _("Apps of %s have a secret. Add --secret-stdin to be asked for it."),
                 lk_profile_get_name (profile));
  else if (options->redirect != NULL &&
           !lk_profile_check_redirect (profile, options->redirect, &detail))
    g_set_error (error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                 /* Translators: %s is a reason, such as "this provider only takes https …" */
                 _("“%s” cannot be used: %s."), options->redirect, detail->message);
  else
    return TRUE;

  return FALSE;
}

/* A profile of the person's own may be newer than the agent. */
static void
reload_own_profile (LkCtl      *self,
                    const char *provider)
{
  LkProfile *profile = lk_profile_set_lookup (lk_ctl_get_profiles (self), provider);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (lk_profile_get_file (profile) == NULL)
    return;

  reply = lk_ctl_call_agent (self, "ReloadProfiles", NULL, NULL, &error);
  if (reply == NULL)
    g_debug ("Profiles were not read again: %s", error->message);
}

static int
add (LkCtl            *self,
     const char       *name,
     const AddOptions *options)
{
  g_autoptr(GVariantBuilder) extra = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);
  g_autoptr(LkSecret) secret = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  lk_ctl_start_clock (self, 30);
  if (!check (self, options, &error))
    return lk_ctl_fail (self, error);

  if (options->secret_stdin)
    secret = lk_ctl_read_secret (self, _("Secret:"), &error);
  else
    secret = lk_secret_new ("");
  if (secret == NULL)
    return lk_ctl_fail (self, error);
  if (options->secret_stdin && lk_secret_get_length (secret) == 0)
    {
      g_set_error_literal (&error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                           _("The secret is empty. Nothing was added."));
      return lk_ctl_fail (self, error);
    }

  reload_own_profile (self, options->provider);
  if (options->redirect != NULL)
    g_variant_builder_add (extra, "{sv}", "redirect", g_variant_new_string (options->redirect));
  reply = lk_ctl_call_with_secret (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE, "AddClient",
                                   g_variant_new ("(sssha{sv})", name, options->provider,
                                                  options->client_id, 0, extra),
                                   secret, NULL, &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      lk_ctl_json_string (builder, "name", name);
      json_builder_end_object (builder);
      lk_ctl_json_print (builder);
    }
  else
    {
      lk_ctl_note (_("Added “%s”. Sign in with “latchkeyctl connect”."), name);
    }
  return LK_CTL_EXIT_DONE;
}

static int
run_add (LkCtl  *self,
         int     argc,
         char  **argv)
{
  g_auto(AddOptions) options = { NULL, };
  const GOptionEntry entries[] = {
    { "provider", 0, 0, G_OPTION_ARG_STRING, &options.provider,
      N_("Profile of the provider, see “latchkeyctl providers list”"), N_("ID") },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &options.client_id,
      N_("The id that the provider gave the app"), N_("ID") },
    { "redirect", 0, 0, G_OPTION_ARG_STRING, &options.redirect,
      N_("The redirect address that is registered for the app"), N_("URL") },
    { "secret-stdin", 0, 0, G_OPTION_ARG_NONE, &options.secret_stdin,
      N_("Read the app’s secret from the standard input"), NULL },
    G_OPTION_ENTRY_NULL
  };
  const LkCtlHelp help = {
    .name = "client add",
    .parameters = _("NAME"),
    .summary = _("Adds a developer app that you registered with a provider."),
    .examples = "  latchkeyctl client add acme-login --provider tiktok-login --client-id aw1… "
                "--secret-stdin < secret\n"
                "  latchkeyctl client add acme-ads --provider tiktok-ads --client-id 7… "
                "--redirect https://acme.example/done/ --secret-stdin\n",
    .notes = _("The secret goes into the keyring. On a terminal it is asked for and not shown; it "
               "never stands on the command line."),
  };
  const char *name = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (name = lk_ctl_one_argument (self, argc, argv, _("NAME"))) == NULL)
    return LK_CTL_EXIT_USAGE;
  if (options.provider == NULL)
    return lk_ctl_usage (self, _("%s is missing"), "--provider");
  if (options.client_id == NULL)
    return lk_ctl_usage (self, _("%s is missing"), "--client-id");

  return add (self, name, &options);
}

static int
run_secret (LkCtl  *self,
            int     argc,
            char  **argv)
{
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  const LkCtlHelp help = {
    .name = "client secret",
    .parameters = _("NAME"),
    .summary = _("Replaces the secret of a developer app; its connections stay."),
    .examples = "  latchkeyctl client secret acme-login < secret\n",
    .notes = _("The secret is read from the standard input and goes into the keyring. On a "
               "terminal it is asked for and not shown."),
  };
  g_autoptr(LkSecret) secret = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *name = NULL;

  if (!lk_ctl_parse (self, &help, entries, &argc, &argv) ||
      (name = lk_ctl_one_argument (self, argc, argv, _("NAME"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 30);
  secret = lk_ctl_read_secret (self, _("Secret:"), &error);
  if (secret == NULL)
    return lk_ctl_fail (self, error);
  if (lk_secret_get_length (secret) == 0)
    {
      g_set_error_literal (&error, LK_CTL_ERROR, LK_CTL_EXIT_USAGE,
                           _("The secret is empty. Nothing was changed."));
      return lk_ctl_fail (self, error);
    }

  reply = lk_ctl_call_with_secret (self, LK_AGENT_MANAGER_PATH, LK_AGENT_INTERFACE,
                                   "SetClientSecret", g_variant_new ("(sh)", name, 0), secret,
                                   NULL, &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  lk_ctl_note (_("The secret of “%s” was replaced."), name);
  return LK_CTL_EXIT_DONE;
}

static void
add_to_json (JsonBuilder *builder,
             GVariant    *client)
{
  static const struct
  {
    const char *key;
    const char *member;
  } texts[] = {
    { "name", "name" },
    { "provider", "provider" },
    { "client_id", "client-id" },
    { "redirect", "redirect" },
  };
  guint32 connections = 0;
  gint64 created = 0;

  json_builder_begin_object (builder);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = NULL;

      g_variant_lookup (client, texts[i].member, "&s", &text);
      lk_ctl_json_string (builder, texts[i].key, text);
    }
  g_variant_lookup (client, "created", "x", &created);
  g_variant_lookup (client, "connections", "u", &connections);
  lk_ctl_json_time (builder, "created", created);
  json_builder_set_member_name (builder, "connections");
  json_builder_add_int_value (builder, connections);
  json_builder_end_object (builder);
}

static void
add_to_table (LkCtlTable *table,
              GVariant   *client)
{
  const char *name = "";
  const char *provider = "";
  const char *client_id = "";
  const char *redirect = "";

  g_variant_lookup (client, "name", "&s", &name);
  g_variant_lookup (client, "provider", "&s", &provider);
  g_variant_lookup (client, "client-id", "&s", &client_id);
  g_variant_lookup (client, "redirect", "&s", &redirect);
  lk_ctl_table_add (table, name, provider, client_id, redirect, NULL);
}

static void
print_clients (LkCtl    *self,
               GVariant *clients)
{
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  lk_ctl_table_add (table, _("NAME"), _("PROVIDER"), _("ID"), _("REDIRECT ADDRESS"), NULL);
  json_builder_begin_array (builder);
  for (size_t i = 0; i < g_variant_n_children (clients); i++)
    {
      g_autoptr(GVariant) client = g_variant_get_child_value (clients, i);

      add_to_json (builder, client);
      add_to_table (table, client);
    }
  json_builder_end_array (builder);

  if (self->json)
    lk_ctl_json_print (builder);
  else if (g_variant_n_children (clients) == 0)
    lk_ctl_note ("%s", _("There are no developer apps yet. “latchkeyctl client add --help” tells "
                         "how to add one."));
  else
    lk_ctl_table_print (table);
}

static int
run_list (LkCtl  *self,
          int     argc,
          char  **argv)
{
  const LkCtlHelp help = {
    .name = "client list",
    .summary = _("Lists the developer apps."),
    .examples = "  latchkeyctl client list\n"
                "  latchkeyctl client list --json\n",
  };
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) clients = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  lk_ctl_start_clock (self, 30);
  reply = lk_ctl_call_agent (self, "ListClients", NULL, "(aa{sv})", &error);
  if (reply == NULL)
    return lk_ctl_fail (self, error);

  clients = g_variant_get_child_value (reply, 0);
  print_clients (self, clients);
  return LK_CTL_EXIT_DONE;
}

static int
run_remove (LkCtl  *self,
            int     argc,
            char  **argv)
{
  const LkCtlHelp help = {
    .name = "client remove",
    .parameters = _("NAME"),
    .summary = _("Forgets a developer app and its secret. Connections that need it go first."),
    .examples = "  latchkeyctl client remove acme-login\n",
  };
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  const char *name = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (name = lk_ctl_one_argument (self, argc, argv, _("NAME"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  lk_ctl_start_clock (self, 30);
  reply = lk_ctl_call_agent (self, "RemoveClient", g_variant_new ("(s)", name), NULL, &error);
  if (reply == NULL)
    return lk_ctl_fail_client (self, name, error);

  if (!self->json)
    lk_ctl_note (_("Removed “%s”."), name);
  return LK_CTL_EXIT_DONE;
}

int
lk_ctl_run_client (LkCtl  *self,
                   int     argc,
                   char  **argv)
{
  static const LkCtlCommand commands[] = {
    { "add", run_add, N_("Add a developer app") },
    { "list", run_list, N_("List the developer apps") },
    { "secret", run_secret, N_("Replace a developer app’s secret") },
    { "remove", run_remove, N_("Forget a developer app") },
    { NULL, NULL, NULL }
  };

  return lk_ctl_dispatch (self, "client", commands, argc, argv);
}
