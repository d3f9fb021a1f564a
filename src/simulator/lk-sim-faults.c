/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-faults.h"


#include <string.h>

struct _LkSimFaults
{
  GPtrArray *list;
};

LkSimFaults *
lk_sim_faults_new (void)
{
  LkSimFaults *self = g_new0 (LkSimFaults, 1);

  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_sim_fault_free);
  return self;
}

void
lk_sim_faults_free (LkSimFaults *self)
{
  g_ptr_array_unref (self->list);
  g_free (self);
}

void
lk_sim_faults_clear (LkSimFaults *self)
{
  g_ptr_array_set_size (self->list, 0);
}

void
lk_sim_fault_free (LkSimFault *self)
{
  g_free (self->path);
  g_free (self->grant);
  g_free (self->method);
  g_free (self->content_type);
  g_free (self->body);
  g_free (self);
}

LkSimFault *
lk_sim_fault_copy (const LkSimFault *self)
{
  LkSimFault *copy = g_new0 (LkSimFault, 1);

  *copy = *self;
  copy->path = g_strdup (self->path);
  copy->grant = g_strdup (self->grant);
  copy->method = g_strdup (self->method);
  copy->content_type = g_strdup (self->content_type);
  copy->body = g_strdup (self->body);
  return copy;
}

static gboolean
read_cut (LkSimFault *self,
          JsonObject *object)
{
  const char *cut = lk_sim_json_string (object, "cut");

  if (cut == NULL)
    self->cut = LK_SIM_CUT_NONE;
  else if (g_str_equal (cut, "before"))
    self->cut = LK_SIM_CUT_BEFORE;
  else if (g_str_equal (cut, "after"))
    self->cut = LK_SIM_CUT_AFTER;
  else
    return FALSE;
  return TRUE;
}

/* "body" as text, or as JSON of any kind. */
static char *
read_body (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "body");
  const char *text = lk_sim_json_string (object, "body");

  if (text != NULL)
    return g_strdup (text);
  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? json_to_string (node, FALSE) : NULL;
}

static char *
body_of (LkSimReply *reply)
{
  return g_strndup (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body));
}

/* The words of TikTok's table of return codes, for what is asked for most. */
static const char *
words_of (gint64 code)
{
  switch (code)
    {
    case 40100:
      return "App reaches the QPS limit.";
    case 50000:
      return "System error.";
    case 50002:
      return "Error processing request on TikTok side. Please see error message for details.";
    case 60001:
      return "The system is in maintenance.";
    default:
      return "Simulated failure.";
    }
}

/* "code" alone makes the envelope of the family that the path belongs to. */
static void
read_code (LkSimFault *self,
           JsonObject *object)
{
  g_autoptr(LkSimReply) reply = lk_sim_reply_new ();
  const char *word = lk_sim_json_string (object, "code");
  const char *message = lk_sim_json_string (object, "message");
  gint64 number = lk_sim_json_int (object, "code", 0);

  if (self->body != NULL || (word == NULL && number == 0))
    return;
  if (message == NULL)
    message = words_of (number);
  if (word == NULL)
    lk_sim_reply_business (reply, number, message, NULL);
  else if (g_str_has_prefix (self->path, "/v2/oauth/"))
    lk_sim_reply_oauth_error (reply, word, message);
  else
    lk_sim_reply_v2 (reply, g_str_equal (word, "rate_limit_exceeded") ? 429 : 400, word, message,
                     NULL);
  self->body = body_of (reply);
  if (self->status == 0)
    self->status = reply->status;
}

/**
 * lk_sim_faults_add:
 * @problem: (out): what is wrong with @object, when it is refused
 *
 * Adds a fault as the control address takes it; see README.md.
 */
gboolean
lk_sim_faults_add (LkSimFaults  *self,
                   JsonObject   *object,
                   const char  **problem)
{
  g_autoptr(LkSimFault) fault = g_new0 (LkSimFault, 1);

  fault->path = g_strdup (lk_sim_json_string (object, "path"));
  fault->grant = g_strdup (lk_sim_json_string (object, "grant"));
  fault->method = g_strdup (lk_sim_json_string (object, "method"));
  fault->times = lk_sim_json_int (object, "times", 1);
  fault->skip = lk_sim_json_int (object, "skip", 0);
  fault->status = (guint) lk_sim_json_int (object, "status", 0);
  fault->content_type = g_strdup (lk_sim_json_string (object, "content_type"));
  fault->carry_out = lk_sim_json_bool (object, "carry_out", FALSE);
  fault->delay_ms = (guint) CLAMP (lk_sim_json_int (object, "delay_ms", 0), 0, 3600000);
  fault->truncate = lk_sim_json_int (object, "truncate", -1);
  fault->slow_bps = lk_sim_json_int (object, "slow_bps", 0);
  fault->huge_bytes = lk_sim_json_int (object, "huge_bytes", 0);
  fault->body = read_body (object);
  if (fault->path == NULL)
    *problem = "\"path\" is missing";
  else if (!read_cut (fault, object))
    *problem = "\"cut\" is neither \"before\" nor \"after\"";
  else if (fault->status != 0 && (fault->status < 200 || fault->status > 599))
    *problem = "\"status\" is not between 200 and 599";
  else
    *problem = NULL;
  if (*problem != NULL)
    return FALSE;
  read_code (fault, object);
  g_ptr_array_add (self->list, g_steal_pointer (&fault));
  return TRUE;
}

static gboolean
fits (const LkSimFault   *self,
      const LkSimRequest *request)
{
  gsize length = strlen (self->path);

  if (self->method != NULL && !g_str_equal (self->method, request->method))
    return FALSE;
  if (self->grant != NULL && g_strcmp0 (self->grant, lk_sim_request_get_grant (request)) != 0)
    return FALSE;
  if (length > 0 && self->path[length - 1] == '*')
    return strncmp (self->path, request->path, length - 1) == 0;
  return g_str_equal (self->path, request->path);
}

/**
 * lk_sim_faults_take:
 *
 * Uses up one turn of the first fault that fits @request.
 *
 * Returns: (transfer full) (nullable): a copy of it
 */
LkSimFault *
lk_sim_faults_take (LkSimFaults        *self,
                    const LkSimRequest *request)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      LkSimFault *fault = g_ptr_array_index (self->list, i);

      if (fault->times == 0 || !fits (fault, request))
        continue;
      if (fault->skip > 0)
        {
          fault->skip--;
          continue;
        }
      fault->hits++;
      if (fault->times > 0)
        fault->times--;
      return lk_sim_fault_copy (fault);
    }
  return NULL;
}

/* Whether the fault brings an answer of its own. */
gboolean
lk_sim_fault_answers (const LkSimFault *self)
{
  return self->status != 0 || self->body != NULL || self->huge_bytes > 0;
}

/* A status without a body is answered as a gateway would. */
void
lk_sim_fault_reply (const LkSimFault *self,
                    LkSimReply       *reply)
{
  guint status = self->status != 0 ? self->status : 200;
  const char *body = self->body;
  g_autofree char *gateway = NULL;

  if (body == NULL && self->huge_bytes == 0)
    {
      gateway = g_strdup_printf ("<html><body><h1>%u %s</h1></body></html>", status,
                                 soup_status_get_phrase (status));
      body = gateway;
    }
  lk_sim_reply_text (reply, status, body != NULL ? body : "");
  g_free (reply->content_type);
  if (self->content_type != NULL)
    reply->content_type = g_strdup (self->content_type);
  else
    reply->content_type = g_strdup (gateway != NULL ? "text/html" : "application/json");
}

/* Whether the answer cannot be left to the HTTP library. */
gboolean
lk_sim_fault_is_raw (const LkSimFault *self)
{
  return self->truncate >= 0 || self->slow_bps > 0 || self->huge_bytes > 0;
}

void
lk_sim_faults_build (LkSimFaults *self,
                     JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "faults");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->list->len; i++)
    {
      LkSimFault *fault = g_ptr_array_index (self->list, i);

      json_builder_begin_object (builder);
      lk_sim_build_string (builder, "path", fault->path);
      lk_sim_build_int (builder, "left", fault->times);
      lk_sim_build_int (builder, "hits", fault->hits);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}
