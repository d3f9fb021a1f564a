/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

#include "lk-query-private.h"

static gboolean
is_header_text (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    {
      if (g_ascii_iscntrl (*c))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check (const LkCallRequest  *call,
       GError              **error)
{
  static const char * const methods[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", NULL
  };

  if (call->method == NULL || !g_strv_contains (methods, call->method))
    {
      g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_UNKNOWN_WORD,
                   "“%s” is not a method", call->method != NULL ? call->method : "");
      return FALSE;
    }

  if (call->content_type != NULL && !is_header_text (call->content_type))
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_INSECURE,
                           "the content type is not plain text");
      return FALSE;
    }

  return TRUE;
}

/* The target's own query, then NAME=VALUE as the person wrote them. */
static GArray *
collect_query (const LkCallRequest  *call,
               const char           *own,
               GError              **error)
{
  g_autoptr (GArray) query = lk_query_new ();

  if (own != NULL && !lk_query_parse (query, own))
    {
      g_set_error_literal (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX,
                           "what follows the “?” cannot be read");
      return NULL;
    }

  for (char **pair = call->query; pair != NULL && *pair != NULL; pair++)
    {
      size_t length = strcspn (*pair, "=");
      g_autofree char *name = g_strndup (*pair, length);

      if (length == 0 || (*pair)[length] != '=')
        {
          g_set_error (error, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_SYNTAX,
                       "“%s” is not NAME=VALUE", name);
          return NULL;
        }
      lk_query_add (query, name, *pair + length + 1);
    }

  return g_steal_pointer (&query);
}

LkRequest *
lk_profile_build_call (LkProfile      *self,
                       LkCallRequest  *call,
                       LkValues       *values,
                       gint64          now,
                       GError        **error)
{
  g_auto (LkBuffer) url = { 0 };
  g_autofree char *base = NULL;
  g_autofree char *own = NULL;
  g_autoptr (GArray) query = NULL;
  g_autoptr (LkRequest) request = NULL;

  g_return_val_if_fail (self != NULL && call != NULL && values != NULL, NULL);

  if (!check (call, error))
    return NULL;
  base = lk_profile_dup_call_base (self, values, call, &own, error);
  query = base != NULL ? collect_query (call, own, error) : NULL;
  if (query == NULL)
    return NULL;

  lk_buffer_append (&url, base);
  lk_query_append (query, &url);
  request = lk_request_new (call->method, url.text);
  if (call->body != NULL)
    lk_request_set_body (request,
                         call->content_type != NULL ? call->content_type : "application/json",
                         call->body);
  if (!lk_request_add_filled_headers (request, self->headers, values, error) ||
      !lk_request_add_filled_headers (request, self->steps[LK_STEP_API]->headers, values, error))
    return NULL;
  if (self->sign != NULL && !lk_profile_sign (self, request, values, now, error))
    return NULL;

  return g_steal_pointer (&request);
}

char *
lk_profile_dup_call_path (LkProfile           *self,
                          const LkCallRequest *call)
{
  g_autoptr (LkValues) values = NULL;
  g_autofree char *base = NULL;
  g_autofree char *query = NULL;

  g_return_val_if_fail (self != NULL && call != NULL, NULL);

  values = lk_values_new ();
  base = lk_profile_dup_call_base (self, values, call, &query, NULL);

  return base != NULL ? g_strdup (strchr (strstr (base, "://") + 3, '/')) : NULL;
}

/* One account: an id, or a list of one. Of several, nobody can say which was refused. */
static char *
account_of_node (JsonNode *node)
{
  g_autofree char *text = NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      node = json_array_get_length (array) == 1 ? json_array_get_element (array, 0) : NULL;
    }
  text = lk_json_dup_scalar (node);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static char *
account_of_text (const char *text)
{
  g_autoptr (JsonNode) list = *text == '[' ? lk_json_parse (text, -1, NULL, NULL) : NULL;

  if (list != NULL)
    return account_of_node (list);

  return *text != '\0' ? g_strdup (text) : NULL;
}

static char *
account_of_query (LkProfile           *self,
                  const LkCallRequest *call)
{
  const char *mark = call->target != NULL ? strchr (call->target, '?') : NULL;
  g_autoptr (GArray) query = collect_query (call, mark != NULL ? mark + 1 : NULL, NULL);

  for (char **name = self->call_account; query != NULL && *name != NULL; name++)
    {
      for (guint i = 0; i < query->len; i++)
        {
          const LkPair *pair = &g_array_index (query, LkPair, i);
          char *account = strcmp (pair->name, *name) == 0 ? account_of_text (pair->value) : NULL;

          if (account != NULL)
            return account;
        }
    }

  return NULL;
}

char *
lk_profile_dup_call_account (LkProfile           *self,
                             const LkCallRequest *call)
{
  g_autoptr (JsonNode) root = NULL;
  const char *body;
  char *account;
  size_t size = 0;

  g_return_val_if_fail (self != NULL && call != NULL, NULL);

  if (self->call_account == NULL)
    return NULL;
  account = account_of_query (self, call);
  if (account != NULL || call->body == NULL)
    return account;

  body = g_bytes_get_data (call->body, &size);
  if (size == 0 || size > LK_JSON_MAX_SIZE)
    return NULL;
  root = lk_json_parse (body, (gssize) size, NULL, NULL);
  for (char **name = self->call_account; root != NULL && *name != NULL; name++)
    {
      account = account_of_node (lk_json_find (root, *name));
      if (account != NULL)
        return account;
    }

  return NULL;
}
