/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-sandbox.h"

#define FLATPAK_INFO "/.flatpak-info"
#define ICON         "icons/hicolor/symbolic/apps/" LK_APP_ID "-fine-symbolic.svg"

gboolean
lk_agent_sandbox_is_flatpak (void)
{
#ifdef LK_TEST_HOOKS
  if (g_getenv ("LATCHKEY_TEST_FLATPAK") != NULL)
    return TRUE;
#endif
  return g_file_test (FLATPAK_INFO, G_FILE_TEST_EXISTS);
}

static gboolean
has_icon (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, ICON, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Below a prefix that the session does not know. Folders in a Flatpak are not the panel's; there
 * the icons are exported. */
const char *
lk_agent_sandbox_get_icon_dir (void)
{
  const char * const *known = g_get_system_data_dirs ();

  if (lk_agent_sandbox_is_flatpak () || has_icon (g_get_user_data_dir ()))
    return "";
  for (size_t i = 0; known[i] != NULL; i++)
    if (has_icon (known[i]))
      return "";
  return has_icon (LK_DATADIR) ? LK_DATADIR "/icons" : "";
}
