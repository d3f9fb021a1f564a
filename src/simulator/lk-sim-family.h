/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  LK_SIM_FAMILY_LOGIN,
  LK_SIM_FAMILY_ADS,
  LK_SIM_FAMILY_ACCOUNT,
  LK_SIM_FAMILY_SHOP,
} LkSimFamily;

#define LK_SIM_N_FAMILIES (LK_SIM_FAMILY_SHOP + 1)

const char *lk_sim_family_to_string   (LkSimFamily family);
gboolean    lk_sim_family_from_string (const char *word, LkSimFamily *family);
gboolean    lk_sim_family_of_path     (const char *path, LkSimFamily *family);

G_END_DECLS
