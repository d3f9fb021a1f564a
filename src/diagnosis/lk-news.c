/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-news.h"

#include <string.h>

/* Feeds keep what is long over; an incident that nobody closed is not news after two days. */
#define NEWS_S (2 * 24 * 60 * 60)

gint64
lk_news_get_at (const LkProbeAnswer *status, guint row)
{
  const char *at = lk_probe_answer_get (status, row, "at");

  return at != NULL ? g_ascii_strtoll (at, NULL, 10) : 0;
}

gboolean
lk_news_is_open (const LkProbeAnswer *status, guint row)
{
  const char *title = lk_probe_answer_get (status, row, "title");
  const char *text = lk_probe_answer_get (status, row, "text");
  gint64 at = lk_news_get_at (status, row);
  g_autofree char *all = g_strconcat (title != NULL ? title : "", " ", text != NULL ? text : "",
                                      NULL);
  g_autofree char *low = g_utf8_strdown (all, -1);

  if (title == NULL || strstr (low, "resolved") != NULL || strstr (low, "completed") != NULL
      || strstr (low, "fixed") != NULL)
    return FALSE;
  return at <= 0 || status->at <= 0 || ABS (status->at - at) < NEWS_S;
}
