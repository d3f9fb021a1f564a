/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-authorize.h"
#include "lk-sim-page.h"
#include "lk-sim-routes.h"

#include <string.h>

#define PORTAL "/portal/auth"
#define AUTHORIZE "/v2/auth/authorize/"
#define SERVICES "/open/authorize"
#define SHOP "/oauth/authorize"

typedef struct
{
  const char *scope;
  const char *says;
} LkSimScopeText;

static const LkSimScopeText scope_texts[] = {
  { "user.info.basic", "Read your profile: name and picture" },
  { "user.info.profile", "Read your user name, bio and links" },
  { "user.info.stats", "Read your numbers of followers, likes and videos" },
  { "video.list", "Read your public videos" },
  { "video.publish", "Post videos to your profile" },
  { "video.upload", "Put drafts into your inbox" },
  { "100", "Read ad account information" },
  { "150", "Read Business Center" },
  { "153", "Manage Business Center assets" },
  { "155", "Manage Business Center partners" },
  { "156", "Manage Business Center members" },
  { "200", "Read campaigns" },
  { "201", "Create and change campaigns" },
  { "210", "Read ad groups" },
  { "220", "Read ads" },
  { "221", "Create and change ads" },
  { "30", "Read custom audiences" },
  { "44", "Read reports" },
  { "600", "Read the image library" },
  { "610", "Read the video library" },
  { "611", "Upload videos" },
  { "800", "Read pixels" },
  { "17000000", "Automated rules" },
  { "seller.authorization.info", "See which shops you authorized" },
  { "seller.order.info", "Read orders" },
  { "seller.product.basic", "Read products" },
  { "17010000", "Create and change automated rules" },
  { "17020000", "Read automated rules" },
};

const char *
lk_sim_scope_text (const char *scope)
{
  for (guint i = 0; i < G_N_ELEMENTS (scope_texts); i++)
    {
      if (g_str_equal (scope_texts[i].scope, scope))
        return scope_texts[i].says;
    }
  return scope;
}

/* A refused request stays on the page: no redirect, so that no caller ever hears of it. */
static void
reply_problem (LkSimReply *reply,
               const char *problem)
{
  g_autoptr(GString) body = g_string_new ("<main>\n<h1>Something went wrong</h1>\n");

  lk_sim_append (body,
                 "<p>We couldn't log in with TikTok. This may be due to specific app settings.</p>"
                 "\n<p>If you're a developer, correct the following and try again:</p>\n"
                 "<ul><li>%s</li></ul>\n</main>", problem);
  lk_sim_page_reply (reply, 200, "Something went wrong", body->str);
}

static void
append_hidden (GString    *body,
               GHashTable *params)
{
  GHashTableIter iter;
  const char *name = NULL;
  const char *value = NULL;

  g_hash_table_iter_init (&iter, params);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    lk_sim_append (body, "<input type=\"hidden\" name=\"ask:%s\" value=\"%s\">\n", name, value);
}

static void
append_users (GString *body)
{
  gsize n = 0;
  const LkSimUser *users = lk_sim_users (&n);

  g_string_append (body, "<fieldset>\n<legend>Sign in as</legend>\n");
  for (gsize i = 0; i < n; i++)
    lk_sim_append (body, "<label><input type=\"radio\" name=\"user\" id=\"user%u\" value=\"%u\"%s>"
                   "<span>%s <span class=\"soft\">@%s</span></span></label>\n",
                   users[i].number, users[i].number, i == 0 ? " checked" : "", users[i].name,
                   users[i].username);
  g_string_append (body, "</fieldset>\n");
}

static void
append_scopes (GString  *body,
               LkSimAsk *ask)
{
  gboolean fixed = ask->app->family == LK_SIM_FAMILY_ADS ||
                   ask->app->family == LK_SIM_FAMILY_SHOP;

  g_string_append (body, "<fieldset>\n<legend>The app may</legend>\n");
  for (char **scope = ask->scopes; *scope != NULL; scope++)
    {
      if (fixed)
        lk_sim_append (body, "<p>%s <span class=\"soft\">%s</span></p>\n",
                       lk_sim_scope_text (*scope), *scope);
      else
        lk_sim_append (body, "<label><input type=\"checkbox\" name=\"scope:%s\" checked>"
                       "<span>%s <span class=\"soft\">%s</span></span></label>\n",
                       *scope, lk_sim_scope_text (*scope), *scope);
    }
  g_string_append (body, "</fieldset>\n");
}

static void
append_advertisers (GString         *body,
                    LkSimState      *state,
                    const LkSimUser *user)
{
  gsize n = 0;
  guint shown = 0;
  const LkSimAdvertiser *advertisers = lk_sim_advertisers (&n);

  lk_sim_append (body, "<fieldset class=\"accounts of%u\">\n<legend>Ad accounts of %s</legend>\n",
                 user->number, user->name);
  for (gsize i = 0; i < n; i++)
    {
      const char *role = lk_sim_state_get_role (state, user, advertisers[i].id);

      if (role == NULL)
        continue;
      shown++;
      lk_sim_append (body, "<label><input type=\"checkbox\" name=\"advertiser:%u:%s\" checked>"
                     "<span>%s <span class=\"soft\">%s, %s</span></span></label>\n",
                     user->number, advertisers[i].id, advertisers[i].name, advertisers[i].id,
                     role);
    }
  if (shown == 0)
    g_string_append (body, "<p class=\"soft\">This login reaches no ad account.</p>\n");
  g_string_append (body, "</fieldset>\n");
}

static void
reply_page (LkSimState         *state,
            const LkSimRequest *request,
            LkSimAsk           *ask,
            LkSimReply         *reply)
{
  g_autoptr(GString) body = g_string_new ("<main>\n<h1>Allow access?</h1>\n");
  gsize n = 0;
  const LkSimUser *users = lk_sim_users (&n);

  lk_sim_append (body, "<p class=\"soft\">The app %s asks for access. It answers to %s</p>\n"
                 "<form method=\"post\" action=\"/_simulator/consent\">\n"
                 "<input type=\"hidden\" name=\"page\" value=\"%s\">\n",
                 ask->app->id, ask->redirect, request->path);
  append_hidden (body, request->query);
  append_users (body);
  append_scopes (body, ask);
  for (gsize i = 0; ask->app->family == LK_SIM_FAMILY_ADS && i < n; i++)
    append_advertisers (body, state, &users[i]);
  g_string_append (body,
                   "<div class=\"buttons\">\n"
                   "<button type=\"submit\" name=\"decision\" value=\"deny\" id=\"cancel\">"
                   "Cancel</button>\n"
                   "<button type=\"submit\" name=\"decision\" value=\"allow\" id=\"allow\" "
                   "class=\"suggested\">Allow</button>\n"
                   "</div>\n</form>\n</main>");
  lk_sim_page_reply (reply, 200, "Allow access?", body->str);
}

static LkSimAsk *
read_ask (LkSimState  *state,
          const char  *page,
          GHashTable  *params,
          const char **problem)
{
  if (g_str_has_prefix (page, SERVICES) || g_str_has_prefix (page, SHOP))
    return lk_sim_ask_new_shop (state, params, problem);
  return g_str_has_prefix (page, PORTAL) ? lk_sim_ask_new_portal (state, params, problem)
                                         : lk_sim_ask_new_v2 (state, params, problem);
}

static void
handle_authorize (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  const char *problem = NULL;
  g_autoptr(LkSimAsk) ask = read_ask (state, request->path, request->query, &problem);
  g_autoptr(LkSimChoice) choice = NULL;

  if (ask == NULL)
    {
      reply_problem (reply, problem);
      return;
    }
  if (lk_sim_request_get_query (request, "auto_consent") == NULL)
    {
      reply_page (state, request, ask, reply);
      return;
    }
  choice = lk_sim_choice_auto (state, ask, request->query);
  lk_sim_reply_redirect (reply, lk_sim_ask_finish (ask, state, choice));
}

/* The request travels through the page in hidden fields, and is checked again. */
static void
handle_consent (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  g_autoptr(GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  const char *page = lk_sim_request_get_form (request, "page");
  g_autoptr(LkSimAsk) ask = NULL;
  g_autoptr(LkSimChoice) choice = NULL;
  const char *problem = NULL;
  GHashTableIter iter;
  const char *name = NULL;
  const char *value = NULL;

  if (page == NULL)
    {
      lk_sim_reply_text (reply, 400, "This address takes the consent page's form.");
      return;
    }
  g_hash_table_iter_init (&iter, request->form);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    {
      if (g_str_has_prefix (name, "ask:"))
        g_hash_table_insert (params, (char *) name + strlen ("ask:"), (char *) value);
    }
  ask = read_ask (state, page, params, &problem);
  if (ask == NULL)
    {
      reply_problem (reply, problem);
      return;
    }
  choice = lk_sim_choice_form (state, ask, request->form);
  lk_sim_reply_redirect (reply, lk_sim_ask_finish (ask, state, choice));
}

const LkSimRoute *
lk_sim_consent_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", AUTHORIZE, handle_authorize },
    { "GET", "/v2/auth/authorize", handle_authorize },
    { "GET", PORTAL, handle_authorize },
    { "GET", PORTAL "/", handle_authorize },
    { "GET", SERVICES, handle_authorize },
    { "GET", SHOP, handle_authorize },
    { "POST", "/_simulator/consent", handle_consent },
    { NULL, NULL, NULL },
  };

  return routes;
}
