/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-centers.h"

static const char *const roles[] = { "none", "ANALYST", "OPERATOR", "ADMIN" };
static const char *const relations[] = { "BOUND", "PENDING", "REJECTED" };

G_STATIC_ASSERT (G_N_ELEMENTS (roles) == LK_SIM_ROLE_ADMIN + 1);

const char *
lk_sim_role_to_string (LkSimRole role)
{
  return roles[role];
}

gboolean
lk_sim_role_from_string (const char *word,
                         LkSimRole  *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      if (g_strcmp0 (word, roles[i]) == 0)
        {
          *role = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* Returns: (nullable): the same word, which lives for ever; %NULL for another */
const char *
lk_sim_relation_from_string (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    {
      if (g_strcmp0 (word, relations[i]) == 0)
        return relations[i];
    }
  return NULL;
}

static void
lk_sim_asset_free (LkSimAsset *self)
{
  g_free (self->advertiser);
  g_hash_table_unref (self->roles);
  g_free (self);
}

static void
lk_sim_center_free (LkSimCenter *self)
{
  g_free (self->id);
  g_free (self->name);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->assets);
  g_free (self);
}

GPtrArray *
lk_sim_centers_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_center_free);
}

/* A center with the same id is kept, and renamed. */
LkSimCenter *
lk_sim_centers_add (GPtrArray  *self,
                    const char *id,
                    const char *name,
                    const char *type)
{
  LkSimCenter *center = lk_sim_centers_find (self, id);

  if (center == NULL)
    {
      center = g_new0 (LkSimCenter, 1);
      center->id = g_strdup (id);
      center->members = g_ptr_array_new_with_free_func (g_free);
      center->assets = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_asset_free);
      g_ptr_array_add (self, center);
    }
  g_free (center->name);
  center->name = g_strdup (name);
  center->type = g_strcmp0 (type, "AGENCY") == 0 ? "AGENCY" : "NORMAL";
  return center;
}

LkSimCenter *
lk_sim_centers_find (GPtrArray  *self,
                     const char *id)
{
  for (guint i = 0; i < self->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (self, i);

      if (g_strcmp0 (center->id, id) == 0)
        return center;
    }
  return NULL;
}

LkSimCenter *
lk_sim_centers_find_owner (GPtrArray  *self,
                           const char *advertiser)
{
  for (guint i = 0; i < self->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (self, i);
      LkSimAsset *asset = lk_sim_center_find_asset (center, advertiser);

      if (asset != NULL && asset->owned)
        return center;
    }
  return NULL;
}

LkSimMember *
lk_sim_center_find_member (LkSimCenter *self,
                           guint        user)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      LkSimMember *member = g_ptr_array_index (self->members, i);

      if (member->user == user)
        return member;
    }
  return NULL;
}

/* Whether the person is in, and not only invited. */
gboolean
lk_sim_center_has (LkSimCenter *self,
                   guint        user,
                   gboolean     as_admin)
{
  LkSimMember *member = lk_sim_center_find_member (self, user);

  return member != NULL && g_str_equal (member->relation, "BOUND") &&
         (member->admin || !as_admin);
}

void
lk_sim_center_set_member (LkSimCenter *self,
                          guint        user,
                          gboolean     admin,
                          const char  *relation)
{
  LkSimMember *member = lk_sim_center_find_member (self, user);

  if (member == NULL)
    {
      member = g_new0 (LkSimMember, 1);
      member->user = user;
      g_ptr_array_add (self->members, member);
    }
  member->admin = admin;
  member->relation = relation;
}

/* With the roles that the person had there. */
void
lk_sim_center_remove_member (LkSimCenter *self,
                             guint        user)
{
  LkSimMember *member = lk_sim_center_find_member (self, user);

  if (member != NULL)
    g_ptr_array_remove (self->members, member);
  for (guint i = 0; i < self->assets->len; i++)
    lk_sim_asset_set_role (g_ptr_array_index (self->assets, i), user, LK_SIM_ROLE_NONE);
}

LkSimAsset *
lk_sim_center_find_asset (LkSimCenter *self,
                          const char  *advertiser)
{
  for (guint i = 0; i < self->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (self->assets, i);

      if (g_strcmp0 (asset->advertiser, advertiser) == 0)
        return asset;
    }
  return NULL;
}

LkSimAsset *
lk_sim_center_set_asset (LkSimCenter *self,
                         const char  *advertiser,
                         gboolean     owned,
                         const char  *relation,
                         LkSimRole    cap)
{
  LkSimAsset *asset = lk_sim_center_find_asset (self, advertiser);

  if (asset == NULL)
    {
      asset = g_new0 (LkSimAsset, 1);
      asset->advertiser = g_strdup (advertiser);
      asset->roles = g_hash_table_new (NULL, NULL);
      g_ptr_array_add (self->assets, asset);
    }
  asset->owned = owned;
  asset->relation = relation;
  asset->cap = cap;
  return asset;
}

void
lk_sim_center_remove_asset (LkSimCenter *self,
                            const char  *advertiser)
{
  LkSimAsset *asset = lk_sim_center_find_asset (self, advertiser);

  if (asset != NULL)
    g_ptr_array_remove (self->assets, asset);
}

/* What was assigned in this center, whatever the relation is. */
LkSimRole
lk_sim_asset_get_role (LkSimAsset *self,
                       guint       user)
{
  LkSimRole role = GPOINTER_TO_UINT (g_hash_table_lookup (self->roles, GUINT_TO_POINTER (user)));

  return self->owned ? role : MIN (role, self->cap);
}

void
lk_sim_asset_set_role (LkSimAsset *self,
                       guint       user,
                       LkSimRole   role)
{
  g_hash_table_replace (self->roles, GUINT_TO_POINTER (user), GUINT_TO_POINTER (role));
}

/* The best of what the person has by way of any center that is bound to the advertiser. */
LkSimRole
lk_sim_centers_get_role (GPtrArray  *self,
                         guint       user,
                         const char *advertiser)
{
  LkSimRole best = LK_SIM_ROLE_NONE;

  for (guint i = 0; i < self->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (self, i);
      LkSimAsset *asset = lk_sim_center_find_asset (center, advertiser);

      if (asset != NULL && g_str_equal (asset->relation, "BOUND") &&
          lk_sim_center_has (center, user, FALSE))
        best = MAX (best, lk_sim_asset_get_role (asset, user));
    }
  return best;
}

static void
take_role (GPtrArray  *self,
           guint       user,
           const char *advertiser)
{
  for (guint i = 0; i < self->len; i++)
    {
      LkSimAsset *asset = lk_sim_center_find_asset (g_ptr_array_index (self, i), advertiser);

      if (asset != NULL)
        lk_sim_asset_set_role (asset, user, LK_SIM_ROLE_NONE);
    }
}

/* The person's own way to the advertiser: the owner's center, or a partner's. */
static LkSimCenter *
way_to (GPtrArray  *self,
        guint       user,
        const char *advertiser)
{
  LkSimCenter *owner = lk_sim_centers_find_owner (self, advertiser);

  if (owner == NULL || lk_sim_center_has (owner, user, FALSE))
    return owner;
  for (guint i = 0; i < self->len; i++)
    {
      LkSimCenter *center = g_ptr_array_index (self, i);
      LkSimAsset *asset = lk_sim_center_find_asset (center, advertiser);

      if (asset != NULL && g_str_equal (asset->relation, "BOUND") &&
          lk_sim_center_has (center, user, FALSE))
        return center;
    }
  return owner;
}

/**
 * lk_sim_centers_set_role:
 *
 * Sees to it that @user has @role at @advertiser: as a member of a center that reaches it, or as a
 * new one of its owner. A partner's share is raised when it was less.
 */
void
lk_sim_centers_set_role (GPtrArray  *self,
                         guint       user,
                         const char *advertiser,
                         LkSimRole   role)
{
  LkSimCenter *center = way_to (self, user, advertiser);
  LkSimAsset *asset = NULL;

  take_role (self, user, advertiser);
  if (role == LK_SIM_ROLE_NONE || center == NULL)
    return;
  if (!lk_sim_center_has (center, user, FALSE))
    lk_sim_center_set_member (center, user, FALSE, "BOUND");
  asset = lk_sim_center_find_asset (center, advertiser);
  asset->relation = "BOUND";
  asset->cap = MAX (asset->cap, role);
  lk_sim_asset_set_role (asset, user, role);
}

static gboolean
shares_with (LkSimCenter *owner,
             LkSimCenter *partner)
{
  for (guint i = 0; i < partner->assets->len; i++)
    {
      LkSimAsset *asset = g_ptr_array_index (partner->assets, i);
      LkSimAsset *own = lk_sim_center_find_asset (owner, asset->advertiser);

      if (!asset->owned && own != NULL && own->owned)
        return TRUE;
    }
  return FALSE;
}

/* Whether one of the two shares an advertiser with the other. */
gboolean
lk_sim_centers_are_partners (GPtrArray   *self,
                             LkSimCenter *one,
                             LkSimCenter *other)
{
  return one != other && (shares_with (one, other) || shares_with (other, one));
}

/**
 * lk_sim_centers_reset:
 *
 * As at the start. Mira runs Fernhill and is a plain member at Harbour Coffee; Jonas has an agency
 * that Harbour Coffee shares its account with, and an open invitation of Fernhill; Sam has nothing.
 */
void
lk_sim_centers_reset (GPtrArray *self)
{
  LkSimCenter *fernhill = NULL;
  LkSimCenter *harbour = NULL;
  LkSimCenter *agency = NULL;
  LkSimCenter *lumen = NULL;

  g_ptr_array_set_size (self, 0);
  fernhill = lk_sim_centers_add (self, "7000000000000000900", "Fernhill Group", "NORMAL");
  harbour = lk_sim_centers_add (self, "7000000000000000901", "Harbour Coffee Roasters", "NORMAL");
  agency = lk_sim_centers_add (self, "7000000000000000902", "Weber Media", "AGENCY");
  lumen = lk_sim_centers_add (self, "7000000000000000903", "Lumen Lamps Inc", "NORMAL");
  lk_sim_center_set_member (fernhill, 1, TRUE, "BOUND");
  lk_sim_center_set_member (fernhill, 2, FALSE, "PENDING");
  lk_sim_center_set_member (harbour, 4, TRUE, "BOUND");
  lk_sim_center_set_member (harbour, 1, FALSE, "BOUND");
  lk_sim_center_set_member (agency, 2, TRUE, "BOUND");
  lk_sim_center_set_member (lumen, 5, TRUE, "BOUND");
  lk_sim_center_set_asset (fernhill, "7000000000000000001", TRUE, "BOUND", LK_SIM_ROLE_ADMIN);
  lk_sim_center_set_asset (fernhill, "7000000000000000002", TRUE, "BOUND", LK_SIM_ROLE_ADMIN);
  lk_sim_center_set_asset (harbour, "7000000000000000003", TRUE, "BOUND", LK_SIM_ROLE_ADMIN);
  lk_sim_center_set_asset (agency, "7000000000000000003", FALSE, "BOUND", LK_SIM_ROLE_ANALYST);
  lk_sim_center_set_asset (lumen, "7000000000000000004", TRUE, "BOUND", LK_SIM_ROLE_ADMIN);
  lk_sim_centers_set_role (self, 1, "7000000000000000001", LK_SIM_ROLE_ADMIN);
  lk_sim_centers_set_role (self, 1, "7000000000000000002", LK_SIM_ROLE_OPERATOR);
  lk_sim_centers_set_role (self, 1, "7000000000000000003", LK_SIM_ROLE_ANALYST);
  lk_sim_centers_set_role (self, 4, "7000000000000000003", LK_SIM_ROLE_ADMIN);
  lk_sim_centers_set_role (self, 2, "7000000000000000003", LK_SIM_ROLE_ANALYST);
  lk_sim_centers_set_role (self, 5, "7000000000000000004", LK_SIM_ROLE_ADMIN);
}
