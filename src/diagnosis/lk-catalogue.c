/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-catalogue.h"

#include <gio/gio.h>
#include <string.h>

#include "lk-catalogue-resources.h"

#define FOLDER "/io/github/latchkey_app/Latchkey/catalogue"

struct _LkCatalogue
{
  GPtrArray  *families;
  GPtrArray  *rules;
  GPtrArray  *entries;
  GHashTable *sources;
  GHashTable *codes;
};

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

static gboolean
in_list (char      **list,
         const char *word)
{
  return list == NULL || (word != NULL && g_strv_contains ((const char *const *) list, word));
}

static gboolean
in_range (const char *range,
          const char *code)
{
  const char *dash = strchr (range, '-');
  g_autofree char *low = NULL;

  if (dash == NULL || dash == range || strspn (code, "0123456789") != strlen (code))
    return FALSE;

  low = g_strndup (range, (size_t) (dash - range));

  return strlen (low) == strlen (code) && strcmp (code, low) >= 0 && strcmp (code, dash + 1) <= 0;
}

static gboolean
has_code (char      **codes,
          const char *code)
{
  if (codes == NULL)
    return TRUE;
  if (code == NULL)
    return FALSE;

  for (unsigned int i = 0; codes[i] != NULL; i++)
    {
      if (g_str_equal (codes[i], code) || in_range (codes[i], code))
        return TRUE;
    }

  return FALSE;
}

static gboolean
says (char      **messages,
      const char *text)
{
  if (messages == NULL)
    return TRUE;

  for (unsigned int i = 0; messages[i] != NULL; i++)
    {
      if (strstr (text, messages[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

/**
 * lk_catalogue_match:
 * @fault: what is known; its class is not looked at
 * @text: lower-case text that message rules look into, the platform's message where there is one
 *
 * Returns: (transfer none) (nullable): the first rule that fits
 */
const LkRule *
lk_catalogue_match (LkCatalogue   *self,
                    const LkFault *fault,
                    const char    *text)
{
  for (unsigned int i = 0; i < self->rules->len; i++)
    {
      const LkRule *rule = g_ptr_array_index (self->rules, i);

      if ((fault->family == NULL ? rule->families == NULL || rule->anywhere
                                 : in_list (rule->families, fault->family))
          && in_list (rule->steps, fault->step) && has_code (rule->codes, fault->code)
          && says (rule->messages, text))
        return rule;
    }

  return NULL;
}

/**
 * lk_catalogue_find:
 *
 * Returns: (transfer none) (nullable): the entry of a code, one for this very class if there is
 */
const LkEntry *
lk_catalogue_find (LkCatalogue *self,
                   const char  *family,
                   const char  *code,
                   LkClass      klass)
{
  const LkEntry *any = NULL;

  if (code == NULL)
    return NULL;

  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->codes == NULL || entry->title == NULL || !has_code (entry->codes, code)
          || (family != NULL && !in_list (entry->families, family)))
        continue;
      if (entry->klass == (int) klass)
        return entry;
      if (entry->klass == -1 && any == NULL)
        any = entry;
    }

  return any;
}

/**
 * lk_catalogue_find_status:
 *
 * Returns: (transfer none) (nullable): the entry of a class that rests on the HTTP status alone
 */
const LkEntry *
lk_catalogue_find_status (LkCatalogue *self,
                          int          http_status,
                          LkClass      klass)
{
  g_autofree char *status = g_strdup_printf ("%d", http_status);

  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->statuses != NULL && entry->title != NULL && entry->klass == (int) klass
          && in_list (entry->statuses, status))
        return entry;
    }

  return NULL;
}

const LkEntry *
lk_catalogue_find_class (LkCatalogue *self,
                         LkClass      klass)
{
  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->codes == NULL && entry->statuses == NULL && entry->title != NULL
          && entry->klass == (int) klass)
        return entry;
    }

  return NULL;
}

/**
 * lk_catalogue_find_conflict:
 *
 * Returns: (transfer none) (nullable): the note that says how guides disagree about a code, or
 *   about an HTTP status
 */
const LkEntry *
lk_catalogue_find_conflict (LkCatalogue *self,
                            const char  *family,
                            const char  *code,
                            int          http_status)
{
  g_autofree char *status = g_strdup_printf ("%d", http_status);
  const LkEntry *by_status = NULL;

  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->conflict == NULL || (family != NULL && !in_list (entry->families, family)))
        continue;
      if (entry->codes != NULL && has_code (entry->codes, code))
        return entry;
      if (by_status == NULL && entry->statuses != NULL && in_list (entry->statuses, status))
        by_status = entry;
    }

  return by_status;
}

const LkFamilyRow *
lk_catalogue_get_family (LkCatalogue *self,
                         const char  *id)
{
  for (unsigned int i = 0; i < self->families->len; i++)
    {
      const LkFamilyRow *row = g_ptr_array_index (self->families, i);

      if (g_strcmp0 (row->id, id) == 0)
        return row;
    }

  return NULL;
}

/**
 * lk_catalogue_guess_family:
 * @text: lower case
 * @certain: (out): an address or a path names the family
 *
 * Returns: (transfer none) (nullable): the family that the text speaks of
 */
const LkFamilyRow *
lk_catalogue_guess_family (LkCatalogue *self,
                           const char  *text,
                           gboolean    *certain)
{
  *certain = TRUE;
  for (unsigned int i = 0; i < self->families->len; i++)
    {
      const LkFamilyRow *row = g_ptr_array_index (self->families, i);

      if ((row->paths != NULL && says (row->paths, text))
          || (row->hosts != NULL && says (row->hosts, text)))
        return row;
    }

  *certain = FALSE;
  for (unsigned int i = 0; i < self->families->len; i++)
    {
      const LkFamilyRow *row = g_ptr_array_index (self->families, i);

      if (row->words != NULL && says (row->words, text))
        return row;
    }

  return NULL;
}

/**
 * lk_catalogue_family_of:
 *
 * Returns: (transfer none) (nullable): the family that first lists a code
 */
const char *
lk_catalogue_family_of (LkCatalogue *self,
                        const char  *code)
{
  for (unsigned int i = 0; code != NULL && i < self->rules->len; i++)
    {
      const LkRule *rule = g_ptr_array_index (self->rules, i);

      if (rule->codes != NULL && rule->families != NULL && has_code (rule->codes, code)
          && g_strcmp0 (rule->families[0], LK_FAULT_LOCAL) != 0)
        return rule->families[0];
    }

  return NULL;
}

gboolean
lk_catalogue_knows_code (LkCatalogue *self,
                         const char  *code)
{
  return g_hash_table_contains (self->codes, code);
}
