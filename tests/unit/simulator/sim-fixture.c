/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sim-fixture.h"

#include <string.h>

void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  self->clock = lk_manual_clock_new (1800000000);
  self->simulator = lk_simulator_new (self->clock, NULL);
  lk_simulator_start (self->simulator, 0, &error);
  g_assert_no_error (error);
  self->session = soup_session_new_with_options ("max-conns-per-host", 100, "timeout", 20, NULL);
}

void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  lk_simulator_stop (self->simulator);
  g_assert_finalize_object (g_steal_pointer (&self->simulator));
  g_assert_finalize_object (g_steal_pointer (&self->clock));
}

typedef struct
{
  GBytes   *body;
  gboolean  done;
} Waiting;

static void
body_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Waiting *waiting = user_data;

  waiting->body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, NULL);
  waiting->done = TRUE;
}

static void
read_answer (Answer      *answer,
             SoupMessage *message,
             GBytes      *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  g_autoptr(JsonNode) root = NULL;

  answer->status = soup_message_get_status (message);
  answer->size = g_bytes_get_size (body);
  answer->body = answer->size > 0 ? g_strndup (g_bytes_get_data (body, NULL), answer->size)
                                  : g_strdup ("");
  answer->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  answer->date = g_strdup (soup_message_headers_get_one (headers, "Date"));
  answer->log_id = g_strdup (soup_message_headers_get_one (headers, "X-Tt-Logid"));
  root = json_from_string (answer->body, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    answer->json = json_object_ref (json_node_get_object (root));
}

Answer *
fixture_send (Fixture    *self,
              const char *method,
              const char *path,
              const char *header,
              const char *value,
              const char *type,
              const char *body)
{
  g_autofree char *uri = g_strconcat (lk_simulator_get_base_uri (self->simulator), path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, uri);
  g_autoptr(Answer) answer = g_new0 (Answer, 1);
  Waiting waiting = { 0 };

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (header != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), header, value);
  if (body != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, type, bytes);
    }
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL,
                                    body_read_cb, &waiting);
  while (!waiting.done)
    g_main_context_iteration (NULL, TRUE);
  if (waiting.body != NULL)
    read_answer (answer, message, waiting.body);
  g_clear_pointer (&waiting.body, g_bytes_unref);
  return g_steal_pointer (&answer);
}

Answer *
fixture_get (Fixture    *self,
             const char *path)
{
  return fixture_send (self, "GET", path, NULL, NULL, NULL, NULL);
}

Answer *
fixture_post (Fixture    *self,
              const char *path,
              const char *type,
              const char *body)
{
  return fixture_send (self, "POST", path, NULL, NULL, type, body);
}

void
fixture_control (Fixture    *self,
                 const char *name,
                 const char *body)
{
  g_autofree char *path = g_strconcat ("/_simulator/", name, NULL);
  g_autoptr(Answer) answer = fixture_post (self, path, JSON, body);

  g_assert_cmpuint (answer->status, ==, 200);
}

gint64
fixture_count (Fixture    *self,
               const char *group,
               const char *key)
{
  g_autoptr(Answer) answer = fixture_get (self, "/_simulator/stats");
  JsonObject *object = json_object_get_object_member (answer->json, group);

  return json_object_get_int_member_with_default (object, key, 0);
}

void
answer_free (Answer *self)
{
  g_free (self->body);
  g_free (self->location);
  g_free (self->date);
  g_free (self->log_id);
  g_clear_pointer (&self->json, json_object_unref);
  g_free (self);
}

/* A parameter of the redirect, decoded. */
char *
answer_param (Answer     *self,
              const char *name)
{
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GHashTable) params = NULL;

  g_assert_nonnull (self->location);
  uri = g_uri_parse (self->location, SOUP_HTTP_URI_FLAGS, NULL);
  params = soup_form_decode (g_uri_get_query (uri));
  return g_strdup (g_hash_table_lookup (params, name));
}

static JsonNode *
node_at (Answer     *self,
         const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, ".", -1);
  JsonObject *object = self->json;
  JsonNode *node = NULL;

  for (char **name = names; *name != NULL; name++)
    {
      node = object != NULL ? json_object_get_member (object, *name) : NULL;
      object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    }
  return node;
}

const char *
answer_string (Answer     *self,
               const char *path)
{
  JsonNode *node = node_at (self, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

gint64
answer_int (Answer     *self,
            const char *path)
{
  JsonNode *node = node_at (self, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : -1;
}

char *
fixture_code (Fixture    *self,
              const char *path,
              const char *name)
{
  g_autoptr(Answer) answer = fixture_get (self, path);

  g_assert_cmpuint (answer->status, ==, 302);
  return answer_param (answer, name);
}

Answer *
fixture_login (Fixture    *self,
               const char *scopes)
{
  g_autofree char *ask = g_strconcat (LOGIN_ASK "&auto_consent=1&scope=", scopes, NULL);
  g_autofree char *code = fixture_code (self, ask, "code");
  g_autofree char *escaped = g_uri_escape_string (code, NULL, FALSE);
  g_autofree char *body = g_strconcat (LOGIN_CLIENT "&grant_type=authorization_code"
                                       "&redirect_uri=" LOGIN_REDIRECT "&code_verifier=" VERIFIER
                                       "&code=", escaped, NULL);

  return fixture_post (self, "/v2/oauth/token/", FORM, body);
}

Answer *
fixture_ads (Fixture    *self,
             const char *more)
{
  g_autofree char *ask = g_strconcat (ADS_ASK "&auto_consent=1", more, NULL);
  g_autofree char *code = fixture_code (self, ask, "auth_code");
  g_autofree char *body = g_strdup_printf ("{\"app_id\":\"" ADS_ID "\","
                                           "\"secret\":\"sim-ads-secret\",\"auth_code\":\"%s\"}",
                                           code);

  return fixture_post (self, API "/oauth2/access_token/", JSON, body);
}

Answer *
fixture_account (Fixture *self)
{
  g_autofree char *code = fixture_code (self, ACCOUNT_ASK, "code");
  g_autofree char *body =
    g_strdup_printf ("{\"client_id\":\"sim-account-id\",\"client_secret\":\"sim-account-secret\","
                     "\"grant_type\":\"authorization_code\",\"auth_code\":\"%s\","
                     "\"redirect_uri\":\"http://127.0.0.1:17818/callback/\"}", code);

  return fixture_post (self, API "/tt_user/oauth2/token/", JSON, body);
}
