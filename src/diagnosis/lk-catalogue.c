/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-catalogue-private.h"

#include <gio/gio.h>
#include <string.h>

#include "lk-catalogue-resources.h"

#define FOLDER "/io/github/latchkey_app/Latchkey/catalogue"

static void
free_family (void *data)
{
  LkFamilyRow *row = data;

  g_free (row->id);
  g_free (row->name);
  g_strfreev (row->hosts);
  g_strfreev (row->paths);
  g_strfreev (row->words);
  g_free (row);
}

static void
free_rule (void *data)
{
  LkRule *rule = data;

  g_strfreev (rule->families);
  g_strfreev (rule->codes);
  g_strfreev (rule->steps);
  g_strfreev (rule->messages);
  g_free (rule);
}

void
lk_catalogue_free_entry (LkEntry *entry)
{
  g_strfreev (entry->families);
  g_strfreev (entry->codes);
  g_strfreev (entry->statuses);
  g_free (entry->title);
  g_free (entry->explanation);
  g_free (entry->handling);
  g_free (entry->conflict);
  g_ptr_array_unref (entry->causes);
  g_ptr_array_unref (entry->steps);
  g_ptr_array_unref (entry->sources);
  g_free (entry);
}

/**
 * lk_catalogue_new_empty:
 *
 * Returns: (transfer full): a catalogue to read files into
 */
LkCatalogue *
lk_catalogue_new_empty (void)
{
  LkCatalogue *self = g_new0 (LkCatalogue, 1);

  self->families = g_ptr_array_new_with_free_func (free_family);
  self->rules = g_ptr_array_new_with_free_func (free_rule);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_catalogue_free_entry);
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->codes = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

/**
 * lk_catalogue_new:
 *
 * Reads the files that are compiled in.
 *
 * Returns: (transfer full): the catalogue
 */
LkCatalogue *
lk_catalogue_new (void)
{
  static const char *const files[] = { "sources.xml", "rules.xml", "classes.xml", "business.xml",
                                       "login.xml", "shop.xml", "local.xml", "conflicts.xml" };
  GResource *resource = lk_catalogue_get_resource ();
  LkCatalogue *self = lk_catalogue_new_empty ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_path ("/", FOLDER, files[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, 0, &error);

      /* They are compiled in: a mistake is a programming error, and the unit test meets it. */
      if (bytes == NULL || !lk_catalogue_parse (self, files[i], bytes, &error))
        g_error ("%s", error->message);
    }

  return self;
}

void
lk_catalogue_free (LkCatalogue *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->codes);
  g_hash_table_unref (self->sources);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->families);
  g_free (self);
}

static void
learn_codes (LkCatalogue *self,
             char       **codes,
             char       **families)
{
  for (unsigned int i = 0; codes != NULL && codes[i] != NULL; i++)
    {
      const char *family = families != NULL ? families[0] : "";

      if (strchr (codes[i], '-') == NULL && g_strcmp0 (family, LK_FAULT_LOCAL) != 0
          && !g_hash_table_contains (self->codes, codes[i]))
        g_hash_table_insert (self->codes, codes[i], (void *) family);
    }
}

void
lk_catalogue_take_family (LkCatalogue *self,
                          LkFamilyRow *row)
{
  g_ptr_array_add (self->families, row);
}

void
lk_catalogue_take_rule (LkCatalogue *self,
                        LkRule      *rule)
{
  g_ptr_array_add (self->rules, rule);
  if (!rule->keyed_only)
    learn_codes (self, rule->codes, rule->families);
}

void
lk_catalogue_take_entry (LkCatalogue *self,
                         LkEntry     *entry)
{
  g_ptr_array_add (self->entries, entry);
}

void
lk_catalogue_take_source (LkCatalogue *self,
                          const char  *id,
                          char        *text)
{
  g_hash_table_replace (self->sources, g_strdup (id), text);
}

const char *
lk_catalogue_get_source (LkCatalogue *self,
                         const char  *id)
{
  return g_hash_table_lookup (self->sources, id);
}

GPtrArray *
lk_catalogue_get_entries (LkCatalogue *self)
{
  return self->entries;
}

GPtrArray *
lk_catalogue_get_rules (LkCatalogue *self)
{
  return self->rules;
}
