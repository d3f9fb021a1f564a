/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-limits.h"

#include <string.h>

#define SHUT_MINUTES 5
#define DAY 86400

typedef enum
{
  LK_SIM_WINDOW_SECOND,
  LK_SIM_WINDOW_MINUTE,
  LK_SIM_WINDOW_DAY,
} LkSimWindow;

typedef enum
{
  LK_SIM_LEVEL_APP,
  LK_SIM_LEVEL_ADVERTISER,
  LK_SIM_LEVEL_VALUE,
} LkSimLevel;

static const char *const modes[] = { "qps", "qpm", "qpd" };
static const char *const levels[] = { "app", "advertiser", "value" };

/* Requests of the window, and until when all are refused. */
typedef struct
{
  GQueue times; /* of gint64 * */
  gint64 shut_until;
  gint64 day;
} LkSimCount;

/**
 * LkSimLimit:
 * @path: (nullable): only this path; %NULL for all of the family together
 * @only: (nullable): only this advertiser or this value
 * @field: the field whose value is counted, for %LK_SIM_LEVEL_VALUE
 * @restricted: (nullable): the app that the refusal names, worded as "temporarily restricted"
 * @counts: what shares the limit → #LkSimCount
 */
typedef struct
{
  LkSimFamily  family;
  LkSimWindow  window;
  LkSimLevel   level;
  char        *path;
  char        *only;
  char        *field;
  char        *restricted;
  guint        limit;
  GHashTable  *counts;
} LkSimLimit;

struct _LkSimLimits
{
  GPtrArray *limits;
};

static void
lk_sim_count_free (LkSimCount *self)
{
  g_queue_clear_full (&self->times, g_free);
  g_free (self);
}

static void
lk_sim_limit_free (LkSimLimit *self)
{
  g_free (self->path);
  g_free (self->only);
  g_free (self->field);
  g_free (self->restricted);
  g_hash_table_unref (self->counts);
  g_free (self);
}

LkSimLimits *
lk_sim_limits_new (void)
{
  LkSimLimits *self = g_new0 (LkSimLimits, 1);

  self->limits = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_limit_free);
  return self;
}

void
lk_sim_limits_free (LkSimLimits *self)
{
  g_ptr_array_unref (self->limits);
  g_free (self);
}

void
lk_sim_limits_clear (LkSimLimits *self)
{
  g_ptr_array_set_size (self->limits, 0);
}

static gboolean
find_word (const char *const *words,
           guint              n,
           const char        *word,
           guint             *place)
{
  for (*place = 0; *place < n; (*place)++)
    {
      if (g_strcmp0 (words[*place], word) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
remove_like (LkSimLimits *self,
             LkSimFamily  family,
             LkSimLimit  *like)
{
  for (guint i = self->limits->len; i > 0; i--)
    {
      LkSimLimit *old = g_ptr_array_index (self->limits, i - 1);

      if (old->family == family &&
          (like == NULL || (old->level == like->level && g_strcmp0 (old->path, like->path) == 0 &&
                            g_strcmp0 (old->only, like->only) == 0)))
        g_ptr_array_remove_index (self->limits, i - 1);
    }
}

/**
 * lk_sim_limits_set:
 * @object: "mode" ("qps", "qpm", "qpd", or "off" for none in the family), "limit" (requests that a
 *   window takes; 0 refuses each), and any of "level", "path", "only", "field", "restricted"
 *
 * A limit of the same level, path and value is replaced; others stay.
 */
gboolean
lk_sim_limits_set (LkSimLimits  *self,
                   LkSimFamily   family,
                   JsonObject   *object,
                   const char  **problem)
{
  const char *mode = lk_sim_json_string (object, "mode");
  const char *level = lk_sim_json_string (object, "level");
  const char *field = lk_sim_json_string (object, "field");
  guint window = 0;
  guint found = 0;
  LkSimLimit *limit = NULL;

  if (g_strcmp0 (mode, "off") == 0)
    {
      remove_like (self, family, NULL);
      return TRUE;
    }
  *problem = "\"mode\" is none of \"qps\", \"qpm\", \"qpd\", \"off\"";
  if (!find_word (modes, G_N_ELEMENTS (modes), mode, &window))
    return FALSE;
  *problem = "\"level\" is none of \"app\", \"advertiser\", \"value\"";
  if (level != NULL && !find_word (levels, G_N_ELEMENTS (levels), level, &found))
    return FALSE;
  limit = g_new0 (LkSimLimit, 1);
  limit->family = family;
  limit->window = window;
  limit->level = found;
  limit->path = g_strdup (lk_sim_json_string (object, "path"));
  limit->only = g_strdup (lk_sim_json_string (object, "only"));
  limit->field = g_strdup (field != NULL ? field : "pixel_code");
  limit->restricted = g_strdup (lk_sim_json_string (object, "restricted"));
  limit->limit = (guint) MAX (0, lk_sim_json_int (object, "limit", 0));
  limit->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) lk_sim_count_free);
  remove_like (self, family, limit);
  g_ptr_array_add (self->limits, limit);
  return TRUE;
}

/* Returns: (nullable): what shares the limit; %NULL when the limit is not about this request */
static const char *
key_of (LkSimLimit         *limit,
        const LkSimRequest *request)
{
  const char *key = "";

  if (limit->path != NULL && !g_str_equal (limit->path, request->path))
    return NULL;
  if (limit->level == LK_SIM_LEVEL_ADVERTISER)
    key = lk_sim_request_get_field (request, "advertiser_id");
  else if (limit->level == LK_SIM_LEVEL_VALUE)
    key = lk_sim_request_get_field (request, limit->field);
  return limit->only == NULL || g_strcmp0 (limit->only, key) == 0 ? key : NULL;
}

static LkSimCount *
count_of (LkSimLimit *limit,
          const char *key)
{
  LkSimCount *count = g_hash_table_lookup (limit->counts, key);

  if (count == NULL)
    {
      count = g_new0 (LkSimCount, 1);
      g_queue_init (&count->times);
      g_hash_table_insert (limit->counts, g_strdup (key), count);
    }
  return count;
}

static void
forget_old (LkSimCount *count,
            gint64      before)
{
  while (!g_queue_is_empty (&count->times) &&
         *(gint64 *) g_queue_peek_head (&count->times) <= before)
    g_free (g_queue_pop_head (&count->times));
}

/* Whether the limit is reached by this request. A day is TikTok's: it begins at 00:00 UTC. The
 * minute of the API for Business stays shut for five; that of the others slides. */
static gboolean
is_over (LkSimLimit *limit,
         LkSimCount *count,
         gint64      now,
         gint64      time)
{
  gboolean business = limit->family == LK_SIM_FAMILY_ADS ||
                      limit->family == LK_SIM_FAMILY_ACCOUNT;

  if (now < count->shut_until)
    return TRUE;
  if (limit->window == LK_SIM_WINDOW_DAY)
    {
      if (count->day != time / DAY)
        forget_old (count, G_MAXINT64);
      count->day = time / DAY;
    }
  else
    {
      forget_old (count, now - (limit->window == LK_SIM_WINDOW_SECOND ? 1 : 60) * G_USEC_PER_SEC);
    }
  if (g_queue_get_length (&count->times) < limit->limit)
    {
      g_queue_push_tail (&count->times, g_memdup2 (&now, sizeof now));
      return FALSE;
    }
  if (limit->window == LK_SIM_WINDOW_MINUTE && business)
    {
      count->shut_until = now + SHUT_MINUTES * 60 * G_USEC_PER_SEC;
      forget_old (count, G_MAXINT64);
    }
  return TRUE;
}

/* business-api.tiktok.com/portal/docs?id=1737172488964097, 2026-08-13; "temporarily restricted" as
 * in airbytehq/airbyte#70992. */
static void
reply_business (LkSimLimit *limit,
                const char *key,
                LkSimReply *reply)
{
  g_autofree char *mode = g_ascii_strup (modes[limit->window], -1);
  g_autofree char *message = NULL;
  gint64 code = 40100;

  if (limit->level == LK_SIM_LEVEL_ADVERTISER)
    {
      code = 40133;
      message = g_strdup_printf ("Advertiser (%s)'s %s (%u) reaches %s limit %u for current path, "
                                 "request is temporarily restricted.", key, mode,
                                 limit->limit + 1, mode, limit->limit);
    }
  else if (limit->level == LK_SIM_LEVEL_VALUE)
    {
      code = 40132;
      message = g_strdup_printf ("The request %s is limited by %s's value.", mode, limit->field);
    }
  else if (limit->restricted != NULL)
    {
      message = g_strdup_printf ("Due to too many requests, requests from App %s are temporarily "
                                 "restricted.", limit->restricted);
    }
  else
    {
      message = g_strdup_printf ("App reaches the %s limit.", mode);
    }
  lk_sim_reply_business (reply, code, message, NULL);
}

static void
refuse (LkSimLimit *limit,
        const char *key,
        LkSimReply *reply)
{
  if (limit->family == LK_SIM_FAMILY_LOGIN)
    lk_sim_reply_v2 (reply, 429, "rate_limit_exceeded",
                     "The API rate limit was exceeded. Please try again later.", NULL);
  else if (limit->family == LK_SIM_FAMILY_SHOP)
    lk_sim_reply_shop (reply, 429, 36009002, "Too many requests. Please try again later.", NULL);
  else
    reply_business (limit, key, reply);
}

/**
 * lk_sim_limits_refuse:
 * @now: microseconds of the simulator's clock
 * @time: seconds since 1970 of the same clock
 *
 * Counts the request, and answers it when a limit is reached.
 */
gboolean
lk_sim_limits_refuse (LkSimLimits        *self,
                      gint64              now,
                      gint64              time,
                      const LkSimRequest *request,
                      LkSimReply         *reply)
{
  LkSimFamily family;

  if (!lk_sim_family_of_path (request->path, &family))
    return FALSE;
  for (guint i = 0; i < self->limits->len; i++)
    {
      LkSimLimit *limit = g_ptr_array_index (self->limits, i);
      const char *key = limit->family == family ? key_of (limit, request) : NULL;

      if (key == NULL || !is_over (limit, count_of (limit, key), now, time))
        continue;
      refuse (limit, key, reply);
      return TRUE;
    }
  return FALSE;
}
