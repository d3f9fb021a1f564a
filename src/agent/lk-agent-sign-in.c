/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-sign-in.h"

#include "lk-agent-error.h"
#include "lk-agent-call.h"

#define LINGER_S 120

struct _LkAgentSignIn
{
  GObject               parent_instance;

  LkAgentContext       *context;  /* (owned) */
  LkSignIn             *sign_in;  /* (owned) */
  LkDBusSignIn1        *skeleton; /* (owned) */
  LkDBusObjectSkeleton *object;   /* (owned) (nullable): while on the bus */
  char                 *path;     /* (owned) */
  char                 *client;   /* (owned) */
  char                 *reconnect; /* (owned) (nullable) */
  char                 *name;     /* (owned) (nullable) */
  guint                 linger_id;
};

enum
{
  SIGNAL_GONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LkAgentSignIn, lk_agent_sign_in, G_TYPE_OBJECT)

static gboolean
linger_cb (gpointer user_data)
{
  LkAgentSignIn *self = user_data;

  self->linger_id = 0;
  lk_agent_sign_in_withdraw (self);
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
  return G_SOURCE_REMOVE;
}

static void
lk_agent_sign_in_set_fault (LkAgentSignIn *self, const LkFault *fault)
{
  lk_dbus_sign_in1_set_fault (self->skeleton,
                              fault != NULL
                                ? lk_fault_to_variant (fault)
                                : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

static void
lk_agent_sign_in_end (LkAgentSignIn *self, LkSignInState state)
{
  lk_dbus_sign_in1_set_state (self->skeleton, lk_sign_in_state_to_string (state));
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  if (self->linger_id == 0)
    self->linger_id = g_timeout_add_seconds (LINGER_S, linger_cb, self);
}

/* What keeps a new connection from being kept is a fault of the attempt. */
static LkFault *
fault_of_keeping (const GError *error)
{
  const char *code = "keyring-broken";

  if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_KEYRING_LOCKED))
    code = "keyring-locked";
  else if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_KEYRING_ABSENT))
    code = "keyring-absent";
  else if (g_error_matches (error, LK_AGENT_ERROR, LK_AGENT_ERROR_NOT_FOUND))
    return lk_fault_new_local (LK_CLASS_APP_CONFIG, "client-missing", NULL);
  return lk_fault_new_local (LK_CLASS_USER_ACTION, code, NULL);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentSignIn) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkAgentConnection) connection = lk_agent_keep_finish (LK_AGENT_CONTEXT (source),
                                                                  result, &error);

  if (connection == NULL)
    {
      g_autoptr(LkFault) fault = fault_of_keeping (error);

      g_message ("a sign-in could not be kept: %s", error->message);
      lk_agent_sign_in_set_fault (self, fault);
      lk_agent_sign_in_end (self, LK_SIGN_IN_FAILED);
      return;
    }
  lk_dbus_sign_in1_set_connection (self->skeleton, lk_agent_connection_get_id (connection));
  lk_agent_sign_in_set_fault (self, lk_agent_connection_get_record (connection)->fault);
  lk_agent_sign_in_end (self, LK_SIGN_IN_DONE);
}

static void
state_cb (LkAgentSignIn *self)
{
  LkSignInState state = lk_sign_in_get_state (self->sign_in);
  const char *identity = lk_sign_in_get_identity (self->sign_in);
  const char *identity_name = lk_sign_in_get_identity_name (self->sign_in);

  if (identity != NULL)
    lk_dbus_sign_in1_set_identity (self->skeleton, identity);
  if (identity_name != NULL)
    lk_dbus_sign_in1_set_identity_name (self->skeleton, identity_name);

  switch (state)
    {
    case LK_SIGN_IN_DONE:
      /* "done" is said when the tokens are in the keyring. */
      lk_agent_keep_async (self->context, self->sign_in, self->client, self->reconnect, self->name,
                           kept_cb, g_object_ref (self));
      break;
    case LK_SIGN_IN_FAILED:
      lk_agent_sign_in_set_fault (self, lk_sign_in_get_fault (self->sign_in));
      lk_agent_sign_in_end (self, state);
      break;
    case LK_SIGN_IN_CANCELLED:
      lk_agent_sign_in_end (self, state);
      break;
    case LK_SIGN_IN_WAITING:
    case LK_SIGN_IN_EXCHANGING:
    case LK_SIGN_IN_VERIFYING:
    case LK_SIGN_IN_QUESTION:
    default:
      lk_dbus_sign_in1_set_state (self->skeleton, lk_sign_in_state_to_string (state));
    }
}

static void
address_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentCall) call = user_data;
  LkAgentSignIn *self = LK_AGENT_SIGN_IN (call->owner);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkSecret) address = lk_secret_from_fd_finish (result, &error);

  if (address == NULL || !lk_sign_in_paste (self->sign_in, address, &error))
    lk_agent_return_error (g_steal_pointer (&call->invocation), error);
  else
    lk_dbus_sign_in1_complete_paste (self->skeleton, g_steal_pointer (&call->invocation), NULL);
}

static gboolean
handle_paste (LkDBusSignIn1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds,
              GVariant *address, LkAgentSignIn *self)
{
  lk_agent_call_read_secret (lk_agent_call_new (self, invocation), fds, address, address_read_cb);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_report_page (LkDBusSignIn1 *skeleton, GDBusMethodInvocation *invocation, const char *word,
                    LkAgentSignIn *self)
{
  lk_sign_in_report_page (self->sign_in, word);
  lk_dbus_sign_in1_complete_report_page (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_accept_identity (LkDBusSignIn1 *skeleton, GDBusMethodInvocation *invocation,
                        gboolean accept, LkAgentSignIn *self)
{
  lk_sign_in_accept_identity (self->sign_in, accept);
  lk_dbus_sign_in1_complete_accept_identity (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_cancel (LkDBusSignIn1 *skeleton, GDBusMethodInvocation *invocation, LkAgentSignIn *self)
{
  lk_sign_in_cancel (self->sign_in);
  lk_dbus_sign_in1_complete_cancel (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
lk_agent_sign_in_dispose (GObject *object)
{
  LkAgentSignIn *self = LK_AGENT_SIGN_IN (object);

  g_clear_handle_id (&self->linger_id, g_source_remove);
  G_OBJECT_CLASS (lk_agent_sign_in_parent_class)->dispose (object);
}

static void
lk_agent_sign_in_finalize (GObject *object)
{
  LkAgentSignIn *self = LK_AGENT_SIGN_IN (object);

  g_clear_object (&self->object);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->sign_in);
  g_clear_object (&self->context);
  g_free (self->path);
  g_free (self->client);
  g_free (self->reconnect);
  g_free (self->name);
  G_OBJECT_CLASS (lk_agent_sign_in_parent_class)->finalize (object);
}

static void
lk_agent_sign_in_class_init (LkAgentSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_agent_sign_in_dispose;
  object_class->finalize = lk_agent_sign_in_finalize;

  signals[SIGNAL_GONE] = g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_agent_sign_in_init (LkAgentSignIn *self)
{
}

static void
lk_agent_sign_in_export (LkAgentSignIn *self)
{
  const char *redirect = lk_sign_in_get_redirect_uri (self->sign_in);
  LkDBusSignIn1 *bus = self->skeleton;

  lk_dbus_sign_in1_set_client (bus, self->client);
  lk_dbus_sign_in1_set_reconnect (bus, self->reconnect != NULL ? self->reconnect : "");
  lk_dbus_sign_in1_set_connection (bus, "");
  lk_dbus_sign_in1_set_identity (bus, "");
  lk_dbus_sign_in1_set_identity_name (bus, "");
  lk_dbus_sign_in1_set_authorize_uri (bus, lk_sign_in_get_authorize_uri (self->sign_in));
  lk_dbus_sign_in1_set_redirect_uri (bus, redirect != NULL ? redirect : "");
  lk_dbus_sign_in1_set_listening (bus, lk_sign_in_is_listening (self->sign_in));
  lk_dbus_sign_in1_set_expires (bus, lk_sign_in_get_expires (self->sign_in));
  lk_agent_sign_in_set_fault (self, NULL);
  lk_dbus_sign_in1_set_state (bus,
                              lk_sign_in_state_to_string (lk_sign_in_get_state (self->sign_in)));

  self->object = lk_dbus_object_skeleton_new (self->path);
  lk_dbus_object_skeleton_set_sign_in1 (self->object, bus);
  g_dbus_object_manager_server_export (lk_agent_context_get_server (self->context),
                                       G_DBUS_OBJECT_SKELETON (self->object));
}

LkAgentSignIn *
lk_agent_sign_in_new (LkAgentContext *context, LkSignIn *sign_in, const LkAgentSignInWish *wish,
                      const char *path)
{
  LkAgentSignIn *self = g_object_new (LK_TYPE_AGENT_SIGN_IN, NULL);

  self->context = g_object_ref (context);
  self->sign_in = sign_in;
  self->path = g_strdup (path);
  self->client = g_strdup (wish->client);
  self->reconnect = g_strdup (wish->reconnect);
  self->name = g_strdup (wish->name);
  self->skeleton = lk_dbus_sign_in1_skeleton_new ();
  g_signal_connect_object (self->skeleton, "handle-paste", G_CALLBACK (handle_paste), self, 0);
  g_signal_connect_object (self->skeleton, "handle-report-page", G_CALLBACK (handle_report_page),
                           self, 0);
  g_signal_connect_object (self->skeleton, "handle-accept-identity",
                           G_CALLBACK (handle_accept_identity), self, 0);
  g_signal_connect_object (self->skeleton, "handle-cancel", G_CALLBACK (handle_cancel), self, 0);
  g_signal_connect_object (sign_in, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  lk_agent_sign_in_export (self);
  return self;
}

LkSignIn *
lk_agent_sign_in_get_attempt (LkAgentSignIn *self)
{
  return self->sign_in;
}

const char *
lk_agent_sign_in_get_path (LkAgentSignIn *self)
{
  return self->path;
}

const char *
lk_agent_sign_in_get_client (LkAgentSignIn *self)
{
  return self->client;
}

gboolean
lk_agent_sign_in_has_ended (LkAgentSignIn *self)
{
  return self->linger_id != 0;
}

void
lk_agent_sign_in_withdraw (LkAgentSignIn *self)
{
  g_autoptr(LkDBusObjectSkeleton) object = g_steal_pointer (&self->object);

  g_clear_handle_id (&self->linger_id, g_source_remove);
  if (object != NULL)
    g_dbus_object_manager_server_unexport (lk_agent_context_get_server (self->context),
                                           self->path);
}
