/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

gboolean
lk_profile_has_probe (LkProfile  *self,
                      const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  return g_hash_table_contains (self->probes, name);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

char **
lk_profile_dup_probe_names (LkProfile *self)
{
  guint length = 0;
  char **names;

  g_return_val_if_fail (self != NULL, NULL);

  names = (char **) g_hash_table_get_keys_as_array (self->probes, &length);
  qsort (names, length, sizeof *names, compare_names);
  for (guint i = 0; i < length; i++)
    names[i] = g_strdup (names[i]);

  return names;
}

gboolean
lk_profile_probe_needs_token (LkProfile  *self,
                              const char *name)
{
  LkProbe *probe;

  g_return_val_if_fail (self != NULL && name != NULL, TRUE);

  probe = g_hash_table_lookup (self->probes, name);

  return probe == NULL || probe->token;
}

LkRequest *
lk_profile_build_probe (LkProfile   *self,
                        const char  *name,
                        LkValues    *values,
                        gint64       now,
                        GError     **error)
{
  LkProbe *probe;

  g_return_val_if_fail (self != NULL && name != NULL && values != NULL, NULL);

  probe = g_hash_table_lookup (self->probes, name);
  if (probe == NULL)
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP, "%s has no probe “%s”",
                   self->id, name);
      return NULL;
    }

  return lk_profile_fill_request (self, probe->spec, values, now, error);
}

char *
lk_profile_dup_link (LkProfile  *self,
                     const char *name,
                     LkValues   *values)
{
  char **texts;

  g_return_val_if_fail (self != NULL && name != NULL && values != NULL, NULL);

  texts = g_hash_table_lookup (self->links, name);
  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      char *url = lk_template_fill_url (*text, values, NULL);

      if (url != NULL)
        return url;
    }

  return NULL;
}
