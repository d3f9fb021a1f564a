/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-routes.h"

/* TikTok accounts by way of the API for Business. Failures are HTTP 200 without "data". */

#define API "/open_api/v1.3"

static void
refuse (LkSimReply *reply,
        gint64      code,
        const char *message)
{
  lk_sim_reply_business_bare (reply, code, message);
}

static void
reply_tokens (LkSimState *state,
              LkSimGrant *grant,
              LkSimReply *reply)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();
  g_autofree char *scope = g_strjoinv (",", grant->scopes);
  const LkSimLife *life = &state->lives[LK_SIM_FAMILY_ACCOUNT];

  json_builder_begin_object (data);
  lk_sim_build_string (data, "access_token", grant->access);
  lk_sim_build_string (data, "token_type", "Bearer");
  lk_sim_build_string (data, "scope", scope);
  lk_sim_build_int (data, "expires_in", life->access);
  lk_sim_build_string (data, "refresh_token", grant->refresh);
  lk_sim_build_int (data, "refresh_token_expires_in",
                    lk_sim_state_get_refresh_left (state, grant));
  lk_sim_build_string (data, "open_id", grant->open_id);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

/* Whether all of @names are there and the app and its secret fit; otherwise @reply says no. */
static gboolean
client_is_good (LkSimState         *state,
                const LkSimRequest *request,
                const char *const  *names,
                LkSimReply         *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, lk_sim_request_get_json (request, "client_id"));

  if (!lk_sim_business_fields (request, reply, names))
    return FALSE;
  if (app != NULL && app->blocked)
    {
      refuse (reply, 40113, "The app has been blocked or does not exist.");
      return FALSE;
    }
  if (app != NULL && app->family == LK_SIM_FAMILY_ACCOUNT &&
      g_str_equal (app->secret, lk_sim_request_get_json (request, "client_secret")))
    return TRUE;
  refuse (reply, 40101,
          "Invalid parameter values for authentication: client_id or client_secret is incorrect.");
  return FALSE;
}

static gboolean
grant_type_is (const LkSimRequest *request,
               const char         *wanted,
               LkSimReply         *reply)
{
  const char *grant = lk_sim_request_get_grant (request);
  g_autofree char *message = NULL;

  if (g_strcmp0 (grant, wanted) == 0)
    return TRUE;
  message = g_strdup_printf ("Invalid value for grant_type: %s is not supported.", grant);
  refuse (reply, 40108, message);
  return FALSE;
}

static gboolean
exchange_code (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *names[] = { "client_id", "client_secret", "grant_type", "auth_code",
                          "redirect_uri", NULL };
  LkSimCheck check = LK_SIM_CHECK_OK;
  LkSimCode *code = NULL;

  if (!client_is_good (state, request, names, reply) ||
      !grant_type_is (request, "authorization_code", reply))
    return FALSE;
  code = lk_sim_state_find_code (state, lk_sim_request_get_json (request, "auth_code"), &check);
  if (check != LK_SIM_CHECK_OK)
    refuse (reply, 40110, "Authorization code is expired.");
  else if (code->family != LK_SIM_FAMILY_ACCOUNT)
    refuse (reply, 40115, "The authentication timestamp has expired.");
  else if (!g_str_equal (code->app, lk_sim_request_get_json (request, "client_id")))
    refuse (reply, 40101, "Invalid auth_code. It was issued to another app.");
  else if (!g_str_equal (code->redirect, lk_sim_request_get_json (request, "redirect_uri")))
    refuse (reply, 40002,
            "Invalid Param(s): redirect_uri should be the one of the authorization.");
  else
    {
      reply_tokens (state, lk_sim_state_redeem (state, code), reply);
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

  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_ACCOUNT, "authorization_code", granted);
}

static gboolean
refresh_tokens (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  const char *names[] = { "client_id", "client_secret", "grant_type", "refresh_token", NULL };
  LkSimGrant *grant = NULL;
  LkSimCheck check = LK_SIM_CHECK_OK;

  if (!client_is_good (state, request, names, reply) ||
      !grant_type_is (request, "refresh_token", reply))
    return FALSE;
  check = lk_sim_state_check_refresh (state, LK_SIM_FAMILY_ACCOUNT,
                                      lk_sim_request_get_json (request, "refresh_token"), &grant);
  if (check == LK_SIM_CHECK_EXPIRED)
    refuse (reply, 40103, "The refresh token has expired.");
  else if (check == LK_SIM_CHECK_UNKNOWN ||
           !g_str_equal (grant->app, lk_sim_request_get_json (request, "client_id")))
    refuse (reply, 40107, "Invalid or incorrect refresh token.");
  else
    {
      lk_sim_state_rotate (state, grant);
      reply_tokens (state, grant, reply);
      return TRUE;
    }
  return FALSE;
}

static void
handle_refresh (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  gboolean granted = refresh_tokens (state, request, reply);

  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_ACCOUNT, "refresh_token", granted);
}

static void
handle_revoke (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *names[] = { "client_id", "client_secret", "access_token", NULL };
  LkSimGrant *grant = NULL;

  if (!client_is_good (state, request, names, reply))
    return;
  if (lk_sim_state_check_access (state, LK_SIM_FAMILY_ACCOUNT,
                                 lk_sim_request_get_json (request, "access_token"),
                                 &grant) == LK_SIM_CHECK_UNKNOWN ||
      !g_str_equal (grant->app, lk_sim_request_get_json (request, "client_id")))
    {
      refuse (reply, 40105, "Access token is incorrect or has been revoked.");
      return;
    }
  lk_sim_state_revoke (state, grant);
  lk_sim_reply_business (reply, 0, "OK", NULL);
}

/* The token travels in the body here, without a header. */
static void
handle_token_info (LkSimState         *state,
                   const LkSimRequest *request,
                   LkSimReply         *reply)
{
  const char *names[] = { "app_id", "access_token", NULL };
  g_autoptr(JsonBuilder) data = json_builder_new ();
  g_autofree char *scope = NULL;
  LkSimGrant *grant = NULL;
  LkSimCheck check = LK_SIM_CHECK_OK;

  if (!lk_sim_business_fields (request, reply, names))
    return;
  check = lk_sim_state_check_access (state, LK_SIM_FAMILY_ACCOUNT,
                                     lk_sim_request_get_json (request, "access_token"), &grant);
  if (check == LK_SIM_CHECK_EXPIRED)
    {
      refuse (reply, 40102, "The access token has expired.");
      return;
    }
  if (check == LK_SIM_CHECK_UNKNOWN)
    {
      refuse (reply, 40105, "Access token is incorrect or has been revoked.");
      return;
    }
  if (!g_str_equal (grant->app, lk_sim_request_get_json (request, "app_id")))
    {
      refuse (reply, 40000, "The app_id is inconsistent with the token's app information. Please "
              "retry after correcting it.");
      return;
    }
  scope = g_strjoinv (",", grant->scopes);
  json_builder_begin_object (data);
  lk_sim_build_string (data, "app_id", grant->app);
  lk_sim_build_string (data, "creator_id", grant->open_id);
  lk_sim_build_string (data, "scope", scope);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

/* Returns: (nullable): the grant, when it has the scope and is of the account that is asked for.
 * 40130 is SCOPE_NOT_AUTHORIZED in TikTok's SDK; its words are not documented. */
static LkSimGrant *
guard (LkSimState         *state,
       const LkSimRequest *request,
       const char         *scope,
       LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ACCOUNT, request, reply);
  const char *business = lk_sim_request_get_query (request, "business_id");

  if (grant == NULL)
    return NULL;
  if (!lk_sim_grant_has_scope (grant, scope))
    refuse (reply, 40130, "The scope is not authorized by the TikTok account.");
  else if (business == NULL)
    refuse (reply, 40002, "Missing required field(s): business_id.");
  else if (!g_str_equal (business, grant->open_id))
    refuse (reply, 40001, "No permission to operate this business account.");
  else
    return grant;
  return NULL;
}

static void
handle_business_get (LkSimState         *state,
                     const LkSimRequest *request,
                     LkSimReply         *reply)
{
  LkSimGrant *grant = guard (state, request, "user.info.basic", reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  json_builder_begin_object (data);
  lk_sim_build_string (data, "username", grant->user->username);
  lk_sim_build_string (data, "display_name", grant->user->name);
  lk_sim_build_string (data, "bio_description", grant->user->bio);
  lk_sim_build_int (data, "followers_count", grant->user->followers);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
handle_business_videos (LkSimState         *state,
                        const LkSimRequest *request,
                        LkSimReply         *reply)
{
  LkSimGrant *grant = guard (state, request, "video.list", reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "videos");
  json_builder_begin_array (data);
  json_builder_begin_object (data);
  lk_sim_build_string (data, "item_id", "7300000000000000001");
  json_builder_end_object (data);
  json_builder_end_array (data);
  json_builder_set_member_name (data, "has_more");
  json_builder_add_boolean_value (data, FALSE);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

const LkSimRoute *
lk_sim_account_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", API "/tt_user/oauth2/token/", handle_token },
    { "POST", API "/tt_user/oauth2/refresh_token/", handle_refresh },
    { "POST", API "/tt_user/oauth2/revoke/", handle_revoke },
    { "POST", API "/tt_user/token_info/get/", handle_token_info },
    { "GET", API "/business/get/", handle_business_get },
    { "GET", API "/business/video/list/", handle_business_videos },
    { NULL, NULL, NULL },
  };

  return routes;
}
