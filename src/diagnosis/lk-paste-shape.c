/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the verdict inside a body: which member is the code, which the message, which the id that
 * support asks for. Shapes: developers.tiktok.com/doc/tiktok-api-v2-error-handling,
 * business-api.tiktok.com/portal/docs?id=1737172488964097, read 2026-11-21. */

#include <string.h>

#include "lk-paste-hook.h"

#define MAX_OBJECTS 256

typedef struct
{
  const char *code;
  const char *message;
  const char *trace;
} Shape;

/* First that yields a code wins. */
static const Shape shapes[] = {
  { "error.code", "error.message", "error.log_id" },
  { "error", "error_description", "log_id" },
  { "code", "message", "request_id" },
  { "data.error_code", "data.description", "extra.logid" },
  { "data.err_code", "data.description", "extra.logid" },
  { "status_code", "status_msg", "log_pb.impr_id" },
  { "error_code", "error_message", "request_id" },
  { "errcode", "errmsg", "request_id" },
  { "fail_reason", NULL, NULL },
};

static const char *const messages[] = { "data.error_msg", "message", "error_message",
                                        "error_description", "msg", "status_msg", "description",
                                        "error", "detail" };
static const char *const traces[] = { "request_id", "log_id", "logid", "requestId", "x-tt-logid",
                                      "error.log_id", "extra.logid", "log_pb.impr_id" };

static JsonNode *
member_at (JsonObject *object,
           const char *path)
{
  const char *dot = strchr (path, '.');
  g_autofree char *first = NULL;
  JsonNode *node;

  if (dot == NULL)
    return json_object_get_member (object, path);

  first = g_strndup (path, (size_t) (dot - path));
  node = json_object_get_member (object, first);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  return json_object_get_member (json_node_get_object (node), dot + 1);
}

/* (transfer full): a string or a whole number as text. */
static char *
text_at (JsonObject *object,
         const char *path)
{
  JsonNode *node = path != NULL ? member_at (object, path) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return g_strstrip (json_node_dup_string (node));
}

static char *
first_text (JsonObject        *object,
            const char *const *paths,
            size_t             n)
{
  for (size_t i = 0; i < n; i++)
    {
      g_autofree char *text = text_at (object, paths[i]);

      if (text != NULL && *text != '\0')
        return g_steal_pointer (&text);
    }

  return NULL;
}

static gboolean
is_success_code (const char *code)
{
  return g_str_equal (code, "0") || g_ascii_strcasecmp (code, "ok") == 0;
}

static gboolean
is_trace_id (const char *text)
{
  return text != NULL && *text != '\0' && strspn (text, "-_.:") < strlen (text)
         && strlen (text) <= 96
         && strcspn (text, " \t\r\n\"'{}") == strlen (text)
         && !g_str_has_prefix (text, "act.") && !g_str_has_prefix (text, "rft.");
}

/* A finished call can still speak of a post that failed or is not done. */
static char *
post_state (JsonObject *object)
{
  static const char *const paths[] = { "data.fail_reason", "data.reason", "data.status" };
  static const char *const states[] = { "PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD",
                                        "SEND_TO_USER_INBOX", "PUBLISH_COMPLETE", "FAILED", NULL };
  g_autofree char *status = text_at (object, "data.status");

  if (status == NULL || !g_strv_contains (states, status))
    return NULL;
  if (!g_str_equal (status, "FAILED"))
    return g_steal_pointer (&status);

  return first_text (object, paths, G_N_ELEMENTS (paths));
}

/* What a program says of its own sockets and parsers: { code: 'ECONNRESET' }. */
static gboolean
is_program_word (const char *code)
{
  static const char *const starts[] = { "ERR_", "UND_ERR_", "ECONN", "ETIMEDOUT", "ENOTFOUND",
                                        "EAI_", "EPIPE", "EPROTO", "EHOST", "ENET", "ESOCKET" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      if (g_str_has_prefix (code, starts[i]))
        return TRUE;
    }

  return FALSE;
}

static char *
code_of (JsonObject   *object,
         const Shape **shape)
{
  g_autofree char *status = NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *code = text_at (object, shapes[i].code);

      *shape = &shapes[i];
      if (code != NULL && lk_paste_is_code (code) && !is_program_word (code))
        return g_steal_pointer (&code);
    }

  /* TikTok's web sign-in prints { code: '', status: 10006 }. */
  *shape = &shapes[2];
  status = text_at (object, "status");
  if (status != NULL && strlen (status) >= 4 && strspn (status, "0123456789") == strlen (status))
    return g_steal_pointer (&status);

  return NULL;
}

static LkPasteFact *
read_object (JsonObject *object)
{
  g_autoptr (LkPasteFact) fact = lk_paste_read_hook (object);
  g_autofree char *message = NULL;
  g_autofree char *trace = NULL;
  g_autofree char *state = NULL;
  const Shape *shape;

  if (fact != NULL)
    return g_steal_pointer (&fact);

  fact = lk_paste_fact_new ();
  fact->structured = TRUE;
  fact->code = code_of (object, &shape);
  fact->detail = text_at (object, "error_type");
  message = text_at (object, fact->code != NULL ? shape->message : NULL);
  if (message == NULL || *message == '\0')
    {
      g_free (message);
      message = first_text (object, messages, G_N_ELEMENTS (messages));
    }
  trace = fact->code != NULL ? text_at (object, shape->trace) : NULL;
  if (!is_trace_id (trace))
    {
      g_free (trace);
      trace = first_text (object, traces, G_N_ELEMENTS (traces));
    }
  fact->message = lk_paste_redact (message);
  if (is_trace_id (trace))
    fact->trace_id = g_steal_pointer (&trace);

  if (fact->code == NULL && json_object_has_member (object, "access_token"))
    fact->success = TRUE;
  else if (fact->code == NULL && fact->message == NULL)
    return NULL;
  if (fact->code != NULL && is_success_code (fact->code))
    {
      state = post_state (object);
      fact->success = state == NULL;
      if (state != NULL && lk_paste_is_code (state))
        {
          g_free (fact->code);
          fact->code = g_steal_pointer (&state);
        }
    }

  return g_steal_pointer (&fact);
}

static void
queue_text (JsonNode *node,
            GQueue   *texts)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
      && strchr (json_node_get_string (node), '{') != NULL)
    g_queue_push_tail (texts, json_node_dup_string (node));
}

static void
queue_children (JsonObject *object,
                GQueue     *objects,
                GQueue     *texts)
{
  g_autoptr (GList) members = json_object_get_values (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *node = l->data;

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          g_queue_push_tail (objects, json_node_get_object (node));
        }
      else if (JSON_NODE_HOLDS_ARRAY (node))
        {
          JsonArray *array = json_node_get_array (node);

          for (unsigned int i = 0; i < MIN (json_array_get_length (array), 16); i++)
            {
              JsonNode *item = json_array_get_element (array, i);

              if (JSON_NODE_HOLDS_OBJECT (item))
                g_queue_push_tail (objects, json_node_get_object (item));
              else
                queue_text (item, texts);
            }
        }
      else
        {
          queue_text (node, texts);
        }
    }
}

/* A program's own code around the reply says less than what is inside: { code:
 * 'ERR_BAD_REQUEST', response: { data: … } }. */
static gboolean
is_verdict (const LkPaste     *self,
            const LkPasteFact *fact)
{
  if (fact == NULL)
    return FALSE;

  return fact->success || (fact->code != NULL && self->knows (fact->code, self->knows_data));
}

/**
 * lk_paste_read_json:
 * @json: strict JSON, an object
 * @texts: (element-type utf8): strings that hold further objects are added
 *
 * Returns: whether a verdict with a code (or a token reply) was found
 */
gboolean
lk_paste_read_json (LkPaste    *self,
                    const char *json,
                    GQueue     *texts)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (LkPasteFact) second = NULL;
  g_autoptr (GQueue) objects = g_queue_new ();
  JsonNode *root;
  unsigned int seen = 0;
  gboolean found;

  if (!json_parser_load_from_data (parser, json, -1, NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  g_queue_push_tail (objects, json_node_get_object (root));
  while (!g_queue_is_empty (objects) && seen++ < MAX_OBJECTS)
    {
      JsonObject *object = g_queue_pop_head (objects);
      LkPasteFact *fact = read_object (object);

      if (is_verdict (self, fact) && !(fact->success && second != NULL && second->code != NULL))
        {
          g_ptr_array_add (self->facts, fact);
          return TRUE;
        }
      if (fact != NULL
          && (second == NULL || (second->code == NULL && fact->code != NULL && !fact->success)))
        {
          g_clear_pointer (&second, lk_paste_fact_free);
          second = fact;
        }
      else
        {
          g_clear_pointer (&fact, lk_paste_fact_free);
        }
      queue_children (object, objects, texts);
    }

  found = second != NULL && second->code != NULL;
  if (second != NULL)
    g_ptr_array_add (self->facts, g_steal_pointer (&second));

  return found;
}
