/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A user's own profile: loads, or is refused with a message that names the file. */

#include <gio/gio.h>

#include "fuzz.h"
#include "lk-profile-set.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static LkProfileSet *profiles = NULL;
  static char *path = NULL;
  g_autoptr(LkProfile) profile = NULL;
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GError) error = NULL;

  if (profiles == NULL)
    {
      g_autofree char *dir = g_dir_make_tmp ("latchkey-fuzz-XXXXXX", NULL);

      profiles = lk_profile_set_new (NULL);
      path = g_build_filename (dir, "own.json", NULL);
    }

  if (!g_file_set_contents_full (path, (const char *) data, (gssize) size,
                                 G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return 0;

  profile = lk_profile_set_check_file (profiles, path, &warnings, &error);
  g_assert ((profile == NULL) == (error != NULL));
  if (profile != NULL)
    {
      g_autoptr(LkValues) values = lk_values_new ();
      g_autofree char *uri = NULL;

      lk_values_set (values, "client.id", "id");
      lk_values_set (values, "redirect_uri", "http://127.0.0.1:1/callback/");
      lk_values_set (values, "state", "state");
      lk_values_set (values, "scope", "a,b");
      lk_values_set (values, "pkce.challenge", "challenge");
      uri = lk_profile_build_authorize_uri (profile, values, NULL);
    }

  return 0;
}
