/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies of web hooks: what TikTok tells by itself. Login Kit and accounts:
 * developers.tiktok.com/doc/webhooks-events; Shop: types 6 and 7 of its web hooks (2026-11-21). */

#include "lk-paste-hook.h"

#include <string.h>

#define MAX_CONTENT (64 * 1024)

static const char *
string_member (JsonObject *object,
               const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
           && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node) : NULL;
}

/* (transfer full) (nullable): "content" is JSON in a string; some logs print it as an object. */
static char *
dup_reason (JsonObject *object)
{
  const char *content = string_member (object, "content");
  JsonNode *node = json_object_get_member (object, "content");
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (content != NULL && strlen (content) < MAX_CONTENT
      && json_parser_load_from_data (parser, content, -1, NULL))
    node = json_parser_get_root (parser);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  node = json_object_get_member (json_node_get_object (node), "reason");
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  return json_node_dup_string (node);
}

static LkPasteFact *
read_shop_hook (JsonObject *object)
{
  JsonNode *type = json_object_get_member (object, "type");
  LkPasteFact *fact;
  gint64 number;

  if (type == NULL || !JSON_NODE_HOLDS_VALUE (type)
      || json_node_get_value_type (type) != G_TYPE_INT64)
    return NULL;
  number = json_node_get_int (type);
  if (number != 6 && number != 7)
    return NULL;

  fact = lk_paste_fact_new ();
  fact->structured = TRUE;
  fact->code = g_strdup (number == 6 ? "SELLER_DEAUTHORIZATION"
                                     : "UPCOMING_AUTHORIZATION_EXPIRATION");

  return fact;
}

static LkPasteFact *
read_event (JsonObject *object,
            const char *event)
{
  static const char *const good[] = { "post.publish.complete", "post.publish.inbox_delivered",
                                      "post.publish.publicly_available", "video.publish.completed",
                                      NULL };
  static const char *const bad[] = { "post.publish.failed", "video.upload.failed", NULL };
  g_autoptr (LkPasteFact) fact = lk_paste_fact_new ();
  g_autofree char *reason = dup_reason (object);

  fact->structured = TRUE;
  if (g_strv_contains (good, event))
    {
      fact->success = TRUE;
    }
  else if (g_str_equal (event, "authorization.removed"))
    {
      fact->code = g_strdup (event);
      if (reason != NULL && g_ascii_isdigit (reason[0]) && reason[1] == '\0')
        fact->sub = g_steal_pointer (&reason);
    }
  else if (g_strv_contains (bad, event))
    {
      fact->code = reason != NULL && lk_paste_is_code (reason) ? g_steal_pointer (&reason) : NULL;
      fact->message = g_strdup (event);
    }
  else
    {
      return NULL;
    }

  return g_steal_pointer (&fact);
}

/**
 * lk_paste_read_hook:
 *
 * Returns: (transfer full) (nullable): what a web hook tells, %NULL when it is none
 */
LkPasteFact *
lk_paste_read_hook (JsonObject *object)
{
  const char *event = string_member (object, "event");

  if (event != NULL)
    return read_event (object, event);
  if (json_object_has_member (object, "tts_notification_id"))
    return read_shop_hook (object);

  return NULL;
}
