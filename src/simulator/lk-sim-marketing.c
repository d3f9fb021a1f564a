/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <stdio.h>

/* What an ad account is, and its campaigns, ad groups, ads, reports, pixels, rules and audiences:
 * enough of each to show permissions and roles at work. */

static const char *const advertiser_fields[] = {
  "advertiser_id", "name",        "company", "currency", "timezone", "country", "role",
  "status",        "owner_bc_id", "rejection_reason",    "address",  "balance", NULL,
};

/* @fields: (nullable): only these; the id is always there */
static void
build_field (JsonBuilder *data,
             char       **fields,
             const char  *name,
             const char  *value)
{
  if (fields == NULL || g_str_equal (name, "advertiser_id") ||
      g_strv_contains ((const char *const *) fields, name))
    lk_sim_build_string (data, name, value);
}

/* "role" is the kind of the account, and never what the person may do. */
static void
build_advertiser (JsonBuilder           *data,
                  LkSimState            *state,
                  char                 **fields,
                  const LkSimAdvertiser *advertiser)
{
  LkSimCenter *owner = lk_sim_centers_find_owner (state->centers, advertiser->id);
  const char *reason = g_hash_table_lookup (state->reasons, advertiser->id);

  json_builder_begin_object (data);
  build_field (data, fields, "advertiser_id", advertiser->id);
  build_field (data, fields, "name", advertiser->name);
  build_field (data, fields, "company", advertiser->company);
  build_field (data, fields, "currency", advertiser->currency);
  build_field (data, fields, "timezone", advertiser->timezone);
  build_field (data, fields, "country", advertiser->country);
  build_field (data, fields, "role", "ROLE_ADVERTISER");
  build_field (data, fields, "status", lk_sim_state_get_status (state, advertiser->id));
  build_field (data, fields, "rejection_reason", reason);
  build_field (data, fields, "owner_bc_id", owner != NULL ? owner->id : "");
  build_field (data, fields, "address", "1 Simulator Street");
  if (fields == NULL || g_strv_contains ((const char *const *) fields, "balance"))
    {
      json_builder_set_member_name (data, "balance");
      json_builder_add_double_value (data, 250.5);
    }
  json_builder_end_object (data);
}

static gboolean
fields_are_good (const LkSimRequest *request,
                 char              **fields,
                 LkSimReply         *reply)
{
  g_autofree char *message = NULL;

  if (fields == NULL)
    {
      if (lk_sim_request_get_query (request, "fields") == NULL)
        return TRUE;
      lk_sim_reply_business (reply, 40002, "Invalid Param(s): 'fields'. The fields should be a "
                             "list.", NULL);
      return FALSE;
    }
  for (char **field = fields; *field != NULL; field++)
    {
      if (g_strv_contains (advertiser_fields, *field))
        continue;
      message = g_strdup_printf ("Invalid Param(s): 'fields'. The field '%s' is not supported.",
                                 *field);
      lk_sim_reply_business (reply, 40002, message, NULL);
      return FALSE;
    }
  return TRUE;
}

static void
handle_advertiser_info (LkSimState         *state,
                        const LkSimRequest *request,
                        LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "100", reply);
  g_auto(GStrv) ids = lk_sim_request_get_list (request, "advertiser_ids");
  g_auto(GStrv) fields = lk_sim_request_get_list (request, "fields");
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL)
    return;
  if (ids == NULL || ids[0] == NULL)
    {
      lk_sim_refuse_missing (reply, "advertiser_ids");
      return;
    }
  if (g_strv_length (ids) > 100)
    {
      lk_sim_reply_business (reply, 40011, "Too many IDs are provided in a single request.", NULL);
      return;
    }
  if (!fields_are_good (request, fields, reply))
    return;
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
  for (char **id = ids; *id != NULL; id++)
    {
      if (!lk_sim_guard_advertiser (state, grant, *id, FALSE, reply))
        return;
      build_advertiser (data, state, fields, lk_sim_find_advertiser (*id));
    }
  json_builder_end_array (data);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

/**
 * LkSimRead:
 * @list: the name of the list in the answer
 * @id: the name of an item's id
 * @number: the beginning of that id
 *
 * A read that needs a permission and a role, and answers with one item.
 */
typedef struct
{
  const char *path;
  const char *scope;
  const char *list;
  const char *id;
  const char *number;
  const char *name;
  const char *says;
} LkSimRead;

static const LkSimRead reads[] = {
  { API "/campaign/get/", "200", "list", "campaign_id", "18", "campaign_name", "Autumn walks" },
  { API "/adgroup/get/", "210", "list", "adgroup_id", "19", "adgroup_name", "Hikers" },
  { API "/ad/get/", "220", "list", "ad_id", "20", "ad_name", "A morning on the ridge" },
  { API "/pixel/list/", "800", "pixels", "pixel_id", "21", "pixel_name", "Shop pixel" },
  { API "/optimizer/rule/list/", "17020000", "rules", "rule_id", "72", "name",
    "Pause what costs too much" },
  { API "/dmp/custom_audience/list/", "30", "list", "audience_id", "22", "name", "Visitors" },
  { API "/file/image/ad/search/", "600", "list", "image_id", "23", "file_name", "ridge.jpg" },
};

static void
handle_read (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  const char *advertiser = lk_sim_request_get_query (request, "advertiser_id");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;
  const LkSimRead *read = reads;
  LkSimGrant *grant = NULL;

  while (!g_str_equal (read->path, request->path))
    read++;
  grant = lk_sim_guard_scope (state, request, read->scope, reply);
  if (grant == NULL || !lk_sim_guard_advertiser (state, grant, advertiser, FALSE, reply) ||
      !lk_sim_guard_paging (request, 1000, &paging, reply))
    return;
  json_builder_begin_object (data);
  json_builder_set_member_name (data, read->list);
  json_builder_begin_array (data);
  if (lk_sim_paging_shows (&paging))
    {
      g_autofree char *id = g_strdup_printf ("%s%.15s01", read->number, advertiser + 4);

      json_builder_begin_object (data);
      lk_sim_build_string (data, "advertiser_id", advertiser);
      lk_sim_build_string (data, read->id, id);
      lk_sim_build_string (data, read->name, read->says);
      lk_sim_build_string (data, "operation_status", "ENABLE");
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

/* A day each for at most 30 days, as TikTok has it. */
static gboolean
span_is_good (const LkSimRequest *request,
              LkSimReply         *reply)
{
  const char *names[] = { "start_date", "end_date" };
  GDate dates[2];

  for (guint i = 0; i < 2; i++)
    {
      const char *text = lk_sim_request_get_query (request, names[i]);
      guint y = 0;
      guint m = 0;
      guint d = 0;

      if (text == NULL)
        {
          lk_sim_refuse_missing (reply, names[i]);
          return FALSE;
        }
      if (sscanf (text, "%4u-%2u-%2u", &y, &m, &d) != 3 ||
          !g_date_valid_dmy ((GDateDay) d, (GDateMonth) m, (GDateYear) y))
        {
          lk_sim_reply_business (reply, 40002, "Time format should be %Y-%m-%d. Please try again.",
                                 NULL);
          return FALSE;
        }
      g_date_clear (&dates[i], 1);
      g_date_set_dmy (&dates[i], (GDateDay) d, (GDateMonth) m, (GDateYear) y);
    }
  if (g_date_days_between (&dates[0], &dates[1]) < 30)
    return TRUE;
  lk_sim_reply_business (reply, 40002, "max time span is 30 days when use stat_time_day", NULL);
  return FALSE;
}

static void
handle_report (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  const char *types[] = { "BASIC", "AUDIENCE", "PLAYABLE_MATERIAL", "CATALOG", "BC", NULL };
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "44", reply);
  const char *advertiser = lk_sim_request_get_query (request, "advertiser_id");
  g_auto(GStrv) dimensions = lk_sim_request_get_list (request, "dimensions");
  g_autoptr(JsonBuilder) data = json_builder_new ();
  LkSimPaging paging;

  if (grant == NULL || !lk_sim_guard_advertiser (state, grant, advertiser, FALSE, reply) ||
      !lk_sim_guard_word (request, "report_type", types, reply) ||
      !lk_sim_guard_paging (request, 1000, &paging, reply))
    return;
  if (dimensions == NULL)
    {
      lk_sim_refuse_missing (reply, "dimensions");
      return;
    }
  if (g_strv_contains ((const char *const *) dimensions, "stat_time_day") &&
      !span_is_good (request, reply))
    return;
  lk_sim_paging_begin (data);
  if (lk_sim_paging_shows (&paging))
    {
      json_builder_begin_object (data);
      json_builder_set_member_name (data, "metrics");
      json_builder_begin_object (data);
      lk_sim_build_string (data, "spend", "12.50");
      json_builder_end_object (data);
      json_builder_end_object (data);
    }
  lk_sim_paging_end (&paging, data, reply);
}

static void
handle_campaign_update (LkSimState         *state,
                        const LkSimRequest *request,
                        LkSimReply         *reply)
{
  const char *names[] = { "advertiser_id", "campaign_id", NULL };
  LkSimGrant *grant = lk_sim_guard_scope (state, request, "201", reply);
  g_autoptr(JsonBuilder) data = json_builder_new ();

  if (grant == NULL || !lk_sim_business_fields (request, reply, names) ||
      !lk_sim_guard_advertiser (state, grant, lk_sim_request_get_json (request, "advertiser_id"),
                                TRUE, reply))
    return;
  json_builder_begin_object (data);
  lk_sim_build_string (data, "campaign_id", lk_sim_request_get_json (request, "campaign_id"));
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}

const LkSimRoute *
lk_sim_marketing_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", API "/advertiser/info/", handle_advertiser_info },
    { "GET", API "/campaign/get/", handle_read },
    { "GET", API "/adgroup/get/", handle_read },
    { "GET", API "/ad/get/", handle_read },
    { "GET", API "/pixel/list/", handle_read },
    { "GET", API "/optimizer/rule/list/", handle_read },
    { "GET", API "/dmp/custom_audience/list/", handle_read },
    { "GET", API "/file/image/ad/search/", handle_read },
    { "GET", API "/report/integrated/get/", handle_report },
    { "POST", API "/campaign/update/", handle_campaign_update },
    { NULL, NULL, NULL },
  };

  return routes;
}
