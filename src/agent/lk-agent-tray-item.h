/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/**
 * LkAgentTrayItem:
 *
 * An org.kde.StatusNotifierItem and its menu, on a bus connection of its own: whoever shows icons
 * drops this one at once when that closes, in whatever way it was registered.
 */
typedef struct _LkAgentTrayItem LkAgentTrayItem;

/* @bus: the agent's connection; @panel: name of the StatusNotifierWatcher */
LkAgentTrayItem *lk_agent_tray_item_new  (LkAgentContext *context, GDBusConnection *bus,
                                          const char *panel);
void             lk_agent_tray_item_free (LkAgentTrayItem *self);

G_END_DECLS
