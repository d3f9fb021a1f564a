/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-records.h"

G_BEGIN_DECLS

/* What came (+) and went (−), by name, for the history: "+ Blue Shop, − Red Shop". Never words of a
 * language; (transfer full) (nullable): NULL when both are the same. */

/* (element-type LkAccount) (nullable) */
char     *lk_agent_changes_of_accounts (GPtrArray *old, GPtrArray *now);
char     *lk_agent_changes_of_words    (char **old, char **now);
/* Both a{ss}: account → role; @old: (nullable). "Blue Shop: ADMIN → ANALYST". An account that only
 * one of them has is no change of a role. @accounts: for the names */
char     *lk_agent_changes_of_roles    (GVariant *old, GVariant *now, GPtrArray *accounts);

G_END_DECLS
