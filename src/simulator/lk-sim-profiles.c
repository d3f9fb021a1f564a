/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-profiles.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "lk-sim-message.h"

typedef struct
{
  const char *extends;
  const char *name;
  const char *vars[3];
} LkSimProfile;

/* Where the buttons of the interface lead: the pages of the simulator that stand for TikTok's. The
 * second form is for when the first lacks a value. */
typedef struct
{
  const char *name;
  const char *page;
  const char *query; /* (nullable) */
} LkSimLink;

static const LkSimLink links[] = {
  { "center", "members", "org_id={call.center}" },
  { "center-home", "members", "org_id={call.center}" },
  { "center-members", "members", "org_id={call.center}" },
  { "center-partners", "members", "org_id={call.center}" },
  { "center-settings", "members", "org_id={call.center}" },
  { "center-accounts", "accounts", "org_id={call.center}" },
  { "center-tiktok-accounts", "accounts", "org_id={call.center}" },
  { "account", "accounts", "aadvid={call.account}" },
  { "billing", "accounts", "aadvid={call.account}" },
  { "apps", "apps", "app_id={client.id}" },
  { "authorized-apps", "connections", NULL },
  { "status", "status", NULL },
  { "ticket", "ticket", NULL },
};

static const LkSimProfile profiles[] = {
  { "tiktok-login", "TikTok Login Kit (Simulator)", { "www", "api", NULL } },
  { "tiktok-ads", "TikTok Ads (Simulator)", { "business", NULL } },
  { "tiktok-account", "TikTok account (Simulator)", { "www", "business", NULL } },
  { "tiktok-shop", "TikTok Shop (Simulator)", { "auth", "api", NULL } },
};

static void
build_links (JsonBuilder *builder,
             const char  *base_uri)
{
  json_builder_set_member_name (builder, "links");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *plain = g_strconcat (base_uri, "/_simulator/pages/", links[i].page, NULL);

      json_builder_set_member_name (builder, links[i].name);
      if (links[i].query != NULL)
        {
          g_autofree char *full = g_strconcat (plain, "?", links[i].query, NULL);

          json_builder_begin_array (builder);
          json_builder_add_string_value (builder, full);
          json_builder_add_string_value (builder, plain);
          json_builder_end_array (builder);
        }
      else
        {
          json_builder_add_string_value (builder, plain);
        }
    }
  json_builder_end_object (builder);
}

static char *
build_profile (const LkSimProfile *profile,
               const char         *id,
               const char         *base_uri)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *portal = g_strconcat (base_uri, "/_simulator/", NULL);

  json_builder_begin_object (builder);
  lk_sim_build_int (builder, "schema", 1);
  lk_sim_build_string (builder, "id", id);
  lk_sim_build_string (builder, "extends", profile->extends);
  lk_sim_build_string (builder, "name", profile->name);
  json_builder_set_member_name (builder, "sandbox");
  json_builder_add_boolean_value (builder, TRUE);
  lk_sim_build_string (builder, "portal", portal);
  json_builder_set_member_name (builder, "vars");
  json_builder_begin_object (builder);
  for (const char *const *name = profile->vars; *name != NULL; name++)
    lk_sim_build_string (builder, *name, base_uri);
  json_builder_end_object (builder);
  build_links (builder, base_uri);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

/* Each file is replaced whole, so that a reader never sees half of one. */
gboolean
lk_sim_profiles_write (const char  *folder,
                       const char  *base_uri,
                       GError     **error)
{
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *id = g_strconcat (profiles[i].extends, "-simulator", NULL);
      g_autofree char *name = g_strconcat (id, ".json", NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = build_profile (&profiles[i], id, base_uri);

      if (!g_file_set_contents (path, text, -1, error))
        return FALSE;
    }
  return TRUE;
}
