/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the catalogue says about a code, a class, a status or a text. */

#include "lk-catalogue-private.h"

#include <string.h>

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
