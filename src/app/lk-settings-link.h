/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-app-context.h"

G_BEGIN_DECLS

/**
 * LkSettingsLink:
 *
 * The agent's settings as the preferences see them. Signals: "changed", when any of them may differ
 * and when the agent came or went; "failed" (sentence), when a change was not made.
 */
#define LK_TYPE_SETTINGS_LINK (lk_settings_link_get_type ())
G_DECLARE_FINAL_TYPE (LkSettingsLink, lk_settings_link, LK, SETTINGS_LINK, GObject)

LkSettingsLink *lk_settings_link_new          (LkAppContext *context);
LkAppContext   *lk_settings_link_get_context  (LkSettingsLink *self);
/* NULL while the agent is not there. (transfer full) (nullable) */
GVariant       *lk_settings_link_dup          (LkSettingsLink *self, const char *key);
gboolean        lk_settings_link_get_flag     (LkSettingsLink *self, const char *key);
guint32         lk_settings_link_get_number   (LkSettingsLink *self, const char *key);
/* Does nothing when it is so already. @value: floating ones are taken. */
void            lk_settings_link_set          (LkSettingsLink *self, const char *key,
                                               GVariant *value);
/* A sentence about what in settings.ini does not count. (transfer full) (nullable) */
char           *lk_settings_link_dup_problem  (LkSettingsLink *self);

G_END_DECLS
