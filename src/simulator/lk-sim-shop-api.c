/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-shop.h"

#include <string.h>

/* The signed calls of TikTok Shop. Messages: partner.tiktokshop.com/docv2/page/common-errors,
 * 2026-09-20. An app key is judged before the signature, as was measured. */

#define OLDEST 300
#define NEWEST 30

static void
refuse (LkSimReply *reply,
        guint       status,
        gint64      code,
        const char *message)
{
  lk_sim_reply_shop (reply, status, code, message, NULL);
}

static void
append_params (GString    *text,
               GHashTable *query)
{
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (query), (GCompareFunc) strcmp);

  for (GList *l = keys; l != NULL; l = l->next)
    {
      const char *key = l->data;

      if (!g_str_equal (key, "sign") && !g_str_equal (key, "access_token"))
        g_string_append_printf (text, "%s%s", key, (char *) g_hash_table_lookup (query, key));
    }
}

/**
 * lk_sim_shop_sign:
 *
 * Signs as the platform does: HMAC-SHA256 over secret, path, sorted parameters, the body as it was
 * sent (but for multipart ones), and the secret again.
 *
 * Returns: (transfer full): lower-case hexadecimal digits
 */
char *
lk_sim_shop_sign (const char         *secret,
                  const LkSimRequest *request)
{
  g_autoptr(GString) text = g_string_new (secret);

  g_string_append (text, request->path);
  append_params (text, request->query);
  if (request->body != NULL && g_strcmp0 (request->content_type, "multipart/form-data") != 0)
    g_string_append_len (text, g_bytes_get_data (request->body, NULL),
                         (gssize) g_bytes_get_size (request->body));
  g_string_append (text, secret);
  return g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret),
                                  (const guchar *) text->str, text->len);
}

static gboolean
timestamp_is_good (LkSimState         *state,
                   const LkSimRequest *request,
                   LkSimReply         *reply)
{
  const char *text = lk_sim_request_get_query (request, "timestamp");
  gint64 now = lk_sim_state_get_time (state) + state->skew;
  gint64 time = 0;

  if (text == NULL)
    refuse (reply, 400, 36009004, "Missing credentials. The request does not include a required "
            "timestamp in the query.");
  else if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &time, NULL))
    refuse (reply, 400, 36009004, "Invalid timestamp. The value of the 'timestamp' query "
            "parameter is invalid.");
  else if (time < 0)
    refuse (reply, 400, 36009004, "Invalid timestamp. The value of the 'timestamp' query "
            "parameter must not be lesser than 0.");
  else if (time < now - OLDEST)
    refuse (reply, 400, 36009004, "Invalid timestamp. The value of the 'timestamp' query "
            "parameter must not be earlier than 5 minutes before the current time.");
  else if (time > now + NEWEST)
    refuse (reply, 400, 36009004, "Invalid timestamp. The value of the 'timestamp' query "
            "parameter must not be later than 30 seconds after the current time.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
request_is_signed (LkSimState         *state,
                   const LkSimRequest *request,
                   LkSimReply         *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, lk_sim_request_get_query (request, "app_key"));
  const char *given = lk_sim_request_get_query (request, "sign");
  g_autofree char *sign = NULL;

  if (app == NULL || app->family != LK_SIM_FAMILY_SHOP || app->blocked)
    {
      refuse (reply, 400, 36009004, "Invalid credentials. Invalid 'app_key' query parameter.");
      return FALSE;
    }
  if (!timestamp_is_good (state, request, reply))
    return FALSE;
  if (given == NULL)
    {
      refuse (reply, 400, 36009004, "Missing credentials. The request does not include a required "
              "signature in the query.");
      return FALSE;
    }
  sign = lk_sim_shop_sign (app->secret, request);
  if (g_str_equal (sign, given))
    return TRUE;
  refuse (reply, 401, 106001, "Invalid credentials. The 'sign' query parameter is invalid. For "
          "more details: https://m.tiktok.shop/s/AIu6dbFhs2XW");
  return FALSE;
}

/* Returns: (nullable): the grant of a good call that has @scope */
static LkSimGrant *
shop_grant (LkSimState         *state,
            const LkSimRequest *request,
            const char         *scope,
            LkSimReply         *reply)
{
  LkSimGrant *grant = NULL;
  LkSimCheck check = LK_SIM_CHECK_OK;

  if (!request_is_signed (state, request, reply))
    return NULL;
  check = lk_sim_state_check_access (state, LK_SIM_FAMILY_SHOP, request->shop_token, &grant);
  if (check == LK_SIM_CHECK_EXPIRED)
    refuse (reply, 401, 105002, "Expired credentials. The access_token or x-tts-access-token "
            "header has expired.");
  else if (check == LK_SIM_CHECK_UNKNOWN ||
           !g_str_equal (grant->app, lk_sim_request_get_query (request, "app_key")))
    refuse (reply, 401, 36009004, "Invalid credentials. The 'x-tts-access-token' header is "
            "invalid.");
  else if (!lk_sim_grant_has_scope (grant, scope))
    refuse (reply, 403, 105005, "Access denied. This app has not been granted any access scope "
            "required by this endpoint.");
  else
    return grant;
  return NULL;
}

static char *
cipher_of (const LkSimShop *shop,
           const char      *app)
{
  g_autofree char *seed = g_strconcat (app, "/", shop->id, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strdup_printf ("GCP_%.40s", hash);
}

static void
handle_shops (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  LkSimGrant *grant = shop_grant (state, request, "seller.authorization.info", reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();
  gsize n = 0;
  const LkSimShop *shops = lk_sim_shops (&n);

  if (grant == NULL)
    return;
  if (lk_sim_request_get_query (request, "shop_cipher") != NULL)
    {
      refuse (reply, 400, 36009004, "Unexpected identifier. The 'shop_cipher' query parameter is "
              "not required for this request.");
      return;
    }
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "shops");
  json_builder_begin_array (data);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *cipher = cipher_of (&shops[i], grant->app);

      if (shops[i].user != grant->user->number)
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "id", shops[i].id);
      lk_sim_build_string (data, "name", shops[i].name);
      lk_sim_build_string (data, "code", shops[i].code);
      lk_sim_build_string (data, "region", shops[i].region);
      lk_sim_build_string (data, "seller_type", "LOCAL");
      lk_sim_build_string (data, "cipher", cipher);
      json_builder_end_object (data);
    }
  json_builder_end_array (data);
  json_builder_end_object (data);
  lk_sim_reply_shop (reply, 200, 0, "Success", data);
}

/* Returns: (nullable): the shop that the cipher is for, when its seller may */
static const LkSimShop *
asked_shop (LkSimState         *state,
            LkSimGrant         *grant,
            const LkSimRequest *request,
            LkSimReply         *reply)
{
  const char *cipher = lk_sim_request_get_query (request, "shop_cipher");
  const LkSimShop *shop = NULL;
  gsize n = 0;
  const LkSimShop *shops = lk_sim_shops (&n);

  if (cipher == NULL)
    {
      refuse (reply, 400, 106013, "Missing identifier. The request does not include the required "
              "'shop_cipher' query parameter.");
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *own = cipher_of (&shops[i], grant->app);

      if (shops[i].user == grant->user->number && g_str_equal (own, cipher))
        shop = &shops[i];
    }
  if (shop == NULL)
    refuse (reply, 400, 36009004, "Invalid identifier. The 'shop_cipher' query parameter is "
            "invalid.");
  else if (g_hash_table_contains (state->refused, shop->id))
    refuse (reply, 403, 12052700, "Seller no permission.");
  else
    return shop;
  return NULL;
}

static void
reply_list (LkSimReply *reply,
            const char *list,
            const char *id,
            const char *status)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();

  json_builder_begin_object (data);
  json_builder_set_member_name (data, list);
  json_builder_begin_array (data);
  json_builder_begin_object (data);
  lk_sim_build_string (data, "id", id);
  lk_sim_build_string (data, "status", status);
  json_builder_end_object (data);
  json_builder_end_array (data);
  lk_sim_build_int (data, "total_count", 1);
  lk_sim_build_string (data, "next_page_token", "");
  json_builder_end_object (data);
  lk_sim_reply_shop (reply, 200, 0, "Success", data);
}

static void
handle_orders (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  LkSimGrant *grant = shop_grant (state, request, "seller.order.info", reply);

  if (grant != NULL && asked_shop (state, grant, request, reply) != NULL)
    reply_list (reply, "orders", "576461413038785752", "AWAITING_SHIPMENT");
}

static void
handle_products (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  LkSimGrant *grant = shop_grant (state, request, "seller.product.basic", reply);

  if (grant != NULL && asked_shop (state, grant, request, reply) != NULL)
    reply_list (reply, "products", "1729592969712207008", "ACTIVATE");
}

const LkSimRoute *
lk_sim_shop_api_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", "/authorization/202309/shops", handle_shops },
    { "POST", "/order/202309/orders/search", handle_orders },
    { "POST", "/product/202502/products/search", handle_products },
    { NULL, NULL, NULL },
  };

  return routes;
}
