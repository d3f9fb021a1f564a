/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LkCallRequest:
 * @method: "GET", "POST", "PUT", "PATCH" or "DELETE"
 * @target: a path below the provider's API address, a whole path, or a whole address
 * @query: (nullable): "NAME=VALUE", not escaped
 * @content_type: (nullable): of @body
 * @body: (nullable)
 *
 * A call of the person's own, before the token is put in. The boxed type is reference counted and
 * immutable once it is shared.
 */
typedef struct
{
  char   *method;
  char   *target;
  char  **query;
  char   *content_type;
  GBytes *body;
} LkCallRequest;

#define LK_TYPE_CALL_REQUEST (lk_call_request_get_type ())

GType          lk_call_request_get_type     (void);
LkCallRequest *lk_call_request_new          (const char *method, const char *target);
LkCallRequest *lk_call_request_ref          (LkCallRequest *self);
void           lk_call_request_unref        (LkCallRequest *self);
/* Whether it only reads (GET, HEAD); anything else may create something. */
gboolean       lk_call_request_is_safe      (const LkCallRequest *self);
/* a{sv}: method (s), target (s), query (as), content-type (s), body (ay) */
GVariant      *lk_call_request_to_variant   (const LkCallRequest *self);
LkCallRequest *lk_call_request_from_variant (GVariant *dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCallRequest, lk_call_request_unref)

G_END_DECLS
