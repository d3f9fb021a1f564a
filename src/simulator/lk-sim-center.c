/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <string.h>

/* Business Centers, their people and their partners. Facts: business-api.tiktok.com/portal/docs
 * ids 1737115687501826, 1739939404802049 and 1739662727395330, 2026-08-13. Only admins see
 * members and partners. */

static gboolean
contains (const char *text,
          const char *part)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *wanted = part != NULL ? g_utf8_casefold (part, -1) : NULL;

  return wanted == NULL || strstr (folded, wanted) != NULL;
}

/* Returns: (nullable): a text of the "filtering" object */
static const char *
filter_of (JsonObject *filtering,
           const char *name)
{
  return filtering != NULL ? lk_sim_json_string (filtering, name) : NULL;
}

static void
build_finance (JsonBuilder *data,
               gboolean     admin)
{
  json_builder_set_member_name (data, "ext_user_role");
  json_builder_begin_object (data);
  lk_sim_build_string (data, "finance_role", admin ? "MANAGER" : "ANALYST");
  json_builder_end_object (data);
}

static void
handle_centers (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "150", reply);
  const char *only = lk_sim_request_get_query (request, "bc_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (grant == NULL || !lk_sim_guard_paging (request, 50, &paging, reply))
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (state->centers, i);
      gboolean admin = lk_sim_center_has (center, grant->user->number, TRUE);

      if (!lk_sim_center_has (center, grant->user->number, FALSE) ||
          (only != NULL && !g_str_equal (only, center->id)) || !lk_sim_paging_shows (&paging))
        continue;
      json_builder_begin_object (data);
      json_builder_set_member_name (data, "bc_info");
      json_builder_begin_object (data);
      lk_sim_build_string (data, "bc_id", center->id);
      lk_sim_build_string (data, "name", center->name);
      lk_sim_build_string (data, "type", center->type);
      lk_sim_build_string (data, "status", "ENABLE");
      lk_sim_build_string (data, "verification_status", "VERIFIED");
      json_builder_end_object (data);
      lk_sim_build_string (data, "user_role", admin ? "ADMIN" : "STANDARD");
      build_finance (data, admin);
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

static gboolean
member_fits (LkSimMember     *member,
             const LkSimUser *user,
             JsonObject      *filtering)
{
  const char *keyword = filter_of (filtering, "keyword");
  const char *role = filter_of (filtering, "user_role");
  const char *relation = filter_of (filtering, "relation_status");

  return (contains (user->name, keyword) || contains (user->mail, keyword)) &&
         (role == NULL || g_str_equal (role, member->admin ? "ADMIN" : "STANDARD")) &&
         (relation == NULL || g_str_equal (relation, member->relation));
}

static void
handle_members (LkSimState         *state,
                const LkSimRequest *request,
                LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "156", reply);
  LkSimCenter *center = NULL;
  g_autoptr(JsonObject) filtering = lk_sim_request_get_object (request, "filtering");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (grant == NULL || !lk_sim_guard_paging (request, 20, &paging, reply))
    return;
  center = lk_sim_guard_center (state, grant, request, TRUE, reply);
  if (center == NULL)
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < center->members->len; i++)
    {
      LkSimMember *member = g_ptr_array_index (center->members, i);
      const LkSimUser *user = lk_sim_find_user (member->user);

      if (!member_fits (member, user, filtering) || !lk_sim_paging_shows (&paging))
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "user_id", user->core_user_id);
      lk_sim_build_string (data, "user_name", user->name);
      lk_sim_build_string (data, "user_email", user->mail);
      lk_sim_build_string (data, "user_role", member->admin ? "ADMIN" : "STANDARD");
      lk_sim_build_string (data, "relation_status", member->relation);
      build_finance (data, member->admin);
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

static void
handle_partners (LkSimState         *state,
                 const LkSimRequest *request,
                 LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "155", reply);
  LkSimCenter *center = NULL;
  g_autoptr(JsonObject) filtering = lk_sim_request_get_object (request, "filtering");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (grant == NULL || !lk_sim_guard_paging (request, 50, &paging, reply))
    return;
  center = lk_sim_guard_center (state, grant, request, TRUE, reply);
  if (center == NULL)
    return;
  lk_sim_paging_begin (data);
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *other = g_ptr_array_index (state->centers, i);

      if (!lk_sim_centers_are_partners (state->centers, center, other) ||
          !contains (other->name, filter_of (filtering, "name")) ||
          !lk_sim_paging_shows (&paging))
        continue;
      json_builder_begin_object (data);
      lk_sim_build_string (data, "bc_id", other->id);
      lk_sim_build_string (data, "bc_name", other->name);
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

const LkSimRoute *
lk_sim_center_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", API "/bc/get/", handle_centers },
    { "GET", API "/bc/member/get/", handle_members },
    { "GET", API "/bc/partner/get/", handle_partners },
    { NULL, NULL, NULL },
  };

  return routes;
}
