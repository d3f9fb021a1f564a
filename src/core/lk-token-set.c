/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-token-set.h"

struct _LkTokenSet
{
  gatomicrefcount   ref_count;
  LkSecret         *access;  /* (owned) */
  LkSecret         *refresh; /* (owned) (nullable) */
  gint64            obtained;
  gint64            access_ends;
  gint64            refresh_ends;
  char            **scopes;  /* (owned) (nullable) */
  guint64           generation;
};

G_DEFINE_BOXED_TYPE (LkTokenSet, lk_token_set, lk_token_set_ref, lk_token_set_unref)

/**
 * lk_token_set_new:
 * @fields: the values, all copied
 *
 * Returns: (transfer full):
 */
LkTokenSet *
lk_token_set_new (const LkTokenSetFields *fields)
{
  LkTokenSet *self;

  g_return_val_if_fail (fields != NULL && fields->access != NULL, NULL);

  self = g_new0 (LkTokenSet, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->access = lk_secret_ref (fields->access);
  self->refresh = fields->refresh != NULL ? lk_secret_ref (fields->refresh) : NULL;
  self->obtained = fields->obtained;
  self->access_ends = fields->access_ends;
  self->refresh_ends = fields->refresh_ends;
  self->scopes = g_strdupv ((char **) fields->scopes);
  self->generation = fields->generation;

  return self;
}

LkTokenSet *
lk_token_set_ref (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
lk_token_set_unref (LkTokenSet *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->access, lk_secret_unref);
  g_clear_pointer (&self->refresh, lk_secret_unref);
  g_clear_pointer (&self->scopes, g_strfreev);
  g_free (self);
}

/**
 * lk_token_set_renewed:
 * @self: the set that was renewed
 * @reply: what the provider answered, its generation is ignored
 *
 * What the reply does not speak of is kept: a reply without a refresh token leaves the old one
 * with its end, a reply without scopes leaves the old scopes. A reply that repeats the old refresh
 * token without saying when it ends leaves its end.
 *
 * Returns: (transfer full): the next generation
 */
LkTokenSet *
lk_token_set_renewed (LkTokenSet *self,
                      LkTokenSet *reply)
{
  LkTokenSetFields fields = { 0 };

  g_return_val_if_fail (self != NULL && reply != NULL, NULL);

  fields.access = reply->access;
  fields.obtained = reply->obtained;
  fields.access_ends = reply->access_ends;
  fields.refresh = reply->refresh;
  fields.refresh_ends = reply->refresh_ends;
  fields.scopes = (const char * const *) (reply->scopes != NULL ? reply->scopes : self->scopes);
  fields.generation = self->generation + 1;

  if (reply->refresh == NULL)
    {
      fields.refresh = self->refresh;
      fields.refresh_ends = self->refresh_ends;
    }
  else if (reply->refresh_ends == LK_END_UNKNOWN && lk_secret_equal (reply->refresh, self->refresh))
    {
      fields.refresh_ends = self->refresh_ends;
    }

  return lk_token_set_new (&fields);
}

/**
 * lk_token_set_get_access:
 *
 * Returns: (transfer none):
 */
LkSecret *
lk_token_set_get_access (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->access;
}

/**
 * lk_token_set_get_refresh:
 *
 * Returns: (transfer none) (nullable):
 */
LkSecret *
lk_token_set_get_refresh (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->refresh;
}

gint64
lk_token_set_get_obtained (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->obtained;
}

gint64
lk_token_set_get_access_ends (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, LK_END_UNKNOWN);

  return self->access_ends;
}

gint64
lk_token_set_get_refresh_ends (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, LK_END_UNKNOWN);

  return self->refresh_ends;
}

/**
 * lk_token_set_get_scopes:
 *
 * Returns: (transfer none) (nullable): %NULL when the provider did not say
 */
const char * const *
lk_token_set_get_scopes (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->scopes;
}

guint64
lk_token_set_get_generation (LkTokenSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->generation;
}

static gboolean
equal_scopes (char **a,
              char **b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return g_strv_equal ((const char * const *) a, (const char * const *) b);
}

gboolean
lk_token_set_equal (LkTokenSet *a,
                    LkTokenSet *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return lk_secret_equal (a->access, b->access) &&
         lk_secret_equal (a->refresh, b->refresh) &&
         a->obtained == b->obtained &&
         a->access_ends == b->access_ends &&
         a->refresh_ends == b->refresh_ends &&
         a->generation == b->generation &&
         equal_scopes (a->scopes, b->scopes);
}
