/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-guard.h"

#include <string.h>

typedef struct
{
  const char *scope;
  const char *parent;
} LkSimParent;

/* Granting a parent implies its children: business-api.tiktok.com/portal/docs?id=1753986142651394,
 * 2026-08-13. */
static const LkSimParent parents[] = {
  { "100", "10" },  { "10", "1" },     { "150", "15" },  { "153", "15" },
  { "155", "15" },  { "156", "15" },   { "15", "1" },    { "200", "20" },
  { "201", "20" },  { "20", "2" },     { "210", "21" },  { "211", "21" },
  { "21", "2" },    { "220", "22" },   { "221", "22" },  { "22", "2" },
  { "30", "3" },    { "44", "4" },     { "600", "60" },  { "60", "6" },
  { "610", "61" },  { "611", "61" },   { "61", "6" },    { "800", "80" },
  { "80", "8" },    { "17010000", "17000000" },          { "17020000", "17000000" },
};

static const char *
parent_of (const char *scope)
{
  for (guint i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      if (g_str_equal (parents[i].scope, scope))
        return parents[i].parent;
    }
  return NULL;
}

gboolean
lk_sim_scope_covers (LkSimGrant *grant,
                     const char *scope)
{
  for (; scope != NULL; scope = parent_of (scope))
    {
      if (lk_sim_grant_has_scope (grant, scope))
        return TRUE;
    }
  return FALSE;
}

void
lk_sim_refuse_missing (LkSimReply *reply,
                       const char *name)
{
  g_autofree char *message = g_strdup_printf ("Missing required field(s): %s.", name);

  lk_sim_reply_business (reply, 40002, message, NULL);
}

/* What the developer and the app lack comes before what the token lacks. */
static gboolean
app_may (LkSimState         *state,
         LkSimGrant         *grant,
         const LkSimRequest *request,
         LkSimReply         *reply)
{
  LkSimApp *app = lk_sim_state_find_app (state, grant->app);

  if (app != NULL && app->developer == 40125 &&
      !g_str_has_prefix (request->path, API "/oauth2/"))
    lk_sim_reply_business (reply, 40125, "The developer doesn't have the permission.", NULL);
  else if (app != NULL && app->unlisted && g_str_has_prefix (request->path, API "/bc/"))
    lk_sim_reply_business (reply, 40118, "The app or advertiser is not on the allowlist for "
                           "accessing the feature.", NULL);
  else
    return TRUE;
  return FALSE;
}

/**
 * lk_sim_guard_scope:
 * @scope: the permission that the endpoint needs
 *
 * Checks the token, the app and the permission.
 *
 * Returns: (nullable): the grant of the token
 */
LkSimGrant *
lk_sim_guard_scope (LkSimState         *state,
                    const LkSimRequest *request,
                    const char         *scope,
                    LkSimReply         *reply)
{
  LkSimGrant *grant = lk_sim_business_grant (state, LK_SIM_FAMILY_ADS, request, reply);
  g_autofree char *message = NULL;

  if (grant == NULL || !app_may (state, grant, request, reply))
    return NULL;
  if (lk_sim_scope_covers (grant, scope))
    return grant;
  message = g_strdup_printf ("advertiser does not grant you %s:%s permission",
                             request->path + strlen (API), request->method);
  lk_sim_reply_business (reply, 40001, message, NULL);
  return NULL;
}

static gboolean
may_operate (LkSimState *state,
             LkSimGrant *grant,
             const char *advertiser,
             gboolean    change)
{
  LkSimRole role = lk_sim_centers_get_role (state->centers, grant->user->number, advertiser);

  if (role == LK_SIM_ROLE_NONE || !lk_sim_grant_has_advertiser (grant, advertiser))
    return FALSE;
  return !change || (role >= LK_SIM_ROLE_OPERATOR &&
                     g_str_equal (lk_sim_state_get_status (state, advertiser), "STATUS_ENABLE"));
}

/**
 * lk_sim_guard_advertiser:
 * @change: whether the request writes; an analyst only reads, and so does everyone while the
 *   account's status is not STATUS_ENABLE
 */
gboolean
lk_sim_guard_advertiser (LkSimState *state,
                         LkSimGrant *grant,
                         const char *advertiser,
                         gboolean    change,
                         LkSimReply *reply)
{
  g_autofree char *message = NULL;

  if (advertiser == NULL)
    {
      lk_sim_refuse_missing (reply, "advertiser_id");
      return FALSE;
    }
  if (!lk_sim_state_has_advertiser (state, advertiser))
    message = g_strdup_printf ("The advertiser %s doesn't exist or has been deleted.",
                               advertiser);
  else if (!may_operate (state, grant, advertiser, change))
    message = g_strdup_printf ("No permission to operate advertiser %s", advertiser);
  else
    return TRUE;
  lk_sim_reply_business (reply, 40001, message, NULL);
  return FALSE;
}

/**
 * lk_sim_guard_center:
 * @as_admin: whether only an admin may
 *
 * Returns: (nullable): the Business Center that "bc_id" names, when the person is in it. A center
 * that does not exist is told in the same words.
 */
LkSimCenter *
lk_sim_guard_center (LkSimState         *state,
                     LkSimGrant         *grant,
                     const LkSimRequest *request,
                     gboolean            as_admin,
                     LkSimReply         *reply)
{
  const char *id = lk_sim_request_get_field (request, "bc_id");
  LkSimCenter *center = lk_sim_centers_find (state->centers, id);
  g_autofree char *message = NULL;

  if (id == NULL)
    {
      lk_sim_refuse_missing (reply, "bc_id");
      return NULL;
    }
  if (center != NULL && lk_sim_center_has (center, grant->user->number, as_admin))
    return center;
  message = g_strdup_printf ("No permission to operate Business Center %s", id);
  lk_sim_reply_business (reply, 40001, message, NULL);
  return NULL;
}

/* A field that is needed and takes only some words. */
gboolean
lk_sim_guard_word (const LkSimRequest *request,
                   const char         *name,
                   const char *const  *words,
                   LkSimReply         *reply)
{
  const char *value = lk_sim_request_get_field (request, name);
  g_autofree char *list = NULL;
  g_autofree char *message = NULL;

  if (value == NULL)
    {
      lk_sim_refuse_missing (reply, name);
      return FALSE;
    }
  if (g_strv_contains (words, value))
    return TRUE;
  list = g_strjoinv ("', '", (char **) words);
  message = g_strdup_printf ("Invalid Param(s): '%s'. The %s only supports '%s'.", name, name,
                             list);
  lk_sim_reply_business (reply, 40002, message, NULL);
  return FALSE;
}

static gboolean
read_number (const LkSimRequest *request,
             const char         *name,
             gint64              most,
             gint64             *number,
             LkSimReply         *reply)
{
  const char *text = lk_sim_request_get_query (request, name);
  g_autofree char *message = NULL;

  if (text == NULL || g_ascii_string_to_signed (text, 10, 1, most, number, NULL))
    return TRUE;
  message = g_strdup_printf ("Invalid Param(s): '%s'. The %s should be between 1 and %"
                             G_GINT64_FORMAT ".", name, name, most);
  lk_sim_reply_business (reply, 40002, message, NULL);
  return FALSE;
}

/* Reads "page" and "page_size", which is @most at most. */
gboolean
lk_sim_guard_paging (const LkSimRequest *request,
                     gint64              most,
                     LkSimPaging        *paging,
                     LkSimReply         *reply)
{
  *paging = (LkSimPaging) { 1, 10, 0 };
  return read_number (request, "page", 100000, &paging->page, reply) &&
         read_number (request, "page_size", most, &paging->size, reply);
}

/* Counts an item; %TRUE when it belongs to the page. */
gboolean
lk_sim_paging_shows (LkSimPaging *self)
{
  gint64 place = self->seen++;

  return place / self->size == self->page - 1;
}

/* Between begin and end stand the items of the list. */
void
lk_sim_paging_begin (JsonBuilder *data)
{
  json_builder_begin_object (data);
  json_builder_set_member_name (data, "list");
  json_builder_begin_array (data);
}

/* Closes the list, and answers with it. */
void
lk_sim_paging_end (LkSimPaging *self,
                   JsonBuilder *data,
                   LkSimReply  *reply)
{
  json_builder_end_array (data);
  json_builder_set_member_name (data, "page_info");
  json_builder_begin_object (data);
  lk_sim_build_int (data, "page", self->page);
  lk_sim_build_int (data, "page_size", self->size);
  lk_sim_build_int (data, "total_number", self->seen);
  lk_sim_build_int (data, "total_page", (self->seen + self->size - 1) / self->size);
  json_builder_end_object (data);
  json_builder_end_object (data);
  lk_sim_reply_business (reply, 0, "OK", data);
}
