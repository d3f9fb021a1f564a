/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-loopback-private.h"

#include <libsoup/soup.h>

#include "lk-sign-in.h"

#define PORT_TRIES      8
#define HELD_SECONDS    20
#define CLOSING_SECONDS 5

struct _LkLoopback
{
  GObject            parent_instance;

  SoupServer        *server;  /* (owned) (nullable): NULL when closed */
  guint16            port;
  char              *path;    /* (owned) */
  LkLoopbackHandler  handler; /* (nullable): NULL when closed */
  gpointer           user_data;

  SoupServerMessage *held;    /* (owned) (nullable): the browser that waits */
  guint              held_id;
  gboolean           answering; /* inside a request */
  gboolean           closing;
  guint              closing_id;
};

G_DEFINE_FINAL_TYPE (LkLoopback, lk_loopback, G_TYPE_OBJECT)

static void
lk_loopback_stop (LkLoopback *self)
{
  g_clear_handle_id (&self->closing_id, g_source_remove);
  g_clear_handle_id (&self->held_id, g_source_remove);
  g_clear_object (&self->held);
  self->handler = NULL;

  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

static void
lk_loopback_dispose (GObject *object)
{
  lk_loopback_stop (LK_LOOPBACK (object));

  G_OBJECT_CLASS (lk_loopback_parent_class)->dispose (object);
}

static void
lk_loopback_finalize (GObject *object)
{
  LkLoopback *self = LK_LOOPBACK (object);

  g_free (self->path);

  G_OBJECT_CLASS (lk_loopback_parent_class)->finalize (object);
}

static void
lk_loopback_class_init (LkLoopbackClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_loopback_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_loopback_finalize;
}

static void
lk_loopback_init (LkLoopback *self)
{
}

static void
set_page (SoupServerMessage  *message,
          LkPage              page,
          const char * const *details)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *nonce = lk_random_token (16);
  g_autofree char *html = lk_page_render (page, details, nonce);
  g_autofree char *policy = NULL;

  policy = g_strdup_printf ("default-src 'none'; style-src 'nonce-%s'; img-src data:; "
                            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                            nonce);
  soup_message_headers_replace (headers, "Content-Security-Policy", policy);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");
  soup_message_headers_replace (headers, "Connection", "close");
  if (page == LK_PAGE_WRONG_METHOD)
    soup_message_headers_replace (headers, "Allow", "GET");

  soup_server_message_set_status (message, lk_page_get_status (page), NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, html,
                                    strlen (html));
}

static gboolean
closing_passed_cb (gpointer user_data)
{
  LkLoopback *self = user_data;

  self->closing_id = 0;
  lk_loopback_stop (self);

  return G_SOURCE_REMOVE;
}

static void
last_answer_finished_cb (SoupServerMessage *message,
                         LkLoopback        *self)
{
  g_autoptr(LkLoopback) alive = g_object_ref (self);

  /* Not from inside the server's own signal. */
  g_clear_handle_id (&self->closing_id, g_source_remove);
  self->closing_id = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, closing_passed_cb,
                                      g_object_ref (self), g_object_unref);
}

static gboolean
held_too_long_cb (gpointer user_data)
{
  LkLoopback *self = user_data;

  self->held_id = 0;
  lk_loopback_release (self, LK_PAGE_STILL_WORKING, NULL);

  return G_SOURCE_REMOVE;
}

/* The person closed the tab before we had a result to show. */
static void
held_went_away_cb (SoupServerMessage *message,
                   LkLoopback        *self)
{
  if (self->held != message)
    return;

  g_clear_handle_id (&self->held_id, g_source_remove);
  g_clear_object (&self->held);
  self->closing = TRUE;
}

static void
lk_loopback_hold (LkLoopback        *self,
                  SoupServerMessage *message)
{
  self->held = g_object_ref (message);
  self->held_id = g_timeout_add_seconds (HELD_SECONDS, held_too_long_cb, self);
  g_signal_connect_object (message, "finished", G_CALLBACK (held_went_away_cb), self, 0);
  soup_server_message_pause (message);
}

/* A name that resolves to 127.0.0.1 must not let a web page talk to us (DNS rebinding). */
static gboolean
lk_loopback_check_host (LkLoopback        *self,
                        SoupServerMessage *message)
{
  static const char * const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");

  for (size_t i = 0; host != NULL && i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *expected = g_strdup_printf ("%s:%u", hosts[i], (guint) self->port);

      if (g_ascii_strcasecmp (host, expected) == 0)
        return TRUE;
      if (self->port == 80 && g_ascii_strcasecmp (host, hosts[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
lk_loopback_refuse (LkLoopback        *self,
                    SoupServerMessage *message,
                    LkPage            *page)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (!lk_loopback_check_host (self, message))
    *page = LK_PAGE_WRONG_HOST;
  else if (!g_str_equal (path, self->path))
    *page = LK_PAGE_WRONG_PATH;
  else if (!g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_GET))
    *page = LK_PAGE_WRONG_METHOD;
  else
    return FALSE;

  return TRUE;
}

/* Before a body is read: none is ever kept, however long somebody makes it. */
static void
headers_came_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

static void
request_came_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           user_data)
{
  g_autoptr(LkLoopback) self = g_object_ref (LK_LOOPBACK (user_data));
  LkLoopbackVerdict verdict = LK_LOOPBACK_ANSWER;
  LkPage page = LK_PAGE_REPEATED;
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));

  if (lk_loopback_refuse (self, message, &page))
    {
      g_debug ("A request was refused with %u", lk_page_get_status (page));
      set_page (message, page, NULL);
      return;
    }

  if (self->held == NULL && !self->closing && self->handler != NULL)
    {
      self->answering = TRUE;
      verdict = self->handler (text != NULL ? text : "", &page, self->user_data);
      self->answering = FALSE;
    }

  if (verdict == LK_LOOPBACK_HOLD)
    lk_loopback_hold (self, message);
  else
    set_page (message, page, NULL);
}

static gboolean
listen_on (SoupServer    *server,
           GSocketFamily  family,
           guint16        port,
           GError       **error)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_loopback (family);
  g_autoptr(GSocketAddress) socket_address = g_inet_socket_address_new (address, port);

  return soup_server_listen (server, socket_address, 0, error);
}

static guint16
find_port (SoupServer *server)
{
  g_autoptr(GSList) listeners = soup_server_get_listeners (server);
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (listeners->data, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* "localhost" may mean ::1 first. Where ::1 exists and somebody else has our port there, the code
 * would go to them, so the port is as good as taken. */
static gboolean
lk_loopback_listen (LkLoopback  *self,
                    guint16      port,
                    GError     **error)
{
  g_autoptr(SoupServer) server = soup_server_new ("server-header", "Latchkey", NULL);
  g_autoptr(GError) ipv6_error = NULL;

  if (!listen_on (server, G_SOCKET_FAMILY_IPV4, port, error))
    return FALSE;

  self->port = find_port (server);
  if (!listen_on (server, G_SOCKET_FAMILY_IPV6, self->port, &ipv6_error))
    {
      if (g_error_matches (ipv6_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        {
          soup_server_disconnect (server);
          g_propagate_error (error, g_steal_pointer (&ipv6_error));
          return FALSE;
        }
      g_debug ("Listening on 127.0.0.1 only: %s", ipv6_error->message);
    }

  soup_server_add_early_handler (server, NULL, headers_came_cb, self, NULL);
  soup_server_add_handler (server, NULL, request_came_cb, self, NULL);
  self->server = g_steal_pointer (&server);

  return TRUE;
}

/**
 * lk_loopback_new:
 * @port: 0 for any free one
 * @path: the exact path that is answered
 * @handler: judges each request that passed; not called after lk_loopback_close()
 *
 * Returns: (transfer full): a listener, or G_IO_ERROR_ADDRESS_IN_USE
 */
LkLoopback *
lk_loopback_new (guint16             port,
                 const char         *path,
                 LkLoopbackHandler   handler,
                 gpointer            user_data,
                 GError            **error)
{
  g_autoptr(LkLoopback) self = g_object_new (LK_TYPE_LOOPBACK, NULL);
  int tries = port == 0 ? PORT_TRIES : 1;

  self->path = g_strdup (path);
  self->handler = handler;
  self->user_data = user_data;

  for (int i = 0; i < tries; i++)
    {
      g_autoptr(GError) listen_error = NULL;

      if (lk_loopback_listen (self, port, &listen_error))
        return g_steal_pointer (&self);
      if (i == tries - 1
          || !g_error_matches (listen_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        {
          g_propagate_error (error, g_steal_pointer (&listen_error));
          return NULL;
        }
    }

  g_return_val_if_reached (NULL);
}

guint16
lk_loopback_get_port (LkLoopback *self)
{
  return self->port;
}

gboolean
lk_loopback_is_held (LkLoopback *self)
{
  return self->held != NULL;
}

/**
 * lk_loopback_release:
 * @details: (nullable): lines to show
 *
 * Lets the waiting browser have its page; does nothing when none waits.
 */
void
lk_loopback_release (LkLoopback         *self,
                     LkPage              page,
                     const char * const *details)
{
  g_autoptr(SoupServerMessage) message = g_steal_pointer (&self->held);

  g_clear_handle_id (&self->held_id, g_source_remove);
  if (message == NULL)
    return;

  set_page (message, page, details);
  self->closing = TRUE;
  g_signal_connect_object (message, "finished", G_CALLBACK (last_answer_finished_cb), self, 0);
  soup_server_message_unpause (message);
}

/**
 * lk_loopback_close:
 *
 * Hears no more answers. The port is free at once, unless a page is on its way: that still
 * arrives.
 */
void
lk_loopback_close (LkLoopback *self)
{
  self->handler = NULL;
  if (self->server == NULL || self->closing_id != 0)
    return;

  if (!self->closing && !self->answering)
    {
      lk_loopback_stop (self);
      return;
    }

  /* The page that is on its way needs a moment, even when whoever made us has gone; its end closes
   * before that. */
  self->closing_id = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, CLOSING_SECONDS,
                                                 closing_passed_cb, g_object_ref (self),
                                                 g_object_unref);
}
