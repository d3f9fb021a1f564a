/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-call-request.h"

G_DEFINE_BOXED_TYPE (LkCallRequest, lk_call_request, lk_call_request_ref, lk_call_request_unref)

/**
 * lk_call_request_new:
 * @method: "GET" and the like; upper case
 * @target: see #LkCallRequest
 *
 * Returns: (transfer full): a call without query and body
 */
LkCallRequest *
lk_call_request_new (const char *method, const char *target)
{
  LkCallRequest *self;

  g_return_val_if_fail (method != NULL && target != NULL, NULL);

  self = g_atomic_rc_box_new0 (LkCallRequest);
  self->method = g_ascii_strup (method, -1);
  self->target = g_strdup (target);

  return self;
}

LkCallRequest *
lk_call_request_ref (LkCallRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
call_request_clear (LkCallRequest *self)
{
  g_free (self->method);
  g_free (self->target);
  g_strfreev (self->query);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
}

void
lk_call_request_unref (LkCallRequest *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) call_request_clear);
}

gboolean
lk_call_request_is_safe (const LkCallRequest *self)
{
  return g_str_equal (self->method, "GET") || g_str_equal (self->method, "HEAD");
}

GVariant *
lk_call_request_to_variant (const LkCallRequest *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "method", "s", self->method);
  g_variant_dict_insert (&dict, "target", "s", self->target);
  if (self->query != NULL)
    g_variant_dict_insert_value (&dict, "query",
                                 g_variant_new_strv ((const char * const *) self->query, -1));
  if (self->content_type != NULL)
    g_variant_dict_insert (&dict, "content-type", "s", self->content_type);
  if (self->body != NULL)
    g_variant_dict_insert_value (&dict, "body",
                                 g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->body,
                                                           TRUE));

  return g_variant_dict_end (&dict);
}

/**
 * lk_call_request_from_variant:
 * @dict: an a{sv} as lk_call_request_to_variant() makes
 *
 * Returns: (transfer full) (nullable): the call, %NULL when method or target is missing
 */
LkCallRequest *
lk_call_request_from_variant (GVariant *dict)
{
  const char *method, *target;
  g_autoptr(GVariant) body = NULL;
  LkCallRequest *self;

  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return NULL;
  if (!g_variant_lookup (dict, "method", "&s", &method)
      || !g_variant_lookup (dict, "target", "&s", &target) || *method == '\0' || *target == '\0')
    return NULL;

  self = lk_call_request_new (method, target);
  g_variant_lookup (dict, "query", "^as", &self->query);
  g_variant_lookup (dict, "content-type", "s", &self->content_type);
  body = g_variant_lookup_value (dict, "body", G_VARIANT_TYPE_BYTESTRING);
  if (body != NULL)
    self->body = g_variant_get_data_as_bytes (body);

  return self;
}
