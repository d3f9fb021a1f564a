/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-outlet.h"

#include <string.h>

#define TRIES 3
#define FIRST_PAUSE_S 2
#define PAUSE_FACTOR 5

typedef struct
{
  LkHttp    *http;    /* (owned) */
  LkRequest *request; /* (owned) */
  guint      tries;
  guint      pause_id;
} Post;

static void
post_free (Post *post)
{
  g_clear_handle_id (&post->pause_id, g_source_remove);
  lk_request_unref (post->request);
  g_object_unref (post->http);
  g_free (post);
}

static void send_now (GTask *task);

static gboolean
pause_cb (gpointer user_data)
{
  Post *post = g_task_get_task_data (user_data);

  post->pause_id = 0;
  send_now (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
is_passing (int status)
{
  return status >= 500 || status == 408 || status == 429;
}

/* Takes over @task for another try. */
static gboolean
try_again (GTask *task)
{
  Post *post = g_task_get_task_data (task);
  guint pause = FIRST_PAUSE_S;

  if (post->tries >= TRIES || g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return FALSE;
  for (guint i = 1; i < post->tries; i++)
    pause *= PAUSE_FACTOR;
  post->pause_id = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, pause, pause_cb,
                                               g_object_ref (task), g_object_unref);
  return TRUE;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);

  if (reply == NULL)
    {
      gboolean lasting = g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_INSECURE)
                         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      if (lasting || !try_again (task))
        g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (reply->status >= 200 && reply->status < 300)
    g_task_return_boolean (task, TRUE);
  else if (!is_passing (reply->status) || !try_again (task))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "it answered with HTTP %d",
                             reply->status);
}

static void
send_now (GTask *task)
{
  Post *post = g_task_get_task_data (task);

  post->tries++;
  lk_http_send_async (post->http, post->request, g_task_get_cancellable (task), sent_cb,
                      g_object_ref (task));
}

/**
 * lk_agent_outlet_post_async:
 * @url: https, or http on this computer; a redirect is not followed
 *
 * Trouble that passes is waited for, twice.
 */
void
lk_agent_outlet_post_async (LkHttp *http, const char *url, const LkAgentOutletEvent *event,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  char *json = lk_agent_outlet_event_dup_json (event);
  g_autoptr(GBytes) body = g_bytes_new_take (json, strlen (json));
  Post *post = g_new0 (Post, 1);

  g_task_set_source_tag (task, lk_agent_outlet_post_async);
  post->http = g_object_ref (http);
  post->request = lk_request_new ("POST", url);
  lk_request_set_body (post->request, "application/json", body);
  g_task_set_task_data (task, post, (GDestroyNotify) post_free);
  send_now (task);
}

gboolean
lk_agent_outlet_post_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
