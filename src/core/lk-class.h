/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkClass:
 *
 * What kind of answer a reply is. The words are part of the profile format, of the command line's
 * JSON and of the D-Bus interface; see lk_class_to_string().
 */
typedef enum
{
  LK_CLASS_UNKNOWN,
  LK_CLASS_OK,
  LK_CLASS_TOKEN_EXPIRED,
  LK_CLASS_TOKEN_REVOKED,
  LK_CLASS_REFRESH_DEAD,
  LK_CLASS_CODE_DEAD,
  LK_CLASS_SCOPE,
  LK_CLASS_PERMISSION,
  LK_CLASS_ACCOUNT_STATUS,
  LK_CLASS_APP_CONFIG,
  LK_CLASS_REDIRECT_MISMATCH,
  LK_CLASS_RATE,
  LK_CLASS_QUOTA,
  LK_CLASS_TRANSIENT,
  LK_CLASS_MAINTENANCE,
  LK_CLASS_MEDIA_PROCESSING,
  LK_CLASS_MEDIA_INVALID,
  LK_CLASS_BAD_REQUEST,
  LK_CLASS_USER_ACTION,
  LK_CLASS_POLICY,
  LK_CLASS_DENIED,
  LK_CLASS_CLOCK_SKEW,
  LK_CLASS_SANDBOX,
} LkClass;

#define LK_N_CLASSES (LK_CLASS_SANDBOX + 1)

/**
 * LkAuto:
 *
 * What Latchkey does by itself about a class of reply.
 */
typedef enum
{
  LK_AUTO_NONE,
  LK_AUTO_REFRESH,
  LK_AUTO_BACKOFF,
  LK_AUTO_POLL,
} LkAuto;

const char *lk_class_to_string    (LkClass klass);
gboolean    lk_class_from_string  (const char *word, LkClass *klass);
gboolean    lk_class_is_retryable (LkClass klass);
gboolean    lk_class_needs_reauth (LkClass klass);
gboolean    lk_class_stops_work   (LkClass klass);
LkAuto      lk_class_get_auto     (LkClass klass);
const char *lk_auto_to_string     (LkAuto action);

G_END_DECLS
