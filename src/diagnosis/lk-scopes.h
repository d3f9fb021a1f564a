/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-facts.h"

G_BEGIN_DECLS

/**
 * LkScope:
 * @id: as the provider writes it
 * @name: (nullable): msgid of its name, such as "Read Automated Rules"
 * @parent: (nullable): a scope that implies this one
 * @endpoints: paths that it covers, never %NULL; a final "*" covers what follows
 *
 * A permission of a developer app. From data/scopes/FAMILY.xml.
 */
typedef struct
{
  char  *id;
  char  *name;
  char  *parent;
  char **endpoints;
} LkScope;

/**
 * LkFeature:
 * @id: word, such as "campaigns-write"
 * @name: msgid, such as "Change campaigns"
 * @scopes: one of these is needed; empty when none is
 * @roles: one of these roles on the account is needed, such as "ADMIN", "OPERATOR"; empty when any
 * @on: (nullable): what decides beside the account: "center", "catalog" or "pixel"
 *
 * A column of the permission matrix. From the same file.
 */
typedef struct
{
  char  *id;
  char  *name;
  char **scopes;
  char **roles;
  char  *on;
} LkFeature;

typedef struct _LkScopes LkScopes;

/* Compiled in; (transfer full) */
LkScopes        *lk_scopes_new          (void);
void             lk_scopes_free         (LkScopes *self);
const LkScope   *lk_scopes_find         (LkScopes *self, const char *family, const char *id);
/* Translated name with the id for unknown ones. (transfer full) */
char            *lk_scopes_dup_name     (LkScopes *self, const char *family, const char *id);
/* Scopes that cover a path, smallest first, those that imply them last; empty when nobody knows.
 * @endpoint: (nullable): path or whole address; fields named in its query narrow the choice.
 * (element-type LkScope) (transfer container) */
GPtrArray       *lk_scopes_covering     (LkScopes *self, const char *family, const char *endpoint);
/* Where it is said that scope @id covers a path, with date; @certain is %FALSE where that only
 * follows from names or from other people's guides. (nullable) (transfer none) */
const char      *lk_scopes_get_source   (LkScopes *self, const char *family, const char *id,
                                         const char *endpoint, gboolean *certain);
/* Whether @granted (as the provider lists them, %NULL for none) holds @id or one of its parents. */
gboolean         lk_scopes_is_granted   (LkScopes *self, const char *family,
                                         const char * const *granted, const char *id);
/* Roles that may use a path with a method on an account: NULL when any may or nobody knows. */
const char * const *lk_scopes_roles_for (LkScopes *self, const char *family, const char *method,
                                         const char *endpoint);
/* (element-type LkFeature) (transfer none): never NULL */
GPtrArray       *lk_scopes_get_features (LkScopes *self, const char *family);
/* All scopes of a family, in order; (element-type LkScope) (transfer none): never NULL */
GPtrArray       *lk_scopes_list         (LkScopes *self, const char *family);

/**
 * LkCell: what one account may do of one feature.
 */
typedef enum
{
  LK_CELL_UNKNOWN,
  LK_CELL_ALLOWED,
  LK_CELL_SCOPE,     /* the app's permission was not granted */
  LK_CELL_ROLE,      /* the login's role on the account does not allow it */
  LK_CELL_LISTED,    /* TikTok has to allow-list the app */
  LK_CELL_ACCOUNT,   /* the account itself is closed, in review or penalised */
} LkCell;

/**
 * LkMatrix:
 * @accounts: (element-type LkAccount); @features: (element-type LkFeature) (unowned)
 * @cells: row by row, accounts->len × features->len
 * @checked: when it was gathered
 */
typedef struct
{
  GPtrArray *accounts;
  GPtrArray *features;
  LkCell    *cells;
  gint64     checked;
} LkMatrix;

/* From the facts of a survey: answers of "reach", "centers", "center-assets" (all), "account". */
LkMatrix        *lk_matrix_new          (LkScopes *scopes, const LkFacts *facts);
void             lk_matrix_free         (LkMatrix *self);
LkCell           lk_matrix_get          (const LkMatrix *self, guint account, guint feature);
/* Why, in a sentence, translated. (transfer full) */
char            *lk_matrix_dup_reason   (LkScopes *scopes, const LkMatrix *self,
                                         const LkFacts *facts, guint account, guint feature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkScopes, lk_scopes_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkMatrix, lk_matrix_free)

G_END_DECLS
