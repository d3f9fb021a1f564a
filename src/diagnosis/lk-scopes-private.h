/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-scopes.h"

G_BEGIN_DECLS

/**
 * LkScopePath:
 * @path: normal form, see lk_scope_path_normalize()
 * @fields: (nullable): the scope is for these fields of the path only
 * @source: where it is said, with date
 * @certain: the source is the provider's own list
 * @reads: it changes nothing, though its scope allows changes
 */
typedef struct
{
  char     *path;
  char    **fields;
  char     *source;
  gboolean  certain;
  gboolean  reads;
} LkScopePath;

/**
 * LkScopeEntry:
 * @scope: what others see; first, so that one pointer is both
 * @paths: (element-type LkScopePath)
 */
typedef struct
{
  LkScope    scope;
  GPtrArray *paths;
} LkScopeEntry;

/**
 * LkScopeFamily:
 * @versioned: paths may begin with /open_api/v1.3
 * @scopes: (element-type LkScopeEntry): in the order of the file
 * @by_id: (element-type utf8 LkScopeEntry)
 * @features: (element-type LkFeature)
 */
typedef struct
{
  char       *family;
  gboolean    versioned;
  GPtrArray  *scopes;
  GHashTable *by_id;
  GPtrArray  *features;
} LkScopeFamily;

LkScopeFamily *lk_scope_family_parse   (const char *name, GBytes *bytes);
void           lk_scope_family_free    (LkScopeFamily *self);

char          *lk_scope_path_normalize (const char *endpoint, gboolean versioned);
char         **lk_scope_path_dup_fields (const char *endpoint);
gboolean       lk_scope_path_fits      (const char *pattern, const char *path);

G_END_DECLS
