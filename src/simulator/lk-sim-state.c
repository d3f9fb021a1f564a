/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-state-private.h"

#include <string.h>

static const LkSimLife default_lives[LK_SIM_N_FAMILIES] = {
  /* developers.tiktok.com/doc/oauth-user-access-token-management, 2026-11 */
  [LK_SIM_FAMILY_LOGIN] = { 7200, 15552000, 600 },
  /* A Marketing API token has no end and no refresh token. */
  [LK_SIM_FAMILY_ADS] = { 0, 0, 3600 },
  [LK_SIM_FAMILY_ACCOUNT] = { 86400, 31536000, 600 },
  [LK_SIM_FAMILY_SHOP] = { 604800, 31536000, 1800 },
};

static void
lk_sim_app_free (LkSimApp *self)
{
  g_free (self->id);
  g_free (self->secret);
  g_strfreev (self->redirects);
  g_strfreev (self->scopes);
  g_free (self->service);
  g_free (self);
}

static void
lk_sim_code_free (LkSimCode *self)
{
  g_free (self->value);
  g_free (self->app);
  g_strfreev (self->scopes);
  g_strfreev (self->advertisers);
  g_free (self->redirect);
  g_free (self->challenge);
  g_free (self);
}

static void
add_start_apps (LkSimState *self)
{
  const char *login[] = { "http://127.0.0.1:*/callback/", "http://localhost:*/callback/", NULL };
  const char *ads[] = { "http://127.0.0.1:17817/callback/", NULL };
  const char *account[] = { "http://127.0.0.1:17818/callback/", NULL };
  const char *shop[] = { "http://127.0.0.1:17819/callback/", NULL };
  /* Not Automated Rules (17020000), partners (155), audiences (30) and pixels (800), on purpose. */
  const char *permissions[] = { "100", "150", "153", "156", "200", "201", "210", "220", "221",
                                "44", "610", "611", NULL };
  const char *shop_scopes[] = { "seller.authorization.info", "seller.order.info", NULL };

  lk_sim_state_add_app (self, LK_SIM_FAMILY_LOGIN, "sim-login-key", "sim-login-secret",
                        login, NULL);
  lk_sim_state_add_app (self, LK_SIM_FAMILY_ADS, "7000000000000000101", "sim-ads-secret",
                        ads, permissions);
  lk_sim_state_add_app (self, LK_SIM_FAMILY_ACCOUNT, "sim-account-id", "sim-account-secret",
                        account, NULL);
  lk_sim_state_add_app (self, LK_SIM_FAMILY_SHOP, "sim-shop-key", "sim-shop-secret",
                        shop, shop_scopes);
  lk_sim_state_find_app (self, "sim-shop-key")->service = g_strdup ("7000000000000000301");
}

/**
 * lk_sim_state_reset:
 *
 * Forgets everything that happened: grants, added apps, faults, limits, counts, moved clocks.
 */
void
lk_sim_state_reset (LkSimState *self)
{
  self->advanced = 0;
  self->skew = 0;
  memcpy (self->lives, self->start_lives, sizeof self->lives);
  g_hash_table_remove_all (self->access);
  g_hash_table_remove_all (self->refresh);
  g_ptr_array_set_size (self->grants, 0);
  g_hash_table_remove_all (self->codes);
  g_hash_table_remove_all (self->apps);
  g_hash_table_remove_all (self->statuses);
  g_hash_table_remove_all (self->reasons);
  g_hash_table_remove_all (self->deleted);
  g_hash_table_remove_all (self->refused);
  lk_sim_media_clear (self->media);
  lk_sim_news_clear (self->news);
  lk_sim_faults_clear (self->faults);
  lk_sim_limits_clear (self->limits);
  lk_sim_stats_clear (self->stats);
  add_start_apps (self);
  lk_sim_centers_reset (self->centers);
}

/**
 * lk_sim_state_new:
 * @clock: what time it is
 * @access_life: seconds that access tokens with an end live, 0 for each family's own
 * @refresh_life: the same for refresh tokens
 */
LkSimState *
lk_sim_state_new (LkClock *clock,
                  gint64   access_life,
                  gint64   refresh_life)
{
  LkSimState *self = g_new0 (LkSimState, 1);

  self->clock = g_object_ref (clock);
  memcpy (self->start_lives, default_lives, sizeof default_lives);
  for (guint i = 0; i < LK_SIM_N_FAMILIES; i++)
    {
      LkSimLife *life = &self->start_lives[i];

      if (access_life > 0 && life->access > 0)
        life->access = access_life;
      if (refresh_life > 0 && life->refresh > 0)
        life->refresh = refresh_life;
    }
  self->apps = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify) lk_sim_app_free);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) lk_sim_code_free);
  lk_sim_state_init_tokens (self);
  self->centers = lk_sim_centers_new ();
  self->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->media = lk_sim_media_new ();
  self->news = lk_sim_news_new ();
  self->faults = lk_sim_faults_new ();
  self->limits = lk_sim_limits_new ();
  self->stats = lk_sim_stats_new ();
  lk_sim_state_reset (self);
  return self;
}

void
lk_sim_state_free (LkSimState *self)
{
  g_hash_table_unref (self->access);
  g_hash_table_unref (self->refresh);
  g_ptr_array_unref (self->grants);
  g_hash_table_unref (self->codes);
  g_hash_table_unref (self->apps);
  g_ptr_array_unref (self->centers);
  g_hash_table_unref (self->statuses);
  g_hash_table_unref (self->reasons);
  g_hash_table_unref (self->deleted);
  g_hash_table_unref (self->refused);
  lk_sim_media_free (self->media);
  lk_sim_news_free (self->news);
  lk_sim_faults_free (self->faults);
  lk_sim_limits_free (self->limits);
  lk_sim_stats_free (self->stats);
  g_free (self->base_uri);
  g_object_unref (self->clock);
  g_free (self);
}

/* Microseconds on the simulator's own clock, which control can move on. */
gint64
lk_sim_state_now (LkSimState *self)
{
  return lk_clock_get_boot (self->clock) + self->advanced;
}

/* Seconds since 1970 on the same clock. */
gint64
lk_sim_state_get_time (LkSimState *self)
{
  return lk_clock_get_now (self->clock) + self->advanced / G_USEC_PER_SEC;
}

/* An app with the same id is replaced. */
void
lk_sim_state_add_app (LkSimState        *self,
                      LkSimFamily        family,
                      const char        *id,
                      const char        *secret,
                      const char *const *redirects,
                      const char *const *scopes)
{
  LkSimApp *app = g_new0 (LkSimApp, 1);

  app->family = family;
  app->id = g_strdup (id);
  app->secret = g_strdup (secret);
  app->redirects = g_strdupv ((char **) redirects);
  app->scopes = g_strdupv ((char **) scopes);
  g_hash_table_replace (self->apps, app->id, app);
}

LkSimApp *
lk_sim_state_find_app (LkSimState *self,
                       const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->apps, id) : NULL;
}

/* Byte for byte, but for a registered port "*", which takes any decimal port. */
static gboolean
redirect_matches (const char *registered,
                  const char *redirect)
{
  const char *star = strstr (registered, ":*/");
  gsize head = star != NULL ? (gsize) (star - registered) + 1 : 0;
  const char *rest = NULL;
  guint digits = 0;

  if (star == NULL)
    return g_str_equal (registered, redirect);
  if (strncmp (registered, redirect, head) != 0)
    return FALSE;
  rest = redirect + head;
  while (g_ascii_isdigit (rest[digits]))
    digits++;
  if (digits == 0 || digits > 5 || g_ascii_strtoull (rest, NULL, 10) > 65535)
    return FALSE;
  return g_str_equal (rest + digits, star + 2);
}

gboolean
lk_sim_app_takes_redirect (LkSimApp   *app,
                           const char *redirect)
{
  for (char **registered = app->redirects; redirect != NULL && *registered != NULL; registered++)
    {
      if (redirect_matches (*registered, redirect))
        return TRUE;
    }
  return FALSE;
}

gboolean
lk_sim_app_has_scope (LkSimApp   *app,
                      const char *scope)
{
  return app->scopes == NULL || g_strv_contains ((const char *const *) app->scopes, scope);
}

/* Returns: (nullable): "ADMIN", "OPERATOR", "ANALYST", or %NULL for somebody without a role */
const char *
lk_sim_state_get_role (LkSimState      *self,
                       const LkSimUser *user,
                       const char      *advertiser)
{
  LkSimRole role = lk_sim_state_has_advertiser (self, advertiser)
                     ? lk_sim_centers_get_role (self->centers, user->number, advertiser)
                     : LK_SIM_ROLE_NONE;

  return role != LK_SIM_ROLE_NONE ? lk_sim_role_to_string (role) : NULL;
}

/* Whether it exists and was not deleted. */
gboolean
lk_sim_state_has_advertiser (LkSimState *self,
                             const char *advertiser)
{
  return lk_sim_find_advertiser (advertiser) != NULL &&
         !g_hash_table_contains (self->deleted, advertiser);
}

const char *
lk_sim_state_get_status (LkSimState *self,
                         const char *advertiser)
{
  const char *status = g_hash_table_lookup (self->statuses, advertiser);

  return status != NULL ? status : "STATUS_ENABLE";
}

/* A code carries the characters that TikTok's do and that have to travel percent-encoded. */
const char *
lk_sim_state_issue_code (LkSimState        *self,
                         LkSimApp          *app,
                         const LkSimUser   *user,
                         const char *const *scopes,
                         const char *const *advertisers,
                         const char        *redirect,
                         const char        *challenge)
{
  g_autofree char *random = g_uuid_string_random ();
  LkSimCode *code = g_new0 (LkSimCode, 1);

  code->family = app->family;
  code->value = app->family == LK_SIM_FAMILY_ADS ? g_strdup (random)
                                                 : g_strdup_printf ("%s*0!%u.e1", random,
                                                                    1000 + user->number);
  code->app = g_strdup (app->id);
  code->user = user;
  code->scopes = g_strdupv ((char **) scopes);
  code->advertisers = g_strdupv ((char **) advertisers);
  code->redirect = g_strdup (redirect);
  code->challenge = g_strdup (challenge);
  code->ends = lk_sim_state_now (self) + self->lives[app->family].code * G_USEC_PER_SEC;
  g_hash_table_insert (self->codes, code->value, code);
  return code->value;
}

/* A code that was used counts as expired, as with TikTok. */
LkSimCode *
lk_sim_state_find_code (LkSimState *self,
                        const char *value,
                        LkSimCheck *check)
{
  LkSimCode *code = value != NULL ? g_hash_table_lookup (self->codes, value) : NULL;

  *check = LK_SIM_CHECK_OK;
  if (code == NULL)
    *check = LK_SIM_CHECK_UNKNOWN;
  else if (code->used || code->ends <= lk_sim_state_now (self))
    *check = LK_SIM_CHECK_EXPIRED;
  return code;
}
