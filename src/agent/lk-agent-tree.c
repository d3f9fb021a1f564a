/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-tree.h"

#include <string.h>

#include "lk-agent-connections.h"

/* So many are told of in one turn of the main loop. */
#define AT_ONCE 50

#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"

struct _LkAgentTree
{
  LkAgentContext  *context;         /* outlives us */
  GDBusConnection *bus;             /* (owned) (nullable): once exported */
  guint            subtree_id;
  GDBusNodeInfo   *manager;         /* (owned): with the interface of the root */
  GHashTable      *changed;         /* (owned) set of LkAgentConnection (owned) */
  guint            tell_id;
  gboolean         loading;
  gboolean         asked;           /* somebody knows which connections there are */
};

static const char manager_xml[] =
  "<node><interface name='" OBJECT_MANAGER "'>"
  "<method name='GetManagedObjects'>"
  "<arg type='a{oa{sa{sv}}}' name='objects' direction='out'/></method>"
  "<signal name='InterfacesAdded'><arg type='o' name='object'/>"
  "<arg type='a{sa{sv}}' name='interfaces'/></signal>"
  "<signal name='InterfacesRemoved'><arg type='o' name='object'/>"
  "<arg type='as' name='interfaces'/></signal>"
  "</interface></node>";

static const char *
interface_name (void)
{
  return lk_dbus_connection1_interface_info ()->name;
}

static char *
dup_path (LkAgentConnection *connection)
{
  return g_strconcat (LK_AGENT_CONNECTIONS, lk_agent_connection_get_id (connection), NULL);
}

/* Returns: (transfer none) (nullable): the connection, if it is on the bus */
static LkAgentConnection *
look_up (LkAgentTree *self, const char *id)
{
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  LkAgentConnection *found = connections != NULL ? lk_agent_connections_lookup (connections, id)
                                                 : NULL;

  return found != NULL && lk_agent_connection_is_published (found) ? found : NULL;
}

static void
emit (LkAgentTree *self, const char *path, const char *interface, const char *signal,
      GVariant *parameters)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (parameters);
  g_autoptr(GError) error = NULL;

  /* Something that is under way may outlive the tree. */
  if (self != NULL && self->bus != NULL
      && !g_dbus_connection_emit_signal (self->bus, NULL, path, interface, signal, owned, &error))
    g_debug ("%s cannot be told: %s", signal, error->message);
}

/* What is there. */

static GVariant *
interfaces_to_variant (GVariant *facts)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&builder, "{s@a{sv}}", interface_name (), facts);
  return g_variant_builder_end (&builder);
}

/* Thousands of small values take ten times the room of the same in one piece. */
static GVariant *
in_one_piece (GVariant *value)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes (owned);

  return g_variant_new_from_bytes (g_variant_get_type (owned), bytes, TRUE);
}

static GVariant *
managed_objects_to_variant (LkAgentTree *self)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *path = dup_path (all->pdata[i]);

      if (lk_agent_connection_is_published (all->pdata[i]))
        g_variant_builder_add (&builder, "{o@a{sa{sv}}}", path,
                               in_one_piece (interfaces_to_variant (
                                 lk_agent_connection_to_variant (all->pdata[i]))));
    }
  return g_variant_builder_end (&builder);
}

static char **
enumerate_cb (GDBusConnection *bus, const char *sender, const char *path, gpointer user_data)
{
  LkAgentTree *self = user_data;
  LkAgentConnections *connections = lk_agent_context_get_connections (self->context);
  g_autoptr(GPtrArray) all = lk_agent_connections_list (connections);
  g_autoptr(GStrvBuilder) nodes = g_strv_builder_new ();

  for (guint i = 0; i < all->len; i++)
    if (lk_agent_connection_is_published (all->pdata[i]))
      g_strv_builder_add (nodes, lk_agent_connection_get_id (all->pdata[i]));
  return g_strv_builder_end (nodes);
}

static GDBusInterfaceInfo **
introspect_cb (GDBusConnection *bus, const char *sender, const char *path, const char *node,
               gpointer user_data)
{
  LkAgentTree *self = user_data;
  GDBusInterfaceInfo *info = node == NULL ? self->manager->interfaces[0]
                                          : lk_dbus_connection1_interface_info ();
  GDBusInterfaceInfo **infos;

  if (node != NULL && look_up (self, node) == NULL)
    return NULL;
  infos = g_new0 (GDBusInterfaceInfo *, 2);
  infos[0] = g_dbus_interface_info_ref (info);
  return infos;
}

/* Calls. */

/* The generated code takes a call apart for a skeleton, which lives for this one. */
static void
connection_called_cb (GDBusConnection *bus, const char *sender, const char *path,
                      const char *interface, const char *method, GVariant *parameters,
                      GDBusMethodInvocation *invocation, gpointer user_data)
{
  LkAgentTree *self = user_data;
  LkAgentConnection *connection = look_up (self, strrchr (path, '/') + 1);
  g_autoptr(LkDBusConnection1) skeleton = NULL;
  GDBusInterfaceVTable *vtable;

  if (connection == NULL)
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR,
                                             G_DBUS_ERROR_UNKNOWN_OBJECT, "no connection at %s",
                                             path);
      return;
    }
  skeleton = lk_dbus_connection1_skeleton_new ();
  lk_agent_connection_connect_ops (connection, skeleton);
  lk_agent_connection_connect_calls (connection, skeleton);
  lk_agent_connection_connect_enquiry (connection, skeleton);
  vtable = g_dbus_interface_skeleton_get_vtable (G_DBUS_INTERFACE_SKELETON (skeleton));
  vtable->method_call (bus, sender, path, interface, method, parameters, invocation, skeleton);
}

static GVariant *
connection_property_cb (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *property, GError **error,
                        gpointer user_data)
{
  LkAgentConnection *connection = look_up (user_data, strrchr (path, '/') + 1);
  GVariant *value = NULL;

  if (connection != NULL)
    value = lk_agent_connection_get_property (connection, property);
  if (value == NULL)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT, "no connection at %s", path);
  return value;
}

static void
root_called_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  LkAgentTree *self = user_data;

  self->asked = TRUE;
  g_dbus_method_invocation_return_value (invocation,
                                         g_variant_new ("(@a{oa{sa{sv}}})",
                                                        managed_objects_to_variant (self)));
  lk_agent_context_tidy_soon (self->context);
}

static const GDBusInterfaceVTable *
dispatch_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *node, gpointer *out_user_data, gpointer user_data)
{
  static const GDBusInterfaceVTable root = { .method_call = root_called_cb };
  static const GDBusInterfaceVTable connection = {
    .method_call = connection_called_cb,
    .get_property = connection_property_cb,
  };

  /* Not the connection, which may go before the call is answered. */
  *out_user_data = user_data;
  return node == NULL ? &root : &connection;
}

LkAgentTree *
lk_agent_tree_new (LkAgentContext *context)
{
  LkAgentTree *self = g_new0 (LkAgentTree, 1);

  self->context = context;
  self->manager = g_dbus_node_info_new_for_xml (manager_xml, NULL);
  self->changed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  return self;
}

void
lk_agent_tree_free (LkAgentTree *self)
{
  if (self->subtree_id != 0)
    g_dbus_connection_unregister_subtree (self->bus, self->subtree_id);
  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_hash_table_unref (self->changed);
  g_dbus_node_info_unref (self->manager);
  g_clear_object (&self->bus);
  g_free (self);
}

void
lk_agent_tree_export (LkAgentTree *self, GDBusConnection *bus)
{
  static const GDBusSubtreeVTable vtable = {
    .enumerate = enumerate_cb,
    .introspect = introspect_cb,
    .dispatch = dispatch_cb,
  };
  g_autoptr(GError) error = NULL;

  g_set_object (&self->bus, bus);
  self->subtree_id
    = g_dbus_connection_register_subtree (bus, LK_AGENT_CONNECTIONS_ROOT, &vtable,
                                          G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES,
                                          self, NULL, &error);
  if (self->subtree_id == 0)
    g_warning ("the connections cannot be put on the bus: %s", error->message);
}

void
lk_agent_tree_set_loading (LkAgentTree *self, gboolean loading)
{
  self->loading = loading;
}

void
lk_agent_tree_added (LkAgentTree *self, LkAgentConnection *connection, GVariant *facts)
{
  g_autofree char *path = dup_path (connection);

  if (self == NULL || (self->loading && !self->asked))
    return;
  emit (self, LK_AGENT_CONNECTIONS_ROOT, OBJECT_MANAGER, "InterfacesAdded",
        g_variant_new ("(o@a{sa{sv}})", path, interfaces_to_variant (facts)));
}

void
lk_agent_tree_removed (LkAgentTree *self, LkAgentConnection *connection)
{
  const char *interfaces[] = { interface_name (), NULL };
  g_autofree char *path = dup_path (connection);

  if (self != NULL)
    g_hash_table_remove (self->changed, connection);
  emit (self, LK_AGENT_CONNECTIONS_ROOT, OBJECT_MANAGER, "InterfacesRemoved",
        g_variant_new ("(o^as)", path, interfaces));
}

/* Changes. */

static void
tell (LkAgentTree *self, LkAgentConnection *connection)
{
  static const char * const none[] = { NULL };
  g_autofree char *path = NULL;
  g_autoptr(GVariant) news = NULL;

  if (!lk_agent_connection_is_published (connection))
    return;
  news = lk_agent_connection_take_news (connection);
  if (news == NULL)
    return;
  path = dup_path (connection);
  emit (self, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        g_variant_new ("(s@a{sv}^as)", interface_name (), news, none));
}

static gboolean
tell_cb (gpointer user_data)
{
  LkAgentTree *self = user_data;
  GHashTableIter iter;
  gpointer connection;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->changed);
  while (n++ < AT_ONCE && g_hash_table_iter_next (&iter, &connection, NULL))
    {
      tell (self, connection);
      g_hash_table_iter_remove (&iter);
    }
  if (g_hash_table_size (self->changed) > 0)
    return G_SOURCE_CONTINUE;
  self->tell_id = 0;
  return G_SOURCE_REMOVE;
}

void
lk_agent_tree_changed (LkAgentTree *self, LkAgentConnection *connection)
{
  if (self == NULL || !lk_agent_connection_is_published (connection)
      || g_hash_table_contains (self->changed, connection))
    return;
  g_hash_table_add (self->changed, g_object_ref (connection));
  if (self->tell_id == 0)
    self->tell_id = g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, self, NULL);
}

void
lk_agent_tree_flush (LkAgentTree *self, LkAgentConnection *connection)
{
  if (self == NULL || !g_hash_table_contains (self->changed, connection))
    return;
  g_object_ref (connection);
  g_hash_table_remove (self->changed, connection);
  tell (self, connection);
  g_object_unref (connection);
}

void
lk_agent_tree_emit (LkAgentTree *self, LkAgentConnection *connection, const char *signal,
                    GVariant *parameters)
{
  g_autofree char *path = dup_path (connection);

  emit (self, path, interface_name (), signal, parameters);
}
