/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file of the catalogue: read, or refused with a message that names it; then asked about. */

#include "fuzz.h"
#include "lk-catalogue.h"

static void
ask (LkCatalogue *catalogue,
     const char  *family,
     const char  *code)
{
  g_autoptr(LkFault) fault = lk_fault_new (LK_CLASS_UNKNOWN);
  gboolean certain;

  fault->family = g_strdup (family);
  fault->code = g_strdup (code);
  fault->step = g_strdup ("api");
  lk_catalogue_match (catalogue, fault, "too many requests");
  lk_catalogue_find (catalogue, family, code, LK_CLASS_RATE);
  lk_catalogue_find_status (catalogue, 401, LK_CLASS_UNKNOWN);
  lk_catalogue_find_class (catalogue, LK_CLASS_RATE);
  lk_catalogue_find_conflict (catalogue, family, code, 429);
  lk_catalogue_get_family (catalogue, family);
  lk_catalogue_guess_family (catalogue, "https://business-api.tiktok.com/a error 40100", &certain);
  lk_catalogue_family_of (catalogue, code);
  lk_catalogue_knows_code (catalogue, code);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(LkCatalogue) catalogue = lk_catalogue_new_empty ();
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  gboolean fine = lk_catalogue_parse (catalogue, "own.xml", bytes, &error);
  GPtrArray *entries = lk_catalogue_get_entries (catalogue);

  g_assert (fine == (error == NULL));
  g_assert (fine || g_str_has_prefix (error->message, "own.xml: "));
  for (size_t i = 0; i < entries->len; i++)
    {
      const LkEntry *entry = g_ptr_array_index (entries, i);

      g_assert (entry->title != NULL || entry->conflict != NULL);
      g_assert (entry->sources->len > 0);
    }
  ask (catalogue, "tiktok-ads", "40100");
  ask (catalogue, "tiktok-login", "invalid_grant");

  return 0;
}
