/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-profile.h"

G_BEGIN_DECLS

/**
 * LkProfileSet:
 *
 * All profiles: the shipped ones (compiled in as resources) and the user's own, which replace by
 * "id" or, with "extends", merge (RFC 7396). A broken file never hides the others: it is reported
 * as a problem and, if it would have replaced a shipped profile, the shipped one is refused too,
 * so that tokens never go to a host that the user wanted replaced.
 */
typedef struct _LkProfileSet LkProfileSet;

/**
 * LkProfileProblem:
 * @file: path of the file
 * @fatal: %TRUE when the profile was refused, %FALSE for a warning such as an unknown key
 * @message: "FILE:LINE: KEY: what is wrong"
 */
typedef struct
{
  char     *file;
  gboolean  fatal;
  char     *message;
} LkProfileProblem;

/**
 * lk_profile_set_new:
 * @user_dir: (nullable): the folder of the user's own profiles; need not exist
 */
LkProfileSet *lk_profile_set_new          (const char *user_dir);
LkProfileSet *lk_profile_set_ref          (LkProfileSet *self);
void          lk_profile_set_unref        (LkProfileSet *self);
LkProfile    *lk_profile_set_lookup       (LkProfileSet *self, const char *id);
GPtrArray    *lk_profile_set_get_profiles (LkProfileSet *self); /* sorted by name; borrowed */
GPtrArray    *lk_profile_set_get_problems (LkProfileSet *self); /* LkProfileProblem; borrowed */
char         *lk_profile_set_dup_user_dir (void); /* $XDG_CONFIG_HOME/latchkey/providers */

/**
 * lk_profile_set_check_file:
 * @warnings: (out) (transfer full) (element-type utf8)
 *
 * Loads one file as the user's own beside the shipped ones. For "providers check".
 */
LkProfile    *lk_profile_set_check_file   (LkProfileSet *self, const char *path,
                                           GPtrArray **warnings, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkProfileSet, lk_profile_set_unref)

G_END_DECLS
