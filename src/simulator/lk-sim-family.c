/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-family.h"

#include <string.h>

static const char *const words[] = { "login", "ads", "account", "shop" };

G_STATIC_ASSERT (G_N_ELEMENTS (words) == LK_SIM_N_FAMILIES);

const char *
lk_sim_family_to_string (LkSimFamily family)
{
  return words[family];
}

/* The profiles' own ids, such as "tiktok-ads", are taken as well. */
gboolean
lk_sim_family_from_string (const char  *word,
                           LkSimFamily *family)
{
  if (word == NULL)
    return FALSE;
  if (g_str_has_prefix (word, "tiktok-"))
    word += strlen ("tiktok-");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_equal (words[i], word))
        {
          *family = i;
          return TRUE;
        }
    }
  return FALSE;
}

/* A word and a version, such as "/order/202309/". */
static gboolean
starts_like_shop (const char *path)
{
  const char *version = *path == '/' ? strchr (path + 1, '/') : NULL;

  return version != NULL && strspn (version + 1, "0123456789") == 6 && version[7] == '/';
}

/* Which family's API an address belongs to; %FALSE for pages. */
gboolean
lk_sim_family_of_path (const char  *path,
                       LkSimFamily *family)
{
  if (g_str_has_prefix (path, "/open_api/v1.3/tt_user/") ||
      g_str_has_prefix (path, "/open_api/v1.3/business/"))
    *family = LK_SIM_FAMILY_ACCOUNT;
  else if (g_str_has_prefix (path, "/open_api/"))
    *family = LK_SIM_FAMILY_ADS;
  else if (g_str_has_prefix (path, "/api/v2/token/") || starts_like_shop (path))
    *family = LK_SIM_FAMILY_SHOP;
  else if (g_str_has_prefix (path, "/v2/") && !g_str_has_prefix (path, "/v2/auth/"))
    *family = LK_SIM_FAMILY_LOGIN;
  else
    return FALSE;
  return TRUE;
}
