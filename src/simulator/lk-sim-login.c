/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-routes.h"

#include <string.h>

/* Endpoints of TikTok for Developers v2 (Login Kit). Facts: developers.tiktok.com/doc/
 * oauth-user-access-token-management and /doc/tiktok-api-v2-get-user-info, 2026-11-21. */

typedef struct
{
  const char *name;
  const char *scope;
} LkSimField;

static const LkSimField user_fields[] = {
  { "open_id", "user.info.basic" },
  { "union_id", "user.info.basic" },
  { "avatar_url", "user.info.basic" },
  { "avatar_url_100", "user.info.basic" },
  { "avatar_large_url", "user.info.basic" },
  { "display_name", "user.info.basic" },
  { "bio_description", "user.info.profile" },
  { "profile_deep_link", "user.info.profile" },
  { "profile_web_link", "user.info.profile" },
  { "is_verified", "user.info.profile" },
  { "username", "user.info.profile" },
  { "follower_count", "user.info.stats" },
  { "following_count", "user.info.stats" },
  { "likes_count", "user.info.stats" },
  { "video_count", "user.info.stats" },
};

static void
reply_tokens (LkSimState *state,
              LkSimGrant *grant,
              LkSimReply *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *scope = g_strjoinv (",", grant->scopes);
  const LkSimLife *life = &state->lives[LK_SIM_FAMILY_LOGIN];

  json_builder_begin_object (builder);
  lk_sim_build_string (builder, "access_token", grant->access);
  lk_sim_build_int (builder, "expires_in", life->access);
  lk_sim_build_string (builder, "open_id", grant->open_id);
  lk_sim_build_int (builder, "refresh_expires_in",
                    lk_sim_state_get_refresh_left (state, grant));
  lk_sim_build_string (builder, "refresh_token", grant->refresh);
  lk_sim_build_string (builder, "scope", scope);
  lk_sim_build_string (builder, "token_type", "Bearer");
  json_builder_end_object (builder);
  lk_sim_reply_json (reply, 200, builder);
}

/* Lower-case hexadecimal SHA-256, which is not the base64url of RFC 7636. */
static gboolean
verifier_fits (const LkSimCode *code,
               const char      *verifier)
{
  g_autofree char *hash = NULL;
  gsize length = verifier != NULL ? strlen (verifier) : 0;

  if (length < 43 || length > 128)
    return FALSE;
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, verifier, -1);
  return g_strcmp0 (hash, code->challenge) == 0;
}

static gboolean
exchange_code (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *client = lk_sim_request_get_form (request, "client_key");
  const char *redirect = lk_sim_request_get_form (request, "redirect_uri");
  const char *value = lk_sim_request_get_form (request, "code");
  const char *verifier = lk_sim_request_get_form (request, "code_verifier");
  LkSimCheck check = LK_SIM_CHECK_OK;
  LkSimCode *code = lk_sim_state_find_code (state, value, &check);

  if (value == NULL || redirect == NULL)
    lk_sim_reply_oauth_error (reply, "invalid_request", "The request parameters are malformed.");
  else if (check == LK_SIM_CHECK_UNKNOWN || code->family != LK_SIM_FAMILY_LOGIN ||
           !g_str_equal (code->app, client))
    lk_sim_reply_oauth_error (reply, "invalid_grant", "Authorization code is invalid.");
  else if (check == LK_SIM_CHECK_EXPIRED)
    lk_sim_reply_oauth_error (reply, "invalid_grant", "Authorization code is expired.");
  else if (!g_str_equal (code->redirect, redirect))
    lk_sim_reply_oauth_error (reply, "invalid_request",
                              "Redirect_uri is not matched with the uri when requesting code.");
  else if (!verifier_fits (code, verifier))
    lk_sim_reply_oauth_error (reply, "invalid_request",
                              "Code verifier or code challenge is invalid.");
  else
    {
      reply_tokens (state, lk_sim_state_redeem (state, code), reply);
      return TRUE;
    }
  return FALSE;
}

static gboolean
refresh_tokens (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  const char *client = lk_sim_request_get_form (request, "client_key");
  const char *value = lk_sim_request_get_form (request, "refresh_token");
  LkSimGrant *grant = NULL;
  LkSimCheck check = lk_sim_state_check_refresh (state, LK_SIM_FAMILY_LOGIN, value, &grant);

  if (value == NULL)
    {
      lk_sim_reply_oauth_error (reply, "invalid_request", "The request parameters are malformed.");
      return FALSE;
    }
  if (check != LK_SIM_CHECK_OK || !g_str_equal (grant->app, client))
    {
      lk_sim_reply_oauth_error (reply, "invalid_grant", "Refresh token is invalid or expired.");
      return FALSE;
    }
  lk_sim_state_rotate (state, grant);
  reply_tokens (state, grant, reply);
  return TRUE;
}

/* Whether the form names an app and its secret; otherwise @reply is the refusal. */
static gboolean
client_is_good (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  const char *key = lk_sim_request_get_form (request, "client_key");
  const char *secret = lk_sim_request_get_form (request, "client_secret");
  LkSimApp *app = lk_sim_state_find_app (state, key);

  if (request->form == NULL)
    lk_sim_reply_oauth_error (reply, "invalid_request",
                              "Only `application/x-www-form-urlencoded` is accepted as "
                              "Content-Type.");
  else if (key == NULL)
    lk_sim_reply_oauth_error (reply, "invalid_request", "The request parameters are malformed.");
  else if (secret == NULL)
    lk_sim_reply_oauth_error (reply, "invalid_request", "Client secret is missed in request.");
  else if (app == NULL || app->family != LK_SIM_FAMILY_LOGIN ||
           !g_str_equal (app->secret, secret))
    lk_sim_reply_oauth_error (reply, "invalid_client", "Client key or secret is incorrect.");
  else
    return TRUE;
  return FALSE;
}

static void
handle_token (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  const char *grant = lk_sim_request_get_grant (request);
  gboolean granted = FALSE;

  if (client_is_good (state, request, reply))
    {
      if (g_strcmp0 (grant, "authorization_code") == 0)
        granted = exchange_code (state, request, reply);
      else if (g_strcmp0 (grant, "refresh_token") == 0)
        granted = refresh_tokens (state, request, reply);
      else if (grant == NULL)
        lk_sim_reply_oauth_error (reply, "invalid_request",
                                  "The request parameters are malformed.");
      else
        lk_sim_reply_oauth_error (reply, "unsupported_grant_type",
                                  "The grant type is not supported.");
    }
  lk_sim_stats_count_token (state->stats, LK_SIM_FAMILY_LOGIN,
                            g_strcmp0 (grant, "refresh_token") == 0 ? "refresh_token"
                                                                    : "authorization_code",
                            granted);
}

static void
handle_revoke (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *token = lk_sim_request_get_form (request, "token");
  LkSimGrant *grant = NULL;

  if (!client_is_good (state, request, reply))
    return;
  if (token == NULL)
    {
      lk_sim_reply_oauth_error (reply, "invalid_request", "The request parameters are malformed.");
      return;
    }
  if (lk_sim_state_check_access (state, LK_SIM_FAMILY_LOGIN, token, &grant) !=
        LK_SIM_CHECK_UNKNOWN &&
      g_str_equal (grant->app, lk_sim_request_get_form (request, "client_key")))
    lk_sim_state_revoke (state, grant);
  lk_sim_reply_text (reply, 200, "{}");
  g_free (reply->content_type);
  reply->content_type = g_strdup ("application/json");
}

/**
 * lk_sim_login_grant:
 *
 * Reads the bearer token. When it is not good, @reply is the refusal.
 *
 * Returns: (nullable): the grant that the token belongs to
 */
LkSimGrant *
lk_sim_login_grant (LkSimState         *state,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  const char *header = request->authorization;
  LkSimGrant *grant = NULL;

  if (header != NULL && g_str_has_prefix (header, "Bearer ") &&
      lk_sim_state_check_access (state, LK_SIM_FAMILY_LOGIN, header + strlen ("Bearer "),
                                 &grant) == LK_SIM_CHECK_OK)
    return grant;
  lk_sim_reply_v2 (reply, 401, "access_token_invalid",
                   "The access token is invalid or not found in the request.", NULL);
  return NULL;
}

static const LkSimField *
find_field (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (user_fields); i++)
    {
      if (g_str_equal (user_fields[i].name, name))
        return &user_fields[i];
    }
  return NULL;
}

static void
build_field (JsonBuilder *builder,
             LkSimGrant  *grant,
             const char  *name)
{
  const LkSimUser *user = grant->user;
  g_autofree char *text = NULL;

  if (g_str_equal (name, "is_verified"))
    {
      json_builder_set_member_name (builder, name);
      json_builder_add_boolean_value (builder, FALSE);
      return;
    }
  if (g_str_has_suffix (name, "_count"))
    {
      lk_sim_build_int (builder, name, g_str_equal (name, "video_count") ? 7 : user->followers);
      return;
    }
  if (g_str_equal (name, "open_id"))
    text = g_strdup (grant->open_id);
  else if (g_str_equal (name, "union_id"))
    text = g_strdup_printf ("union-%s", user->core_user_id);
  else if (g_str_equal (name, "display_name"))
    text = g_strdup (user->name);
  else if (g_str_equal (name, "username"))
    text = g_strdup (user->username);
  else if (g_str_equal (name, "bio_description"))
    text = g_strdup (user->bio);
  else if (g_str_has_prefix (name, "avatar"))
    text = g_strdup_printf ("https://avatars.example/%s.png", user->username);
  else
    text = g_strdup_printf ("https://www.example/@%s", user->username);
  lk_sim_build_string (builder, name, text);
}

/* Whether each of @fields exists and is covered; otherwise @reply is the refusal. */
static gboolean
fields_are_good (LkSimGrant  *grant,
                 char       **fields,
                 LkSimReply  *reply)
{
  for (char **name = fields; *name != NULL; name++)
    {
      const LkSimField *field = find_field (*name);

      if (field == NULL)
        {
          lk_sim_reply_v2 (reply, 400, "invalid_params", "Invalid fields is requested.", NULL);
          return FALSE;
        }
      if (!lk_sim_grant_has_scope (grant, field->scope))
        {
          lk_sim_reply_v2 (reply, 400, "scope_permission_missed",
                           "Access token is invalid, some fields need additional scopes.", NULL);
          return FALSE;
        }
    }
  return TRUE;
}

static void
handle_user_info (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_login_grant (state, request, reply);
  const char *asked = lk_sim_request_get_query (request, "fields");
  g_auto(GStrv) fields = g_strsplit (asked != NULL ? asked : "", ",", -1);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  if (!lk_sim_grant_has_scope (grant, "user.info.basic"))
    {
      lk_sim_reply_v2 (reply, 401, "scope_not_authorized",
                       "The user did not authorize the scope required for completing this "
                       "request.", NULL);
      return;
    }
  if (asked == NULL)
    {
      lk_sim_reply_v2 (reply, 400, "invalid_params", "Fields is required.", NULL);
      return;
    }
  if (!fields_are_good (grant, fields, reply))
    return;
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "user");
  json_builder_begin_object (data);
  for (char **name = fields; *name != NULL; name++)
    build_field (data, grant, *name);
  json_builder_end_object (data);
  json_builder_end_object (data);
  lk_sim_reply_v2 (reply, 200, "ok", "", data);
}

const LkSimRoute *
lk_sim_login_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", "/v2/oauth/token/", handle_token },
    { "POST", "/v2/oauth/revoke/", handle_revoke },
    { "GET", "/v2/user/info/", handle_user_info },
    { NULL, NULL, NULL },
  };

  return routes;
}
