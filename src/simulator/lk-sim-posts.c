/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-routes.h"

#include <string.h>

/* The videos of an account. Facts:
 * developers.tiktok.com/doc/tiktok-api-v2-video-list and …-video-query, 2026-11-21. */

#define MOST 20

typedef struct
{
  const char *id;
  const char *title;
} LkSimPost;

static const LkSimPost posts[] = {
  { "7300000000000000001", "A morning on the ridge" },
  { "7300000000000000002", "Boots that last" },
};

static const char *const fields_known[] = {
  "id", "title", "create_time", "cover_image_url", "share_url", "video_description", "duration",
  "height", "width", "embed_html", "embed_link", "like_count", "comment_count", "share_count",
  "view_count", NULL,
};

/* Returns: (nullable): the grant, when it covers "video.list" and the fields are known */
static LkSimGrant *
guard (LkSimState         *state,
       const LkSimRequest *request,
       char              **fields,
       LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_login_grant (state, request, reply);

  if (grant == NULL)
    return NULL;
  if (!lk_sim_grant_has_scope (grant, "video.list"))
    {
      lk_sim_reply_v2 (reply, 401, "scope_not_authorized",
                       "The user did not authorize the scope required for completing this "
                       "request.", NULL);
      return NULL;
    }
  if (fields[0] == NULL)
    {
      lk_sim_reply_v2 (reply, 400, "invalid_params", "Fields is required.", NULL);
      return NULL;
    }
  for (char **field = fields; *field != NULL; field++)
    {
      if (g_strv_contains (fields_known, *field))
        continue;
      lk_sim_reply_v2 (reply, 400, "invalid_params", "Invalid fields is requested.", NULL);
      return NULL;
    }
  return grant;
}

static void
build_post (JsonBuilder     *data,
            const LkSimPost *post,
            char           **fields)
{
  json_builder_begin_object (data);
  for (char **field = fields; *field != NULL; field++)
    {
      if (g_str_equal (*field, "id"))
        lk_sim_build_string (data, *field, post->id);
      else if (g_str_equal (*field, "title") || g_str_equal (*field, "video_description"))
        lk_sim_build_string (data, *field, post->title);
      else if (strstr (*field, "url") != NULL || g_str_has_prefix (*field, "embed_"))
        lk_sim_build_string (data, *field, "https://videos.example/");
      else
        lk_sim_build_int (data, *field, g_str_equal (*field, "create_time") ? 1790000000 : 24);
    }
  json_builder_end_object (data);
}

/* @ids: (nullable): only these */
static void
reply_posts (char      **fields,
             char      **ids,
             LkSimReply *reply)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();

  json_builder_begin_object (data);
  json_builder_set_member_name (data, "videos");
  json_builder_begin_array (data);
  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    {
      if (ids == NULL || g_strv_contains ((const char *const *) ids, posts[i].id))
        build_post (data, &posts[i], fields);
    }
  json_builder_end_array (data);
  if (ids == NULL)
    {
      lk_sim_build_int (data, "cursor", 0);
      json_builder_set_member_name (data, "has_more");
      json_builder_add_boolean_value (data, FALSE);
    }
  json_builder_end_object (data);
  lk_sim_reply_v2 (reply, 200, "ok", "", data);
}

static char **
read_fields (const LkSimRequest *request)
{
  const char *text = lk_sim_request_get_query (request, "fields");

  return g_strsplit (text != NULL ? text : "", ",", -1);
}

static void
handle_list (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  g_auto(GStrv) fields = read_fields (request);
  gint64 count = request->json != NULL ? lk_sim_json_int (request->json, "max_count", 10) : 10;

  if (guard (state, request, fields, reply) == NULL)
    return;
  if (count < 1 || count > MOST)
    lk_sim_reply_v2 (reply, 400, "invalid_params", "Invalid max_count.", NULL);
  else
    reply_posts (fields, NULL, reply);
}

/* Videos of somebody else are left out without a word. */
static void
handle_query (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  g_auto(GStrv) fields = read_fields (request);
  g_auto(GStrv) ids = NULL;
  JsonNode *filters = request->json != NULL ? json_object_get_member (request->json, "filters")
                                            : NULL;

  if (guard (state, request, fields, reply) == NULL)
    return;
  if (filters != NULL && JSON_NODE_HOLDS_OBJECT (filters))
    ids = lk_sim_json_strv (json_node_get_object (filters), "video_ids");
  if (ids == NULL || ids[0] == NULL || g_strv_length (ids) > MOST)
    lk_sim_reply_v2 (reply, 400, "invalid_params", "Invalid video_ids.", NULL);
  else
    reply_posts (fields, ids, reply);
}

const LkSimRoute *
lk_sim_post_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", "/v2/video/list/", handle_list },
    { "POST", "/v2/video/query/", handle_query },
    { NULL, NULL, NULL },
  };

  return routes;
}
