/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-shop.h"

/* The token endpoints of TikTok Shop: unsigned GET requests whose answers tell absolute ends.
 * Facts: partner.tiktokshop.com/docv2/page/common-errors, 2026-09-20, and the public SDKs. */

static const LkSimShop shops[] = {
  { 1, "7495000000000000001", "Fernhill UK", "GBLCFH1", "GB", "Fernhill Store" },
  { 1, "7495000000000000002", "Fernhill Germany", "DELCFH2", "DE", "Fernhill Store" },
  { 2, "7495000000000000003", "Harbour Coffee Shop", "GBLCHC3", "GB", "Harbour Coffee Shop" },
};

const LkSimShop *
lk_sim_shops (gsize *n)
{
  *n = G_N_ELEMENTS (shops);
  return shops;
}

static const LkSimShop *
first_shop (const LkSimUser *user)
{
  for (guint i = 0; i < G_N_ELEMENTS (shops); i++)
    {
      if (shops[i].user == user->number)
        return &shops[i];
    }
  return NULL;
}

/* Seconds since 1970, on the clock that answers tell in their Date header. */
static gint64
absolute (LkSimState *state,
          gint64      ends)
{
  /* A refresh token without an end has been seen to claim one in the year 2123. */
  if (ends == LK_SIM_NEVER)
    return 4828204800;
  return lk_sim_state_get_time (state) + state->skew +
         (ends - lk_sim_state_now (state)) / G_USEC_PER_SEC;
}

static void
reply_tokens (LkSimState *state,
              LkSimGrant *grant,
              LkSimReply *reply)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();
  const LkSimShop *shop = first_shop (grant->user);

  json_builder_begin_object (data);
  lk_sim_build_string (data, "access_token", grant->access);
  lk_sim_build_int (data, "access_token_expire_in", absolute (state, grant->access_ends));
  lk_sim_build_string (data, "refresh_token", grant->refresh);
  lk_sim_build_int (data, "refresh_token_expire_in", absolute (state, grant->refresh_ends));
  lk_sim_build_string (data, "open_id", grant->open_id);
  lk_sim_build_string (data, "seller_name", shop != NULL ? shop->seller : grant->user->name);
  lk_sim_build_string (data, "seller_base_region", shop != NULL ? shop->region : "GB");
  lk_sim_build_int (data, "user_type", 0);
  lk_sim_build_strv (data, "granted_scopes", grant->scopes);
  json_builder_end_object (data);
  lk_sim_reply_shop (reply, 200, 0, "success", data);
}

static void
refuse (LkSimReply *reply,
        gint64      code,
        const char *message)
{
  lk_sim_reply_shop (reply, 200, code, message, NULL);
}

/* Whether the app, its secret and the grant type fit; otherwise @reply is the refusal. */
static gboolean
client_is_good (LkSimState         *state,
                const LkSimRequest *request,
                const char         *grant_type,
                LkSimReply         *reply)
{
  const char *secret = lk_sim_request_get_query (request, "app_secret");
  LkSimApp *app = lk_sim_state_find_app (state, lk_sim_request_get_query (request, "app_key"));

  if (app == NULL || app->family != LK_SIM_FAMILY_SHOP || app->blocked)
    refuse (reply, 36009004, "Invalid credentials. Invalid 'app_key' query parameter.");
  else if (g_strcmp0 (app->secret, secret) != 0)
    refuse (reply, 36009004, "Invalid credentials. Invalid 'app_secret' query parameter.");
  else if (g_strcmp0 (lk_sim_request_get_query (request, "grant_type"), grant_type) != 0)
    refuse (reply, 36009004, "Invalid parameter. Invalid 'grant_type' query parameter.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
exchange_code (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  LkSimCheck check = LK_SIM_CHECK_OK;
  LkSimCode *code = NULL;

  if (!client_is_good (state, request, "authorized_code", reply))
    return FALSE;
  code = lk_sim_state_find_code (state, lk_sim_request_get_query (request, "auth_code"), &check);
  if (check != LK_SIM_CHECK_OK || code->family != LK_SIM_FAMILY_SHOP ||
      !g_str_equal (code->app, lk_sim_request_get_query (request, "app_key")))
    {
      refuse (reply, 36004004, "Invalid auth code.");
      return FALSE;
    }
  reply_tokens (state, lk_sim_state_redeem (state, code), reply);
  return TRUE;
}

static void
handle_token (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  gboolean granted = exchange_code (state, request, reply);

  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_SHOP, "authorization_code", granted);
}

static gboolean
refresh_tokens (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  LkSimGrant *grant = NULL;
  LkSimCheck check = LK_SIM_CHECK_OK;

  if (!client_is_good (state, request, "refresh_token", reply))
    return FALSE;
  check = lk_sim_state_check_refresh (state, LK_SIM_FAMILY_SHOP,
                                      lk_sim_request_get_query (request, "refresh_token"),
                                      &grant);
  if (check == LK_SIM_CHECK_EXPIRED)
    refuse (reply, 36004001, "rt has expired");
  else if (check == LK_SIM_CHECK_UNKNOWN ||
           !g_str_equal (grant->app, lk_sim_request_get_query (request, "app_key")))
    refuse (reply, 36004005, "can not find related auth record");
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

  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_SHOP, "refresh_token", granted);
}

const LkSimRoute *
lk_sim_shop_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", "/api/v2/token/get", handle_token },
    { "GET", "/api/v2/token/refresh", handle_refresh },
    { NULL, NULL, NULL },
  };

  return routes;
}
