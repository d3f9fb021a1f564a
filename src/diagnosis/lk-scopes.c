/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "lk-scope-data-resources.h"
#include "lk-scopes-private.h"

#define FOLDER "/io/github/latchkey_app/Latchkey/scopes"

/* A hand-made chain of parents may not go round. */
#define MAX_LEVELS 8

struct _LkScopes
{
  GHashTable *families;
  GPtrArray  *none;
};

/**
 * lk_scopes_new:
 *
 * Reads the files that are compiled in.
 *
 * Returns: (transfer full): the scopes of all families
 */
LkScopes *
lk_scopes_new (void)
{
  static const char *const files[] = { "tiktok-ads.xml", "tiktok-account.xml", "tiktok-login.xml",
                                       "tiktok-shop.xml" };
  GResource *resource = lk_scope_data_get_resource ();
  LkScopes *self = g_new0 (LkScopes, 1);

  self->families = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                          (GDestroyNotify) lk_scope_family_free);
  self->none = g_ptr_array_new ();
  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_path ("/", FOLDER, files[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, 0, &error);
      LkScopeFamily *family;

      if (bytes == NULL)
        g_error ("%s", error->message);
      family = lk_scope_family_parse (files[i], bytes);
      g_hash_table_insert (self->families, family->family, family);
    }

  return self;
}

void
lk_scopes_free (LkScopes *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->families);
  g_ptr_array_unref (self->none);
  g_free (self);
}

static LkScopeFamily *
get_family (LkScopes   *self,
            const char *family)
{
  return family != NULL ? g_hash_table_lookup (self->families, family) : NULL;
}

/**
 * lk_scopes_find:
 * @family: (nullable)
 * @id: (nullable): as the provider writes it
 *
 * Returns: (transfer none) (nullable): the scope
 */
const LkScope *
lk_scopes_find (LkScopes   *self,
                const char *family,
                const char *id)
{
  LkScopeFamily *found = get_family (self, family);

  return found != NULL && id != NULL ? g_hash_table_lookup (found->by_id, id) : NULL;
}

/**
 * lk_scopes_dup_name:
 *
 * Returns: (transfer full): the translated name; the id for a scope that nobody told us of
 */
char *
lk_scopes_dup_name (LkScopes   *self,
                    const char *family,
                    const char *id)
{
  const LkScope *scope = lk_scopes_find (self, family, id);

  return g_strdup (scope != NULL ? g_dgettext (GETTEXT_PACKAGE, scope->name) : id);
}

static gboolean
asks_for (const LkScopePath *path,
          char             **fields)
{
  for (unsigned int i = 0; path->fields != NULL && path->fields[i] != NULL; i++)
    {
      if (g_strv_contains ((const char *const *) fields, path->fields[i]))
        return TRUE;
    }

  return FALSE;
}

/* The best of a scope's paths that fits: 0 none, then by pattern, by name, certain. @fields narrow
 * it where not %NULL. */
static int
rank_scope (const LkScopeEntry *entry,
            const char         *path,
            char              **fields,
            const LkScopePath **which)
{
  int best = 0;

  for (unsigned int i = 0; i < entry->paths->len; i++)
    {
      const LkScopePath *candidate = g_ptr_array_index (entry->paths, i);
      int rank;

      if (!lk_scope_path_fits (candidate->path, path)
          || (fields != NULL && candidate->fields != NULL && !asks_for (candidate, fields)))
        continue;
      rank = strchr (candidate->path, '*') != NULL ? 1 : candidate->certain ? 3 : 2;
      if (rank > best)
        {
          best = rank;
          *which = candidate;
        }
    }

  return best;
}

static void
add_fitting (LkScopeFamily *family,
             const char    *path,
             char         **fields,
             GPtrArray     *found)
{
  for (int rank = 3; rank > 0; rank--)
    {
      for (unsigned int i = 0; i < family->scopes->len; i++)
        {
          LkScopeEntry *entry = g_ptr_array_index (family->scopes, i);
          const LkScopePath *which;

          if (rank_scope (entry, path, fields, &which) == rank)
            g_ptr_array_add (found, entry);
        }
    }
}

static void
add_parents (LkScopeFamily *family,
             GPtrArray     *found)
{
  for (unsigned int i = 0; i < found->len; i++)
    {
      const LkScope *scope = g_ptr_array_index (found, i);
      LkScopeEntry *parent = scope->parent != NULL
                               ? g_hash_table_lookup (family->by_id, scope->parent) : NULL;

      if (parent != NULL && !g_ptr_array_find (found, parent, NULL))
        g_ptr_array_add (found, parent);
    }
}

GPtrArray *
lk_scopes_covering (LkScopes   *self,
                    const char *family,
                    const char *endpoint)
{
  LkScopeFamily *known = get_family (self, family);
  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *path = NULL;
  g_auto (GStrv) fields = NULL;

  if (known == NULL || endpoint == NULL)
    return found;

  path = lk_scope_path_normalize (endpoint, known->versioned);
  fields = lk_scope_path_dup_fields (endpoint);
  add_fitting (known, path, fields, found);
  if (found->len == 0 && fields != NULL)
    add_fitting (known, path, NULL, found);
  add_parents (known, found);

  return found;
}

const char *
lk_scopes_get_source (LkScopes   *self,
                      const char *family,
                      const char *id,
                      const char *endpoint,
                      gboolean   *certain)
{
  LkScopeFamily *known = get_family (self, family);
  const LkScopeEntry *entry = known != NULL && id != NULL
                                ? g_hash_table_lookup (known->by_id, id) : NULL;
  const LkScopePath *which = NULL;
  g_autofree char *path = NULL;

  if (entry == NULL || endpoint == NULL)
    return NULL;

  path = lk_scope_path_normalize (endpoint, known->versioned);
  if (rank_scope (entry, path, NULL, &which) == 0)
    return NULL;
  if (certain != NULL)
    *certain = which->certain;

  return which->source;
}

gboolean
lk_scopes_is_granted (LkScopes          *self,
                      const char        *family,
                      const char *const *granted,
                      const char        *id)
{
  for (int level = 0; granted != NULL && id != NULL && level < MAX_LEVELS; level++)
    {
      const LkScope *scope = lk_scopes_find (self, family, id);

      if (g_strv_contains (granted, id))
        return TRUE;
      id = scope != NULL ? scope->parent : NULL;
    }

  return FALSE;
}

static const LkFeature *
find_feature (LkScopeFamily *family,
              const char    *scope)
{
  for (unsigned int i = 0; i < family->features->len; i++)
    {
      const LkFeature *feature = g_ptr_array_index (family->features, i);

      if (g_strv_contains ((const char *const *) feature->scopes, scope))
        return feature;
    }

  return NULL;
}

const char *const *
lk_scopes_roles_for (LkScopes   *self,
                     const char *family,
                     const char *method,
                     const char *endpoint)
{
  LkScopeFamily *known = get_family (self, family);
  g_autofree char *path = NULL;

  /* Looking is open to every role. */
  if (known == NULL || endpoint == NULL
      || (method != NULL && (g_ascii_strcasecmp (method, "GET") == 0
                             || g_ascii_strcasecmp (method, "HEAD") == 0)))
    return NULL;

  path = lk_scope_path_normalize (endpoint, known->versioned);
  for (unsigned int i = 0; i < known->scopes->len; i++)
    {
      const LkScopeEntry *entry = g_ptr_array_index (known->scopes, i);
      const LkScopePath *which = NULL;
      const LkFeature *feature;

      if (rank_scope (entry, path, NULL, &which) == 0 || which->reads)
        continue;
      feature = find_feature (known, entry->scope.id);
      if (feature != NULL && feature->roles[0] != NULL)
        return (const char *const *) feature->roles;
    }

  return NULL;
}

GPtrArray *
lk_scopes_get_features (LkScopes   *self,
                        const char *family)
{
  LkScopeFamily *known = get_family (self, family);

  return known != NULL ? known->features : self->none;
}

GPtrArray *
lk_scopes_list (LkScopes   *self,
                const char *family)
{
  LkScopeFamily *known = get_family (self, family);

  return known != NULL ? known->scopes : self->none;
}
