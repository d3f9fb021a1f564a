/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Starting with the session on the host: by systemd's user unit where there is one, else by a file
 * in the person's autostart folder. Never by both. */

void     lk_agent_life_host_set_async  (GDBusConnection *bus, gboolean on,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean lk_agent_life_host_set_finish (GDBusConnection *bus, GAsyncResult *result,
                                        GError **error);
/* How it is now, whoever made it so. */
void     lk_agent_life_host_get_async  (GDBusConnection *bus, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_agent_life_host_get_finish (GDBusConnection *bus, GAsyncResult *result, gboolean *on,
                                        GError **error);

G_END_DECLS
