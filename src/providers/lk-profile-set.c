/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-set.h"

#include <gio/gio.h>
#include <string.h>

#include "lk-profile-private.h"
#include "lk-profile-source-private.h"
#include "lk-providers-resources.h"

#define RESOURCE_PATH "/io/github/latchkey_app/Latchkey/providers"

struct _LkProfileSet
{
  gatomicrefcount  ref_count;
  GHashTable      *shipped;  /* id -> LkProfileSource */
  GHashTable      *own;      /* id -> LkProfileSource */
  GHashTable      *broken;   /* ids that must not be served by anything */
  GHashTable      *by_id;    /* id -> LkProfile */
  GPtrArray       *profiles;
  GPtrArray       *problems;
};

static void
problem_free (LkProfileProblem *problem)
{
  g_free (problem->file);
  g_free (problem->message);
  g_free (problem);
}

static void
add_problem (LkProfileSet *self,
             const char   *file,
             gboolean      fatal,
             const char   *message)
{
  LkProfileProblem *problem = g_new0 (LkProfileProblem, 1);

  problem->file = g_strdup (file);
  problem->fatal = fatal;
  problem->message = g_strdup (message);
  g_ptr_array_add (self->problems, problem);
}

static LkProfile *
load_source (LkProfileSource  *source,
             GHashTable       *own,
             GHashTable       *shipped,
             GPtrArray        *warnings,
             GError          **error)
{
  g_autoptr (JsonObject) json = lk_profile_source_resolve (source, own, shipped, error);

  if (json == NULL)
    return NULL;

  return lk_profile_load (json, source->file, source->lines, warnings, error);
}

/* The resource is asked for by name: a static library may lose its constructors to the linker. */
static void
read_shipped (LkProfileSet *self)
{
  GResource *resource = lk_providers_get_resource ();
  g_auto (GStrv) names = g_resource_enumerate_children (resource, RESOURCE_PATH,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (RESOURCE_PATH "/", names[i], NULL);
      g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autoptr (GError) error = NULL;
      LkProfileSource *source;

      source = lk_profile_source_new (names[i], g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes), &error);
      if (source != NULL)
        g_hash_table_insert (self->shipped, g_strdup (lk_profile_source_get_id (source)), source);
      else
        add_problem (self, names[i], TRUE, error->message);
    }
}

static void
read_own_text (LkProfileSet *self,
               const char   *path,
               const char   *text,
               size_t        length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkProfileSource) source = lk_profile_source_new (path, text, length, &error);
  const char *id = source != NULL ? lk_profile_source_get_id (source) : NULL;

  if (source == NULL)
    {
      g_hash_table_add (self->broken, lk_profile_source_guess (path, text, length));
      add_problem (self, path, TRUE, error->message);
    }
  else if (id == NULL)
    {
      g_autofree char *message = g_strdup_printf ("%s:1: id: is missing", path);

      g_hash_table_add (self->broken, lk_profile_source_guess (path, text, length));
      add_problem (self, path, TRUE, message);
    }
  else if (g_hash_table_contains (self->own, id))
    {
      g_autofree char *message = g_strdup_printf ("%s:1: id: another file has the id “%s” too",
                                                  path, id);

      g_hash_table_add (self->broken, g_strdup (id));
      add_problem (self, path, TRUE, message);
    }
  else
    {
      g_hash_table_insert (self->own, g_strdup (id), source);
      source = NULL;
    }
}

static void
read_own_file (LkProfileSet *self,
               const char   *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  size_t length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      g_autofree char *message = g_strdup_printf ("%s:1: FILE: %s", path, error->message);

      g_hash_table_add (self->broken, lk_profile_source_guess (path, "", 0));
      add_problem (self, path, TRUE, message);
      return;
    }

  read_own_text (self, path, text, length);
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
read_own (LkProfileSet *self,
          const char   *user_dir)
{
  g_autoptr (GDir) dir = user_dir != NULL ? g_dir_open (user_dir, 0, NULL) : NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, ".json") && *name != '.')
        g_ptr_array_add (paths, g_build_filename (user_dir, name, NULL));
    }

  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    read_own_file (self, g_ptr_array_index (paths, i));
}

static void
add_profile (LkProfileSet    *self,
             LkProfileSource *source)
{
  const char *id = lk_profile_source_get_id (source);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  LkProfile *profile;

  profile = load_source (source, self->own, self->shipped, warnings, &error);
  for (guint i = 0; i < warnings->len; i++)
    add_problem (self, source->file, FALSE, g_ptr_array_index (warnings, i));

  if (profile == NULL)
    {
      add_problem (self, source->file, TRUE, error->message);
      return;
    }

  if (g_hash_table_contains (self->broken, id))
    {
      lk_profile_unref (profile);
      return;
    }

  g_hash_table_insert (self->by_id, g_strdup (id), profile);
  g_ptr_array_add (self->profiles, lk_profile_ref (profile));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  LkProfile *one = *(LkProfile * const *) a;
  LkProfile *other = *(LkProfile * const *) b;
  int order = g_utf8_collate (lk_profile_get_name (one), lk_profile_get_name (other));

  return order != 0 ? order : strcmp (lk_profile_get_id (one), lk_profile_get_id (other));
}

static void
load_all (LkProfileSet *self)
{
  GHashTableIter iter;
  const char *id;
  LkProfileSource *source;

  g_hash_table_iter_init (&iter, self->shipped);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &source))
    {
      if (!g_hash_table_contains (self->own, id))
        add_profile (self, source);
    }

  g_hash_table_iter_init (&iter, self->own);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &source))
    add_profile (self, source);

  g_ptr_array_sort (self->profiles, compare_names);
}

static GHashTable *
new_sources (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) lk_profile_source_free);
}

LkProfileSet *
lk_profile_set_new (const char *user_dir)
{
  LkProfileSet *self = g_new0 (LkProfileSet, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->shipped = new_sources ();
  self->own = new_sources ();
  self->broken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) lk_profile_unref);
  self->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_profile_unref);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) problem_free);

  read_shipped (self);
  read_own (self, user_dir);
  load_all (self);

  return self;
}

LkProfileSet *
lk_profile_set_ref (LkProfileSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
lk_profile_set_unref (LkProfileSet *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->shipped, g_hash_table_unref);
  g_clear_pointer (&self->own, g_hash_table_unref);
  g_clear_pointer (&self->broken, g_hash_table_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self);
}

/**
 * lk_profile_set_lookup:
 * @id: (nullable): a profile id
 *
 * Returns: (transfer none) (nullable):
 */
LkProfile *
lk_profile_set_lookup (LkProfileSet *self,
                       const char   *id)
{
  g_return_val_if_fail (self != NULL, NULL);

  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

GPtrArray *
lk_profile_set_get_profiles (LkProfileSet *self)
{
  return self->profiles;
}

GPtrArray *
lk_profile_set_get_problems (LkProfileSet *self)
{
  return self->problems;
}

char *
lk_profile_set_dup_user_dir (void)
{
  return g_build_filename (g_get_user_config_dir (), "latchkey", "providers", NULL);
}

LkProfile *
lk_profile_set_check_file (LkProfileSet  *self,
                           const char    *path,
                           GPtrArray    **warnings,
                           GError       **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LkProfileSource) source = NULL;
  g_autofree char *text = NULL;
  LkProfile *profile = NULL;
  size_t length = 0;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  if (g_file_get_contents (path, &text, &length, error))
    source = lk_profile_source_new (path, text, length, error);
  if (source != NULL)
    profile = load_source (source, NULL, self->shipped, found, error);
  if (warnings != NULL)
    *warnings = g_steal_pointer (&found);

  return profile;
}
