/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of ten thousand connections as the window has it: only pages that somebody looks at are
 * asked for, rows stay the objects that they were, and an agent that goes and comes back is
 * followed. The agent is a small one of this test, on a bus of its own, that counts what it is
 * asked. */

#include "lk-connection-list.h"

#include <glib/gstdio.h>
#include <string.h>

#define PAGE 100

typedef struct
{
  GTestDBus                *test_bus;
  char                     *address;
  char                     *services; /* (owned): folder */
  char                     *service;  /* (owned): file in it */
  GPtrArray                *names;   /* (owned): rows are "id-NAME", in this order */
  guint                     asked;   /* pages */

  GDBusConnection          *bus;     /* of the agent that is there */
  GDBusObjectManagerServer *server;
  LkDBusAgent1             *agent;
  guint                     name_id;

  LkAgentClient            *client;
} World;

static GVariant *
row_new (const char *name)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *id = g_strconcat ("id", name, NULL);

  g_variant_dict_insert (&dict, "Id", "s", id);
  g_variant_dict_insert (&dict, "Name", "s", name);
  g_variant_dict_insert (&dict, "Busy", "s", "");
  return g_variant_dict_end (&dict);
}

static gboolean
list_cb (LkDBusAgent1 *agent, GDBusMethodInvocation *invocation, GVariant *options, guint offset,
         guint limit, World *world)
{
  const char *search = "";
  guint total = 0;
  GVariantBuilder builder;

  world->asked++;
  g_variant_lookup (options, "search", "&s", &search);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < world->names->len; i++)
    {
      if (strstr (world->names->pdata[i], search) == NULL)
        continue;
      if (total >= offset && total - offset < MIN (limit, 500))
        g_variant_builder_add_value (&builder, row_new (world->names->pdata[i]));
      total++;
    }
  lk_dbus_agent1_complete_list_connections (agent, invocation, total,
                                            g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
agent_start (World *world)
{
  g_autoptr(LkDBusObjectSkeleton) object = lk_dbus_object_skeleton_new (LK_AGENT_MANAGER_PATH);
  g_autoptr(GError) error = NULL;

  world->bus = g_dbus_connection_new_for_address_sync (
    world->address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  world->agent = lk_dbus_agent1_skeleton_new ();
  lk_dbus_agent1_set_ledger_state (world->agent, "ready");
  g_signal_connect (world->agent, "handle-list-connections", G_CALLBACK (list_cb), world);
  lk_dbus_object_skeleton_set_agent1 (object, world->agent);
  world->server = g_dbus_object_manager_server_new (LK_AGENT_ROOT);
  g_dbus_object_manager_server_export (world->server, G_DBUS_OBJECT_SKELETON (object));
  g_dbus_object_manager_server_set_connection (world->server, world->bus);
  world->name_id = g_bus_own_name_on_connection (world->bus, LK_AGENT_NAME,
                                                 G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL,
                                                 NULL);
}

static void
agent_die (World *world)
{
  g_clear_handle_id (&world->name_id, g_bus_unown_name);
  g_dbus_object_manager_server_set_connection (world->server, NULL);
  g_clear_object (&world->server);
  g_clear_object (&world->agent);
  g_dbus_connection_close_sync (world->bus, NULL, NULL);
  g_clear_object (&world->bus);
}

/* Runs the main loop until @condition; fails after 20 s. */
#define wait_for(condition)                                                   \
  G_STMT_START                                                                \
    {                                                                         \
      gint64 deadline_ = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;       \
      guint tick_ = g_timeout_add (50, tick_cb, NULL);                        \
                                                                              \
      while (!(condition) && g_get_monotonic_time () < deadline_)             \
        g_main_context_iteration (NULL, TRUE);                                \
      g_source_remove (tick_);                                                \
      g_assert_true (condition);                                              \
    }                                                                         \
  G_STMT_END

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
has_owner (World *world)
{
  g_autoptr(GVariant) reply
    = g_dbus_connection_call_sync (world->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "NameHasOwner",
                                   g_variant_new ("(s)", LK_AGENT_NAME), NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean there = FALSE;

  g_variant_get (reply, "(b)", &there);
  return there;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  lk_agent_client_start_finish (LK_AGENT_CLIENT (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
world_setup (World *world, gconstpointer data)
{
  gboolean started = FALSE;

  world->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < GPOINTER_TO_UINT (data); i++)
    g_ptr_array_add (world->names, g_strdup_printf ("%05u", i * 10));
  /* Without it the bus does not even say that the agent runs; it is never started by this. */
  world->services = g_dir_make_tmp ("latchkey-services-XXXXXX", NULL);
  world->service = g_build_filename (world->services, LK_AGENT_NAME ".service", NULL);
  g_assert_true (g_file_set_contents (world->service,
                                      "[D-BUS Service]\nName=" LK_AGENT_NAME
                                      "\nExec=/bin/false\n", -1, NULL));
  world->test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (world->test_bus, world->services);
  g_test_dbus_up (world->test_bus);
  world->address = g_strdup (g_test_dbus_get_bus_address (world->test_bus));
  agent_start (world);
  wait_for (has_owner (world));
  world->client = lk_agent_client_new ();
  lk_agent_client_start_async (world->client, NULL, started_cb, &started);
  wait_for (started);
}

static void
world_teardown (World *world, gconstpointer data)
{
  g_clear_object (&world->client);
  if (world->bus != NULL)
    agent_die (world);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_test_dbus_down (world->test_bus);
  g_clear_object (&world->test_bus);
  g_clear_pointer (&world->names, g_ptr_array_unref);
  g_clear_pointer (&world->address, g_free);
  g_unlink (world->service);
  g_rmdir (world->services);
  g_clear_pointer (&world->service, g_free);
  g_clear_pointer (&world->services, g_free);
}

/* Looking at a list as a view does. */

static char *
dup_name (gpointer list, guint position)
{
  g_autoptr(LkDBusConnection1) item = g_list_model_get_item (list, position);

  g_assert_nonnull (item);
  return g_strdup (lk_dbus_connection1_get_name (item));
}

static gboolean
shows (gpointer list, guint position, const char *name)
{
  g_autofree char *found = dup_name (list, position);

  return g_strcmp0 (found, name) == 0;
}

static guint
count (gpointer list)
{
  return g_list_model_get_n_items (list);
}

typedef struct
{
  guint calls;
  guint position, removed, added; /* of the last */
} Changes;

static void
changed_cb (GListModel *list, guint position, guint removed, guint added, Changes *changes)
{
  changes->calls++;
  changes->position = position;
  changes->removed = removed;
  changes->added = added;
}

static void
tell_changed (World *world)
{
  lk_dbus_agent1_emit_connections_changed (world->agent);
}

static void
test_pages (World *world, gconstpointer data)
{
  g_autoptr(LkConnectionList) list = NULL;
  guint before;

  /* The client itself asked for the first ones alone. */
  g_assert_cmpuint (world->asked, ==, 1);
  g_assert_cmpuint (count (lk_agent_client_get_connections (world->client)), ==, 500);

  list = lk_connection_list_new (world->client, NULL, "name");
  g_assert_true (lk_connection_list_get_loading (list));
  g_assert_false (lk_connection_list_is_known (list));
  wait_for (lk_connection_list_is_known (list));
  g_assert_false (lk_connection_list_get_loading (list));
  g_assert_cmpuint (count (list), ==, 10000);
  g_assert_cmpuint (world->asked, ==, 2);
  g_assert_true (shows (list, 0, "00000"));

  /* A row far below: a placeholder of its own, then its page, and only that one. */
  {
    g_autoptr(LkDBusConnection1) first = g_list_model_get_item (G_LIST_MODEL (list), 5000);
    g_autoptr(LkDBusConnection1) second = g_list_model_get_item (G_LIST_MODEL (list), 5001);

    g_assert_true (lk_connection_is_placeholder (first));
    g_assert_null (lk_dbus_connection1_get_name (first));
    g_assert_true (first != second);
  }
  wait_for (shows (list, 5000, "50000"));
  g_assert_true (shows (list, 5099, "50990"));
  g_assert_cmpuint (world->asked, ==, 3);

  /* Somebody drags the handle over the whole list: a bounded number of pages is asked for. */
  before = world->asked;
  for (guint i = 0; i < 10000; i += 20)
    g_free (dup_name (list, i));
  wait_for (shows (list, 9980, "99800"));
  g_assert_cmpuint (world->asked - before, <=, 10);
}

static void
test_few_are_kept (World *world, gconstpointer data)
{
  g_autoptr(LkConnectionList) list = lk_connection_list_new (world->client, NULL, NULL);
  gpointer far;

  wait_for (lk_connection_list_is_known (list));
  wait_for (shows (list, 3000, "30000"));
  far = g_list_model_get_item (G_LIST_MODEL (list), 3000);
  g_object_add_weak_pointer (far, &far);
  g_object_unref (far);
  g_assert_nonnull (far);
  for (guint page = 40; page < 60; page++)
    {
      g_autofree char *name = g_strdup_printf ("%05u", page * PAGE * 10);

      wait_for (shows (list, page * PAGE, name));
    }
  g_assert_null (far);
  /* It comes again when it is looked at. */
  wait_for (shows (list, 3000, "30000"));
}

static void
test_order_changes (World *world, gconstpointer data)
{
  g_autoptr(LkConnectionList) list = lk_connection_list_new (world->client, NULL, NULL);
  g_autoptr(LkDBusConnection1) kept = NULL;
  Changes changes = { 0 };
  guint before;

  wait_for (lk_connection_list_is_known (list));
  wait_for (shows (list, 5000, "50000"));
  kept = g_list_model_get_item (G_LIST_MODEL (list), 5000);
  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), &changes);

  /* Nothing that is shown changed: nothing is told. */
  before = world->asked;
  tell_changed (world);
  wait_for (world->asked > before && !lk_connection_list_get_loading (list));
  wait_for (shows (list, 5000, "50000"));
  g_assert_cmpuint (changes.calls, ==, 0);

  /* One comes above: the row moves down by one, and is the same object. */
  g_ptr_array_insert (world->names, 5000, g_strdup ("49995"));
  tell_changed (world);
  wait_for (count (list) == 10001 && shows (list, 5000, "49995"));
  {
    g_autoptr(LkDBusConnection1) moved = g_list_model_get_item (G_LIST_MODEL (list), 5001);

    g_assert_true (moved == kept);
  }

  /* It goes, and a search finds what is left. */
  g_ptr_array_remove_index (world->names, 5000);
  tell_changed (world);
  wait_for (count (list) == 10000 && shows (list, 5000, "50000"));
  lk_connection_list_set_search (list, "5000");
  g_assert_cmpstr (lk_connection_list_get_search (list), ==, "5000");
  g_assert_true (lk_connection_list_get_loading (list));
  g_assert_cmpuint (count (list), ==, 10000);
  wait_for (!lk_connection_list_get_loading (list));
  g_assert_cmpuint (count (list), ==, 11);
  wait_for (shows (list, 0, "05000"));
  lk_connection_list_set_search (list, NULL);
  wait_for (count (list) == 10000);
}

static void
notified_cb (guint *notified)
{
  (*notified)++;
}

static void
test_rows_live (World *world, gconstpointer data)
{
  g_autoptr(LkConnectionList) list = lk_connection_list_new (world->client, NULL, NULL);
  g_autoptr(LkConnectionList) twin = lk_connection_list_new (world->client, "fine", "ends");
  g_autoptr(LkDBusConnection1) row = NULL;
  g_autoptr(LkDBusConnection1) same = NULL;
  guint notified = 0;
  GVariantDict dict;

  wait_for (lk_connection_list_is_known (list) && lk_connection_list_is_known (twin));
  row = g_list_model_get_item (G_LIST_MODEL (list), 3);
  same = g_list_model_get_item (G_LIST_MODEL (twin), 3);
  g_assert_true (row == same);
  g_assert_true (row == lk_agent_client_find_connection (world->client, "id00030"));
  g_assert_true (row == lk_agent_client_find_connection (world->client, "00030"));

  g_signal_connect_swapped (row, "notify::busy", G_CALLBACK (notified_cb), &notified);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "Busy", "s", "renewing");
  g_dbus_connection_emit_signal (world->bus, NULL, LK_AGENT_CONNECTIONS "id00030",
                                 "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                 g_variant_new ("(s@a{sv}@as)",
                                                "io.github.latchkey_app.Latchkey.Connection1",
                                                g_variant_dict_end (&dict),
                                                g_variant_new_strv (NULL, 0)),
                                 NULL);
  wait_for (notified > 0);
  g_assert_cmpuint (notified, ==, 1);
  g_assert_cmpstr (lk_dbus_connection1_get_busy (row), ==, "renewing");
}

static void
test_agent_restarts (World *world, gconstpointer data)
{
  g_autoptr(LkConnectionList) list = lk_connection_list_new (world->client, NULL, NULL);
  g_autoptr(LkDBusConnection1) old = NULL;
  g_autofree char *old_owner = NULL, *owner = NULL;
  LkDBusConnection1 *found;

  wait_for (lk_connection_list_is_known (list));
  wait_for (shows (list, 700, "07000"));
  old = g_list_model_get_item (G_LIST_MODEL (list), 700);
  old_owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (old));

  agent_die (world);
  wait_for (lk_agent_client_get_state (world->client) == LK_AGENT_CLIENT_LOST);
  /* What was shown stays on the screen. */
  g_assert_cmpuint (count (list), ==, 10000);
  g_assert_true (shows (list, 700, "07000"));

  g_ptr_array_remove_index (world->names, 0);
  agent_start (world);
  wait_for (lk_agent_client_get_state (world->client) == LK_AGENT_CLIENT_READY);
  wait_for (count (list) == 9999 && shows (list, 699, "07000"));
  found = lk_agent_client_find_connection (world->client, "id07000");
  g_assert_nonnull (found);
  g_assert_true (found != old);
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (found));
  g_assert_cmpstr (owner, !=, old_owner);
}

/* Up to 500 all are there as soon as the agent is ready; those that come and go are followed. */
static void
test_few (World *world, gconstpointer data)
{
  GListModel *all = lk_agent_client_get_connections (world->client);
  g_autoptr(GVariant) row = g_variant_ref_sink (row_new ("99999"));
  const char *interfaces[] = { "io.github.latchkey_app.Latchkey.Connection1", NULL };
  GVariantBuilder builder;

  g_assert_cmpuint (count (all), ==, 3);
  g_assert_true (shows (all, 2, "00020"));
  g_assert_nonnull (lk_agent_client_find_connection (world->client, "00020"));

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&builder, "{s@a{sv}}", interfaces[0], row);
  g_dbus_connection_emit_signal (world->bus, NULL, LK_AGENT_CONNECTIONS_ROOT,
                                 "org.freedesktop.DBus.ObjectManager", "InterfacesAdded",
                                 g_variant_new ("(oa{sa{sv}})", LK_AGENT_CONNECTIONS "id99999",
                                                &builder),
                                 NULL);
  wait_for (count (all) == 4);
  g_assert_nonnull (lk_agent_client_find_connection (world->client, "99999"));
  g_dbus_connection_emit_signal (world->bus, NULL, LK_AGENT_CONNECTIONS_ROOT,
                                 "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved",
                                 g_variant_new ("(o^as)", LK_AGENT_CONNECTIONS "id99999",
                                                interfaces),
                                 NULL);
  wait_for (count (all) == 3);
  g_assert_null (lk_agent_client_find_connection (world->client, "99999"));
}

int
main (int argc, char **argv)
{
  gpointer many = GUINT_TO_POINTER (10000);

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();
  g_test_add ("/connection-list/pages", World, many, world_setup, test_pages, world_teardown);
  g_test_add ("/connection-list/few-are-kept", World, many, world_setup, test_few_are_kept,
              world_teardown);
  g_test_add ("/connection-list/order-changes", World, many, world_setup, test_order_changes,
              world_teardown);
  g_test_add ("/connection-list/rows-live", World, many, world_setup, test_rows_live,
              world_teardown);
  g_test_add ("/connection-list/agent-restarts", World, many, world_setup, test_agent_restarts,
              world_teardown);
  g_test_add ("/connection-list/few", World, GUINT_TO_POINTER (3), world_setup, test_few,
              world_teardown);
  return g_test_run ();
}
