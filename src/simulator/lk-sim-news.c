/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-page.h"
#include "lk-sim-routes.h"

#include <string.h>

#define FEED "/marketing_api/api/status_page/incident/rss/"
#define STATUS "/_simulator/pages/status"

static void
lk_sim_incident_free (LkSimIncident *self)
{
  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

LkSimNews *
lk_sim_news_new (void)
{
  LkSimNews *self = g_new0 (LkSimNews, 1);

  self->incidents = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_incident_free);
  return self;
}

void
lk_sim_news_free (LkSimNews *self)
{
  g_ptr_array_unref (self->incidents);
  g_free (self);
}

void
lk_sim_news_clear (LkSimNews *self)
{
  self->maintenance_ends = 0;
  g_ptr_array_set_size (self->incidents, 0);
}

/* An incident with the same title is replaced, so that it can be told as over. */
void
lk_sim_news_add (LkSimNews  *self,
                 const char *title,
                 const char *text,
                 gint64      at,
                 gboolean    resolved)
{
  LkSimIncident *incident = g_new0 (LkSimIncident, 1);

  for (guint i = self->incidents->len; i > 0; i--)
    {
      LkSimIncident *old = g_ptr_array_index (self->incidents, i - 1);

      if (g_str_equal (old->title, title))
        g_ptr_array_remove_index (self->incidents, i - 1);
    }
  incident->title = g_strdup (title);
  incident->text = g_strdup (text);
  incident->at = at;
  incident->resolved = resolved;
  g_ptr_array_add (self->incidents, incident);
}

/* Answers any API request while maintenance lasts. Only 60001 is documented; the other families
 * answer as a service does that is away. */
gboolean
lk_sim_news_refuse (LkSimNews          *self,
                    gint64              now,
                    const LkSimRequest *request,
                    LkSimReply         *reply)
{
  LkSimFamily family;

  if (self->maintenance_ends <= now || !lk_sim_family_of_path (request->path, &family))
    return FALSE;
  if (family == LK_SIM_FAMILY_SHOP)
    lk_sim_reply_shop (reply, 503, 36009003, "Internal error. Please try again later.", NULL);
  else if (family != LK_SIM_FAMILY_LOGIN)
    lk_sim_reply_business (reply, 60001, "The system is in maintenance.", NULL);
  else if (g_str_has_prefix (request->path, "/v2/oauth/"))
    lk_sim_reply_oauth_error (reply, "temporarily_unavailable",
                              "The service is temporarily unavailable.");
  else
    lk_sim_reply_v2 (reply, 503, "internal_error", "Something is wrong. Please try again later.",
                     NULL);
  return TRUE;
}

static char *
date_of (gint64 at)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (at);

  return time != NULL ? soup_date_time_to_string (time, SOUP_DATE_HTTP) : g_strdup ("");
}

static void
append_item (GString       *feed,
             LkSimState    *state,
             LkSimIncident *incident)
{
  g_autofree char *date = date_of (incident->at);

  lk_sim_append (feed, "<item>\n<title>%s%s</title>\n<link>%s" STATUS "</link>\n"
                 "<description>%s</description>\n<pubDate>%s</pubDate>\n"
                 "<guid isPermaLink=\"false\">incident-%" G_GINT64_FORMAT "</guid>\n</item>\n",
                 incident->resolved ? "[Resolved] " : "", incident->title, state->base_uri,
                 incident->text, date, incident->at);
}

/* RSS 2.0, newest first. */
static void
handle_feed (LkSimState         *state,
             const LkSimRequest *request,
             LkSimReply         *reply)
{
  g_autoptr(GString) feed =
    g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n<channel>\n");

  lk_sim_append (feed, "<title>TikTok API for Business Incidents</title>\n"
                 "<link>%s" STATUS "</link>\n<description>Incidents of the API</description>\n",
                 state->base_uri);
  for (guint i = state->news->incidents->len; i > 0; i--)
    append_item (feed, state, g_ptr_array_index (state->news->incidents, i - 1));
  g_string_append (feed, "</channel>\n</rss>\n");
  lk_sim_reply_text (reply, 200, feed->str);
  g_free (reply->content_type);
  reply->content_type = g_strdup ("application/xml; charset=utf-8");
}

static void
handle_status (LkSimState         *state,
               const LkSimRequest *request,
               LkSimReply         *reply)
{
  g_autoptr(GString) body = g_string_new ("<main>\n<h1>API Service Status</h1>\n");
  gboolean resting = state->news->maintenance_ends > lk_sim_state_now (state);

  lk_sim_append (body, "<p id=\"state\">%s</p>\n",
                 resting ? "The system is in maintenance."
                         : "The system is not in maintenance.");
  if (state->news->incidents->len == 0)
    g_string_append (body, "<p class=\"soft\">No incidents.</p>\n");
  for (guint i = state->news->incidents->len; i > 0; i--)
    {
      LkSimIncident *incident = g_ptr_array_index (state->news->incidents, i - 1);
      g_autofree char *date = date_of (incident->at);

      lk_sim_append (body, "<h2>%s</h2>\n<p class=\"soft\">%s, %s</p>\n<p>%s</p>\n",
                     incident->title, date, incident->resolved ? "resolved" : "going on",
                     incident->text);
    }
  g_string_append (body, "</main>");
  lk_sim_page_reply (reply, 200, "API Service Status", body->str);
}

const LkSimRoute *
lk_sim_news_routes (void)
{
  static const LkSimRoute routes[] = {
    { "GET", FEED, handle_feed },
    { "GET", STATUS, handle_status },
    { NULL, NULL, NULL },
  };

  return routes;
}
