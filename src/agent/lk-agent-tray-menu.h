/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "lk-agent-tray-words.h"

G_BEGIN_DECLS

#define LK_AGENT_TRAY_MENU_PATH "/StatusNotifierItem/Menu"

/**
 * LkAgentTrayMenu:
 *
 * Answers com.canonical.dbusmenu for a menu of one level. Signals:
 * "clicked" (int): a line was chosen;
 * "about-to-show": the menu is about to be seen, and may be brought up to date now.
 */
#define LK_TYPE_AGENT_TRAY_MENU (lk_agent_tray_menu_get_type ())
G_DECLARE_FINAL_TYPE (LkAgentTrayMenu, lk_agent_tray_menu, LK, AGENT_TRAY_MENU, GObject)

LkAgentTrayMenu *lk_agent_tray_menu_new       (void);
gboolean         lk_agent_tray_menu_export    (LkAgentTrayMenu *self, GDBusConnection *bus,
                                               GError **error);
/* @items: (element-type LkTrayItem) (transfer full). Tells panels what differs. */
void             lk_agent_tray_menu_set_items (LkAgentTrayMenu *self, GPtrArray *items);

G_END_DECLS
