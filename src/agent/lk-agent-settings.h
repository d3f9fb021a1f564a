/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

#define LK_SETTINGS_SCHEMA "io.github.latchkey_app.Latchkey"

/* Keys, types, ranges and defaults stand in data/settings. */
GSettings *lk_agent_settings_new     (void);
/* Connects the methods of Agent1 that read and write settings. */
void       lk_agent_settings_connect (LkAgentContext *context);

/* For backups: what was changed from its default and may be taken to another computer, as a{sv}. */
GVariant  *lk_agent_settings_dup_portable (GSettings *settings);
/* Those of @values that would count here, as a{sv}: valid, and not changed here. */
GVariant  *lk_agent_settings_dup_fitting  (GSettings *settings, GVariant *values);
gboolean   lk_agent_settings_apply        (GSettings *settings, GVariant *values, GError **error);

G_END_DECLS
