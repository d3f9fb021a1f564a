/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-page.h"
#include "lk-sim-routes.h"

#include <string.h>

/* The page that stands for a Business Center's Members and Partners, to be clicked. Ids of buttons
 * are stable: tests press them. */

#define MEMBERS "/_simulator/pages/members"

static void
append_open (GString     *body,
             LkSimCenter *center,
             const char  *what)
{
  lk_sim_append (body, "<form method=\"post\" action=\"" MEMBERS "\">\n"
                 "<input type=\"hidden\" name=\"org_id\" value=\"%s\">\n"
                 "<input type=\"hidden\" name=\"do\" value=\"%s\">\n", center->id, what);
}

/* A small form with one hidden value and a button for each answer. */
static void
append_answers (GString     *body,
                LkSimCenter *center,
                const char  *what,
                const char  *value)
{
  append_open (body, center, what);
  lk_sim_append (body, "<input type=\"hidden\" name=\"value\" value=\"%s\">"
                 "<button type=\"submit\" name=\"answer\" value=\"BOUND\" id=\"accept-%s\">"
                 "Accept</button><button type=\"submit\" name=\"answer\" value=\"REJECTED\" "
                 "id=\"reject-%s\">Reject</button></form>", value, value, value);
}

static void
append_member (GString     *body,
               LkSimCenter *center,
               LkSimMember *member)
{
  const LkSimUser *user = lk_sim_find_user (member->user);
  g_autofree char *number = g_strdup_printf ("%u", member->user);

  lk_sim_append (body, "<tr><td>%s <span class=\"soft\">%s</span></td><td>%s</td><td>",
                 user->name, user->mail, member->admin ? "Admin" : "Standard");
  for (guint i = 0; i < center->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (center->assets, i);
      LkSimRole role = lk_sim_asset_get_role (asset, member->user);

      if (role != LK_SIM_ROLE_NONE)
        lk_sim_append (body, "<div>%s: %s</div>", lk_sim_find_advertiser (asset->advertiser)->name,
                       lk_sim_role_to_string (role));
    }
  lk_sim_append (body, "</td><td>%s", member->relation);
  if (!g_str_equal (member->relation, "BOUND"))
    append_answers (body, center, "member", number);
  g_string_append (body, "</td></tr>\n");
}

static void
append_roles (GString    *body,
              const char *id)
{
  lk_sim_append (body, "<label>Role <select name=\"role\" id=\"%s\">"
                 "<option>ANALYST</option><option>OPERATOR</option><option>ADMIN</option>"
                 "<option>none</option></select></label>\n", id);
}

static void
append_accounts (GString     *body,
                 LkSimCenter *center,
                 const char  *id,
                 gboolean     only_owned)
{
  lk_sim_append (body, "<label>Ad account <select name=\"advertiser\" id=\"%s\">", id);
  for (guint i = 0; i < center->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (center->assets, i);

      if (asset->owned || !only_owned)
        lk_sim_append (body, "<option value=\"%s\">%s, %s</option>", asset->advertiser,
                       lk_sim_find_advertiser (asset->advertiser)->name, asset->advertiser);
    }
  g_string_append (body, "</select></label>\n");
}

static void
append_assign (GString     *body,
               LkSimCenter *center)
{
  g_string_append (body, "<h2>Add accounts</h2>\n");
  append_open (body, center, "assign");
  g_string_append (body, "<label>Member <select name=\"user\" id=\"member\">");
  for (guint i = 0; i < center->members->len; i++)
    {
      LkSimMember *member = g_ptr_array_index (center->members, i);

      lk_sim_append (body, "<option value=\"%u\">%s</option>", member->user,
                     lk_sim_find_user (member->user)->name);
    }
  g_string_append (body, "</select></label>\n");
  append_accounts (body, center, "account", FALSE);
  append_roles (body, "role");
  g_string_append (body, "<div class=\"buttons\"><button type=\"submit\" class=\"suggested\" "
                   "id=\"save\">Save</button></div>\n</form>\n");
}

static void
append_invite (GString     *body,
               LkSimCenter *center)
{
  gsize n = 0;
  const LkSimUser *people = lk_sim_people (&n);

  g_string_append (body, "<h2>Invite member</h2>\n");
  append_open (body, center, "invite");
  g_string_append (body, "<label>Person <select name=\"user\" id=\"person\">");
  for (gsize i = 0; i < n; i++)
    {
      if (lk_sim_center_find_member (center, people[i].number) == NULL)
        lk_sim_append (body, "<option value=\"%u\">%s, %s</option>", people[i].number,
                       people[i].name, people[i].mail);
    }
  g_string_append (body, "</select></label>\n"
                   "<label>Role <select name=\"role\" id=\"center-role\"><option>STANDARD</option>"
                   "<option>ADMIN</option></select></label>\n"
                   "<div class=\"buttons\"><button type=\"submit\" id=\"invite\">Invite"
                   "</button></div>\n</form>\n");
}

/* The centers that the account is shared with. */
static void
append_partners_of (GString    *body,
                    LkSimState *state,
                    LkSimAsset *asset)
{
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *other = g_ptr_array_index (state->centers, i);
      LkSimAsset *shared = lk_sim_center_find_asset (other, asset->advertiser);

      if (shared != NULL && !shared->owned)
        lk_sim_append (body, "<div>%s: %s, %s</div>", other->name,
                       lk_sim_role_to_string (shared->cap), shared->relation);
    }
}

static void
append_assets (GString     *body,
               LkSimState  *state,
               LkSimCenter *center)
{
  g_string_append (body, "<h2>Ad accounts</h2>\n<table>\n<tr><th>Account</th><th>Owner</th>"
                   "<th>Partners</th><th>State</th></tr>\n");
  for (guint i = 0; i < center->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (center->assets, i);
      LkSimCenter *owner = lk_sim_centers_find_owner (state->centers, asset->advertiser);

      lk_sim_append (body, "<tr><td>%s <span class=\"soft\">%s</span></td><td>%s</td><td>",
                     lk_sim_find_advertiser (asset->advertiser)->name, asset->advertiser,
                     owner != NULL ? owner->name : "");
      append_partners_of (body, state, asset);
      lk_sim_append (body, "</td><td>%s", asset->relation);
      if (!g_str_equal (asset->relation, "BOUND"))
        append_answers (body, center, "asset", asset->advertiser);
      g_string_append (body, "</td></tr>\n");
    }
  g_string_append (body, "</table>\n");
}

static void
append_partner_form (GString     *body,
                     LkSimState  *state,
                     LkSimCenter *center)
{
  g_string_append (body, "<h2>Add partner</h2>\n");
  append_open (body, center, "partner");
  g_string_append (body, "<label>Business Center <select name=\"partner\" id=\"partner\">");
  for (guint i = 0; i < state->centers->len; i++)
    {
      LkSimCenter *other = g_ptr_array_index (state->centers, i);

      if (other != center)
        lk_sim_append (body, "<option value=\"%s\">%s, %s</option>", other->id, other->name,
                       other->id);
    }
  g_string_append (body, "</select></label>\n");
  append_accounts (body, center, "partner-account", TRUE);
  append_roles (body, "partner-role");
  g_string_append (body, "<div class=\"buttons\"><button type=\"submit\" id=\"add-partner\">"
                   "Add Partner</button></div>\n</form>\n");
}

static void
reply_center (LkSimState  *state,
              LkSimCenter *center,
              LkSimReply  *reply)
{
  g_autoptr(GString) body = g_string_new ("<main class=\"wide\">\n");

  lk_sim_append (body, "<h1>Members of %s</h1>\n<p class=\"soft\">Business Center %s. Whoever "
                 "opens this page acts as its admin.</p>\n<table>\n<tr><th>Member</th><th>Role</th>"
                 "<th>Accounts</th><th>State</th></tr>\n", center->name, center->id);
  for (guint i = 0; i < center->members->len; i++)
    append_member (body, center, g_ptr_array_index (center->members, i));
  g_string_append (body, "</table>\n");
  append_assign (body, center);
  append_invite (body, center);
  append_assets (body, state, center);
  append_partner_form (body, state, center);
  g_string_append (body, "<p><a href=\"" MEMBERS "\">Other Business Centers</a></p>\n</main>");
  lk_sim_page_reply (reply, 200, "Members", body->str);
}

static void
handle_page (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  LkSimCenter *center = lk_sim_centers_find (state->centers,
                                             lk_sim_request_get_query (request, "org_id"));
  g_autoptr(GString) body = g_string_new ("<main>\n<h1>Business Centers</h1>\n");

  if (center != NULL)
    {
      reply_center (state, center, reply);
      return;
    }
  for (guint i = 0; i < state->centers->len; i++)
    {
      center = g_ptr_array_index (state->centers, i);
      lk_sim_append (body, "<p><a id=\"center-%s\" href=\"" MEMBERS "?org_id=%s\">%s</a> "
                     "<span class=\"soft\">%s</span></p>\n", center->id, center->id, center->name,
                     center->id);
    }
  g_string_append (body, "</main>");
  lk_sim_page_reply (reply, 200, "Business Centers", body->str);
}

/* What was asked, and has all that it needs, is done. */
static gboolean
carry_out (LkSimState         *state,
           LkSimCenter        *center,
           const LkSimRequest *request)
{
  const char *what = lk_sim_request_get_form (request, "do");
  const char *value = lk_sim_request_get_form (request, "value");
  const char *word = lk_sim_request_get_form (request, "role");
  const char *number = lk_sim_request_get_form (request, what != NULL &&
                                                g_str_equal (what, "member") ? "value" : "user");
  const LkSimUser *user = lk_sim_find_user (number != NULL ? (guint) g_ascii_strtoull (number, NULL,
                                                                                       10) : 0);
  LkSimMember *member = user != NULL ? lk_sim_center_find_member (center, user->number) : NULL;
  const char *relation = lk_sim_relation_from_string (lk_sim_request_get_form (request, "answer"));
  const char *advertiser = lk_sim_request_get_form (request, "advertiser");
  LkSimAsset *asset = lk_sim_center_find_asset (center, advertiser != NULL ? advertiser : value);
  LkSimCenter *partner = lk_sim_centers_find (state->centers,
                                              lk_sim_request_get_form (request, "partner"));
  LkSimRole role = LK_SIM_ROLE_NONE;
  gboolean has_role = lk_sim_role_from_string (word, &role);

  if (g_strcmp0 (what, "member") == 0 && member != NULL && relation != NULL)
    member->relation = relation;
  else if (g_strcmp0 (what, "asset") == 0 && asset != NULL && relation != NULL)
    asset->relation = relation;
  else if (g_strcmp0 (what, "assign") == 0 && member != NULL && asset != NULL && has_role)
    lk_sim_asset_set_role (asset, user->number, role);
  else if (g_strcmp0 (what, "invite") == 0 && user != NULL && member == NULL)
    lk_sim_center_set_member (center, user->number, g_strcmp0 (word, "ADMIN") == 0, "PENDING");
  else if (g_strcmp0 (what, "partner") == 0 && partner != NULL && partner != center &&
           asset != NULL && asset->owned && has_role && role == LK_SIM_ROLE_NONE)
    lk_sim_center_remove_asset (partner, asset->advertiser);
  else if (g_strcmp0 (what, "partner") == 0 && partner != NULL && partner != center &&
           asset != NULL && asset->owned && has_role)
    lk_sim_center_set_asset (partner, asset->advertiser, FALSE, "BOUND", role);
  else
    return FALSE;
  return TRUE;
}

static void
handle_form (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  LkSimCenter *center = lk_sim_centers_find (state->centers,
                                             lk_sim_request_get_form (request, "org_id"));

  if (center == NULL || !carry_out (state, center, request))
    lk_sim_reply_text (reply, 400, "This address takes the form of the Members page.");
  else
    lk_sim_reply_redirect (reply, g_strconcat (MEMBERS "?org_id=", center->id, NULL));
}

const LkSimRoute *
lk_sim_center_page_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", MEMBERS, handle_page },
    { "POST", MEMBERS, handle_form },
    { NULL, NULL, NULL },
  };

  return routes;
}
