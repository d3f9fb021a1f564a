/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-control.h"

/* The control addresses of what surrounds a token: Business Centers, accounts, videos, incidents.
 * README.md documents each. */

static void
handle_centers (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  LkSimCenter *center = NULL;
  LkSimRole cap = LK_SIM_ROLE_ADMIN;
  const char *name = NULL;
  const char *advertiser = NULL;
  const char *word = NULL;
  const char *relation = NULL;
  const char *role = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  name = lk_sim_json_string (request->json, "name");
  advertiser = lk_sim_json_string (request->json, "advertiser");
  word = lk_sim_json_string (request->json, "relation");
  relation = lk_sim_relation_from_string (word != NULL ? word : "BOUND");
  role = lk_sim_json_string (request->json, "role");
  center = lk_sim_centers_find (state->centers, lk_sim_json_string (request->json, "id"));
  if (lk_sim_json_string (request->json, "id") == NULL || (center == NULL && name == NULL))
    lk_sim_control_bad (reply, "no such center; a new one needs \"id\" and \"name\"");
  else if (advertiser != NULL && lk_sim_find_advertiser (advertiser) == NULL)
    lk_sim_control_bad (reply, "no such advertiser");
  else if (role != NULL && !lk_sim_role_from_string (role, &cap))
    lk_sim_control_bad (reply, "\"role\" is none of \"ADMIN\", \"OPERATOR\", \"ANALYST\"");
  else if (relation == NULL && g_strcmp0 (word, "none") != 0)
    lk_sim_control_bad (reply, "\"relation\" is none of \"BOUND\", \"PENDING\", \"REJECTED\", "
                        "\"none\"");
  else
    {
      if (name != NULL)
        center = lk_sim_centers_add (state->centers, lk_sim_json_string (request->json, "id"),
                                     name, lk_sim_json_string (request->json, "type"));
      if (advertiser != NULL && relation == NULL)
        lk_sim_center_remove_asset (center, advertiser);
      else if (advertiser != NULL)
        lk_sim_center_set_asset (center, advertiser,
                                 lk_sim_json_bool (request->json, "owned", FALSE), relation, cap);
      lk_sim_control_ok (reply);
    }
}

static void
build_assets (JsonBuilder *builder,
              LkSimCenter *center)
{
  json_builder_set_member_name (builder, "assets");
  json_builder_begin_array (builder);
  for (guint i = 0; i < center->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (center->assets, i);

      json_builder_begin_object (builder);
      lk_sim_build_string (builder, "advertiser", asset->advertiser);
      json_builder_set_member_name (builder, "owned");
      json_builder_add_boolean_value (builder, asset->owned);
      lk_sim_build_string (builder, "relation", asset->relation);
      lk_sim_build_string (builder, "role", lk_sim_role_to_string (asset->cap));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
build_members (JsonBuilder *builder,
               LkSimCenter *center)
{
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < center->members->len; i++)
    {
      LkSimMember *member = g_ptr_array_index (center->members, i);

      json_builder_begin_object (builder);
      lk_sim_build_int (builder, "user", member->user);
      lk_sim_build_string (builder, "role", member->admin ? "ADMIN" : "STANDARD");
      lk_sim_build_string (builder, "relation", member->relation);
      json_builder_set_member_name (builder, "roles");
      json_builder_begin_object (builder);
      for (guint a = 0; a < center->assets->len; a++)
        {
          LkSimAsset *asset = g_ptr_array_index (center->assets, a);
          LkSimRole role = lk_sim_asset_get_role (asset, member->user);

          if (role != LK_SIM_ROLE_NONE)
            lk_sim_build_string (builder, asset->advertiser, lk_sim_role_to_string (role));
        }
      json_builder_end_object (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
handle_list_centers (LkSimState         *state,
                     const LkSimRequest *request,
                     LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "centers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (state->centers, i);

      json_builder_begin_object (builder);
      lk_sim_build_string (builder, "id", center->id);
      lk_sim_build_string (builder, "name", center->name);
      lk_sim_build_string (builder, "type", center->type);
      build_members (builder, center);
      build_assets (builder, center);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  lk_sim_reply_json (reply, 200, builder);
}

/* Returns: whether the roles that the request gives at an advertiser are good, and set */
static gboolean
set_asset_role (LkSimCenter        *center,
                guint               user,
                const LkSimRequest *request)
{
  const char *advertiser = lk_sim_json_string (request->json, "advertiser");
  LkSimAsset *asset = lk_sim_center_find_asset (center, advertiser);
  LkSimRole role = LK_SIM_ROLE_NONE;

  if (advertiser == NULL)
    return TRUE;
  if (asset == NULL || !lk_sim_role_from_string (lk_sim_json_string (request->json,
                                                                     "advertiser_role"), &role))
    return FALSE;
  lk_sim_asset_set_role (asset, user, role);
  return TRUE;
}

static void
handle_members (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  LkSimCenter *center = NULL;
  LkSimMember *old = NULL;
  const LkSimUser *user = NULL;
  const char *role = NULL;
  const char *relation = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  center = lk_sim_centers_find (state->centers, lk_sim_json_string (request->json, "center"));
  user = lk_sim_find_user ((guint) lk_sim_json_int (request->json, "user", 1));
  role = lk_sim_json_string (request->json, "role");
  relation = lk_sim_json_string (request->json, "relation");
  if (center == NULL || user == NULL)
    {
      lk_sim_control_bad (reply, "no such center, or no such user");
      return;
    }
  if (relation != NULL && lk_sim_relation_from_string (relation) == NULL)
    {
      lk_sim_control_bad (reply, "\"relation\" is none of \"BOUND\", \"PENDING\", \"REJECTED\"");
      return;
    }
  old = lk_sim_center_find_member (center, user->number);
  if (relation == NULL)
    relation = old != NULL ? old->relation : "BOUND";
  if (g_strcmp0 (role, "none") == 0)
    lk_sim_center_remove_member (center, user->number);
  else
    lk_sim_center_set_member (center, user->number,
                              role != NULL ? g_str_equal (role, "ADMIN")
                                           : old != NULL && old->admin,
                              lk_sim_relation_from_string (relation));
  if (set_asset_role (center, user->number, request))
    lk_sim_control_ok (reply);
  else
    lk_sim_control_bad (reply, "\"advertiser\" is not in this center, or its "
                        "\"advertiser_role\" is no role");
}

static void
set_flag (GHashTable *set,
          JsonObject *object,
          const char *name,
          const char *key)
{
  gboolean is = g_hash_table_contains (set, key);

  if (lk_sim_json_bool (object, name, is))
    g_hash_table_add (set, g_strdup (key));
  else
    g_hash_table_remove (set, key);
}

static void
handle_advertisers (LkSimState         *state,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  const char *advertiser = NULL;
  const char *status = NULL;
  const char *reason = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  advertiser = lk_sim_json_string (request->json, "advertiser");
  status = lk_sim_json_string (request->json, "status");
  reason = lk_sim_json_string (request->json, "reason");
  if (lk_sim_find_advertiser (advertiser) == NULL)
    {
      lk_sim_control_bad (reply, "no such advertiser");
      return;
    }
  if (status != NULL)
    g_hash_table_replace (state->statuses, g_strdup (advertiser), g_strdup (status));
  if (reason != NULL)
    g_hash_table_replace (state->reasons, g_strdup (advertiser), g_strdup (reason));
  set_flag (state->deleted, request->json, "deleted", advertiser);
  lk_sim_control_ok (reply);
}

static void
set_video (LkSimState *state,
           JsonObject *object,
           LkSimReply *reply)
{
  const char *id = lk_sim_json_string (object, "video");
  const char *advertiser = lk_sim_json_string (object, "advertiser");
  const char *word = lk_sim_json_string (object, "state");
  LkSimVideo *video = lk_sim_media_find (state->media, NULL, id);
  gboolean ready = g_strcmp0 (word, "ready") == 0;
  gboolean invalid = g_strcmp0 (word, "invalid") == 0;

  if (video == NULL && lk_sim_find_advertiser (advertiser) != NULL)
    video = lk_sim_media_add (state->media, id, advertiser, id, lk_sim_state_now (state));
  if (video == NULL || !(ready || invalid || g_strcmp0 (word, "processing") == 0))
    {
      lk_sim_control_bad (reply, "a new video needs an \"advertiser\"; \"state\" is \"ready\", "
                          "\"processing\" or \"invalid\"");
      return;
    }
  video->invalid = invalid;
  video->ready_at = ready || invalid ? 0 : LK_SIM_NEVER;
  lk_sim_control_ok (reply);
}

static void
handle_media (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  if (!lk_sim_control_has_json (request, reply))
    return;
  state->media->transcoding = lk_sim_json_int (request->json, "transcoding",
                                               state->media->transcoding);
  state->media->spoil = lk_sim_json_bool (request->json, "spoil", state->media->spoil);
  if (json_object_has_member (request->json, "video"))
    set_video (state, request->json, reply);
  else
    lk_sim_control_ok (reply);
}

static void
handle_maintenance (LkSimState         *state,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  gint64 seconds = 0;

  if (!lk_sim_control_has_json (request, reply))
    return;
  seconds = lk_sim_json_int (request->json, "seconds", 0);
  if (!lk_sim_json_bool (request->json, "on", TRUE))
    state->news->maintenance_ends = 0;
  else if (seconds > 0)
    state->news->maintenance_ends = lk_sim_state_now (state) + seconds * G_USEC_PER_SEC;
  else
    state->news->maintenance_ends = LK_SIM_NEVER;
  lk_sim_control_ok (reply);
}

static void
handle_incident (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  const char *title = NULL;
  const char *text = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  title = lk_sim_json_string (request->json, "title");
  text = lk_sim_json_string (request->json, "text");
  if (title == NULL)
    {
      lk_sim_control_bad (reply, "\"title\" is missing");
      return;
    }
  lk_sim_news_add (state->news, title, text != NULL ? text : "",
                   lk_sim_json_int (request->json, "at", lk_sim_state_get_time (state)),
                   lk_sim_json_bool (request->json, "resolved", FALSE));
  lk_sim_control_ok (reply);
}

static void
handle_no_incidents (LkSimState         *state,
                     const LkSimRequest *request,
                     LkSimReply         *reply)
{
  g_ptr_array_set_size (state->news->incidents, 0);
  lk_sim_control_ok (reply);
}

static void
handle_shops (LkSimState         *state,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  const char *shop = NULL;

  if (!lk_sim_control_has_json (request, reply))
    return;
  shop = lk_sim_json_string (request->json, "shop");
  if (shop == NULL)
    {
      lk_sim_control_bad (reply, "\"shop\" is missing");
      return;
    }
  set_flag (state->refused, request->json, "refused", shop);
  lk_sim_control_ok (reply);
}

const LkSimRoute *
lk_sim_world_routes (void)
{
  static const LkSimRoute routes[] = {
    { "POST", "/_simulator/centers", handle_centers },
    { "GET", "/_simulator/centers", handle_list_centers },
    { "POST", "/_simulator/members", handle_members },
    { "POST", "/_simulator/advertisers", handle_advertisers },
    { "POST", "/_simulator/media", handle_media },
    { "POST", "/_simulator/maintenance", handle_maintenance },
    { "POST", "/_simulator/incident", handle_incident },
    { "DELETE", "/_simulator/incident", handle_no_incidents },
    { "POST", "/_simulator/shops", handle_shops },
    { NULL, NULL, NULL },
  };

  return routes;
}
