/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-page.h"
#include "lk-sim-routes.h"

#include <string.h>

/* Pages that stand for My Apps, the ad accounts, the connected apps and a ticket. */

#define APPS "/_simulator/pages/apps"
#define ACCOUNTS "/_simulator/pages/accounts"
#define CONNECTIONS "/_simulator/pages/connections"
#define TICKET "/_simulator/pages/ticket"

/* What an app can be given, of each family that has such a page. */
static const char *const ads_scopes[] = {
  "100", "150", "153", "155", "156", "200", "201", "210", "220", "221", "30",
  "44", "600", "610", "611", "800", "17010000", "17020000", NULL,
};
static const char *const shop_scopes[] = {
  "seller.authorization.info", "seller.order.info", "seller.product.basic", NULL,
};

static const char *const *
scopes_of (LkSimApp *app)
{
  if (app->family == LK_SIM_FAMILY_ADS)
    return ads_scopes;
  return app->family == LK_SIM_FAMILY_SHOP ? shop_scopes : NULL;
}

static void
append_scopes (GString  *body,
               LkSimApp *app)
{
  const char *const *scopes = scopes_of (app);

  if (scopes == NULL)
    {
      g_string_append (body, "<p>The permissions of this app are asked for at each sign-in.</p>\n");
      return;
    }
  lk_sim_append (body, "<form method=\"post\" action=\"" APPS "\">\n"
                 "<input type=\"hidden\" name=\"app_id\" value=\"%s\">\n"
                 "<fieldset>\n<legend>Permissions</legend>\n", app->id);
  for (; *scopes != NULL; scopes++)
    lk_sim_append (body, "<label><input type=\"checkbox\" name=\"scope:%s\" id=\"scope-%s\"%s>"
                   "<span>%s <span class=\"soft\">%s</span></span></label>\n", *scopes, *scopes,
                   lk_sim_app_has_scope (app, *scopes) ? " checked" : "",
                   lk_sim_scope_text (*scopes), *scopes);
  g_string_append (body, "</fieldset>\n<p class=\"soft\">A change reaches a token with the next "
                   "sign-in.</p>\n<div class=\"buttons\"><button type=\"submit\" id=\"approve\" "
                   "class=\"suggested\">Save and Approve</button></div>\n</form>\n");
}

static void
append_app (GString  *body,
            LkSimApp *app)
{
  g_autofree char *redirects = g_strjoinv (", ", app->redirects);

  lk_sim_append (body, "<h1>App %s</h1>\n<table>\n<tr><th>App ID</th><td><code>%s</code></td></tr>"
                 "\n<tr><th>Secret</th><td><code id=\"secret\">%s</code></td></tr>\n"
                 "<tr><th>Redirect</th><td><code>%s</code></td></tr>\n"
                 "<tr><th>State</th><td id=\"state\">%s</td></tr>\n</table>\n",
                 app->id, app->id, app->secret, redirects,
                 app->blocked ? "Blocked"
                              : app->developer != 0 ? "Developer not approved" : "Approved");
  append_scopes (body, app);
  lk_sim_append (body, "<form method=\"post\" action=\"" APPS "\">\n"
                 "<input type=\"hidden\" name=\"app_id\" value=\"%s\">\n"
                 "<div class=\"buttons\"><button type=\"submit\" name=\"do\" value=\"secret\" "
                 "id=\"reset-secret\">Reset Secret</button>"
                 "<button type=\"submit\" name=\"do\" value=\"%s\" id=\"unblock\">%s</button></div>"
                 "\n</form>\n", app->id, app->blocked ? "unblock" : "block",
                 app->blocked ? "Unblock" : "Block");
}

static void
append_apps (GString    *body,
             LkSimState *state)
{
  GHashTableIter iter;
  LkSimApp *app = NULL;

  g_string_append (body, "<h1>My Apps</h1>\n");
  g_hash_table_iter_init (&iter, state->apps);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &app))
    lk_sim_append (body, "<p><a href=\"" APPS "?app_id=%s\">%s</a> <span class=\"soft\">%s</span>"
                   "</p>\n", app->id, app->id, lk_sim_family_to_string (app->family));
}

static void
handle_apps (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, lk_sim_request_get_query (request, "app_id"));
  g_autoptr(GString) body = g_string_new ("<main>\n");

  if (app != NULL)
    append_app (body, app);
  else
    append_apps (body, state);
  g_string_append (body, "</main>");
  lk_sim_page_reply (reply, 200, "My Apps", body->str);
}

static void
set_scopes (LkSimApp           *app,
            const LkSimRequest *request)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (const char *const *scope = scopes_of (app); scope != NULL && *scope != NULL; scope++)
    {
      g_autofree char *name = g_strconcat ("scope:", *scope, NULL);

      if (g_hash_table_contains (request->form, name))
        g_strv_builder_add (builder, *scope);
    }
  g_strfreev (app->scopes);
  app->scopes = g_strv_builder_end (builder);
}

static void
handle_apps_form (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, lk_sim_request_get_form (request, "app_id"));
  const char *what = lk_sim_request_get_form (request, "do");

  if (app == NULL)
    {
      lk_sim_reply_text (reply, 400, "This address takes the form of the app's page.");
      return;
    }
  if (g_strcmp0 (what, "secret") == 0)
    {
      g_free (app->secret);
      app->secret = g_uuid_string_random ();
    }
  else if (what != NULL)
    {
      app->blocked = g_str_equal (what, "block");
    }
  else if (scopes_of (app) != NULL)
    {
      set_scopes (app, request);
      app->developer = 0;
    }
  lk_sim_reply_redirect (reply, g_strconcat (APPS "?app_id=", app->id, NULL));
}

static void
append_account (GString               *body,
                LkSimState            *state,
                const LkSimAdvertiser *advertiser)
{
  const char *statuses[] = { "STATUS_ENABLE", "STATUS_LIMIT", "STATUS_PENDING_CONFIRM",
                             "STATUS_CONFIRM_FAIL", "STATUS_DISABLE" };
  const char *status = lk_sim_state_get_status (state, advertiser->id);
  const char *reason = g_hash_table_lookup (state->reasons, advertiser->id);
  LkSimCenter *owner = lk_sim_centers_find_owner (state->centers, advertiser->id);

  lk_sim_append (body, "<tr><td>%s <span class=\"soft\">%s</span>%s%s</td><td>",
                 advertiser->name, advertiser->id, reason != NULL ? ". " : "",
                 reason != NULL ? reason : "");
  if (owner != NULL)
    lk_sim_append (body, "<a href=\"/_simulator/pages/members?org_id=%s\">%s</a>", owner->id,
                   owner->name);
  lk_sim_append (body, "</td><td><form method=\"post\" action=\"" ACCOUNTS "\">"
                 "<input type=\"hidden\" name=\"aadvid\" value=\"%s\">"
                 "<select name=\"status\" id=\"status-%s\" aria-label=\"Status of %s\">",
                 advertiser->id, advertiser->id, advertiser->name);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    lk_sim_append (body, "<option%s>%s</option>",
                   g_str_equal (statuses[i], status) ? " selected" : "", statuses[i]);
  lk_sim_append (body, "</select><button type=\"submit\" id=\"set-%s\">Set</button></form></td>"
                 "</tr>\n", advertiser->id);
}

/* All of them, those of a Business Center, or one. */
static void
handle_accounts (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  const char *only = lk_sim_request_get_query (request, "aadvid");
  LkSimCenter *center = lk_sim_centers_find (state->centers,
                                             lk_sim_request_get_query (request, "org_id"));
  g_autoptr(GString) body = g_string_new ("<main class=\"wide\">\n<h1>Ad Accounts</h1>\n<table>\n"
                                          "<tr><th>Account</th><th>Owner</th><th>Status</th></tr>"
                                          "\n");
  gsize n = 0;
  const LkSimAdvertiser *advertisers = lk_sim_advertisers (&n);

  for (gsize i = 0; i < n; i++)
    {
      const char *id = advertisers[i].id;

      if (lk_sim_state_has_advertiser (state, id) && (only == NULL || g_str_equal (only, id)) &&
          (center == NULL || lk_sim_center_find_asset (center, id) != NULL))
        append_account (body, state, &advertisers[i]);
    }
  g_string_append (body, "</table>\n</main>");
  lk_sim_page_reply (reply, 200, "Ad Accounts", body->str);
}

static void
handle_accounts_form (LkSimState         *state,
                      const LkSimRequest *request,
                      LkSimReply         *reply)
{
  const char *advertiser = lk_sim_request_get_form (request, "aadvid");
  const char *status = lk_sim_request_get_form (request, "status");

  if (lk_sim_find_advertiser (advertiser) == NULL || status == NULL)
    {
      lk_sim_reply_text (reply, 400, "This address takes the form of the accounts' page.");
      return;
    }
  g_hash_table_replace (state->statuses, g_strdup (advertiser), g_strdup (status));
  lk_sim_reply_redirect (reply, g_strconcat (ACCOUNTS "?aadvid=", advertiser, NULL));
}

/* Names a grant on the page without showing its token. */
static char *
name_of (LkSimGrant *grant)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, grant->access, -1);
}

static void
handle_connections (LkSimState         *state,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  g_autoptr(GString) body = g_string_new ("<main class=\"wide\">\n<h1>Connected Apps</h1>\n");

  if (state->grants->len == 0)
    g_string_append (body, "<p class=\"soft\">No app has access.</p>\n");
  for (guint i = 0; i < state->grants->len; i++)
    {
      LkSimGrant *grant = g_ptr_array_index (state->grants, i);
      g_autofree char *name = name_of (grant);

      lk_sim_append (body, "<form method=\"post\" action=\"" CONNECTIONS "\">\n"
                     "<p>%s <span class=\"soft\">%s, app %s</span></p>\n"
                     "<input type=\"hidden\" name=\"grant\" value=\"%s\">\n"
                     "<div class=\"buttons\"><button type=\"submit\" id=\"remove-%u\">Remove Access"
                     "</button></div>\n</form>\n", grant->user->name,
                     lk_sim_family_to_string (grant->family), grant->app, name, i);
    }
  g_string_append (body, "</main>");
  lk_sim_page_reply (reply, 200, "Connected Apps", body->str);
}

static void
handle_connections_form (LkSimState         *state,
                         const LkSimRequest *request,
                         LkSimReply         *reply)
{
  const char *wanted = lk_sim_request_get_form (request, "grant");

  for (guint i = state->grants->len; i > 0; i--)
    {
      LkSimGrant *grant = g_ptr_array_index (state->grants, i - 1);
      g_autofree char *name = name_of (grant);

      if (g_strcmp0 (name, wanted) == 0)
        lk_sim_state_revoke (state, grant);
    }
  lk_sim_reply_redirect (reply, g_strdup (CONNECTIONS));
}

static void
handle_ticket (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  lk_sim_page_reply (reply, 200, "Ticket",
                     "<main>\n<h1>Ticket</h1>\n<p>TikTok's support takes the request id, the time "
                     "and the path of the refused call here. The simulator keeps nothing.</p>\n"
                     "</main>");
}

const LkSimRoute *
lk_sim_app_page_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", APPS, handle_apps },
    { "POST", APPS, handle_apps_form },
    { "GET", ACCOUNTS, handle_accounts },
    { "POST", ACCOUNTS, handle_accounts_form },
    { "GET", CONNECTIONS, handle_connections },
    { "POST", CONNECTIONS, handle_connections_form },
    { "GET", TICKET, handle_ticket },
    { NULL, NULL, NULL },
  };

  return routes;
}
