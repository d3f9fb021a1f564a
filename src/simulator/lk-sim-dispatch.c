/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-routes.h"

static const LkSimRoute *
find_route (const LkSimRequest *request,
            gboolean           *path_known)
{
  const LkSimRoute *tables[] = {
    lk_sim_login_routes (),     lk_sim_ads_routes (),     lk_sim_account_routes (),
    lk_sim_marketing_routes (), lk_sim_center_routes (),  lk_sim_asset_routes (),
    lk_sim_video_routes (),     lk_sim_news_routes (),    lk_sim_consent_routes (),
    lk_sim_control_routes (),   lk_sim_world_routes (),   lk_sim_page_routes (),
    lk_sim_shop_routes (),      lk_sim_shop_api_routes (), lk_sim_center_page_routes (),
    lk_sim_app_page_routes (),  lk_sim_post_routes (),
  };

  *path_known = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      for (const LkSimRoute *route = tables[i]; route->path != NULL; route++)
        {
          if (!g_str_equal (route->path, request->path))
            continue;
          *path_known = TRUE;
          if (g_str_equal (route->method, request->method))
            return route;
        }
    }
  return NULL;
}

/* In plain text, as the API for Business does, but for TikTok Shop. */
static void
reply_unknown (const LkSimRequest *request,
               gboolean            path_known,
               LkSimReply         *reply)
{
  LkSimFamily family = LK_SIM_FAMILY_LOGIN;
  gboolean shop = lk_sim_family_of_path (request->path, &family) && family == LK_SIM_FAMILY_SHOP;

  if (shop && path_known)
    lk_sim_reply_shop (reply, 405, 36009010, "Invalid method. The method is not allowed.", NULL);
  else if (shop)
    lk_sim_reply_shop (reply, 404, 36009009, "Invalid path. The path does not exist.", NULL);
  else if (path_known)
    lk_sim_reply_text (reply, 405, "405 method not allowed");
  else
    lk_sim_reply_text (reply, 404, "404 page not found");
}

/**
 * lk_sim_dispatch:
 *
 * Answers @request. Paths are exact: without its final slash an endpoint is not found.
 */
void
lk_sim_dispatch (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  gboolean path_known = FALSE;
  const LkSimRoute *route = find_route (request, &path_known);

  if (route == NULL)
    reply_unknown (request, path_known, reply);
  else if (!lk_sim_news_refuse (state->news, lk_sim_state_now (state), request, reply) &&
           !lk_sim_limits_refuse (state->limits, lk_sim_state_now (state),
                                  lk_sim_state_get_time (state), request, reply))
    route->handler (state, request, reply);
}

/* Whether the app that the token belongs to may call at all; otherwise @reply is the refusal. */
static gboolean
app_is_alive (LkSimState *state,
              LkSimGrant *grant,
              LkSimReply *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, grant->app);

  if (app == NULL || app->blocked)
    lk_sim_reply_business (reply, 40113, "The app has been blocked or does not exist.", NULL);
  else if (app->developer == 40124)
    lk_sim_reply_business (reply, 40124, "The developer profile is not filled in and approved.",
                           NULL);
  else
    return TRUE;
  return FALSE;
}

/**
 * lk_sim_business_grant:
 *
 * Reads the Access-Token header. When it or its app is not good, @reply is the refusal.
 *
 * Returns: (nullable): the grant that the token belongs to
 */
LkSimGrant *
lk_sim_business_grant (LkSimState         *state,
                       LkSimFamily         family,
                       const LkSimRequest *request,
                       LkSimReply         *reply)
{
  LkSimGrant *grant = NULL;

  if (request->access_token == NULL || *request->access_token == '\0')
    {
      lk_sim_reply_business (reply, 40104,
                             "Access token is null, you should set it in http header with key "
                             "Access-Token.", NULL);
      return NULL;
    }
  switch (lk_sim_state_check_access (state, family, request->access_token, &grant))
    {
    case LK_SIM_CHECK_OK:
      return app_is_alive (state, grant, reply) ? grant : NULL;
    case LK_SIM_CHECK_EXPIRED:
      lk_sim_reply_business (reply, 40102, "The access token has expired.", NULL);
      return NULL;
    case LK_SIM_CHECK_UNKNOWN:
    default:
      lk_sim_reply_business (reply, 40105, "Access token is incorrect or has been revoked.", NULL);
      return NULL;
    }
}

/**
 * lk_sim_business_fields:
 *
 * Whether @request is a JSON object with each of @names as a text; otherwise @reply says what
 * is missing.
 */
gboolean
lk_sim_business_fields (const LkSimRequest *request,
                        LkSimReply         *reply,
                        const char *const  *names)
{
  g_autofree char *message = NULL;

  if (request->json == NULL)
    {
      lk_sim_reply_business (reply, 40002, "Invalid Param(s): the body should be a JSON object "
                             "with Content-Type application/json.", NULL);
      return FALSE;
    }
  for (; *names != NULL; names++)
    {
      if (lk_sim_request_get_json (request, *names) != NULL)
        continue;
      message = g_strdup_printf ("Missing required field(s): %s.", *names);
      lk_sim_reply_business (reply, 40002, message, NULL);
      return FALSE;
    }
  return TRUE;
}
