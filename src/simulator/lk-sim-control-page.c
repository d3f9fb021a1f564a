/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-page.h"
#include "lk-sim-routes.h"

static void
append_apps (GString    *body,
             LkSimState *state)
{
  GHashTableIter iter;
  LkSimApp *app = NULL;

  g_string_append (body, "<h2>Developer apps</h2>\n<table>\n<tr><th>Family</th><th>Id</th>"
                   "<th>Secret</th><th>Redirect</th></tr>\n");
  g_hash_table_iter_init (&iter, state->apps);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &app))
    {
      g_autofree char *redirects = g_strjoinv (", ", app->redirects);

      lk_sim_append (body, "<tr><td>%s</td><td><code>%s</code></td><td><code>%s</code></td>"
                     "<td><code>%s</code></td></tr>\n",
                     lk_sim_family_to_string (app->family), app->id, app->secret, redirects);
    }
  g_string_append (body, "</table>\n");
}

static void
append_role_form (GString               *body,
                  LkSimState            *state,
                  const LkSimUser       *user,
                  const LkSimAdvertiser *advertiser)
{
  const char *roles[] = { "none", "ANALYST", "OPERATOR", "ADMIN" };
  const char *role = lk_sim_state_get_role (state, user, advertiser->id);

  lk_sim_append (body, "<tr><td>%s</td><td>%s <span class=\"soft\">%s</span></td><td>"
                 "<form method=\"post\" action=\"/_simulator/\">"
                 "<input type=\"hidden\" name=\"user\" value=\"%u\">"
                 "<input type=\"hidden\" name=\"advertiser\" value=\"%s\">"
                 "<select name=\"role\" aria-label=\"Role of %s at %s\">",
                 user->name, advertiser->name, advertiser->id, user->number, advertiser->id,
                 user->name, advertiser->name);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    lk_sim_append (body, "<option%s>%s</option>",
                   g_str_equal (roles[i], role != NULL ? role : "none") ? " selected" : "",
                   roles[i]);
  g_string_append (body, "</select><button type=\"submit\">Set</button></form></td></tr>\n");
}

static void
append_roles (GString    *body,
              LkSimState *state)
{
  gsize n_users = 0;
  gsize n_advertisers = 0;
  const LkSimUser *users = lk_sim_users (&n_users);
  const LkSimAdvertiser *advertisers = lk_sim_advertisers (&n_advertisers);

  g_string_append (body, "<h2>Roles</h2>\n<table>\n<tr><th>Person</th>"
                   "<th>Ad account</th><th>Role</th></tr>\n");
  for (gsize u = 0; u < n_users; u++)
    {
      for (gsize a = 0; a < n_advertisers; a++)
        append_role_form (body, state, &users[u], &advertisers[a]);
    }
  g_string_append (body, "</table>\n");
}

static void
handle_page (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  g_autoptr(GString) body = g_string_new ("<main class=\"wide\">\n<h1>Simulator</h1>\n");

  lk_sim_append (body,
                 "<p>An offline stand-in for TikTok's sign-in and API at <code>%s</code>. Its "
                 "people, companies and tokens are made up. %u sign-ins are alive.</p>\n"
                 "<p class=\"soft\">Tests drive it with JSON below this address: "
                 "<code>faults</code>, <code>limits</code>, <code>lifetimes</code>, "
                 "<code>apps</code>, <code>roles</code>, <code>advertisers</code>, "
                 "<code>centers</code>, <code>members</code>, <code>media</code>, "
                 "<code>maintenance</code>, <code>incident</code>, <code>shops</code>, "
                 "<code>revoke</code>, <code>expire</code>, <code>clock</code>, "
                 "<code>reset</code>, <code>stats</code> and <code>tokens</code>.</p>\n",
                 state->base_uri, state->grants->len);
  append_roles (body, state);
  g_string_append (body, "<h2>Pages</h2>\n<p><a href=\"/_simulator/pages/members\">Business Centers"
                   "</a>, <a href=\"/_simulator/pages/accounts\">ad accounts</a>, "
                   "<a href=\"/_simulator/pages/apps\">apps and their permissions</a>, "
                   "<a href=\"/_simulator/pages/connections\">connected apps</a>, "
                   "<a href=\"/_simulator/pages/status\">status</a></p>\n");
  append_apps (body, state);
  g_string_append (body, "</main>");
  lk_sim_page_reply (reply, 200, "Simulator", body->str);
}

static void
handle_page_form (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  const char *advertiser = lk_sim_request_get_form (request, "advertiser");
  const char *number = lk_sim_request_get_form (request, "user");
  guint user = number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 0;
  LkSimRole role = LK_SIM_ROLE_NONE;

  if (lk_sim_find_user (user) != NULL && lk_sim_find_advertiser (advertiser) != NULL &&
      lk_sim_role_from_string (lk_sim_request_get_form (request, "role"), &role))
    lk_sim_centers_set_role (state->centers, user, advertiser, role);
  lk_sim_reply_redirect (reply, g_strdup ("/_simulator/"));
}

const LkSimRoute *
lk_sim_page_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", "/_simulator/", handle_page },
    { "GET", "/", handle_page },
    { "POST", "/_simulator/", handle_page_form },
    { NULL, NULL, NULL },
  };

  return routes;
}
