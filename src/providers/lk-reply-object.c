/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-profile.h"

/**
 * lk_reply_new:
 * @status: HTTP status
 * @body: (transfer none): the bytes
 *
 * Returns: (transfer full):
 */
LkReply *
lk_reply_new (int     status,
              GBytes *body)
{
  LkReply *self = g_new0 (LkReply, 1);

  self->status = status;
  self->body = g_bytes_ref (body);

  return self;
}

void
lk_reply_free (LkReply *self)
{
  if (self == NULL)
    return;

  g_free (self->content_type);
  g_free (self->trace_id);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_free (self);
}

/**
 * lk_reply_set_header:
 * @name: of the header, in upper or lower case
 * @value: its value; a second one of the same name is put after a comma, as RFC 9110 says
 */
void
lk_reply_set_header (LkReply    *self,
                     const char *name,
                     const char *value)
{
  g_autofree char *key = NULL;
  const char *before;

  g_return_if_fail (self != NULL && name != NULL && value != NULL);

  if (self->headers == NULL)
    self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  key = g_ascii_strdown (name, -1);
  before = g_hash_table_lookup (self->headers, key);
  g_hash_table_replace (self->headers, g_steal_pointer (&key),
                        before != NULL ? g_strconcat (before, ", ", value, NULL)
                                       : g_strdup (value));
}

/**
 * lk_reply_get_header:
 *
 * Returns: (transfer none) (nullable):
 */
const char *
lk_reply_get_header (const LkReply *self,
                     const char    *name)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  if (self->headers == NULL)
    return NULL;
  key = g_ascii_strdown (name, -1);

  return g_hash_table_lookup (self->headers, key);
}
