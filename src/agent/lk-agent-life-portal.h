/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Living in the background inside a Flatpak: the desktop decides, and may ask the person. */

/* @granted: (out): whether it is as @autostart wants it */
void     lk_agent_life_portal_request_async  (GDBusConnection *bus, gboolean autostart,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_agent_life_portal_request_finish (GDBusConnection *bus, GAsyncResult *result,
                                              gboolean *granted, GError **error);
/* What the desktop shows beside the name of the application that runs in the background. */
void     lk_agent_life_portal_set_status     (GDBusConnection *bus, const char *text,
                                              GCancellable *cancellable);

G_END_DECLS
