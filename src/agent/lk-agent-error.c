/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-error.h"

#include "lk-backup.h"
#include "lk-http.h"
#include "lk-profile.h"
#include "lk-renewer.h"
#include "lk-storage-error.h"

static LkAgentError
code_of_storage (const GError *error)
{
  switch ((LkStorageError) error->code)
    {
    case LK_STORAGE_ERROR_LOCKED:
      return LK_AGENT_ERROR_KEYRING_LOCKED;
    case LK_STORAGE_ERROR_CANCELLED:
      return LK_AGENT_ERROR_KEYRING_CANCELLED;
    case LK_STORAGE_ERROR_ABSENT:
      return LK_AGENT_ERROR_KEYRING_ABSENT;
    case LK_STORAGE_ERROR_BROKEN:
      return LK_AGENT_ERROR_KEYRING_BROKEN;
    case LK_STORAGE_ERROR_NOT_FOUND:
      return LK_AGENT_ERROR_SIGN_IN_NEEDED;
    case LK_STORAGE_ERROR_NEWER:
      return LK_AGENT_ERROR_LEDGER_NEWER;
    case LK_STORAGE_ERROR_DAMAGED:
      return LK_AGENT_ERROR_LEDGER_DAMAGED;
    case LK_STORAGE_ERROR_READ_ONLY:
      return LK_AGENT_ERROR_READ_ONLY;
    case LK_STORAGE_ERROR_FULL:
      return LK_AGENT_ERROR_DISK_FULL;
    case LK_STORAGE_ERROR_EXISTS:
      return LK_AGENT_ERROR_EXISTS;
    case LK_STORAGE_ERROR_FAILED:
    default:
      return LK_AGENT_ERROR_FAILED;
    }
}

static LkAgentError
code_of_backup (const GError *error)
{
  switch ((LkBackupError) error->code)
    {
    case LK_BACKUP_ERROR_FOREIGN:
      return LK_AGENT_ERROR_NOT_A_BACKUP;
    case LK_BACKUP_ERROR_NEWER:
      return LK_AGENT_ERROR_BACKUP_NEWER;
    case LK_BACKUP_ERROR_PASSPHRASE:
      return LK_AGENT_ERROR_WRONG_PASSPHRASE;
    case LK_BACKUP_ERROR_DAMAGED:
      return LK_AGENT_ERROR_BACKUP_DAMAGED;
    case LK_BACKUP_ERROR_CUT:
      return LK_AGENT_ERROR_BACKUP_INCOMPLETE;
    case LK_BACKUP_ERROR_WEAK:
      return LK_AGENT_ERROR_WEAK_PASSPHRASE;
    case LK_BACKUP_ERROR_FULL:
      return LK_AGENT_ERROR_DISK_FULL;
    case LK_BACKUP_ERROR_FAILED:
    default:
      return LK_AGENT_ERROR_FAILED;
    }
}

static LkAgentError
code_of_transport (const GError *error)
{
  switch ((LkTransportError) error->code)
    {
    case LK_TRANSPORT_ERROR_OFFLINE:
      return LK_AGENT_ERROR_OFFLINE;
    case LK_TRANSPORT_ERROR_TIMED_OUT:
      return LK_AGENT_ERROR_TIMED_OUT;
    case LK_TRANSPORT_ERROR_LOST:
      return LK_AGENT_ERROR_LOST;
    case LK_TRANSPORT_ERROR_TLS:
    case LK_TRANSPORT_ERROR_TOO_LARGE:
    case LK_TRANSPORT_ERROR_INSECURE:
    default:
      return LK_AGENT_ERROR_REFUSED;
    }
}

static LkAgentError
code_of_provider (const GError *error)
{
  switch ((LkProviderError) error->code)
    {
    case LK_PROVIDER_ERROR_NO_STEP:
      return LK_AGENT_ERROR_UNSUPPORTED;
    case LK_PROVIDER_ERROR_NOT_FOUND:
      return LK_AGENT_ERROR_NOT_FOUND;
    case LK_PROVIDER_ERROR_SYNTAX:
    case LK_PROVIDER_ERROR_UNKNOWN_WORD:
    case LK_PROVIDER_ERROR_INSECURE:
    case LK_PROVIDER_ERROR_MISSING_VALUE:
    default:
      return LK_AGENT_ERROR_INVALID_ARGUMENT;
    }
}

static LkAgentError
code_of_local_fault (const LkFault *fault, LkAgentError otherwise)
{
  static const struct
  {
    const char   *code;
    LkAgentError  error;
  } rows[] = {
    { "offline", LK_AGENT_ERROR_OFFLINE },
    { "timed-out", LK_AGENT_ERROR_TIMED_OUT },
    { "reply-lost", LK_AGENT_ERROR_LOST },
    { "refresh-lost", LK_AGENT_ERROR_LOST },
    { "token-missing", LK_AGENT_ERROR_SIGN_IN_NEEDED },
    { "keyring-locked", LK_AGENT_ERROR_KEYRING_LOCKED },
    { "keyring-absent", LK_AGENT_ERROR_KEYRING_ABSENT },
    { "keyring-broken", LK_AGENT_ERROR_KEYRING_BROKEN },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (lk_fault_is_local (fault, rows[i].code))
      return rows[i].error;
  return otherwise;
}

static LkAgentError
code_of_fault (const LkFault *fault)
{
  LkAgentError otherwise = LK_AGENT_ERROR_REFUSED;

  if (fault->klass == LK_CLASS_SCOPE || fault->klass == LK_CLASS_PERMISSION)
    otherwise = LK_AGENT_ERROR_PERMISSION_MISSING;
  else if (fault->klass == LK_CLASS_RATE || fault->klass == LK_CLASS_QUOTA)
    otherwise = LK_AGENT_ERROR_RATE_LIMITED;
  else if (lk_class_needs_reauth (fault->klass))
    otherwise = LK_AGENT_ERROR_SIGN_IN_NEEDED;
  return code_of_local_fault (fault, otherwise);
}

static LkAgentError
code_of_oauth (const GError *error)
{
  switch ((LkOauthError) error->code)
    {
    case LK_OAUTH_ERROR_LOST:
      return LK_AGENT_ERROR_LOST;
    case LK_OAUTH_ERROR_CANNOT_RENEW:
      return LK_AGENT_ERROR_SIGN_IN_NEEDED;
    case LK_OAUTH_ERROR_REFUSED:
    default:
      return LK_AGENT_ERROR_REFUSED;
    }
}

static LkAgentError
code_of_gio (const GError *error)
{
  switch (error->code)
    {
    case G_IO_ERROR_CANCELLED:
      return LK_AGENT_ERROR_CANCELLED;
    case G_IO_ERROR_TIMED_OUT:
      return LK_AGENT_ERROR_TIMED_OUT;
    case G_IO_ERROR_ADDRESS_IN_USE:
      return LK_AGENT_ERROR_IN_USE;
    case G_IO_ERROR_INVALID_ARGUMENT:
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_MESSAGE_TOO_LARGE:
      return LK_AGENT_ERROR_INVALID_ARGUMENT;
    case G_IO_ERROR_NO_SPACE:
      return LK_AGENT_ERROR_DISK_FULL;
    default:
      return LK_AGENT_ERROR_FAILED;
    }
}

/**
 * lk_agent_error_translate:
 * @fault: (nullable): the facts, when the other side refused
 *
 * Returns: (transfer full): @error as the bus knows it
 */
GError *
lk_agent_error_translate (const GError *error, const LkFault *fault)
{
  LkAgentError code;

  if (error->domain == LK_AGENT_ERROR)
    return g_error_copy (error);
  if (error->domain == LK_STORAGE_ERROR)
    code = code_of_storage (error);
  else if (error->domain == LK_BACKUP_ERROR)
    code = code_of_backup (error);
  else if (g_error_matches (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_LOST))
    code = LK_AGENT_ERROR_LOST;
  else if (fault != NULL)
    code = code_of_fault (fault);
  else if (error->domain == LK_TRANSPORT_ERROR)
    code = code_of_transport (error);
  else if (error->domain == LK_PROVIDER_ERROR)
    code = code_of_provider (error);
  else if (error->domain == LK_OAUTH_ERROR)
    code = code_of_oauth (error);
  else if (error->domain == G_IO_ERROR)
    code = code_of_gio (error);
  else
    code = LK_AGENT_ERROR_FAILED;
  return g_error_new_literal (LK_AGENT_ERROR, code, error->message);
}

/**
 * lk_agent_return_error:
 * @invocation: (transfer full): a call that failed
 */
void
lk_agent_return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  g_autoptr(GError) translated = lk_agent_error_translate (error, NULL);

  g_dbus_method_invocation_return_gerror (invocation, translated);
}

/**
 * lk_agent_error_to_fault:
 *
 * Returns: (transfer full) (nullable): the fault that belongs to @error; %NULL when it says nothing
 *   about the connection (the keyring is locked, the disk is full)
 */
LkFault *
lk_agent_error_to_fault (const GError *error)
{
  if (error->domain == LK_TRANSPORT_ERROR)
    return lk_transport_error_to_fault (error);
  if (g_error_matches (error, LK_OAUTH_ERROR, LK_OAUTH_ERROR_LOST))
    return lk_fault_new_local (LK_CLASS_TRANSIENT, "refresh-lost", NULL);
  return NULL;
}

/**
 * lk_agent_fault_needs_person:
 *
 * Whether only a person can end the fault.
 */
gboolean
lk_agent_fault_needs_person (const LkFault *fault)
{
  static const char * const local[] = {
    "zero-accounts", "client-missing", "profile-missing", "token-missing", "identity-changed",
  };

  if (fault == NULL)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS (local); i++)
    if (lk_fault_is_local (fault, local[i]))
      return TRUE;
  if (lk_class_needs_reauth (fault->klass))
    return TRUE;

  switch (fault->klass)
    {
    case LK_CLASS_TOKEN_REVOKED:
    case LK_CLASS_REFRESH_DEAD:
    case LK_CLASS_CODE_DEAD:
    case LK_CLASS_SCOPE:
    case LK_CLASS_PERMISSION:
    case LK_CLASS_ACCOUNT_STATUS:
    case LK_CLASS_APP_CONFIG:
    case LK_CLASS_REDIRECT_MISMATCH:
    case LK_CLASS_USER_ACTION:
    case LK_CLASS_POLICY:
    case LK_CLASS_DENIED:
    case LK_CLASS_SANDBOX:
      return TRUE;
    case LK_CLASS_UNKNOWN:
    case LK_CLASS_OK:
    case LK_CLASS_TOKEN_EXPIRED:
    case LK_CLASS_RATE:
    case LK_CLASS_QUOTA:
    case LK_CLASS_TRANSIENT:
    case LK_CLASS_MAINTENANCE:
    case LK_CLASS_MEDIA_PROCESSING:
    case LK_CLASS_MEDIA_INVALID:
    case LK_CLASS_BAD_REQUEST:
    case LK_CLASS_CLOCK_SKEW:
    default:
      return FALSE;
    }
}

/**
 * lk_agent_fault_stops_renewal:
 *
 * Whether another renewal by itself cannot succeed, so that none is tried until someone acts.
 */
gboolean
lk_agent_fault_stops_renewal (const LkFault *fault)
{
  if (fault == NULL)
    return FALSE;
  return fault->klass == LK_CLASS_REFRESH_DEAD || fault->klass == LK_CLASS_TOKEN_REVOKED
         || fault->klass == LK_CLASS_CODE_DEAD
         || lk_fault_is_local (fault, "token-missing")
         || (fault->klass == LK_CLASS_APP_CONFIG && g_strcmp0 (fault->step, "refresh") == 0);
}

/**
 * lk_agent_fault_same:
 *
 * Whether two faults tell the person the same.
 */
gboolean
lk_agent_fault_same (const LkFault *a, const LkFault *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->klass == b->klass && g_strcmp0 (a->code, b->code) == 0
         && g_strcmp0 (a->step, b->step) == 0 && g_strcmp0 (a->provider, b->provider) == 0;
}
