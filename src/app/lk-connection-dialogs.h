/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-window.h"

G_BEGIN_DECLS

/* Questions about one connection; each does what was answered. */
void lk_connection_dialogs_rename (LkWindow *window, LkDBusConnection1 *connection);
void lk_connection_dialogs_revoke (LkWindow *window, LkDBusConnection1 *connection);

G_END_DECLS
