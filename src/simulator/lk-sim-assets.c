/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <string.h>

/* Assets of a Business Center. Facts: business-api.tiktok.com/portal/docs ids 1739432717798401 and
 * 1739659558931458, 2026-08-13. Only advertisers are kept here; lists of other types are empty. */

static const char *const types[] = {
  "ADVERTISER", "CATALOG", "TIKTOK_SHOP", "PIXEL", "LEAD", "TT_ACCOUNT",
  "MANAGED_BUSINESS_ACCOUNT", NULL,
};

/* Whose assets are listed, and which. */
typedef struct
{
  LkSimState      *state;
  LkSimCenter     *center;
  const LkSimUser *user; /* whose role is shown */
  gboolean         all;  /* also what this person has no role at */
  const char      *keyword;
} LkSimAssetList;

static gboolean
matches (const LkSimAdvertiser *advertiser,
         const char            *keyword)
{
  g_autofree char *name = g_utf8_casefold (advertiser->name, -1);
  g_autofree char *wanted = keyword != NULL ? g_utf8_casefold (keyword, -1) : NULL;

  return wanted == NULL || strstr (name, wanted) != NULL || strstr (advertiser->id, wanted) != NULL;
}

static void
build_asset (JsonBuilder    *data,
             LkSimAssetList *list,
             LkSimAsset     *asset,
             LkSimRole       role)
{
  LkSimCenter *owner = lk_sim_centers_find_owner (list->state->centers, asset->advertiser);

  json_builder_begin_object (data);
  lk_sim_build_string (data, "asset_id", asset->advertiser);
  lk_sim_build_string (data, "asset_name", lk_sim_find_advertiser (asset->advertiser)->name);
  lk_sim_build_string (data, "asset_type", "ADVERTISER");
  lk_sim_build_string (data, "relation_type", asset->owned ? "OWNER_BC" : "OWNER_PARTNER");
  lk_sim_build_string (data, "relation_status", asset->relation);
  lk_sim_build_string (data, "advertiser_status",
                       lk_sim_state_get_status (list->state, asset->advertiser));
  lk_sim_build_string (data, "advertiser_account_type", "AUCTION");
  if (role != LK_SIM_ROLE_NONE)
    lk_sim_build_string (data, "advertiser_role", lk_sim_role_to_string (role));
  lk_sim_build_string (data, "owner_bc_name", owner != NULL ? owner->name : "");
  json_builder_end_object (data);
}

static void
reply_assets (LkSimAssetList     *list,
              const LkSimRequest *request,
              LkSimReply         *reply)
{
  g_autoptr(JsonBuilder) data = json_builder_new ();
  gboolean advertisers =
    g_strcmp0 (lk_sim_request_get_query (request, "asset_type"), "ADVERTISER") == 0;
  LkSimPaging paging;

  if (!lk_sim_guard_paging (request, 50, &paging, reply))
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; advertisers && i < list->center->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (list->center->assets, i);
      LkSimRole role = list->user != NULL ? lk_sim_asset_get_role (asset, list->user->number)
                                          : LK_SIM_ROLE_NONE;

      if (lk_sim_state_has_advertiser (list->state, asset->advertiser) &&
          (list->all || role != LK_SIM_ROLE_NONE) &&
          matches (lk_sim_find_advertiser (asset->advertiser), list->keyword) &&
          lk_sim_paging_shows (&paging))
        build_asset (data, list, asset, role);
    }
  lk_sim_paging_end (&paging, data, reply);
}

/* Returns: (nullable): the member that "filtering" names by id or e-mail address */
static const LkSimUser *
filtered_user (JsonObject *filtering)
{
  const char *mail = lk_sim_json_string (filtering, "user_email");
  gsize n = 0;
  const LkSimUser *people = lk_sim_people (&n);

  for (gsize i = 0; mail != NULL && i < n; i++)
    {
      if (g_ascii_strcasecmp (people[i].mail, mail) == 0)
        return &people[i];
    }
  return lk_sim_find_core_user (lk_sim_json_string (filtering, "user_id"));
}

/* An admin sees each asset and may ask for a member's; others see what is theirs. */
static void
handle_assets (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "153", reply);
  g_autoptr(JsonObject) filtering = lk_sim_request_get_object (request, "filtering");
  LkSimAssetList list = { .state = state };

  if (grant == NULL || !lk_sim_guard_word (request, "asset_type", types, reply))
    return;
  if (filtering == NULL && lk_sim_request_get_query (request, "filtering") != NULL)
    {
      lk_sim_reply_business (reply, 40002, "Invalid Param(s): 'filtering'. The filtering should "
                             "be an object.", NULL);
      return;
    }
  list.center = lk_sim_guard_center (state, grant, request, FALSE, reply);
  if (list.center == NULL)
    return;
  list.user = grant->user;
  list.all = lk_sim_center_has (list.center, grant->user->number, TRUE);
  if (filtering != NULL)
    list.keyword = lk_sim_json_string (filtering, "keyword");
  if (filtering != NULL && (json_object_has_member (filtering, "user_id") ||
                            json_object_has_member (filtering, "user_email")))
    {
      list.user = filtered_user (filtering);
      if (lk_sim_guard_center (state, grant, request, list.user != grant->user, reply) == NULL)
        return;
      list.all = FALSE;
    }
  reply_assets (&list, request, reply);
}

static void
handle_all_assets (LkSimState         *state,
                   const LkSimRequest *request,
                   LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "153", reply);
  LkSimAssetList list = { .state = state, .all = TRUE };

  if (grant == NULL || !lk_sim_guard_word (request, "asset_type", types, reply))
    return;
  list.center = lk_sim_guard_center (state, grant, request, TRUE, reply);
  if (list.center != NULL)
    reply_assets (&list, request, reply);
}

/* Returns: (nullable): the asset that the request names, of a center that the person runs */
static LkSimAsset *
asked_asset (LkSimState         *state,
             const LkSimRequest *request,
             LkSimCenter       **center,
             LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "153", reply);
  const char *id = lk_sim_request_get_field (request, "asset_id");
  LkSimAsset *asset = NULL;

  if (grant == NULL || !lk_sim_guard_word (request, "asset_type", types, reply))
    return NULL;
  *center = lk_sim_guard_center (state, grant, request, TRUE, reply);
  if (*center == NULL)
    return NULL;
  if (id == NULL)
    {
      lk_sim_refuse_missing (reply, "asset_id");
      return NULL;
    }
  asset = lk_sim_center_find_asset (*center, id);
  if (asset == NULL || !lk_sim_state_has_advertiser (state, id))
    {
      lk_sim_reply_business (reply, 40007, "The operation/object does not exist.", NULL);
      return NULL;
    }
  return asset;
}

static void
handle_asset_members (LkSimState         *state,
                      const LkSimRequest *request,
                      LkSimReply         *reply)
{
  LkSimCenter *center = NULL;
  LkSimAsset *asset = asked_asset (state, request, &center, reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (asset == NULL || !lk_sim_guard_paging (request, 50, &paging, reply))
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < center->members->len; i++)
    {
      LkSimMember *member = g_ptr_array_index (center->members, i);
      const LkSimUser *user = lk_sim_find_user (member->user);
      LkSimRole role = lk_sim_asset_get_role (asset, member->user);

      if (role == LK_SIM_ROLE_NONE || !lk_sim_paging_shows (&paging))
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "user_id", user->core_user_id);
      lk_sim_build_string (data, "user_name", user->name);
      lk_sim_build_string (data, "user_email", user->mail);
      lk_sim_build_string (data, "relation_status", member->relation);
      lk_sim_build_string (data, "advertiser_role", lk_sim_role_to_string (role));
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

static void
handle_asset_partners (LkSimState         *state,
                       const LkSimRequest *request,
                       LkSimReply         *reply)
{
  LkSimCenter *center = NULL;
  LkSimAsset *asset = asked_asset (state, request, &center, reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (asset == NULL || !lk_sim_guard_paging (request, 50, &paging, reply))
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *other = g_ptr_array_index (state->centers, i);
      LkSimAsset *shared = lk_sim_center_find_asset (other, asset->advertiser);

      if (other == center || shared == NULL || shared->owned || !lk_sim_paging_shows (&paging))
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "bc_id", other->id);
      lk_sim_build_string (data, "bc_name", other->name);
      lk_sim_build_string (data, "advertiser_role", lk_sim_role_to_string (shared->cap));
      lk_sim_build_string (data, "relation_status", shared->relation);
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

static void
assign (LkSimState         *state,
        const LkSimRequest *request,
        LkSimRole           role,
        LkSimReply         *reply)
{
  LkSimCenter *center = NULL;
  LkSimAsset *asset = asked_asset (state, request, &center, reply);
  const char *id = lk_sim_request_get_field (request, "user_id");
  const LkSimUser *user = lk_sim_find_core_user (id);

  if (asset == NULL)
    return;
  if (id == NULL)
    {
      lk_sim_refuse_missing (reply, "user_id");
      return;
    }
  if (user == NULL || lk_sim_center_find_member (center, user->number) == NULL)
    {
      lk_sim_reply_business (reply, 40002, "Invalid Param(s): 'user_id'. The user is not a member "
                             "of the Business Center.", NULL);
      return;
    }
  lk_sim_asset_set_role (asset, user->number, role);
  lk_sim_reply_business (reply, 0, "OK", NULL);
}

static void
handle_assign (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *words[] = { "ADMIN", "OPERATOR", "ANALYST", NULL };
  const char *word = lk_sim_request_get_field (request, "advertiser_role");
  LkSimRole role = LK_SIM_ROLE_NONE;

  /* The token and the permission are judged before the fields, as everywhere. */
  if (lk_sim_guard_scope (state, request, "153", reply) == NULL ||
      !lk_sim_guard_word (request, "advertiser_role", words, reply))
    return;
  lk_sim_role_from_string (word, &role);
  assign (state, request, role, reply);
}

static void
handle_unassign (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  assign (state, request, LK_SIM_ROLE_NONE, reply);
}

const LkSimRoute *
lk_sim_asset_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", API "/bc/asset/get/", handle_assets },
    { "GET", API "/bc/asset/admin/get/", handle_all_assets },
    { "GET", API "/bc/asset/member/get/", handle_asset_members },
    { "GET", API "/bc/asset/partner/get/", handle_asset_partners },
    { "POST", API "/bc/asset/assign/", handle_assign },
    { "POST", API "/bc/asset/unassign/", handle_unassign },
    { NULL, NULL, NULL },
  };

  return routes;
}
