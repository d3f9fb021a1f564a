/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <string.h>

/* Uploading videos, which are transcoded for a while before an ad can use them. */

#define MOST_IDS 60

static gboolean
is_ready (LkSimState *state,
          LkSimVideo *video)
{
  return video->ready_at <= lk_sim_state_now (state);
}

static void
build_video (JsonBuilder *data,
             LkSimState  *state,
             LkSimVideo  *video)
{
  json_builder_begin_object (data);
  lk_sim_build_string (data, "video_id", video->id);
  lk_sim_build_string (data, "file_name", video->name);
  lk_sim_build_string (data, "format", "mp4");
  lk_sim_build_int (data, "width", 1080);
  lk_sim_build_int (data, "height", 1920);
  json_builder_set_member_name (data, "displayable");
  json_builder_add_boolean_value (data, is_ready (state, video) && !video->invalid);
  json_builder_end_object (data);
}

/* What is wrong with the file, if there is one. */
static gboolean
file_is_good (const LkSimRequest *request,
              LkSimReply         *reply)
{
  const char *size = lk_sim_request_get_form (request, "video_file:size");
  const char *md5 = lk_sim_request_get_form (request, "video_file:md5");
  const char *signature = lk_sim_request_get_form (request, "video_signature");

  if (g_strcmp0 (lk_sim_request_get_field (request, "upload_type"), "UPLOAD_BY_FILE") != 0)
    return TRUE;
  if (size == NULL)
    lk_sim_refuse_missing (reply, "video_file");
  else if (g_str_equal (size, "0"))
    lk_sim_reply_business (reply, 40906, "The file is empty.", NULL);
  else if (signature != NULL && g_ascii_strcasecmp (signature, md5) != 0)
    lk_sim_reply_business (reply, 40900, "The signature we calculated does not match the "
                           "signature you provided for the file.", NULL);
  else
    return TRUE;
  return FALSE;
}

static void
handle_upload (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *types[] = { "UPLOAD_BY_FILE", "UPLOAD_BY_URL", NULL };
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "611", reply);
  const char *advertiser = lk_sim_request_get_field (request, "advertiser_id");
  const char *name = lk_sim_request_get_field (request, "file_name");
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !lk_sim_guard_advertiser (state, grant, advertiser, TRUE, reply) ||
      !lk_sim_guard_word (request, "upload_type", types, reply) || !file_is_good (request, reply))
    return;
  if (g_str_equal (lk_sim_request_get_field (request, "upload_type"), "UPLOAD_BY_URL") &&
      lk_sim_request_get_field (request, "video_url") == NULL)
    {
      lk_sim_refuse_missing (reply, "video_url");
      return;
    }
  if (name != NULL && lk_sim_media_has_name (state->media, advertiser, name))
    {
      lk_sim_reply_business (reply, 40911, "The material's name has a duplicate.", NULL);
      return;
    }
  json_builder_begin_array (data);
  build_video (data, state, lk_sim_media_add (state->media, NULL, advertiser, name,
                                              lk_sim_state_now (state)));
  json_builder_end_array (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

/* Ids of another account or of nothing are left out without a word. */
static void
handle_info (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "610", reply);
  const char *advertiser = lk_sim_request_get_query (request, "advertiser_id");
  g_auto(GStrv) ids = lk_sim_request_get_list (request, "video_ids");
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !lk_sim_guard_advertiser (state, grant, advertiser, FALSE, reply))
    return;
  if (ids == NULL || ids[0] == NULL)
    {
      lk_sim_refuse_missing (reply, "video_ids");
      return;
    }
  if (g_strv_length (ids) > MOST_IDS)
    {
      lk_sim_reply_business (reply, 40011, "Too many IDs are provided in a single request.", NULL);
      return;
    }
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
  for (char **id = ids; *id != NULL; id++)
    {
      LkSimVideo *video = lk_sim_media_find (state->media, advertiser, *id);

      if (video != NULL)
        build_video (data, state, video);
    }
  json_builder_end_array (data);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
handle_search (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "610", reply);
  const char *advertiser = lk_sim_request_get_query (request, "advertiser_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (grant == NULL || !lk_sim_guard_advertiser (state, grant, advertiser, FALSE, reply) ||
      !lk_sim_guard_paging (request, 100, &paging, reply))
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < state->media->videos->len; i++)
    {
      LkSimVideo *video = g_ptr_array_index (state->media->videos, i);

      if (g_str_equal (video->advertiser, advertiser) && lk_sim_paging_shows (&paging))
        build_video (data, state, video);
    }
  lk_sim_paging_end (&paging, data, reply);
}

/* Returns: (nullable): the video of the first creative */
static const char *
first_video (const LkSimRequest *request)
{
  JsonNode *node = json_object_get_member (request->json, "creatives");
  JsonArray *list = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                 : NULL;
  JsonNode *first = list != NULL && json_array_get_length (list) > 0
                      ? json_array_get_element (list, 0) : NULL;

  return first != NULL && JSON_NODE_HOLDS_OBJECT (first)
           ? lk_sim_json_string (json_node_get_object (first), "video_id") : NULL;
}

/* An ad that uses a video: refused until the video is ready. */
static void
handle_ad_create (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  const char *names[] = { "advertiser_id", "adgroup_id", NULL };
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "221", reply);
  const char *advertiser = lk_sim_request_get_json (request, "advertiser_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  const char *id = NULL;
  LkSimVideo *video = NULL;

  if (grant == NULL || !lk_sim_business_fields (request, reply, names) ||
      !lk_sim_guard_advertiser (state, grant, advertiser, TRUE, reply))
    return;
  id = first_video (request);
  video = lk_sim_media_find (state->media, advertiser, id);
  if (id == NULL)
    lk_sim_refuse_missing (reply, "creatives.video_id");
  else if (video == NULL)
    lk_sim_reply_business (reply, 40053, "The Video ID is invalid.", NULL);
  else if (!is_ready (state, video))
    lk_sim_reply_business (reply, 40901, "Video transcoding in process.", NULL);
  else if (video->invalid)
    lk_sim_reply_business (reply, 40915, "The file you want to upload does not meet the "
                           "specifications.", NULL);
  else
    {
      json_builder_begin_object (data);
      json_builder_set_member_name (data, "ad_ids");
      json_builder_begin_array (data);
      json_builder_add_string_value (data, "2000000000000000001");
      json_builder_end_array (data);
      json_builder_end_object (data);
      lk_sim_reply_business (reply, 0, "OK", data);
    }
}

const LkSimRoute *
lk_sim_video_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", API "/file/video/ad/upload/", handle_upload },
    { "GET", API "/file/video/ad/info/", handle_info },
    { "GET", API "/file/video/ad/search/", handle_search },
    { "POST", API "/ad/create/", handle_ad_create },
    { NULL, NULL, NULL },
  };

  return routes;
}
