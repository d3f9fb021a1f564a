/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-vault"

#include "config.h"

#include "lk-vault.h"

#include <libsecret/secret.h>

#include "lk-vault-private.h"

#define SERVICE_NAME "org.freedesktop.secrets"
#define COLLECTION_INTERFACE "org.freedesktop.Secret.Collection"
#define SERVICE_INTERFACE "org.freedesktop.Secret.Service"

struct _LkVault
{
  GObject          parent_instance;

  LkVaultState     state;
  guint            deadline_ms;
  gboolean         uses_file;

  guint            watch;
  char            *owner;          /* (owned) (nullable): unique name of the running service */
  GDBusConnection *bus;            /* (owned) (nullable): where the subscriptions are */
  guint            properties_changed;
  guint            collections_changed;

  GCancellable    *looking;        /* (owned) (nullable): a look that a signal caused */
  gboolean         look_again;

  GQueue           probers;        /* of GTask, who wait for the probe that runs */
  GQueue           operations;     /* of GTask, the one that runs first */
};

typedef enum { PROP_STATE = 1, PROP_DEADLINE } LkVaultProperty;

static GParamSpec *props[PROP_DEADLINE + 1];

G_DEFINE_ENUM_TYPE (LkVaultState, lk_vault_state,
                    G_DEFINE_ENUM_VALUE (LK_VAULT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LK_VAULT_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (LK_VAULT_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (LK_VAULT_ABSENT, "absent"),
                    G_DEFINE_ENUM_VALUE (LK_VAULT_BROKEN, "broken"))

G_DEFINE_FINAL_TYPE (LkVault, lk_vault, G_TYPE_OBJECT)

static void lk_vault_look_unasked (LkVault *self);

/* libsecret makes the same choice: a sandbox, or the variable. */
static gboolean
detect_file_backend (void)
{
  const char *backend = g_getenv ("SECRET_BACKEND");

  return g_strcmp0 (backend, "file") == 0 || g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

static void
lk_vault_set_state (LkVault      *self,
                    LkVaultState  state)
{
  if (self->state == state)
    return;

  g_info ("The keyring is %s, it was %s", lk_vault_state_to_string (state),
          lk_vault_state_to_string (self->state));
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
lk_vault_learn (LkVault      *self,
                const GError *error)
{
  if (error == NULL)
    lk_vault_set_state (self, LK_VAULT_READY);
  else if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_LOCKED) ||
           g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_CANCELLED))
    lk_vault_set_state (self, LK_VAULT_LOCKED);
  else if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_ABSENT))
    lk_vault_set_state (self, LK_VAULT_ABSENT);
  else if (g_error_matches (error, LK_STORAGE_ERROR, LK_STORAGE_ERROR_BROKEN))
    lk_vault_set_state (self, LK_VAULT_BROKEN);
}

static void
looked_unasked_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  LkVault *self = LK_VAULT (source);
  g_autoptr(GError) error = NULL;

  g_clear_object (&self->looking);
  lk_vault_look_finish (self, result, &error);
  if (self->look_again)
    lk_vault_look_unasked (self);
  else if (self->owner != NULL)
    lk_vault_learn (self, error);
}

/* A signal said that something changed. One look at a time, and one more for signals meanwhile. */
static void
lk_vault_look_unasked (LkVault *self)
{
  self->look_again = self->looking != NULL;
  if (self->look_again)
    return;

  self->looking = g_cancellable_new ();
  lk_vault_look_async (self, self->looking, looked_unasked_cb, NULL);
}

static void
service_changed_cb (GDBusConnection *bus,
                    const char      *sender,
                    const char      *path,
                    const char      *interface,
                    const char      *signal,
                    GVariant        *parameters,
                    gpointer         user_data)
{
  lk_vault_look_unasked (user_data);
}

static void
lk_vault_unsubscribe (LkVault *self)
{
  if (self->bus == NULL)
    return;

  g_dbus_connection_signal_unsubscribe (self->bus, self->properties_changed);
  g_dbus_connection_signal_unsubscribe (self->bus, self->collections_changed);
  g_clear_object (&self->bus);
}

static void
lk_vault_subscribe (LkVault         *self,
                    GDBusConnection *bus)
{
  if (self->bus == bus)
    return;

  lk_vault_unsubscribe (self);
  self->bus = g_object_ref (bus);
  self->properties_changed =
    g_dbus_connection_signal_subscribe (bus, SERVICE_NAME, "org.freedesktop.DBus.Properties",
                                        "PropertiesChanged", NULL, COLLECTION_INTERFACE,
                                        G_DBUS_SIGNAL_FLAGS_NONE, service_changed_cb, self, NULL);
  self->collections_changed =
    g_dbus_connection_signal_subscribe (bus, SERVICE_NAME, SERVICE_INTERFACE, NULL, NULL, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, service_changed_cb, self, NULL);
}

static void
service_appeared_cb (GDBusConnection *bus,
                     const char      *name,
                     const char      *owner,
                     gpointer         user_data)
{
  LkVault *self = user_data;

  /* libsecret's session belongs to a process that is gone. */
  if (self->owner != NULL && g_strcmp0 (self->owner, owner) != 0)
    secret_service_disconnect ();
  g_free (self->owner);
  self->owner = g_strdup (owner);
  lk_vault_subscribe (self, bus);
  lk_vault_look_unasked (self);
}

static void
service_vanished_cb (GDBusConnection *bus,
                     const char      *name,
                     gpointer         user_data)
{
  LkVault *self = user_data;

  if (self->owner == NULL)
    return;

  g_clear_pointer (&self->owner, g_free);
  secret_service_disconnect ();
  lk_vault_set_state (self, LK_VAULT_ABSENT);
}

static void
lk_vault_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  LkVault *self = LK_VAULT (object);

  switch ((LkVaultProperty) id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_DEADLINE:
      g_value_set_uint (value, self->deadline_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_vault_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  LkVault *self = LK_VAULT (object);

  switch ((LkVaultProperty) id)
    {
    case PROP_DEADLINE:
      self->deadline_ms = g_value_get_uint (value);
      break;
    case PROP_STATE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_vault_constructed (GObject *object)
{
  LkVault *self = LK_VAULT (object);

  G_OBJECT_CLASS (lk_vault_parent_class)->constructed (object);

  self->uses_file = detect_file_backend ();
  if (!self->uses_file)
    self->watch = g_bus_watch_name (G_BUS_TYPE_SESSION, SERVICE_NAME,
                                    G_BUS_NAME_WATCHER_FLAGS_NONE, service_appeared_cb,
                                    service_vanished_cb, self, NULL);
}

static void
lk_vault_dispose (GObject *object)
{
  LkVault *self = LK_VAULT (object);

  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  lk_vault_unsubscribe (self);

  G_OBJECT_CLASS (lk_vault_parent_class)->dispose (object);
}

static void
lk_vault_finalize (GObject *object)
{
  LkVault *self = LK_VAULT (object);

  g_clear_pointer (&self->owner, g_free);

  G_OBJECT_CLASS (lk_vault_parent_class)->finalize (object);
}

static void
lk_vault_class_init (LkVaultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_vault_get_property;
  object_class->set_property = lk_vault_set_property;
  object_class->constructed = lk_vault_constructed;
  object_class->dispose = lk_vault_dispose;
  object_class->finalize = lk_vault_finalize;

  props[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, LK_TYPE_VAULT_STATE, LK_VAULT_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_DEADLINE] =
    g_param_spec_uint ("deadline", NULL, NULL, 1, G_MAXINT, LK_VAULT_DEADLINE_MS,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
lk_vault_init (LkVault *self)
{
}

/**
 * lk_vault_new:
 *
 * Makes a vault and begins to watch the keyring. The state is %LK_VAULT_UNKNOWN until it was
 * looked at, by lk_vault_check_async() or because the keyring showed up on the bus.
 *
 * Returns: (transfer full): the vault
 */
LkVault *
lk_vault_new (void)
{
  return g_object_new (LK_TYPE_VAULT, NULL);
}

LkVault *
lk_vault_new_with_deadline (guint deadline_ms)
{
  return g_object_new (LK_TYPE_VAULT, "deadline", deadline_ms, NULL);
}

guint
lk_vault_get_deadline (LkVault *self)
{
  return self->deadline_ms;
}

gboolean
lk_vault_uses_file (LkVault *self)
{
  return self->uses_file;
}

/**
 * lk_vault_get_state:
 *
 * Returns: what is known about the keyring
 */
LkVaultState
lk_vault_get_state (LkVault *self)
{
  g_return_val_if_fail (LK_IS_VAULT (self), LK_VAULT_UNKNOWN);

  return self->state;
}

/**
 * lk_vault_state_to_string:
 *
 * Returns: the word for @state on the bus and in JSON
 */
const char *
lk_vault_state_to_string (LkVaultState state)
{
  static const char * const words[] = { "unknown", "ready", "locked", "absent", "broken" };

  g_return_val_if_fail (state <= LK_VAULT_BROKEN, words[0]);

  return words[state];
}

GQueue *
lk_vault_get_probers (LkVault *self)
{
  return &self->probers;
}

GQueue *
lk_vault_get_operations (LkVault *self)
{
  return &self->operations;
}
