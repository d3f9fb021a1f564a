/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-control.h"

/* The JSON control addresses; README.md documents each. */

void
lk_sim_control_ok (LkSimReply *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_end_object (builder);
  lk_sim_reply_json (reply, 200, builder);
}

void
lk_sim_control_bad (LkSimReply *reply,
                    const char *problem)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_sim_build_string (builder, "problem", problem);
  json_builder_end_object (builder);
  lk_sim_reply_json (reply, 400, builder);
}

gboolean
lk_sim_control_has_json (const LkSimRequest *request,
                         LkSimReply         *reply)
{
  if (request->json != NULL)
    return TRUE;
  lk_sim_control_bad (reply, "send a JSON object with Content-Type application/json");
  return FALSE;
}

static gboolean
read_family (const LkSimRequest *request,
             LkSimFamily        *family,
             LkSimReply         *reply)
{
  if (lk_sim_family_from_string (lk_sim_json_string (request->json, "family"), family))
    return TRUE;
  lk_sim_control_bad (reply, "\"family\" is none of \"login\", \"ads\", \"account\", "
                      "\"shop\"");
  return FALSE;
}

static void
handle_add_fault (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  const char *problem = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  if (lk_sim_faults_add (state->faults, request->json, &problem))
    lk_sim_control_ok (reply);
  else
    lk_sim_control_bad (reply, problem);
}

static void
handle_list_faults (LkSimState         *state,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  lk_sim_faults_build (state->faults, builder);
  lk_sim_reply_json (reply, 200, builder);
}

static void
handle_clear_faults (LkSimState         *state,
                     const LkSimRequest *request,
                     LkSimReply         *reply)
{
  lk_sim_faults_clear (state->faults);
  lk_sim_control_ok (reply);
}

static void
handle_limits (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  LkSimFamily family = LK_SIM_FAMILY_LOGIN;
  const char *problem = NULL;

  if (!lk_sim_control_has_json (request, reply) || !read_family (request, &family, reply))
    return;
  if (lk_sim_limits_set (state->limits, family, request->json, &problem))
    lk_sim_control_ok (reply);
  else
    lk_sim_control_bad (reply, problem);
}

static void
handle_lifetimes (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  LkSimFamily family = LK_SIM_FAMILY_LOGIN;
  LkSimLife *life = NULL;

  if (!lk_sim_control_has_json (request, reply) || !read_family (request, &family, reply))
    return;
  life = &state->lives[family];
  life->access = lk_sim_json_int (request->json, "access", life->access);
  life->refresh = lk_sim_json_int (request->json, "refresh", life->refresh);
  life->code = lk_sim_json_int (request->json, "code", life->code);
  life->fixed = lk_sim_json_bool (request->json, "fixed", life->fixed);
  lk_sim_control_ok (reply);
}

static void
take_strv (char      ***place,
           JsonObject  *object,
           const char  *name)
{
  g_auto(GStrv) values = lk_sim_json_strv (object, name);

  if (values == NULL)
    return;
  g_strfreev (*place);
  *place = g_steal_pointer (&values);
}

static gboolean
set_developer (LkSimApp   *app,
               const char *word)
{
  if (word == NULL)
    return TRUE;
  if (g_str_equal (word, "approved"))
    app->developer = 0;
  else if (g_str_equal (word, "unapproved"))
    app->developer = 40124;
  else if (g_str_equal (word, "no-permission"))
    app->developer = 40125;
  else
    return FALSE;
  return TRUE;
}

/* Changes what is given, and nothing else. */
static gboolean
change_app (LkSimApp   *app,
            JsonObject *object)
{
  const char *secret = lk_sim_json_string (object, "secret");
  const char *service = lk_sim_json_string (object, "service");

  if (secret != NULL)
    {
      g_free (app->secret);
      app->secret = g_strdup (secret);
    }
  if (service != NULL)
    {
      g_free (app->service);
      app->service = g_strdup (service);
    }
  take_strv (&app->redirects, object, "redirects");
  take_strv (&app->scopes, object, "scopes");
  app->blocked = lk_sim_json_bool (object, "blocked", app->blocked);
  app->unlisted = !lk_sim_json_bool (object, "center_listed", !app->unlisted);
  return set_developer (app, lk_sim_json_string (object, "developer"));
}

static void
handle_apps (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  LkSimFamily family = LK_SIM_FAMILY_LOGIN;
  const char *id = NULL;
  const char *secret = NULL;
  g_auto(GStrv) redirects = NULL;

  if (!lk_sim_control_has_json (request, reply) || !read_family (request, &family, reply))
    return;
  id = lk_sim_json_string (request->json, "id");
  secret = lk_sim_json_string (request->json, "secret");
  redirects = lk_sim_json_strv (request->json, "redirects");
  if (id != NULL && lk_sim_state_find_app (state, id) == NULL && secret != NULL &&
      redirects != NULL)
    lk_sim_state_add_app (state, family, id, secret, (const char *const *) redirects, NULL);
  if (lk_sim_state_find_app (state, id) == NULL)
    lk_sim_control_bad (reply, "\"id\", \"secret\" or \"redirects\" is missing");
  else if (!change_app (lk_sim_state_find_app (state, id), request->json))
    lk_sim_control_bad (reply, "\"developer\" is none of \"approved\", \"unapproved\", "
                        "\"no-permission\"");
  else
    lk_sim_control_ok (reply);
}

static void
handle_roles (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  const char *advertiser = NULL;
  const char *word = NULL;
  const char *status = NULL;
  guint user = 0;
  LkSimRole role = LK_SIM_ROLE_NONE;

  if (!lk_sim_control_has_json (request, reply))
    return;
  advertiser = lk_sim_json_string (request->json, "advertiser");
  word = lk_sim_json_string (request->json, "role");
  status = lk_sim_json_string (request->json, "status");
  user = (guint) lk_sim_json_int (request->json, "user", 1);
  if (lk_sim_find_advertiser (advertiser) == NULL || lk_sim_find_user (user) == NULL)
    {
      lk_sim_control_bad (reply, "no such advertiser, or no such user");
      return;
    }
  if (word != NULL && !lk_sim_role_from_string (word, &role))
    {
      lk_sim_control_bad (reply, "\"role\" is none of \"ADMIN\", \"OPERATOR\", \"ANALYST\", "
                          "\"none\"");
      return;
    }
  if (word != NULL)
    lk_sim_centers_set_role (state->centers, user, advertiser, role);
  if (status != NULL)
    g_hash_table_replace (state->statuses, g_strdup (advertiser), g_strdup (status));
  lk_sim_control_ok (reply);
}

/* Whether the control request, by its token, family, app and user, means @grant. */
static gboolean
means_grant (JsonObject *object,
             LkSimGrant *grant)
{
  const char *token = lk_sim_json_string (object, "token");
  const char *app = lk_sim_json_string (object, "app");
  const char *family = lk_sim_json_string (object, "family");
  gint64 user = lk_sim_json_int (object, "user", 0);
  LkSimFamily wanted = LK_SIM_FAMILY_LOGIN;

  if (token != NULL && g_strcmp0 (token, grant->access) != 0 &&
      g_strcmp0 (token, grant->refresh) != 0)
    return FALSE;
  if (app != NULL && !g_str_equal (app, grant->app))
    return FALSE;
  if (user != 0 && user != grant->user->number)
    return FALSE;
  return family == NULL || (lk_sim_family_from_string (family, &wanted) &&
                            wanted == grant->family);
}

static void
handle_revoke (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  if (!lk_sim_control_has_json (request, reply))
    return;
  for (guint i = state->grants->len; i > 0; i--)
    {
      LkSimGrant *grant = g_ptr_array_index (state->grants, i - 1);

      if (means_grant (request->json, grant))
        lk_sim_state_revoke (state, grant);
    }
  lk_sim_control_ok (reply);
}

static void
handle_expire (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *what = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  what = lk_sim_json_string (request->json, "what");
  for (guint i = 0; i < state->grants->len; i++)
    {
      LkSimGrant *grant = g_ptr_array_index (state->grants, i);

      if (means_grant (request->json, grant))
        lk_sim_state_expire (state, grant, g_strcmp0 (what, "refresh") != 0,
                             what != NULL && !g_str_equal (what, "access"));
    }
  lk_sim_control_ok (reply);
}

static void
handle_clock (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  if (!lk_sim_control_has_json (request, reply))
    return;
  state->skew = lk_sim_json_int (request->json, "skew", state->skew);
  state->advanced += lk_sim_json_int (request->json, "advance", 0) * G_USEC_PER_SEC;
  lk_sim_control_ok (reply);
}

static void
handle_reset (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  lk_sim_state_reset (state);
  lk_sim_control_ok (reply);
}

static void
handle_stats (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  lk_sim_stats_build (state->stats, builder);
  lk_sim_reply_json (reply, 200, builder);
}

static gint64
seconds_left (LkSimState *state,
              gint64      ends)
{
  return ends == LK_SIM_NEVER ? -1 : MAX (0, (ends - lk_sim_state_now (state)) / G_USEC_PER_SEC);
}

static void
handle_tokens (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tokens");
  json_builder_begin_array (builder);
  for (guint i = 0; i < state->grants->len; i++)
    {
      LkSimGrant *grant = g_ptr_array_index (state->grants, i);

      json_builder_begin_object (builder);
      lk_sim_build_string (builder, "family", lk_sim_family_to_string (grant->family));
      lk_sim_build_string (builder, "app", grant->app);
      lk_sim_build_int (builder, "user", grant->user->number);
      lk_sim_build_string (builder, "open_id", grant->open_id);
      lk_sim_build_string (builder, "access_token", grant->access);
      lk_sim_build_string (builder, "refresh_token", grant->refresh);
      lk_sim_build_int (builder, "expires_in", seconds_left (state, grant->access_ends));
      lk_sim_build_int (builder, "refresh_expires_in", seconds_left (state, grant->refresh_ends));
      lk_sim_build_int (builder, "generation", grant->generation);
      if (grant->least_left != LK_SIM_NEVER)
        lk_sim_build_int (builder, "least_left_ms", grant->least_left / 1000);
      lk_sim_build_strv (builder, "scopes", grant->scopes);
      lk_sim_build_strv (builder, "advertisers", grant->advertisers);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_sim_reply_json (reply, 200, builder);
}

const LkSimRoute *
lk_sim_control_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", "/_simulator/faults", handle_add_fault },
    { "GET", "/_simulator/faults", handle_list_faults },
    { "DELETE", "/_simulator/faults", handle_clear_faults },
    { "POST", "/_simulator/limits", handle_limits },
    { "POST", "/_simulator/lifetimes", handle_lifetimes },
    { "POST", "/_simulator/apps", handle_apps },
    { "POST", "/_simulator/roles", handle_roles },
    { "POST", "/_simulator/revoke", handle_revoke },
    { "POST", "/_simulator/expire", handle_expire },
    { "POST", "/_simulator/clock", handle_clock },
    { "POST", "/_simulator/reset", handle_reset },
    { "GET", "/_simulator/stats", handle_stats },
    { "GET", "/_simulator/tokens", handle_tokens },
    { NULL, NULL, NULL },
  };

  return routes;
}
