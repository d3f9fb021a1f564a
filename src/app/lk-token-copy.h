/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-window.h"
#include "lk-ipc.h"

G_BEGIN_DECLS

/* Puts the access token of a connection on the clipboard, says so, and takes it off again: after
 * the time that is set, and when the window or the program ends; never what somebody copied since.
 */
void lk_token_copy (LkWindow *window, LkDBusConnection1 *connection);

G_END_DECLS
