/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-http.h"

G_DEFINE_QUARK (lk-transport-error-quark, lk_transport_error)

static const struct
{
  const char *code;
  LkClass     klass;
} local_faults[] = {
  [LK_TRANSPORT_ERROR_OFFLINE] = { "offline", LK_CLASS_TRANSIENT },
  [LK_TRANSPORT_ERROR_TLS] = { "tls", LK_CLASS_USER_ACTION },
  [LK_TRANSPORT_ERROR_TIMED_OUT] = { "timed-out", LK_CLASS_TRANSIENT },
  [LK_TRANSPORT_ERROR_LOST] = { "reply-lost", LK_CLASS_TRANSIENT },
  [LK_TRANSPORT_ERROR_TOO_LARGE] = { "reply-too-large", LK_CLASS_UNKNOWN },
  [LK_TRANSPORT_ERROR_INSECURE] = { "insecure", LK_CLASS_APP_CONFIG },
};

G_STATIC_ASSERT (G_N_ELEMENTS (local_faults) == LK_TRANSPORT_ERROR_INSECURE + 1);

/**
 * lk_transport_error_to_fault:
 * @error: what the transport said
 *
 * Returns: (transfer full): the fault, in normal form; an error of another domain becomes an
 *   unknown fault
 */
LkFault *
lk_transport_error_to_fault (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != LK_TRANSPORT_ERROR
      || error->code < 0
      || error->code >= (int) G_N_ELEMENTS (local_faults))
    return lk_fault_new_local (LK_CLASS_UNKNOWN, "transport", error->message);

  return lk_fault_new_local (local_faults[error->code].klass,
                             local_faults[error->code].code,
                             error->message);
}
