/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-locale.h"

#include <libintl.h>
#include <locale.h>

static const char *
get_folder (void)
{
#ifdef LK_TEST_HOOKS
  const char *folder = g_getenv ("LATCHKEY_TEST_LOCALEDIR");

  if (folder != NULL)
    return folder;
#endif
  return LOCALEDIR;
}

/**
 * lk_locale_init:
 *
 * Takes language, formats of dates and of numbers from the environment, and finds the translations.
 * Each program calls it first, before it starts a thread.
 */
void
lk_locale_init (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, get_folder ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
