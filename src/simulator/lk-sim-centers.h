/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkSimRole:
 *
 * What a person may do with an advertiser, or a partner with what is shared; more is greater.
 */
typedef enum
{
  LK_SIM_ROLE_NONE,
  LK_SIM_ROLE_ANALYST,
  LK_SIM_ROLE_OPERATOR,
  LK_SIM_ROLE_ADMIN,
} LkSimRole;

/**
 * LkSimMember:
 * @admin: whether the person manages members and assets
 * @relation: "BOUND", "PENDING" or "REJECTED"
 */
typedef struct
{
  guint       user;
  gboolean    admin;
  const char *relation;
} LkSimMember;

/**
 * LkSimAsset:
 * @owned: whether the center owns the advertiser; otherwise its owner shares it
 * @relation: as for members
 * @cap: the most that a partner's people may do with it
 * @roles: user number → #LkSimRole
 */
typedef struct
{
  char       *advertiser;
  gboolean    owned;
  const char *relation;
  LkSimRole   cap;
  GHashTable *roles;
} LkSimAsset;

/**
 * LkSimCenter:
 *
 * A Business Center. Everyone's roles on advertisers follow from these.
 */
typedef struct
{
  char       *id;
  char       *name;
  const char *type;
  GPtrArray  *members;
  GPtrArray  *assets;
} LkSimCenter;

const char  *lk_sim_role_to_string        (LkSimRole role);
gboolean     lk_sim_role_from_string      (const char *word, LkSimRole *role);
const char  *lk_sim_relation_from_string  (const char *word);

GPtrArray   *lk_sim_centers_new           (void);
void         lk_sim_centers_reset         (GPtrArray *self);
LkSimCenter *lk_sim_centers_add           (GPtrArray *self, const char *id, const char *name,
                                           const char *type);
LkSimCenter *lk_sim_centers_find          (GPtrArray *self, const char *id);
LkSimCenter *lk_sim_centers_find_owner    (GPtrArray *self, const char *advertiser);
LkSimRole    lk_sim_centers_get_role      (GPtrArray *self, guint user, const char *advertiser);
void         lk_sim_centers_set_role      (GPtrArray *self, guint user, const char *advertiser,
                                           LkSimRole role);
gboolean     lk_sim_centers_are_partners  (GPtrArray *self, LkSimCenter *one, LkSimCenter *other);

LkSimMember *lk_sim_center_find_member    (LkSimCenter *self, guint user);
gboolean     lk_sim_center_has            (LkSimCenter *self, guint user, gboolean as_admin);
void         lk_sim_center_set_member     (LkSimCenter *self, guint user, gboolean admin,
                                           const char *relation);
void         lk_sim_center_remove_member  (LkSimCenter *self, guint user);
LkSimAsset  *lk_sim_center_find_asset     (LkSimCenter *self, const char *advertiser);
LkSimAsset  *lk_sim_center_set_asset      (LkSimCenter *self, const char *advertiser,
                                           gboolean owned, const char *relation, LkSimRole cap);
void         lk_sim_center_remove_asset   (LkSimCenter *self, const char *advertiser);

LkSimRole    lk_sim_asset_get_role        (LkSimAsset *self, guint user);
void         lk_sim_asset_set_role        (LkSimAsset *self, guint user, LkSimRole role);

G_END_DECLS
