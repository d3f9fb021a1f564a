/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call.h"

G_DEFINE_INTERFACE (LkTokenSource, lk_token_source, G_TYPE_OBJECT)

static void
lk_token_source_default_init (LkTokenSourceInterface *iface)
{
}

/**
 * lk_token_source_get_async:
 * @rejected: (nullable): a token set that the provider just called expired
 */
void
lk_token_source_get_async (LkTokenSource       *self,
                           LkTokenSet          *rejected,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (LK_IS_TOKEN_SOURCE (self));

  LK_TOKEN_SOURCE_GET_IFACE (self)->get_async (self, rejected, cancellable, callback, user_data);
}

/**
 * lk_token_source_get_finish:
 *
 * Returns: (transfer full): a living token set
 */
LkTokenSet *
lk_token_source_get_finish (LkTokenSource  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (LK_IS_TOKEN_SOURCE (self), NULL);

  return LK_TOKEN_SOURCE_GET_IFACE (self)->get_finish (self, result, error);
}

void
lk_token_source_fill (LkTokenSource *self,
                      LkValues      *values)
{
  g_return_if_fail (LK_IS_TOKEN_SOURCE (self));

  LK_TOKEN_SOURCE_GET_IFACE (self)->fill (self, values);
}

/**
 * lk_token_source_is_refusal:
 * @error: of lk_token_source_get_finish()
 *
 * Returns: whether the provider refused to renew
 */
gboolean
lk_token_source_is_refusal (LkTokenSource *self,
                            const GError  *error)
{
  LkTokenSourceInterface *iface;

  g_return_val_if_fail (LK_IS_TOKEN_SOURCE (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  iface = LK_TOKEN_SOURCE_GET_IFACE (self);

  return iface->is_refusal != NULL && iface->is_refusal (self, error);
}
