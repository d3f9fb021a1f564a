/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ctl"

#include "config.h"

#include "lk-ctl-output.h"

#include <glib/gi18n.h>

static const struct
{
  LkRedirectModes  mode;
  const char      *word;
} redirect_modes[] = {
  { LK_REDIRECT_LOOPBACK, "loopback" },
  { LK_REDIRECT_LOOPBACK_REGISTERED, "loopback-registered" },
  { LK_REDIRECT_HTTPS_PASTE, "https-paste" },
};

static void
profile_to_json (LkProfile   *profile,
                 JsonBuilder *builder)
{
  LkRedirectModes modes = lk_profile_get_redirect_modes (profile);

  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "id", lk_profile_get_id (profile));
  lk_ctl_json_string (builder, "name", lk_profile_get_name (profile));
  lk_ctl_json_string (builder, "family", lk_profile_get_family (profile));
  lk_ctl_json_string (builder, "docs", lk_profile_get_docs (profile));
  lk_ctl_json_string (builder, "portal", lk_profile_get_portal (profile));
  lk_ctl_json_string (builder, "checked", lk_profile_get_checked (profile));
  lk_ctl_json_string (builder, "file", lk_profile_get_file (profile));
  json_builder_set_member_name (builder, "redirect_modes");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < G_N_ELEMENTS (redirect_modes); i++)
    {
      if (modes & redirect_modes[i].mode)
        json_builder_add_string_value (builder, redirect_modes[i].word);
    }
  json_builder_end_array (builder);
  lk_ctl_json_string (builder, "redirect_register", lk_profile_get_redirect_register (profile));
  lk_ctl_json_strv (builder, "default_scopes", lk_profile_get_default_scopes (profile));
  lk_ctl_json_flag (builder, "secret_required", lk_profile_get_secret_required (profile));
  lk_ctl_json_flag (builder, "can_renew", lk_profile_has_step (profile, LK_STEP_REFRESH));
  lk_ctl_json_flag (builder, "can_revoke", lk_profile_has_step (profile, LK_STEP_REVOKE));
  lk_ctl_json_flag (builder, "sandbox", lk_profile_is_sandbox (profile));
  json_builder_end_object (builder);
}

static int
run_list (LkCtl  *self,
          int     argc,
          char  **argv)
{
  const LkCtlHelp help = {
    .name = "providers list",
    .summary = _("Lists the provider profiles, the shipped ones and your own."),
    .examples = "  latchkeyctl providers list\n"
                "  latchkeyctl providers list --json | jq -r '.[].id'\n",
  };
  g_autoptr(LkCtlTable) table = lk_ctl_table_new ();
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GPtrArray *profiles = NULL;
  GPtrArray *problems = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv))
    return LK_CTL_EXIT_USAGE;
  if (argc > 1)
    return lk_ctl_usage (self, _("“%s” is one argument too many"), argv[1]);

  profiles = lk_profile_set_get_profiles (lk_ctl_get_profiles (self));
  problems = lk_profile_set_get_problems (lk_ctl_get_profiles (self));
  lk_ctl_table_add (table, _("ID"), _("NAME"), _("REGISTER THIS REDIRECT ADDRESS"), NULL);
  json_builder_begin_array (builder);
  for (guint i = 0; i < profiles->len; i++)
    {
      LkProfile *profile = g_ptr_array_index (profiles, i);
      const char *redirect = lk_profile_get_redirect_register (profile);

      profile_to_json (profile, builder);
      lk_ctl_table_add (table, lk_profile_get_id (profile), lk_profile_get_name (profile),
                        redirect != NULL ? redirect : "", NULL);
    }
  json_builder_end_array (builder);

  for (guint i = 0; i < problems->len; i++)
    {
      const LkProfileProblem *problem = g_ptr_array_index (problems, i);

      lk_ctl_note ("%s", problem->message);
    }
  if (self->json)
    lk_ctl_json_print (builder);
  else
    lk_ctl_table_print (table);
  return LK_CTL_EXIT_DONE;
}

static void
print_check (LkCtl        *self,
             const char   *file,
             LkProfile    *profile,
             GPtrArray    *warnings,
             const GError *error)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!self->json)
    {
      for (guint i = 0; warnings != NULL && i < warnings->len; i++)
        lk_ctl_note ("%s", (const char *) g_ptr_array_index (warnings, i));
      if (profile != NULL)
        lk_ctl_print (_("%s: This profile can be used."), lk_profile_get_id (profile));
      else
        lk_ctl_note ("%s", error->message);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  lk_ctl_json_string (builder, "file", file);
  lk_ctl_json_flag (builder, "usable", profile != NULL);
  lk_ctl_json_string (builder, "id", profile != NULL ? lk_profile_get_id (profile) : NULL);
  lk_ctl_json_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (warnings, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_ctl_json_print (builder);
}

static int
run_check (LkCtl  *self,
           int     argc,
           char  **argv)
{
  const LkCtlHelp help = {
    .name = "providers check",
    .parameters = _("FILE"),
    .summary = _("Checks a profile of your own and names what is wrong, with its line."),
    .examples = "  latchkeyctl providers check ~/.config/latchkey/providers/mine.json\n",
  };
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(LkProfile) profile = NULL;
  g_autoptr(GError) error = NULL;
  const char *file = NULL;

  if (!lk_ctl_parse (self, &help, NULL, &argc, &argv) ||
      (file = lk_ctl_one_argument (self, argc, argv, _("FILE"))) == NULL)
    return LK_CTL_EXIT_USAGE;

  profile = lk_profile_set_check_file (lk_ctl_get_profiles (self), file, &warnings, &error);
  print_check (self, file, profile, warnings, error);
  return profile != NULL ? LK_CTL_EXIT_DONE : LK_CTL_EXIT_FAILED;
}

int
lk_ctl_run_providers (LkCtl  *self,
                      int     argc,
                      char  **argv)
{
  static const LkCtlCommand commands[] = {
    { "list", run_list, N_("List the profiles") },
    { "check", run_check, N_("Check a profile of your own") },
    { NULL, NULL, NULL }
  };

  return lk_ctl_dispatch (self, "providers", commands, argc, argv);
}
