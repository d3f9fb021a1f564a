/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-vault-private.h"

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  LkVault *self = LK_VAULT (source);
  GQueue *probers = lk_vault_get_probers (self);
  GQueue waiting = *probers;
  g_autoptr(GError) error = NULL;
  gboolean done = lk_vault_probe_once_finish (self, result, &error);
  GTask *next;

  /* Who asks from now on asks for a new probe. */
  g_queue_init (probers);
  while ((next = g_queue_pop_head (&waiting)) != NULL)
    {
      g_autoptr(GTask) task = next;

      if (done)
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_error_copy (error));
    }
}

/**
 * lk_vault_probe_async:
 *
 * Stores an item, reads it back and removes it, so that a keyring which cannot take a token is
 * known before the token that it shall replace is spent. Who asks while a probe runs shares it:
 * many renewals at once need one answer, and there is one item.
 */
void
lk_vault_probe_async (LkVault            *self,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GQueue *probers;

  g_return_if_fail (LK_IS_VAULT (self));

  probers = lk_vault_get_probers (self);
  g_task_set_source_tag (task, lk_vault_probe_async);
  g_queue_push_tail (probers, task);
  if (probers->length == 1)
    lk_vault_probe_once_async (self, probed_cb, NULL);
}

gboolean
lk_vault_probe_finish (LkVault      *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_vault_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
