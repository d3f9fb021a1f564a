/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-limits.h"

typedef struct
{
  const char *word;
  const char *message;
  gint64      window;
} LkSimMode;

/* business-api.tiktok.com/portal/docs?id=1737172488964097, 2026-08-13 */
static const LkSimMode modes[] = {
  { "qps", "App reaches the QPS limit.", 1 },
  { "qpm", "App reaches the QPM limit.", 60 },
  { "qpd", "App reaches the QPD limit.", 86400 },
};

typedef struct
{
  const LkSimMode *mode; /* (nullable) when there is no limit */
  guint            limit;
  guint            count;
  gint64           window_ends;
} LkSimLimit;

struct _LkSimLimits
{
  LkSimLimit families[LK_SIM_N_FAMILIES];
};

LkSimLimits *
lk_sim_limits_new (void)
{
  return g_new0 (LkSimLimits, 1);
}

void
lk_sim_limits_free (LkSimLimits *self)
{
  g_free (self);
}

void
lk_sim_limits_clear (LkSimLimits *self)
{
  for (guint i = 0; i < LK_SIM_N_FAMILIES; i++)
    self->families[i] = (LkSimLimit) { 0 };
}

/**
 * lk_sim_limits_set:
 * @mode: "qps", "qpm", "qpd", or "off"
 * @limit: requests that a window takes; 0 refuses each request
 */
gboolean
lk_sim_limits_set (LkSimLimits *self,
                   LkSimFamily  family,
                   const char  *mode,
                   guint        limit)
{
  self->families[family] = (LkSimLimit) { 0 };
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      if (g_strcmp0 (mode, modes[i].word) == 0)
        {
          self->families[family].mode = &modes[i];
          self->families[family].limit = limit;
          return TRUE;
        }
    }
  return g_strcmp0 (mode, "off") == 0;
}

/* Counts the request, and answers it when its family's limit is reached. */
gboolean
lk_sim_limits_refuse (LkSimLimits        *self,
                      gint64              now,
                      const LkSimRequest *request,
                      LkSimReply         *reply)
{
  LkSimFamily family;
  LkSimLimit *limit = NULL;

  if (!lk_sim_family_of_path (request->path, &family))
    return FALSE;
  limit = &self->families[family];
  if (limit->mode == NULL)
    return FALSE;
  if (now >= limit->window_ends)
    {
      limit->count = 0;
      limit->window_ends = now + limit->mode->window * G_USEC_PER_SEC;
    }
  if (++limit->count <= limit->limit)
    return FALSE;
  if (family == LK_SIM_FAMILY_LOGIN)
    lk_sim_reply_v2 (reply, 429, "rate_limit_exceeded",
                     "The API rate limit was exceeded. Please try again later.", NULL);
  else
    lk_sim_reply_business (reply, 40100, limit->mode->message, NULL);
  return TRUE;
}
