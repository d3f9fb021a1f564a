/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a setting takes beyond its type and range. Pure but for lk_agent_settings_rules_find(). */

/* NULL when @value is one that the setting takes, else a translated sentence about what it takes.
 * (transfer full) (nullable) */
char     *lk_agent_settings_rules_check (GSettingsSchemaKey *key, GVariant *value);
/* The same for what only this machine knows, such as whether a program is there. */
char     *lk_agent_settings_rules_find  (const char *name, GVariant *value);
/* Text of a file as a value; a text needs no quotes. (transfer full) (nullable) */
GVariant *lk_agent_settings_rules_parse (GSettingsSchemaKey *key, const char *text);

G_END_DECLS
