/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-sim-message.h"

static JsonObject *
parse_object (GBytes *body)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize size = 0;
  const char *text = g_bytes_get_data (body, &size);
  JsonNode *root = NULL;

  if (text == NULL || !json_parser_load_from_data (parser, text, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_object_ref (json_node_get_object (root));
}

static void
add_part (GHashTable         *form,
          SoupMessageHeaders *headers,
          GBytes             *part)
{
  g_autoptr(GHashTable) params = NULL;
  g_autofree char *disposition = NULL;
  const char *name = NULL;
  const char *file = NULL;

  if (!soup_message_headers_get_content_disposition (headers, &disposition, &params))
    return;
  name = g_hash_table_lookup (params, "name");
  file = g_hash_table_lookup (params, "filename");
  if (name == NULL)
    return;
  if (file == NULL)
    {
      g_hash_table_replace (form, g_strdup (name),
                            g_strndup (g_bytes_get_data (part, NULL), g_bytes_get_size (part)));
      return;
    }
  g_hash_table_replace (form, g_strdup (name), g_strdup (file));
  g_hash_table_replace (form, g_strconcat (name, ":size", NULL),
                        g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (part)));
  g_hash_table_replace (form, g_strconcat (name, ":md5", NULL),
                        g_compute_checksum_for_bytes (G_CHECKSUM_MD5, part));
}

static GHashTable *
read_multipart (SoupMessageHeaders *headers,
                GBytes             *body)
{
  g_autoptr(SoupMultipart) multipart = soup_multipart_new_from_message (headers, body);
  g_autoptr(GHashTable) form = NULL;

  if (multipart == NULL)
    return NULL;
  form = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0; i < soup_multipart_get_length (multipart); i++)
    {
      SoupMessageHeaders *part_headers = NULL;
      GBytes *part = NULL;

      if (soup_multipart_get_part (multipart, i, &part_headers, &part))
        add_part (form, part_headers, part);
    }
  return g_steal_pointer (&form);
}

static void
read_body (LkSimRequest       *self,
           SoupServerMessage  *message,
           SoupMessageHeaders *headers)
{
  self->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  if (g_strcmp0 (self->content_type, "application/x-www-form-urlencoded") == 0)
    {
      g_autofree char *text = g_strndup (g_bytes_get_data (self->body, NULL),
                                         g_bytes_get_size (self->body));

      self->form = soup_form_decode (text != NULL ? text : "");
    }
  else if (g_strcmp0 (self->content_type, "multipart/form-data") == 0)
    {
      self->form = read_multipart (headers, self->body);
    }
  else if (g_strcmp0 (self->content_type, "application/json") == 0)
    {
      self->json = parse_object (self->body);
    }
}

LkSimRequest *
lk_sim_request_new (SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  LkSimRequest *self = g_new0 (LkSimRequest, 1);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  self->method = g_strdup (soup_server_message_get_method (message));
  self->path = g_strdup (path);
  self->content_type = type != NULL ? g_ascii_strdown (type, -1) : NULL;
  self->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  self->access_token = g_strdup (soup_message_headers_get_one (headers, "Access-Token"));
  self->shop_token = g_strdup (soup_message_headers_get_one (headers, "x-tts-access-token"));
  self->query = query != NULL ? g_hash_table_ref (query)
                              : g_hash_table_new (g_str_hash, g_str_equal);
  read_body (self, message, headers);
  return self;
}

void
lk_sim_request_free (LkSimRequest *self)
{
  g_free (self->method);
  g_free (self->path);
  g_free (self->content_type);
  g_free (self->authorization);
  g_free (self->access_token);
  g_free (self->shop_token);
  g_hash_table_unref (self->query);
  g_clear_pointer (&self->form, g_hash_table_unref);
  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/* Each getter returns (nullable): a value that is there and not empty. */
static const char *
not_empty (const char *value)
{
  return value != NULL && *value != '\0' ? value : NULL;
}

const char *
lk_sim_request_get_query (const LkSimRequest *self,
                          const char         *name)
{
  return not_empty (g_hash_table_lookup (self->query, name));
}

const char *
lk_sim_request_get_form (const LkSimRequest *self,
                         const char         *name)
{
  return self->form != NULL ? not_empty (g_hash_table_lookup (self->form, name)) : NULL;
}

const char *
lk_sim_request_get_json (const LkSimRequest *self,
                         const char         *name)
{
  return self->json != NULL ? not_empty (lk_sim_json_string (self->json, name)) : NULL;
}

/* Returns: (nullable): the grant_type of a token request, wherever it was sent */
const char *
lk_sim_request_get_grant (const LkSimRequest *self)
{
  const char *grant = lk_sim_request_get_form (self, "grant_type");

  return grant != NULL ? grant : lk_sim_request_get_json (self, "grant_type");
}

/* Returns: (nullable): a text of the query, the form or the JSON body, whichever has it */
const char *
lk_sim_request_get_field (const LkSimRequest *self,
                          const char         *name)
{
  const char *value = lk_sim_request_get_query (self, name);

  if (value == NULL)
    value = lk_sim_request_get_form (self, name);
  return value != NULL ? value : lk_sim_request_get_json (self, name);
}

/* Lists and objects travel as JSON inside the query. Returns: (transfer full) (nullable) */
static JsonNode *
parse_query (const LkSimRequest *self,
             const char         *name)
{
  const char *text = lk_sim_request_get_query (self, name);

  return text != NULL ? json_from_string (text, NULL) : NULL;
}

/* Returns: (transfer full) (nullable): a JSON array of the query */
char **
lk_sim_request_get_list (const LkSimRequest *self,
                         const char         *name)
{
  g_autoptr(JsonNode) root = parse_query (self, name);
  g_autoptr(JsonObject) wrapped = json_object_new ();

  if (root == NULL)
    return NULL;
  json_object_set_member (wrapped, "list", g_steal_pointer (&root));
  return lk_sim_json_strv (wrapped, "list");
}

/* Returns: (transfer full) (nullable): a JSON object of the query */
JsonObject *
lk_sim_request_get_object (const LkSimRequest *self,
                           const char         *name)
{
  g_autoptr(JsonNode) root = parse_query (self, name);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root)
           ? json_object_ref (json_node_get_object (root)) : NULL;
}

static JsonNode *
value_of (JsonObject *object,
          const char *name,
          GType       type)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;
  return node;
}

const char *
lk_sim_json_string (JsonObject *object,
                    const char *name)
{
  JsonNode *node = value_of (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
lk_sim_json_int (JsonObject *object,
                 const char *name,
                 gint64      fallback)
{
  JsonNode *node = value_of (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : fallback;
}

gboolean
lk_sim_json_bool (JsonObject *object,
                  const char *name,
                  gboolean    fallback)
{
  JsonNode *node = value_of (object, name, G_TYPE_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : fallback;
}

/* Returns: (nullable): a list of texts (numbers are taken as texts); %NULL when there is none */
char **
lk_sim_json_strv (JsonObject *object,
                  const char *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item))
        continue;
      if (json_node_get_value_type (item) == G_TYPE_STRING)
        {
          g_strv_builder_add (builder, json_node_get_string (item));
        }
      else if (json_node_get_value_type (item) == G_TYPE_INT64)
        {
          g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT,
                                                     json_node_get_int (item));

          g_strv_builder_add (builder, number);
        }
    }
  return g_strv_builder_end (builder);
}
