/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-oauth"

#include "config.h"

#include "lk-oauth-call.h"

#include "lk-oauth-values-private.h"
#include "lk-renewer.h"

typedef struct
{
  LkHttp     *http;     /* (owned) */
  LkProfile  *profile;  /* (owned) */
  LkValues   *values;   /* (owned) */
  LkStep      step;     /* that is under way */
  LkIdentity *identity; /* (owned): what is known so far */
} LkVerify;

static void
lk_verify_free (LkVerify *self)
{
  g_object_unref (self->http);
  lk_profile_unref (self->profile);
  lk_values_free (self->values);
  g_clear_pointer (&self->identity, lk_identity_free);
  g_free (self);
}

void
lk_identity_free (LkIdentity *self)
{
  g_clear_pointer (&self->fault, lk_fault_free);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_free (self->identity);
  g_free (self->name);
  g_free (self);
}

static void lk_verify_send (GTask *task);

/* The verify step speaks first: what it said of the login is not overruled by the accounts step. */
static void
lk_identity_merge (LkIdentity *self,
                   LkProfile  *profile,
                   LkStep      step,
                   LkReply    *reply,
                   LkValues   *values)
{
  g_autofree char *identity = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GPtrArray) accounts = NULL;

  lk_profile_read_identity (profile, step, reply, &identity, &name, &accounts);
  lk_values_mask (values, &identity);
  lk_values_mask (values, &name);
  lk_values_mask_accounts (values, accounts);
  if (self->identity == NULL)
    self->identity = g_steal_pointer (&identity);
  if (self->name == NULL)
    self->name = g_steal_pointer (&name);
  if (accounts != NULL)
    {
      g_clear_pointer (&self->accounts, g_ptr_array_unref);
      self->accounts = g_steal_pointer (&accounts);
    }
}

static void
lk_verify_return (GTask *task)
{
  LkVerify *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->identity),
                         (GDestroyNotify) lk_identity_free);
}

static void
verify_reply_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkVerify *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (reply->date != 0)
    self->identity->date = reply->date;
  self->identity->fault = lk_profile_read_reply (self->profile, self->step, reply);
  if (self->identity->fault != NULL)
    {
      lk_values_mask_fault (self->values, self->identity->fault);
      lk_verify_return (task);
      return;
    }

  lk_identity_merge (self->identity, self->profile, self->step, reply, self->values);
  if (self->step == LK_STEP_VERIFY && lk_profile_has_step (self->profile, LK_STEP_ACCOUNTS))
    {
      self->step = LK_STEP_ACCOUNTS;
      lk_verify_send (task);
      return;
    }

  lk_verify_return (task);
}

static void
lk_verify_send (GTask *task)
{
  LkVerify *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkRequest) request = NULL;

  request = lk_profile_build_request (self->profile, self->step, self->values, &error);
  if (request == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lk_http_send_async (self->http, request, g_task_get_cancellable (task), verify_reply_cb,
                      g_object_ref (task));
}

/**
 * lk_oauth_verify_async:
 * @client_secret: (nullable): TikTok Ads needs it to list the accounts
 *
 * A profile without either step yields an identity that knows nothing, and no fault.
 */
void
lk_oauth_verify_async (LkHttp               *http,
                       LkProfile            *profile,
                       const LkClientRecord *client,
                       LkSecret             *client_secret,
                       LkTokenSet           *tokens,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (http, cancellable, callback, user_data);
  LkVerify *self = g_new0 (LkVerify, 1);

  g_task_set_source_tag (task, lk_oauth_verify_async);
  g_task_set_task_data (task, self, (GDestroyNotify) lk_verify_free);

  self->http = g_object_ref (http);
  self->profile = lk_profile_ref (profile);
  self->values = lk_oauth_values_new (client, client_secret, tokens);
  self->identity = g_new0 (LkIdentity, 1);
  self->step = lk_profile_has_step (profile, LK_STEP_VERIFY) ? LK_STEP_VERIFY : LK_STEP_ACCOUNTS;

  if (lk_profile_has_step (profile, self->step))
    lk_verify_send (task);
  else
    lk_verify_return (task);
}

/**
 * lk_oauth_verify_finish:
 *
 * Returns: (transfer full): what the provider said. Errors: LK_TRANSPORT_ERROR, LK_PROVIDER_ERROR,
 *   G_IO_ERROR_CANCELLED
 */
LkIdentity *
lk_oauth_verify_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lk_oauth_verify_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
revoke_reply_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task,
                         lk_profile_read_reply (g_task_get_task_data (task), LK_STEP_REVOKE, reply),
                         (GDestroyNotify) lk_fault_free);
}

void
lk_oauth_revoke_async (LkHttp               *http,
                       LkProfile            *profile,
                       const LkClientRecord *client,
                       LkSecret             *client_secret,
                       LkTokenSet           *tokens,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (http, cancellable, callback, user_data);
  g_autoptr(LkValues) values = lk_oauth_values_new (client, client_secret, tokens);
  g_autoptr(LkRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, lk_oauth_revoke_async);
  g_task_set_task_data (task, lk_profile_ref (profile), (GDestroyNotify) lk_profile_unref);

  if (!lk_profile_has_step (profile, LK_STEP_REVOKE))
    {
      g_task_return_new_error (task, LK_PROVIDER_ERROR, LK_PROVIDER_ERROR_NO_STEP,
                               "%s has no way to revoke", lk_profile_get_name (profile));
      return;
    }

  request = lk_profile_build_request (profile, LK_STEP_REVOKE, values, &error);
  if (request == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  lk_http_send_async (http, request, cancellable, revoke_reply_cb, g_steal_pointer (&task));
}

gboolean
lk_oauth_revoke_finish (GAsyncResult  *result,
                        LkFault      **fault,
                        GError       **error)
{
  g_autoptr(LkFault) refusal = NULL;
  g_autoptr(GError) own_error = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, lk_oauth_revoke_async), FALSE);

  refusal = g_task_propagate_pointer (G_TASK (result), &own_error);
  if (own_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&own_error));
      return FALSE;
    }
  if (refusal == NULL)
    return TRUE;

  g_set_error (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_REFUSED, "the provider refused to revoke");
  if (fault != NULL)
    *fault = g_steal_pointer (&refusal);

  return FALSE;
}
