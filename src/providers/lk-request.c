/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile-private.h"

#include <string.h>

typedef struct
{
  char *name;
  char *value;
} Header;

struct _LkRequest
{
  gatomicrefcount  ref_count;
  char            *method;
  char            *url;
  char            *path;
  GArray          *headers;
  char            *content_type;
  GBytes          *body;
};

static void
header_clear (Header *header)
{
  g_free (header->name);
  lk_wipe_string (header->value);
}

static char *
dup_path (const char *url)
{
  const char *host = strstr (url, "://");
  const char *path = host != NULL ? host + 3 : url;
  size_t length;

  path += strcspn (path, "/?#");
  length = strcspn (path, "?#");

  return length > 0 ? g_strndup (path, length) : g_strdup ("/");
}

/**
 * lk_request_new:
 * @method: such as "GET"
 * @url: the whole address, query included
 *
 * Returns: (transfer full):
 */
LkRequest *
lk_request_new (const char *method,
                const char *url)
{
  LkRequest *self;

  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  self = g_new0 (LkRequest, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->path = dup_path (url);
  self->headers = g_array_new (FALSE, TRUE, sizeof (Header));
  g_array_set_clear_func (self->headers, (GDestroyNotify) header_clear);

  return self;
}

LkRequest *
lk_request_ref (LkRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
lk_request_unref (LkRequest *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->method);
  lk_wipe_string (self->url);
  g_free (self->path);
  g_clear_pointer (&self->headers, g_array_unref);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/* The path stays: only the query may be another. */
void
lk_request_take_url (LkRequest *self,
                     char      *url)
{
  lk_wipe_string (self->url);
  self->url = url;
}

void
lk_request_add_header (LkRequest  *self,
                       const char *name,
                       const char *value)
{
  Header header = { g_strdup (name), g_strdup (value) };

  g_array_append_val (self->headers, header);
}

/**
 * lk_request_set_body:
 * @content_type: its "Content-Type"
 * @body: (transfer none): its bytes
 */
void
lk_request_set_body (LkRequest  *self,
                     const char *content_type,
                     GBytes     *body)
{
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_ref (body);
}

const char *
lk_request_get_method (LkRequest *self)
{
  return self->method;
}

/**
 * lk_request_get_url:
 *
 * Returns: (transfer none): may carry secrets in its query
 */
const char *
lk_request_get_url (LkRequest *self)
{
  return self->url;
}

/**
 * lk_request_get_path:
 *
 * Returns: (transfer none): the part of the address that may be logged
 */
const char *
lk_request_get_path (LkRequest *self)
{
  return self->path;
}

/**
 * lk_request_get_content_type:
 *
 * Returns: (transfer none) (nullable): %NULL when there is no body
 */
const char *
lk_request_get_content_type (LkRequest *self)
{
  return self->content_type;
}

/**
 * lk_request_get_body:
 *
 * Returns: (transfer none) (nullable):
 */
GBytes *
lk_request_get_body (LkRequest *self)
{
  return self->body;
}

size_t
lk_request_get_n_headers (LkRequest *self)
{
  return self->headers->len;
}

void
lk_request_get_header (LkRequest   *self,
                       size_t       index,
                       const char **name,
                       const char **value)
{
  const Header *header;

  g_return_if_fail (index < self->headers->len);

  header = &g_array_index (self->headers, Header, index);
  *name = header->name;
  *value = header->value;
}
