/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ipc"

#include "config.h"

#include "lk-agent-client-private.h"

/* More are not loaded at the start, and not kept by the client itself. */
#define LOADED_AT_ONCE 500
#define BACKOFF_FIRST_MS 500
#define BACKOFF_LAST_MS (30 * 1000)

G_DEFINE_ENUM_TYPE (LkAgentClientState, lk_agent_client_state,
                    G_DEFINE_ENUM_VALUE (LK_AGENT_CLIENT_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (LK_AGENT_CLIENT_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (LK_AGENT_CLIENT_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (LK_AGENT_CLIENT_FAILED, "failed"))

struct _LkAgentClient
{
  GObject             parent_instance;

  GDBusConnection    *bus;         /* (owned) (nullable) */
  GDBusObjectManager *manager;     /* (owned) (nullable) */
  LkDBusAgent1       *agent;       /* (owned) (nullable): NULL unless ready */
  LkConnectionCache  *cache;       /* (owned) (nullable): of the agent that is there */
  GListStore         *connections; /* (owned) */
  GListStore         *remedies;    /* (owned) */
  GCancellable       *cancellable; /* (owned): of restarts, ends with the object */
  LkAgentClientState  state;
  guint               restart_id;
  guint               backoff_ms;
};

typedef enum
{
  PROP_STATE = 1,
} LkAgentClientProperty;

static GParamSpec *props[PROP_STATE + 1];
static guint removed_signal;

G_DEFINE_FINAL_TYPE (LkAgentClient, lk_agent_client, G_TYPE_OBJECT)

static void lk_agent_client_plan_restart (LkAgentClient *self);

static void
lk_agent_client_set_state (LkAgentClient *self, LkAgentClientState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* Some calls wait for a person or a slow server; who calls decides how long. */
static void
prepare_interface (GDBusInterface *interface)
{
  if (G_IS_DBUS_PROXY (interface))
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (interface), G_MAXINT);
}

static void
prepare_object (GDBusObject *object)
{
  g_autolist(GDBusInterface) interfaces = g_dbus_object_get_interfaces (object);

  for (GList *l = interfaces; l != NULL; l = l->next)
    prepare_interface (l->data);
}

static void
object_added_cb (LkAgentClient *self, GDBusObject *object)
{
  g_autoptr(LkDBusRemedy1) remedy = lk_dbus_object_get_remedy1 (LK_DBUS_OBJECT (object));

  prepare_object (object);
  if (remedy != NULL)
    g_list_store_append (self->remedies, remedy);
}

static void
object_removed_cb (LkAgentClient *self, GDBusObject *object)
{
  g_autoptr(LkDBusRemedy1) remedy = lk_dbus_object_get_remedy1 (LK_DBUS_OBJECT (object));
  guint position;

  if (remedy != NULL && g_list_store_find (self->remedies, remedy, &position))
    g_list_store_remove (self->remedies, position);
}

static void
replace_all (GListStore *store, GPtrArray *items)
{
  g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)), items->pdata,
                       items->len);
}

static void
lk_agent_client_take_objects (LkAgentClient *self)
{
  g_autolist(GDBusObject) objects = g_dbus_object_manager_get_objects (self->manager);
  g_autoptr(GPtrArray) remedies = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *l = objects; l != NULL; l = l->next)
    {
      LkDBusRemedy1 *remedy = lk_dbus_object_get_remedy1 (l->data);

      prepare_object (l->data);
      if (remedy != NULL)
        g_ptr_array_add (remedies, remedy);
    }
  replace_all (self->remedies, remedies);
}

/* The connections. */

static gboolean
find_by_id (LkAgentClient *self, const char *id, guint *position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->connections));

  for (*position = 0; *position < n; (*position)++)
    {
      g_autoptr(LkDBusConnection1) connection
        = g_list_model_get_item (G_LIST_MODEL (self->connections), *position);

      if (g_strcmp0 (lk_dbus_connection1_get_id (connection), id) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
connection_added_cb (LkAgentClient *self, LkDBusConnection1 *connection)
{
  guint position;

  if (!find_by_id (self, lk_dbus_connection1_get_id (connection), &position))
    g_list_store_append (self->connections, connection);
}

static void
connection_removed_cb (LkAgentClient *self, const char *id)
{
  guint position;

  if (find_by_id (self, id, &position))
    g_list_store_remove (self->connections, position);
  g_signal_emit (self, removed_signal, 0, id);
}

/* One list that is under way: of which agent, and who waits for it. */
typedef struct
{
  LkAgentClient     *client; /* (owned) */
  LkConnectionCache *cache;  /* (owned) */
  GTask             *task;   /* (owned) (nullable) */
} Load;

static void
load_free (Load *load)
{
  g_object_unref (load->client);
  g_object_unref (load->cache);
  g_clear_object (&load->task);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static void
lk_agent_client_take_rows (LkAgentClient *self, GVariant *rows)
{
  g_autoptr(GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantIter iter;
  GVariant *facts;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    {
      LkDBusConnection1 *connection = lk_connection_cache_take (self->cache, facts);

      if (connection != NULL)
        g_ptr_array_add (connections, connection);
    }
  replace_all (self->connections, connections);
}

static void
load_fail (Load *load, const GError *error)
{
  LkAgentClient *self = load->client;

  if (load->task == NULL)
    return;
  if (self->agent == NULL)
    {
      lk_agent_client_set_state (self, LK_AGENT_CLIENT_FAILED);
      lk_agent_client_plan_restart (self);
    }
  g_task_return_new_error (load->task, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                           "the agent ended while it was starting: %s", error->message);
}

static void lk_agent_client_load (LkAgentClient *self, LkDBusAgent1 *agent, GTask *task);

/* What was listed while the ledger was being opened was not all. */
static void
ledger_state_cb (LkAgentClient *self)
{
  if (self->agent != NULL && g_strcmp0 (lk_dbus_agent1_get_ledger_state (self->agent), "ready") == 0
      && g_list_model_get_n_items (G_LIST_MODEL (self->connections)) == 0)
    lk_agent_client_load (self, self->agent, NULL);
}

static void
lk_agent_client_become_ready (LkAgentClient *self, LkDBusAgent1 *agent)
{
  if (g_set_object (&self->agent, agent))
    g_signal_connect_object (agent, "notify::ledger-state", G_CALLBACK (ledger_state_cb), self,
                             G_CONNECT_SWAPPED);
  g_clear_handle_id (&self->restart_id, g_source_remove);
  self->backoff_ms = BACKOFF_FIRST_MS;
  lk_agent_client_set_state (self, LK_AGENT_CLIENT_READY);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Load) load = user_data;
  LkAgentClient *self = load->client;
  LkDBusAgent1 *agent = LK_DBUS_AGENT1 (source);
  g_autoptr(GVariant) rows = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_agent1_call_list_connections_finish (agent, NULL, &rows, result, &error))
    {
      g_debug ("the connections cannot be listed: %s", error->message);
      load_fail (load, error);
      return;
    }
  if (self->cache != load->cache)
    {
      g_set_error_literal (&error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER, "it went away");
      load_fail (load, error);
      return;
    }
  lk_agent_client_take_rows (self, rows);
  lk_agent_client_become_ready (self, agent);
  if (load->task != NULL)
    g_task_return_boolean (load->task, TRUE);
}

static void
lk_agent_client_drop_cache (LkAgentClient *self)
{
  if (self->cache != NULL)
    g_signal_handlers_disconnect_by_data (self->cache, self);
  g_clear_object (&self->cache);
}

/* @task: (nullable): who waits until the agent is ready */
static void
lk_agent_client_load (LkAgentClient *self, LkDBusAgent1 *agent, GTask *task)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (agent));
  Load *load;

  if (owner == NULL)
    return;
  if (self->cache == NULL || !g_str_equal (lk_connection_cache_get_owner (self->cache), owner))
    {
      lk_agent_client_drop_cache (self);
      self->cache = lk_connection_cache_new (self->bus, owner);
      g_signal_connect_object (self->cache, "added", G_CALLBACK (connection_added_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->cache, "removed", G_CALLBACK (connection_removed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  load = g_new0 (Load, 1);
  load->client = g_object_ref (self);
  load->cache = g_object_ref (self->cache);
  load->task = task != NULL ? g_object_ref (task) : NULL;
  lk_dbus_agent1_call_list_connections (agent,
                                        g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0), 0,
                                        LOADED_AT_ONCE, self->cancellable, listed_cb, load);
}

/* Returns: whether the agent is there, and @task is answered later */
static gboolean
lk_agent_client_greet (LkAgentClient *self, GTask *task)
{
  g_autoptr(GDBusInterface) agent
    = g_dbus_object_manager_get_interface (self->manager, LK_AGENT_MANAGER_PATH,
                                           "io.github.latchkey_app.Latchkey.Agent1");
  g_autofree char *owner = agent != NULL ? g_dbus_proxy_get_name_owner (G_DBUS_PROXY (agent))
                                         : NULL;

  if (owner == NULL)
    return FALSE;
  prepare_interface (agent);
  lk_agent_client_load (self, LK_DBUS_AGENT1 (agent), task);
  return TRUE;
}

static void
interface_added_cb (LkAgentClient *self, GDBusObject *object, GDBusInterface *interface)
{
  prepare_interface (interface);
  if (self->agent == NULL && LK_DBUS_IS_AGENT1 (interface))
    lk_agent_client_greet (self, NULL);
}

static void
restarted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentClient) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);

  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("the agent does not start: %s", error->message);
  if (self->agent == NULL)
    lk_agent_client_plan_restart (self);
}

static void
lk_agent_client_call_start (LkAgentClient *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "StartServiceByName",
                          g_variant_new ("(su)", LK_AGENT_NAME, 0), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, callback, user_data);
}

static gboolean
restart_cb (gpointer user_data)
{
  LkAgentClient *self = user_data;

  self->restart_id = 0;
  lk_agent_client_call_start (self, self->cancellable, restarted_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
lk_agent_client_plan_restart (LkAgentClient *self)
{
  if (self->restart_id != 0 || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->restart_id = g_timeout_add (self->backoff_ms, restart_cb, self);
  self->backoff_ms = MIN (self->backoff_ms * 2, BACKOFF_LAST_MS);
}

static void
name_owner_changed_cb (LkAgentClient *self)
{
  g_autofree char *owner
    = g_dbus_object_manager_client_get_name_owner (G_DBUS_OBJECT_MANAGER_CLIENT (self->manager));

  if (owner != NULL)
    {
      lk_agent_client_greet (self, NULL);
      return;
    }

  g_info ("the agent went away");
  if (self->agent != NULL)
    g_signal_handlers_disconnect_by_func (self->agent, ledger_state_cb, self);
  g_clear_object (&self->agent);
  lk_agent_client_drop_cache (self);
  /* First the state, so that nobody takes the empty list for the truth. */
  lk_agent_client_set_state (self, LK_AGENT_CLIENT_LOST);
  g_list_store_remove_all (self->connections);
  g_list_store_remove_all (self->remedies);
  lk_agent_client_plan_restart (self);
}

static void
start_fail (LkAgentClient *self, GTask *task, GError *error)
{
  g_dbus_error_strip_remote_error (error);
  lk_agent_client_set_state (self, LK_AGENT_CLIENT_FAILED);
  g_task_return_error (task, error);
}

static void
manager_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentClient *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  GDBusObjectManager *manager = lk_dbus_object_manager_client_new_finish (result, &error);

  if (manager == NULL)
    {
      start_fail (self, task, g_steal_pointer (&error));
      return;
    }

  g_set_object (&self->manager, manager);
  g_object_unref (manager);
  g_signal_connect_object (manager, "object-added", G_CALLBACK (object_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "object-removed", G_CALLBACK (object_removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "interface-added", G_CALLBACK (interface_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::name-owner", G_CALLBACK (name_owner_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_agent_client_take_objects (self);
  if (lk_agent_client_greet (self, task))
    return;

  lk_agent_client_set_state (self, LK_AGENT_CLIENT_FAILED);
  lk_agent_client_plan_restart (self);
  g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                           "the agent ended while it was starting");
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentClient *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             &error);

  if (reply == NULL)
    {
      start_fail (self, task, g_steal_pointer (&error));
      return;
    }
  lk_dbus_object_manager_client_new (self->bus, G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_NONE,
                                     LK_AGENT_NAME, LK_AGENT_ROOT, g_task_get_cancellable (task),
                                     manager_ready_cb, g_object_ref (task));
}

static void
bus_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  LkAgentClient *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      start_fail (self, task, g_steal_pointer (&error));
      return;
    }
  g_set_object (&self->bus, bus);
  lk_agent_client_call_start (self, g_task_get_cancellable (task), started_cb,
                              g_object_ref (task));
}

static void
lk_agent_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LkAgentClient *self = LK_AGENT_CLIENT (object);

  switch ((LkAgentClientProperty) id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_agent_client_dispose (GObject *object)
{
  LkAgentClient *self = LK_AGENT_CLIENT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->restart_id, g_source_remove);
  g_clear_object (&self->agent);
  lk_agent_client_drop_cache (self);
  g_clear_object (&self->manager);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (lk_agent_client_parent_class)->dispose (object);
}

static void
lk_agent_client_finalize (GObject *object)
{
  LkAgentClient *self = LK_AGENT_CLIENT (object);

  g_clear_object (&self->connections);
  g_clear_object (&self->remedies);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (lk_agent_client_parent_class)->finalize (object);
}

static void
lk_agent_client_class_init (LkAgentClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_agent_client_get_property;
  object_class->dispose = lk_agent_client_dispose;
  object_class->finalize = lk_agent_client_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, LK_TYPE_AGENT_CLIENT_STATE,
                                         LK_AGENT_CLIENT_STARTING,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                           | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  removed_signal = g_signal_new ("connection-removed", G_TYPE_FROM_CLASS (klass),
                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_STRING);
}

static void
lk_agent_client_init (LkAgentClient *self)
{
  (void) LK_AGENT_ERROR;
  self->connections = g_list_store_new (LK_DBUS_TYPE_CONNECTION1);
  self->remedies = g_list_store_new (LK_DBUS_TYPE_REMEDY1);
  self->cancellable = g_cancellable_new ();
  self->backoff_ms = BACKOFF_FIRST_MS;
}

LkAgentClient *
lk_agent_client_new (void)
{
  return g_object_new (LK_TYPE_AGENT_CLIENT, NULL);
}

/**
 * lk_agent_client_start_async:
 *
 * Starts the agent if it does not run, and learns its objects. After a failure it may be called
 * again.
 */
void
lk_agent_client_start_async (LkAgentClient *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (LK_IS_AGENT_CLIENT (self));

  g_task_set_source_tag (task, lk_agent_client_start_async);
  if (self->agent != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_clear_handle_id (&self->restart_id, g_source_remove);
  if (self->manager != NULL)
    g_signal_handlers_disconnect_by_data (self->manager, self);
  g_clear_object (&self->manager);
  lk_agent_client_set_state (self, LK_AGENT_CLIENT_STARTING);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_ready_cb, g_object_ref (task));
}

gboolean
lk_agent_client_start_finish (LkAgentClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

LkAgentClientState
lk_agent_client_get_state (LkAgentClient *self)
{
  g_return_val_if_fail (LK_IS_AGENT_CLIENT (self), LK_AGENT_CLIENT_FAILED);

  return self->state;
}

/**
 * lk_agent_client_get_agent:
 *
 * Returns: (transfer none) (nullable): the agent's own interface; %NULL unless it is ready. It may
 *   go with the agent, so ask again for each call.
 */
LkDBusAgent1 *
lk_agent_client_get_agent (LkAgentClient *self)
{
  g_return_val_if_fail (LK_IS_AGENT_CLIENT (self), NULL);

  return self->agent;
}

/**
 * lk_agent_client_get_connections:
 *
 * Returns: (transfer none): a list of #LkDBusConnection1, the same object for the client's life;
 *   empty while the agent is away. Of more than 500, the first by name and those that came since:
 *   #LkConnectionList is for them
 */
GListModel *
lk_agent_client_get_connections (LkAgentClient *self)
{
  g_return_val_if_fail (LK_IS_AGENT_CLIENT (self), NULL);

  return G_LIST_MODEL (self->connections);
}

/**
 * lk_agent_client_get_remedies:
 *
 * Returns: (transfer none): a list of #LkDBusRemedy1: what is being put right; the same object for
 *   the client's life; empty while the agent is away
 */
GListModel *
lk_agent_client_get_remedies (LkAgentClient *self)
{
  g_return_val_if_fail (LK_IS_AGENT_CLIENT (self), NULL);

  return G_LIST_MODEL (self->remedies);
}

/* The object manager, for waiting until it knows an object. (transfer none) (nullable) */
GDBusObjectManager *
lk_agent_client_get_manager (LkAgentClient *self)
{
  return self->manager;
}

LkConnectionCache *
lk_agent_client_get_cache (LkAgentClient *self)
{
  return self->agent != NULL ? self->cache : NULL;
}
