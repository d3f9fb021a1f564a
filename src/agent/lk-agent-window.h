/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-agent-context.h"

G_BEGIN_DECLS

/* The window, as the agent opens and ends it: the one that runs, else a new one. */

/**
 * lk_agent_window_open:
 * @bus: the session bus
 * @action: (nullable): an action of the application to carry out once it runs
 * @target: (nullable): what @action takes; a floating one is taken
 * @token: (nullable): of the desktop, that lets the window come to the front
 *
 * Brings the window up; starts it when it does not run.
 */
void     lk_agent_window_open        (GDBusConnection *bus, const char *action, GVariant *target,
                                      const char *token);
/* Ends the window that runs, if there is one; replies when it was told. */
void     lk_agent_window_quit_async  (GDBusConnection *bus, GAsyncReadyCallback callback,
                                      gpointer user_data);
void     lk_agent_window_quit_finish (GDBusConnection *bus, GAsyncResult *result);

G_END_DECLS
