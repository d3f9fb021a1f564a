/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <string.h>

/* The OAuth endpoints of the Marketing API v1.3. Facts: business-api.tiktok.com/portal/docs
 * ids 1738373164380162 and 1737172488964097, 2026-08-13. */

static gboolean
app_is_good (LkSimState *state,
             const char *id,
             const char *secret,
             LkSimReply *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, id);

  if (app != NULL && app->blocked)
    {
      lk_sim_reply_business (reply, 40113, "The app has been blocked or does not exist.", NULL);
      return FALSE;
    }
  if (app != NULL && app->family == LK_SIM_FAMILY_ADS && g_strcmp0 (app->secret, secret) == 0)
    return TRUE;
  lk_sim_reply_business (reply, 40101,
                         "Invalid parameter values for authentication: app_id or secret is "
                         "incorrect.", NULL);
  return FALSE;
}

/* Scopes are whole numbers here, some beyond what a double holds. */
static void
build_scopes (JsonBuilder *builder,
              LkSimGrant  *grant)
{
  json_builder_set_member_name (builder, "scope");
  json_builder_begin_array (builder);
  for (char **scope = grant->scopes; *scope != NULL; scope++)
    json_builder_add_int_value (builder, g_ascii_strtoll (*scope, NULL, 10));
  json_builder_end_array (builder);
}

static void
reply_token (LkSimGrant         *grant,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();

  json_builder_begin_object (data);
  lk_sim_build_string (data, "access_token", grant->access);
  if (lk_sim_json_bool (request->json, "return_advertiser_ids", TRUE))
    lk_sim_build_strv (data, "advertiser_ids", grant->advertisers);
  build_scopes (data, grant);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static gboolean
exchange_code (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *names[] = { "app_id", "secret", "auth_code", NULL };
  const char *id = lk_sim_request_get_json (request, "app_id");
  LkSimCheck check = LK_SIM_CHECK_OK;
  LkSimCode *code = NULL;

  if (!lk_sim_business_fields (request, reply, names) ||
      !app_is_good (state, id, lk_sim_request_get_json (request, "secret"), reply))
    return FALSE;
  code = lk_sim_state_find_code (state, lk_sim_request_get_json (request, "auth_code"), &check);
  if (check == LK_SIM_CHECK_UNKNOWN || check == LK_SIM_CHECK_EXPIRED)
    lk_sim_reply_business (reply, 40110, "The auth_code is canceled. Please re-authorize and try "
                           "again with a new auth_code.", NULL);
  else if (code->family != LK_SIM_FAMILY_ADS)
    lk_sim_reply_business (reply, 40115, "The authentication timestamp has expired.", NULL);
  else if (!g_str_equal (code->app, id))
    lk_sim_reply_business (reply, 40101, "Invalid auth_code. It was issued to another app.",
                           NULL);
  else
    {
      reply_token (lk_sim_state_redeem (state, code), request, reply);
      return TRUE;
    }
  return FALSE;
}

static void
handle_token (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  gboolean granted = exchange_code (state, request, reply);

  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_ADS, "authorization_code", granted);
}

static void
handle_revoke (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *names[] = { "app_id", "secret", "access_token", NULL };
  const char *id = lk_sim_request_get_json (request, "app_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimGrant *grant = NULL;

  if (!lk_sim_business_fields (request, reply, names) ||
      !app_is_good (state, id, lk_sim_request_get_json (request, "secret"), reply))
    return;
  if (lk_sim_state_check_access (state, LK_SIM_FAMILY_ADS,
                                 lk_sim_request_get_json (request, "access_token"),
                                 &grant) == LK_SIM_CHECK_UNKNOWN ||
      !g_str_equal (grant->app, id))
    {
      lk_sim_reply_business (reply, 40105, "Access token is incorrect or has been revoked.", NULL);
      return;
    }
  json_builder_begin_object (data);
  lk_sim_build_string (data, "app_id", id);
  lk_sim_build_strv (data, "advertiser_ids", grant->advertisers);
  json_builder_end_object (data);
  lk_sim_state_revoke (state, grant);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
handle_user_info (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  json_builder_begin_object (data);
  lk_sim_build_string (data, "display_name", grant->user->name);
  lk_sim_build_string (data, "email", grant->user->email);
  lk_sim_build_string (data, "core_user_id", grant->user->core_user_id);
  lk_sim_build_int (data, "create_time", 1577836800);
  lk_sim_build_string (data, "avatar_url", "https://avatars.example/business.png");
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

/* Only what was ticked and is still shared with the person. */
static void
build_reachable (JsonBuilder *data,
                 LkSimState  *state,
                 LkSimGrant  *grant)
{
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
  for (char **id = grant->advertisers; *id != NULL; id++)
    {
      const LkSimAdvertiser *advertiser = lk_sim_find_advertiser (*id);

      if (!lk_sim_state_has_advertiser (state, *id) ||
          lk_sim_state_get_role (state, grant->user, *id) == NULL)
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "advertiser_id", *id);
      lk_sim_build_string (data, "advertiser_name", advertiser->name);
      json_builder_end_object (data);
    }
  json_builder_end_array (data);
  json_builder_end_object (data);
}

static void
handle_advertiser_get (LkSimState         *state,
                       const LkSimRequest *request,
                       LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  const char *id = lk_sim_request_get_query (request, "app_id");
  const char *secret = lk_sim_request_get_query (request, "secret");
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  if (id == NULL || secret == NULL)
    {
      g_autofree char *message = g_strdup_printf ("Missing required field(s): %s.",
                                                  id == NULL ? "app_id" : "secret");

      lk_sim_reply_business (reply, 40002, message, NULL);
      return;
    }
  if (!g_str_equal (grant->app, id))
    {
      lk_sim_reply_business (reply, 40000, "The app_id is inconsistent with the token's app "
                             "information. Please retry after correcting it.", NULL);
      return;
    }
  if (!app_is_good (state, id, secret, reply) ||
      lk_sim_guard_scope (state, request, "100", reply) == NULL)
    return;
  build_reachable (data, state, grant);
  lk_sim_reply_business (reply, 0, "OK", data);
}

const LkSimRoute *
lk_sim_ads_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", API "/oauth2/access_token/", handle_token },
    { "POST", API "/oauth2/revoke_token/", handle_revoke },
    { "GET", API "/oauth2/advertiser/get/", handle_advertiser_get },
    { "GET", API "/user/info/", handle_user_info },
    { NULL, NULL, NULL },
  };

  return routes;
}
