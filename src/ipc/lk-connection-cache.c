/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ipc"

#include "config.h"

#include "lk-connection-cache.h"

#define CONNECTION_INTERFACE "io.github.latchkey_app.Latchkey.Connection1"
#define AGENT_INTERFACE "io.github.latchkey_app.Latchkey.Agent1"
#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"

struct _LkConnectionCache
{
  GObject          parent_instance;

  GDBusConnection *bus;              /* (owned) */
  char            *owner;            /* (owned) */
  GHashTable      *by_id;            /* (owned) id → LkDBusConnection1 (weak) */
  guint            subscriptions[4];
};

enum
{
  SIGNAL_ADDED,
  SIGNAL_REMOVED,
  SIGNAL_LIST_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkConnectionCache, lk_connection_cache, G_TYPE_OBJECT)

static const char *
id_of_path (const char *path)
{
  return g_str_has_prefix (path, LK_AGENT_CONNECTIONS) ? path + strlen (LK_AGENT_CONNECTIONS)
                                                       : "";
}

/* A proxy that nobody holds any more. */
static void
proxy_gone_cb (gpointer user_data, GObject *proxy)
{
  LkConnectionCache *self = user_data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value == proxy)
      g_hash_table_iter_remove (&iter);
}

/* Takes over what differs, and tells of it as a proxy that listens itself would. */
static void
update (LkDBusConnection1 *connection, GVariant *facts)
{
  static const char * const none[] = { NULL };
  GDBusProxy *proxy = G_DBUS_PROXY (connection);
  g_auto(GVariantDict) news = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GVariant) changed = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, facts);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autoptr(GVariant) old = g_dbus_proxy_get_cached_property (proxy, name);

      if (old != NULL && g_variant_equal (old, value))
        continue;
      g_dbus_proxy_set_cached_property (proxy, name, value);
      g_variant_dict_insert_value (&news, name, value);
    }
  changed = g_variant_ref_sink (g_variant_dict_end (&news));
  if (g_variant_n_children (changed) > 0)
    g_signal_emit_by_name (proxy, "g-properties-changed", changed, none);
}

static LkDBusConnection1 *
lk_connection_cache_make (LkConnectionCache *self, const char *id, GVariant *facts)
{
  g_autofree char *path = g_strconcat (LK_AGENT_CONNECTIONS, id, NULL);
  g_autoptr(GError) error = NULL;
  LkDBusConnection1 *connection;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!g_variant_is_object_path (path))
    return NULL;
  connection = lk_dbus_connection1_proxy_new_sync (self->bus,
                                                   G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES
                                                     | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
                                                   self->owner, path, NULL, &error);
  if (connection == NULL)
    {
      g_message ("a connection cannot be shown: %s", error->message);
      return NULL;
    }
  /* Some calls wait for a person or a slow server; who calls decides how long. */
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (connection), G_MAXINT);
  g_variant_iter_init (&iter, facts);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_dbus_proxy_set_cached_property (G_DBUS_PROXY (connection), name, value);
  g_hash_table_insert (self->by_id, g_strdup (id), connection);
  g_object_weak_ref (G_OBJECT (connection), proxy_gone_cb, self);
  return connection;
}

LkDBusConnection1 *
lk_connection_cache_take (LkConnectionCache *self, GVariant *facts)
{
  const char *id = "";
  LkDBusConnection1 *known;

  if (!g_variant_lookup (facts, "Id", "&s", &id) || *id == '\0')
    return NULL;
  known = g_hash_table_lookup (self->by_id, id);
  if (known == NULL)
    return lk_connection_cache_make (self, id, facts);
  g_object_ref (known);
  update (known, facts);
  return known;
}

LkDBusConnection1 *
lk_connection_cache_lookup (LkConnectionCache *self, const char *id_or_name)
{
  LkDBusConnection1 *found = g_hash_table_lookup (self->by_id, id_or_name);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (found == NULL && g_hash_table_iter_next (&iter, NULL, &value))
    if (g_strcmp0 (lk_dbus_connection1_get_name (value), id_or_name) == 0)
      found = value;
  return found;
}

GDBusConnection *
lk_connection_cache_get_bus (LkConnectionCache *self)
{
  return self->bus;
}

const char *
lk_connection_cache_get_owner (LkConnectionCache *self)
{
  return self->owner;
}

guint
lk_connection_cache_get_size (LkConnectionCache *self)
{
  return g_hash_table_size (self->by_id);
}

/* What the agent says. */

static void
properties_changed_cb (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer user_data)
{
  LkConnectionCache *self = user_data;
  LkDBusConnection1 *known = g_hash_table_lookup (self->by_id, id_of_path (path));
  g_autoptr(GVariant) changed = NULL;

  if (known == NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_object_ref (known);
  changed = g_variant_get_child_value (parameters, 1);
  update (known, changed);
  g_object_unref (known);
}

static void
interfaces_added_cb (GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *signal, GVariant *parameters,
                     gpointer user_data)
{
  g_autoptr(LkConnectionCache) self = g_object_ref (user_data);
  g_autoptr(LkDBusConnection1) connection = NULL;
  g_autoptr(GVariant) interfaces = NULL;
  g_autoptr(GVariant) facts = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa{sa{sv}})")))
    return;
  interfaces = g_variant_get_child_value (parameters, 1);
  facts = g_variant_lookup_value (interfaces, CONNECTION_INTERFACE, G_VARIANT_TYPE_VARDICT);
  if (facts != NULL)
    connection = lk_connection_cache_take (self, facts);
  if (connection != NULL)
    g_signal_emit (self, signals[SIGNAL_ADDED], 0, connection);
}

static void
interfaces_removed_cb (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer user_data)
{
  g_autoptr(LkConnectionCache) self = g_object_ref (user_data);
  LkDBusConnection1 *known;
  const char *removed, *id;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oas)")))
    return;
  g_variant_get_child (parameters, 0, "&o", &removed);
  id = id_of_path (removed);
  known = g_hash_table_lookup (self->by_id, id);
  if (known != NULL)
    {
      g_object_weak_unref (G_OBJECT (known), proxy_gone_cb, self);
      g_hash_table_remove (self->by_id, id);
    }
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, id);
}

static void
connections_changed_cb (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *signal, GVariant *parameters,
                        gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_LIST_CHANGED], 0);
}

static void
lk_connection_cache_subscribe (LkConnectionCache *self)
{
  const struct
  {
    const char          *interface, *signal, *path, *arg0;
    GDBusSignalCallback  callback;
  } all[G_N_ELEMENTS (self->subscriptions)] = {
    { "org.freedesktop.DBus.Properties", "PropertiesChanged", NULL, CONNECTION_INTERFACE,
      properties_changed_cb },
    { OBJECT_MANAGER, "InterfacesAdded", LK_AGENT_CONNECTIONS_ROOT, NULL, interfaces_added_cb },
    { OBJECT_MANAGER, "InterfacesRemoved", LK_AGENT_CONNECTIONS_ROOT, NULL,
      interfaces_removed_cb },
    { AGENT_INTERFACE, "ConnectionsChanged", LK_AGENT_MANAGER_PATH, NULL,
      connections_changed_cb },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    self->subscriptions[i]
      = g_dbus_connection_signal_subscribe (self->bus, self->owner, all[i].interface,
                                            all[i].signal, all[i].path, all[i].arg0,
                                            G_DBUS_SIGNAL_FLAGS_NONE, all[i].callback, self, NULL);
}

static void
lk_connection_cache_dispose (GObject *object)
{
  LkConnectionCache *self = LK_CONNECTION_CACHE (object);
  GHashTableIter iter;
  gpointer value;

  for (size_t i = 0; i < G_N_ELEMENTS (self->subscriptions); i++)
    {
      if (self->subscriptions[i] != 0)
        g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
      self->subscriptions[i] = 0;
    }
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      g_object_weak_unref (value, proxy_gone_cb, self);
      g_hash_table_iter_remove (&iter);
    }
  G_OBJECT_CLASS (lk_connection_cache_parent_class)->dispose (object);
}

static void
lk_connection_cache_finalize (GObject *object)
{
  LkConnectionCache *self = LK_CONNECTION_CACHE (object);

  g_clear_object (&self->bus);
  g_hash_table_unref (self->by_id);
  g_free (self->owner);
  G_OBJECT_CLASS (lk_connection_cache_parent_class)->finalize (object);
}

static void
lk_connection_cache_class_init (LkConnectionCacheClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_connection_cache_dispose;
  object_class->finalize = lk_connection_cache_finalize;

  signals[SIGNAL_ADDED] = g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        LK_DBUS_TYPE_CONNECTION1);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LIST_CHANGED] = g_signal_new ("list-changed", G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 0);
}

static void
lk_connection_cache_init (LkConnectionCache *self)
{
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

LkConnectionCache *
lk_connection_cache_new (GDBusConnection *bus, const char *owner)
{
  LkConnectionCache *self = g_object_new (LK_TYPE_CONNECTION_CACHE, NULL);

  self->bus = g_object_ref (bus);
  self->owner = g_strdup (owner);
  lk_connection_cache_subscribe (self);
  return self;
}
