/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A user's own profile: loads, or is refused with a message that names the file. */

#include <gio/gio.h>

#include "fuzz.h"
#include "lk-profile-calls.h"
#include "lk-profile-set.h"

/* What a profile that was taken can be asked for: a request, or an error that says why not. */
static void
use (LkProfile *profile,
     LkValues  *values)
{
  g_auto(GStrv) probes = lk_profile_dup_probe_names (profile);
  g_autoptr(LkCallRequest) call = lk_call_request_new ("GET", "some/path?a=b");
  g_autoptr(GError) error = NULL;
  g_autoptr(LkRequest) request = lk_profile_build_call (profile, call, values, 1795248000, &error);
  g_autofree char *path = lk_profile_dup_call_path (profile, call);
  g_autofree char *account = lk_profile_dup_call_account (profile, call);
  g_autofree char *link = lk_profile_dup_link (profile, "apps", values);
  g_autoptr(LkFault) fault = lk_fault_new (LK_CLASS_RATE);
  LkRateWait wait;

  g_assert ((request == NULL) == (error != NULL));
  lk_profile_get_rate_wait (profile, fault, NULL, 1795248000, &wait);
  g_assert (wait.seconds <= 86400);

  for (char **name = probes; *name != NULL; name++)
    {
      g_autoptr(GError) reason = NULL;
      g_autoptr(LkRequest) probe = lk_profile_build_probe (profile, *name, values, 1795248000,
                                                           &reason);

      g_assert ((probe == NULL) == (reason != NULL));
    }
}

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
      lk_values_set (values, "client.secret", "secret");
      lk_values_set (values, "token.access", "token");
      lk_values_set (values, "call.account", "7");
      lk_values_set (values, "call.center", "8");
      lk_values_set (values, "call.media", "9");
      uri = lk_profile_build_authorize_uri (profile, values, NULL);
      use (profile, values);
    }

  return 0;
}
