/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#ifndef G_SETTINGS_ENABLE_BACKEND
#define G_SETTINGS_ENABLE_BACKEND
#endif
#include <gio/gio.h>
#include <gio/gsettingsbackend.h>

G_BEGIN_DECLS

/**
 * LkAgentSettingsFile:
 *
 * Settings in a key file that a person may edit, too. What GKeyfileSettingsBackend does, but a
 * change of several keys is made whole or not at all and says why it failed, a value that a rule
 * forbids counts as not set and is told, and the file is for its owner alone. Signal
 * "problems-changed".
 */
#define LK_TYPE_AGENT_SETTINGS_FILE (lk_agent_settings_file_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentSettingsFile, lk_agent_settings_file, LK, AGENT_SETTINGS_FILE,
                      GSettingsBackend)

/* @problem: what the setting takes, or what is wrong with the file when @key is empty */
typedef struct
{
  char *key;
  char *problem;
} LkAgentSettingsProblem;

LkAgentSettingsFile *lk_agent_settings_file_new      (GSettingsSchema *schema, const char *path);
const char          *lk_agent_settings_file_get_path (LkAgentSettingsFile *self);
/* (element-type LkAgentSettingsProblem) (transfer none) */
GPtrArray           *lk_agent_settings_file_get_problems (LkAgentSettingsFile *self);
/* @changes: key → GVariant, NULL for the default; valid ones. Errors are LK_AGENT_ERROR. */
gboolean             lk_agent_settings_file_change   (LkAgentSettingsFile *self,
                                                      GHashTable *changes, gpointer origin,
                                                      GError **error);

G_END_DECLS
