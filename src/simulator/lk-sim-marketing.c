/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-routes.h"

#include <string.h>

/* A few endpoints of the Marketing API that show roles and permissions at work. Permission
 * numbers: business-api.tiktok.com/portal/docs?id=1753986142651394, 2026-08-13. */

#define API "/open_api/v1.3"

/* Whether the app was granted @scope, or its parent; otherwise @reply is the refusal. */
static gboolean
covers (LkSimGrant         *grant,
        const LkSimRequest *request,
        const char         *scope,
        const char         *parent,
        LkSimReply         *reply)
{
  g_autofree char *message = NULL;

  if (lk_sim_grant_has_scope (grant, scope) || lk_sim_grant_has_scope (grant, parent))
    return TRUE;
  message = g_strdup_printf ("advertiser does not grant you %s:%s permission",
                             request->path + strlen (API), request->method);
  lk_sim_reply_business (reply, 40001, message, NULL);
  return FALSE;
}

/* Whether the person may read or change the advertiser; otherwise @reply is the refusal. */
static gboolean
may_operate (LkSimState *state,
             LkSimGrant *grant,
             const char *advertiser,
             gboolean    change,
             LkSimReply *reply)
{
  const char *role = NULL;
  g_autofree char *message = NULL;

  if (advertiser == NULL)
    {
      lk_sim_reply_business (reply, 40002, "Missing required field(s): advertiser_id.", NULL);
      return FALSE;
    }
  role = lk_sim_state_get_role (state, grant->user, advertiser);
  if (lk_sim_find_advertiser (advertiser) == NULL)
    message = g_strdup_printf ("The advertiser %s doesn't exist or has been deleted.",
                               advertiser);
  else if (role == NULL || !lk_sim_grant_has_advertiser (grant, advertiser) ||
           (change && g_str_equal (role, "ANALYST")))
    message = g_strdup_printf ("No permission to operate advertiser %s", advertiser);
  else
    return TRUE;
  lk_sim_reply_business (reply, 40001, message, NULL);
  return FALSE;
}

static void
build_advertiser (JsonBuilder           *data,
                  LkSimState            *state,
                  LkSimGrant            *grant,
                  const LkSimAdvertiser *advertiser)
{
  g_autofree char *role = g_strdup_printf ("ROLE_%s",
                                           lk_sim_state_get_role (state, grant->user,
                                                                  advertiser->id));

  json_builder_begin_object (data);
  lk_sim_build_string (data, "advertiser_id", advertiser->id);
  lk_sim_build_string (data, "name", advertiser->name);
  lk_sim_build_string (data, "company", advertiser->company);
  lk_sim_build_string (data, "currency", advertiser->currency);
  lk_sim_build_string (data, "timezone", advertiser->timezone);
  lk_sim_build_string (data, "country", advertiser->country);
  lk_sim_build_string (data, "role", role);
  lk_sim_build_string (data, "status", lk_sim_state_get_status (state, advertiser->id));
  lk_sim_build_string (data, "owner_bc_id", "7000000000000000900");
  json_builder_end_object (data);
}

/* "advertiser_ids" is a JSON array inside the query. */
static char **
read_ids (const LkSimRequest *request)
{
  const char *text = lk_sim_request_get_query (request, "advertiser_ids");
  g_autofree char *wrapped = g_strdup_printf ("{\"ids\":%s}", text != NULL ? text : "null");
  g_autoptr(JsonNode) root = json_from_string (wrapped, NULL);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return lk_sim_json_strv (json_node_get_object (root), "ids");
}

static void
handle_advertiser_info (LkSimState         *state,
                        const LkSimRequest *request,
                        LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  g_auto(GStrv) ids = read_ids (request);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !covers (grant, request, "100", "10", reply))
    return;
  if (ids == NULL || ids[0] == NULL)
    {
      lk_sim_reply_business (reply, 40002, "Missing required field(s): advertiser_ids.", NULL);
      return;
    }
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
  for (char **id = ids; *id != NULL; id++)
    {
      if (!may_operate (state, grant, *id, FALSE, reply))
        return;
      build_advertiser (data, state, grant, lk_sim_find_advertiser (*id));
    }
  json_builder_end_array (data);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
build_page (JsonBuilder *data,
            guint        count)
{
  json_builder_set_member_name (data, "page_info");
  json_builder_begin_object (data);
  lk_sim_build_int (data, "page", 1);
  lk_sim_build_int (data, "page_size", 10);
  lk_sim_build_int (data, "total_number", count);
  lk_sim_build_int (data, "total_page", 1);
  json_builder_end_object (data);
}

static void
handle_campaign_get (LkSimState         *state,
                     const LkSimRequest *request,
                     LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  const char *advertiser = lk_sim_request_get_query (request, "advertiser_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  g_autofree char *id = NULL;

  if (grant == NULL || !covers (grant, request, "200", "20", reply) ||
      !may_operate (state, grant, advertiser, FALSE, reply))
    return;
  id = g_strdup_printf ("18%.15s01", advertiser + 4);
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
  json_builder_begin_object (data);
  lk_sim_build_string (data, "advertiser_id", advertiser);
  lk_sim_build_string (data, "campaign_id", id);
  lk_sim_build_string (data, "campaign_name", "Autumn walks");
  lk_sim_build_string (data, "operation_status", "ENABLE");
  json_builder_end_object (data);
  json_builder_end_array (data);
  build_page (data, 1);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
handle_campaign_update (LkSimState         *state,
                        const LkSimRequest *request,
                        LkSimReply         *reply)
{
  const char *names[] = { "advertiser_id", "campaign_id", NULL };
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !covers (grant, request, "201", "20", reply) ||
      !lk_sim_business_fields (request, reply, names) ||
      !may_operate (state, grant, lk_sim_request_get_json (request, "advertiser_id"), TRUE,
                    reply))
    return;
  json_builder_begin_object (data);
  lk_sim_build_string (data, "campaign_id", lk_sim_request_get_json (request, "campaign_id"));
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

static void
handle_rule_list (LkSimState         *state,
                  const LkSimRequest *request,
                  LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !covers (grant, request, "17020000", "17000000", reply) ||
      !may_operate (state, grant, lk_sim_request_get_query (request, "advertiser_id"), FALSE,
                    reply))
    return;
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "rules");
  json_builder_begin_array (data);
  json_builder_begin_object (data);
  lk_sim_build_string (data, "rule_id", "7200000000000000001");
  lk_sim_build_string (data, "name", "Pause what costs too much");
  json_builder_end_object (data);
  json_builder_end_array (data);
  build_page (data, 1);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

const LkSimRoute *
lk_sim_marketing_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", API "/advertiser/info/", handle_advertiser_info },
    { "GET", API "/campaign/get/", handle_campaign_get },
    { "POST", API "/campaign/update/", handle_campaign_update },
    { "GET", API "/optimizer/rule/list/", handle_rule_list },
    { NULL, NULL, NULL },
  };

  return routes;
}
