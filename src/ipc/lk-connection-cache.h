/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-ipc.h"

G_BEGIN_DECLS

/**
 * LkConnectionCache:
 *
 * The connections of one agent's life that somebody holds: one proxy a connection, made from a row
 * without asking, and kept right by one subscription for all of them. Signals: "added"
 * (#LkDBusConnection1) and "removed" (id) for all of the agent's connections; "list-changed" as
 * Agent1.ConnectionsChanged.
 */
#define LK_TYPE_CONNECTION_CACHE (lk_connection_cache_get_type ())
G_DECLARE_FINAL_TYPE (LkConnectionCache, lk_connection_cache, LK, CONNECTION_CACHE, GObject)

/* @owner: the agent's unique name */
LkConnectionCache *lk_connection_cache_new    (GDBusConnection *bus, const char *owner);
/* The proxy of the connection that @facts, its properties as a{sv}, are about, which are taken
 * over. (transfer full) (nullable): NULL when they have no id */
LkDBusConnection1 *lk_connection_cache_take   (LkConnectionCache *self, GVariant *facts);
/* By id or, failing that, by name; what somebody holds. (transfer none) (nullable) */
LkDBusConnection1 *lk_connection_cache_lookup (LkConnectionCache *self, const char *id_or_name);
GDBusConnection   *lk_connection_cache_get_bus   (LkConnectionCache *self);
const char        *lk_connection_cache_get_owner (LkConnectionCache *self);
/* Proxies that are alive. */
guint              lk_connection_cache_get_size  (LkConnectionCache *self);

G_END_DECLS
