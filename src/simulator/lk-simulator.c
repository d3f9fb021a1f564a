/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-simulator"

#include "config.h"

#include "lk-simulator.h"

#include "lk-sim-profiles.h"
#include "lk-sim-raw.h"
#include "lk-sim-routes.h"

#define BACKLOG 2048

/**
 * LkSimulator:
 *
 * An offline TikTok: consent pages, token endpoints and a few API endpoints of three families on
 * a loopback port. It answers in the main context that it was started in and never blocks it.
 */
struct _LkSimulator
{
  GObject       parent_instance;

  LkSimState   *state;
  guint         latency_ms;
  SoupServer   *server;      /* (owned) (nullable) */
  GHashTable   *held;        /* (owned) answers that wait for their time */
  GCancellable *cancellable; /* (owned) of the answers written by hand */
};

G_DEFINE_FINAL_TYPE (LkSimulator, lk_simulator, G_TYPE_OBJECT)

/* An answer on its way. */
typedef struct
{
  LkSimulator       *simulator; /* (unowned) outlives it */
  SoupServerMessage *message;
  LkSimFault        *fault;     /* (nullable) */
  LkSimReply        *reply;
  GSource           *timeout;   /* (owned) (nullable) */
} Held;

static void
held_free (Held *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  g_clear_pointer (&self->fault, lk_sim_fault_free);
  lk_sim_reply_free (self->reply);
  g_object_unref (self->message);
  g_free (self);
}

static void
set_date (LkSimState         *state,
          SoupMessageHeaders *headers)
{
  g_autoptr(GDateTime) now = NULL;
  g_autofree char *date = NULL;

  now = g_date_time_new_from_unix_utc (lk_sim_state_get_time (state) + state->skew);
  date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  soup_message_headers_replace (headers, "Date", date);
}

static void
send_plain (Held *held)
{
  LkSimReply *reply = held->reply;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (held->message);
  g_autofree char *id = lk_sim_new_log_id ();

  soup_server_message_set_status (held->message, reply->status, NULL);
  soup_message_headers_replace (headers, "X-Tt-Logid", id);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  set_date (held->simulator->state, headers);
  if (reply->location != NULL)
    soup_message_headers_replace (headers, "Location", reply->location);
  if (reply->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", reply->content_type);
  if (reply->body != NULL && g_bytes_get_size (reply->body) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (held->message),
                                    reply->body);
}

static void
raw_sent_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  lk_sim_raw_send_finish (result);
}

/* Takes the connection away from the HTTP library, and closes it or writes by hand. */
static void
send_spoiled (Held *held)
{
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection (held->message);

  if (stream == NULL)
    return;
  if (held->fault->cut != LK_SIM_CUT_NONE)
    g_io_stream_close (stream, NULL, NULL);
  else
    lk_sim_raw_send_async (stream, held->fault, held->reply, held->simulator->cancellable,
                           raw_sent_cb, NULL);
}

static gboolean
is_spoiled (const LkSimFault *fault)
{
  return fault != NULL && (fault->cut != LK_SIM_CUT_NONE || lk_sim_fault_is_raw (fault));
}

static void
held_send (Held *held)
{
  lk_sim_stats_end (held->simulator->state->stats);
  if (is_spoiled (held->fault))
    send_spoiled (held);
  else
    send_plain (held);
}

static gboolean
held_due_cb (gpointer user_data)
{
  Held *held = user_data;
  g_autoptr(SoupServerMessage) message = g_object_ref (held->message);
  gboolean spoiled = is_spoiled (held->fault);

  g_hash_table_steal (held->simulator->held, held);
  held_send (held);
  held_free (held);
  if (!spoiled)
    soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

static void
held_wait (Held  *held,
           guint  delay)
{
  g_hash_table_add (held->simulator->held, held);
  soup_server_message_pause (held->message);
  held->timeout = g_timeout_source_new (delay);
  g_source_set_callback (held->timeout, held_due_cb, held, NULL);
  g_source_attach (held->timeout, g_main_context_get_thread_default ());
}

/* Carries the request out, unless its fault says that it never arrived or answers for it. */
static void
answer (LkSimState         *state,
        const LkSimRequest *request,
        const LkSimFault   *fault,
        LkSimReply         *reply)
{
  gboolean replaced = fault != NULL && lk_sim_fault_answers (fault);

  if (fault == NULL || (fault->cut != LK_SIM_CUT_BEFORE && (!replaced || fault->carry_out)))
    lk_sim_dispatch (state, request, reply);
  if (replaced)
    lk_sim_fault_reply (fault, reply);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  LkSimulator *self = user_data;
  g_autoptr(LkSimRequest) request = lk_sim_request_new (message, path, query);
  gboolean control = g_str_has_prefix (path, "/_simulator/");
  Held *held = g_new0 (Held, 1);
  guint delay = 0;

  lk_sim_stats_begin (self->state->stats, path);
  held->simulator = self;
  held->message = g_object_ref (message);
  held->reply = lk_sim_reply_new ();
  if (!control)
    {
      held->fault = lk_sim_faults_take (self->state->faults, request);
      delay = self->latency_ms + (held->fault != NULL ? held->fault->delay_ms : 0);
    }
  answer (self->state, request, held->fault, held->reply);
  /* A connection can only be taken away once the library waits. */
  if (delay > 0 || is_spoiled (held->fault))
    {
      held_wait (held, delay);
      return;
    }
  held_send (held);
  held_free (held);
}

static void
lk_simulator_dispose (GObject *object)
{
  LkSimulator *self = LK_SIMULATOR (object);

  lk_simulator_stop (self);
  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_pointer (&self->state, lk_sim_state_free);
  G_OBJECT_CLASS (lk_simulator_parent_class)->dispose (object);
}

static void
lk_simulator_class_init (LkSimulatorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_simulator_dispose;
}

static void
lk_simulator_init (LkSimulator *self)
{
  self->held = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) held_free, NULL);
}

/**
 * lk_simulator_new:
 * @clock: what time it is
 * @options: (nullable): how it behaves; %NULL for TikTok's own lifetimes without latency
 *
 * Returns: (transfer full): a simulator that does not listen yet
 */
LkSimulator *
lk_simulator_new (LkClock                  *clock,
                  const LkSimulatorOptions *options)
{
  LkSimulatorOptions given = options != NULL ? *options : (LkSimulatorOptions) { 0 };
  LkSimulator *self = g_object_new (LK_TYPE_SIMULATOR, NULL);

  self->state = lk_sim_state_new (clock, given.access_life, given.refresh_life);
  self->latency_ms = given.latency_ms;
  return self;
}

/* With a queue long enough for a thousand clients at once. */
static GSocket *
listen_on (guint    port,
           GError **error)
{
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                            G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, (guint16) port);

  if (socket == NULL)
    return NULL;
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/**
 * lk_simulator_start:
 * @port: the port on 127.0.0.1, 0 for a free one
 *
 * Listens. The address is lk_simulator_get_base_uri() then.
 */
gboolean
lk_simulator_start (LkSimulator  *self,
                    guint         port,
                    GError      **error)
{
  g_autoptr(SoupServer) server = soup_server_new ("server-header", "latchkey-simulator", NULL);
  g_autoptr(GSocket) socket = listen_on (port, error);
  g_autoptr(GSocketAddress) local = NULL;

  g_return_val_if_fail (self->server == NULL, FALSE);

  if (socket == NULL)
    return FALSE;
  local = g_socket_get_local_address (socket, error);
  if (local == NULL ||
      !soup_server_listen_socket (server, socket, (SoupServerListenOptions) 0, error))
    return FALSE;
  soup_server_add_handler (server, NULL, request_cb, self, NULL);
  self->state->base_uri =
    g_strdup_printf ("http://127.0.0.1:%u",
                     g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  self->cancellable = g_cancellable_new ();
  self->server = g_steal_pointer (&server);
  g_debug ("Listening on %s", self->state->base_uri);
  return TRUE;
}

/**
 * lk_simulator_stop:
 *
 * Closes the port and all connections. What was granted is kept.
 */
void
lk_simulator_stop (LkSimulator *self)
{
  if (self->server == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->held);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->state->base_uri, g_free);
}

/**
 * lk_simulator_get_base_uri:
 *
 * Returns: (nullable): such as "http://127.0.0.1:17816"; %NULL before it listens
 */
const char *
lk_simulator_get_base_uri (LkSimulator *self)
{
  return self->state->base_uri;
}

/**
 * lk_simulator_write_profiles:
 * @folder: where to; made when it is missing
 *
 * Writes one profile per family that extends the shipped one and leads to this simulator.
 */
gboolean
lk_simulator_write_profiles (LkSimulator  *self,
                             const char   *folder,
                             GError      **error)
{
  g_return_val_if_fail (self->server != NULL, FALSE);

  return lk_sim_profiles_write (folder, self->state->base_uri, error);
}
