/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-state-private.h"

#include <string.h>

/* An access token that was issued; older ones of a grant live until their own end. */
typedef struct
{
  LkSimGrant *grant;
  gint64      ends;
} LkSimAccess;

static void
lk_sim_grant_free (LkSimGrant *self)
{
  g_free (self->app);
  g_free (self->open_id);
  g_strfreev (self->scopes);
  g_strfreev (self->advertisers);
  g_free (self->access);
  g_free (self->refresh);
  g_free (self);
}

void
lk_sim_state_init_tokens (LkSimState *self)
{
  self->grants = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_grant_free);
  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static char *
new_token (LkSimFamily  family,
           const char  *prefix)
{
  g_autofree char *first = g_uuid_string_random ();
  g_autofree char *second = g_uuid_string_random ();
  g_autofree char *seed = g_strconcat (first, second, NULL);

  if (family == LK_SIM_FAMILY_ADS)
    return g_compute_checksum_for_string (G_CHECKSUM_SHA1, seed, -1);
  if (family == LK_SIM_FAMILY_SHOP)
    return g_strconcat ("TTP_", seed, NULL);
  return g_strdup_printf ("%s.%s!%d.e1", prefix, seed, g_random_int_range (1000, 9999));
}

static gint64
end_of (LkSimState *self,
        gint64      life)
{
  return life > 0 ? lk_sim_state_now (self) + life * G_USEC_PER_SEC : LK_SIM_NEVER;
}

static void
issue_tokens (LkSimState *self,
              LkSimGrant *grant)
{
  const LkSimLife *life = &self->lives[grant->family];
  LkSimAccess *access = g_new0 (LkSimAccess, 1);

  g_free (grant->access);
  grant->access = new_token (grant->family, "act");
  grant->access_ends = end_of (self, life->access);
  grant->generation++;
  access->grant = grant;
  access->ends = grant->access_ends;
  g_hash_table_replace (self->access, g_strdup (grant->access), access);
  if (grant->family == LK_SIM_FAMILY_ADS)
    return;

  if (grant->refresh != NULL)
    g_hash_table_remove (self->refresh, grant->refresh);
  g_free (grant->refresh);
  grant->refresh = new_token (grant->family, "rft");
  if (!life->fixed || grant->generation == 1)
    grant->refresh_ends = end_of (self, life->refresh);
  g_hash_table_replace (self->refresh, g_strdup (grant->refresh), grant);
}

/* Stable for a pair of app and person, as TikTok's are. */
static char *
open_id_of (const char      *app,
            const LkSimUser *user)
{
  g_autofree char *seed = g_strdup_printf ("%s/%s", app, user->core_user_id);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strdup_printf ("-000%.28s", hash);
}

/**
 * lk_sim_state_get_refresh_left:
 *
 * Returns: seconds that the refresh token of @grant, just issued, has to live; 0 for no end
 */
gint64
lk_sim_state_get_refresh_left (LkSimState *self,
                               LkSimGrant *grant)
{
  const LkSimLife *life = &self->lives[grant->family];

  if (!life->fixed || grant->refresh_ends == LK_SIM_NEVER)
    return life->refresh;
  return (grant->refresh_ends - lk_sim_state_now (self)) / G_USEC_PER_SEC;
}

/**
 * lk_sim_state_redeem:
 *
 * Turns a code into a grant with its first tokens. The code is used up.
 *
 * Returns: (transfer none): the grant
 */
LkSimGrant *
lk_sim_state_redeem (LkSimState *self,
                     LkSimCode  *code)
{
  LkSimGrant *grant = g_new0 (LkSimGrant, 1);

  code->used = TRUE;
  grant->family = code->family;
  grant->app = g_strdup (code->app);
  grant->user = code->user;
  grant->open_id = open_id_of (code->app, code->user);
  grant->scopes = g_strdupv (code->scopes);
  grant->advertisers = g_strdupv (code->advertisers);
  grant->least_left = LK_SIM_NEVER;
  g_ptr_array_add (self->grants, grant);
  issue_tokens (self, grant);
  return grant;
}

LkSimCheck
lk_sim_state_check_access (LkSimState   *self,
                           LkSimFamily   family,
                           const char   *token,
                           LkSimGrant  **grant)
{
  LkSimAccess *access = token != NULL ? g_hash_table_lookup (self->access, token) : NULL;

  if (access == NULL || access->grant->family != family)
    return LK_SIM_CHECK_UNKNOWN;
  *grant = access->grant;
  if (access->ends <= lk_sim_state_now (self))
    return LK_SIM_CHECK_EXPIRED;
  return LK_SIM_CHECK_OK;
}

LkSimCheck
lk_sim_state_check_refresh (LkSimState   *self,
                            LkSimFamily   family,
                            const char   *token,
                            LkSimGrant  **grant)
{
  LkSimGrant *found = token != NULL ? g_hash_table_lookup (self->refresh, token) : NULL;

  if (found == NULL || found->family != family)
    return LK_SIM_CHECK_UNKNOWN;
  *grant = found;
  if (found->refresh_ends <= lk_sim_state_now (self))
    return LK_SIM_CHECK_EXPIRED;
  return LK_SIM_CHECK_OK;
}

static gboolean
is_old_of_grant (gpointer key,
                 gpointer value,
                 gpointer user_data)
{
  LkSimAccess *access = value;
  LkSimState *self = ((gpointer *) user_data)[0];

  return access->grant == ((gpointer *) user_data)[1] &&
         access->ends <= lk_sim_state_now (self);
}

/**
 * lk_sim_state_rotate:
 *
 * Issues the next tokens of @grant. The refresh token that was used is dead at once; the access
 * token before it lives until its own end.
 */
void
lk_sim_state_rotate (LkSimState *self,
                     LkSimGrant *grant)
{
  gpointer both[] = { self, grant };

  if (grant->access_ends != LK_SIM_NEVER)
    grant->least_left = MIN (grant->least_left, grant->access_ends - lk_sim_state_now (self));
  /* Ended tokens are swept now and then, so that a long run does not grow. */
  if (grant->generation % 16 == 0)
    g_hash_table_foreach_remove (self->access, is_old_of_grant, both);
  issue_tokens (self, grant);
}

static gboolean
is_of_grant (gpointer key,
             gpointer value,
             gpointer grant)
{
  return ((LkSimAccess *) value)->grant == grant;
}

/* Forgets the grant and all its tokens; @grant is freed. */
void
lk_sim_state_revoke (LkSimState *self,
                     LkSimGrant *grant)
{
  g_hash_table_foreach_remove (self->access, is_of_grant, grant);
  if (grant->refresh != NULL)
    g_hash_table_remove (self->refresh, grant->refresh);
  g_ptr_array_remove (self->grants, grant);
}

/* Ends tokens early, as if their time had come. */
void
lk_sim_state_expire (LkSimState *self,
                     LkSimGrant *grant,
                     gboolean    access,
                     gboolean    refresh)
{
  gint64 now = lk_sim_state_now (self);
  LkSimAccess *token = NULL;
  GHashTableIter iter;

  if (refresh)
    grant->refresh_ends = now;
  if (!access)
    return;
  grant->access_ends = now;
  g_hash_table_iter_init (&iter, self->access);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &token))
    {
      if (token->grant == grant)
        token->ends = now;
    }
}

gboolean
lk_sim_grant_has_scope (LkSimGrant *grant,
                        const char *scope)
{
  return g_strv_contains ((const char *const *) grant->scopes, scope);
}

gboolean
lk_sim_grant_has_advertiser (LkSimGrant *grant,
                             const char *advertiser)
{
  return g_strv_contains ((const char *const *) grant->advertisers, advertiser);
}
