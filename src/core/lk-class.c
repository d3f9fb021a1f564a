/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-class.h"

typedef struct
{
  const char *word;
  gboolean    retryable;
  gboolean    needs_reauth;
  LkAuto      action;
} ClassRow;

static const ClassRow rows[] = {
  [LK_CLASS_UNKNOWN]           = { "unknown", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_OK]                = { "ok", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_TOKEN_EXPIRED]     = { "token_expired", TRUE, FALSE, LK_AUTO_REFRESH },
  [LK_CLASS_TOKEN_REVOKED]     = { "token_revoked", FALSE, TRUE, LK_AUTO_NONE },
  [LK_CLASS_REFRESH_DEAD]      = { "refresh_dead", FALSE, TRUE, LK_AUTO_NONE },
  [LK_CLASS_CODE_DEAD]         = { "code_dead", FALSE, TRUE, LK_AUTO_NONE },
  [LK_CLASS_SCOPE]             = { "scope", FALSE, TRUE, LK_AUTO_NONE },
  [LK_CLASS_PERMISSION]        = { "permission", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_ACCOUNT_STATUS]    = { "account_status", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_APP_CONFIG]        = { "app_config", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_REDIRECT_MISMATCH] = { "redirect_mismatch", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_RATE]              = { "rate", TRUE, FALSE, LK_AUTO_BACKOFF },
  [LK_CLASS_QUOTA]             = { "quota", TRUE, FALSE, LK_AUTO_BACKOFF },
  [LK_CLASS_TRANSIENT]         = { "transient", TRUE, FALSE, LK_AUTO_BACKOFF },
  [LK_CLASS_MAINTENANCE]       = { "maintenance", TRUE, FALSE, LK_AUTO_BACKOFF },
  [LK_CLASS_MEDIA_PROCESSING]  = { "media_processing", TRUE, FALSE, LK_AUTO_POLL },
  [LK_CLASS_MEDIA_INVALID]     = { "media_invalid", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_BAD_REQUEST]       = { "bad_request", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_USER_ACTION]       = { "user_action", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_POLICY]            = { "policy", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_DENIED]            = { "denied", FALSE, TRUE, LK_AUTO_NONE },
  [LK_CLASS_CLOCK_SKEW]        = { "clock_skew", FALSE, FALSE, LK_AUTO_NONE },
  [LK_CLASS_SANDBOX]           = { "sandbox", FALSE, FALSE, LK_AUTO_NONE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == LK_N_CLASSES);

const char *
lk_class_to_string (LkClass klass)
{
  g_return_val_if_fail ((unsigned int) klass < LK_N_CLASSES, "unknown");

  return rows[klass].word;
}

/**
 * lk_class_from_string:
 * @word: (nullable): a class word, such as "token_expired"
 * @klass: (out): the class
 *
 * Returns: %FALSE when there is no such class
 */
gboolean
lk_class_from_string (const char *word,
                      LkClass    *klass)
{
  for (unsigned int i = 0; i < LK_N_CLASSES; i++)
    {
      if (g_strcmp0 (word, rows[i].word) == 0)
        {
          *klass = (LkClass) i;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * lk_class_is_retryable:
 * @klass: a class
 *
 * Returns: whether the same request can succeed later without a person
 */
gboolean
lk_class_is_retryable (LkClass klass)
{
  g_return_val_if_fail ((unsigned int) klass < LK_N_CLASSES, FALSE);

  return rows[klass].retryable;
}

/**
 * lk_class_needs_reauth:
 * @klass: a class
 *
 * Returns: whether consent has to be run again
 */
gboolean
lk_class_needs_reauth (LkClass klass)
{
  g_return_val_if_fail ((unsigned int) klass < LK_N_CLASSES, FALSE);

  return rows[klass].needs_reauth;
}

/**
 * lk_class_stops_work:
 * @klass: of a refused call
 *
 * Returns: whether such calls are refused until a person does something. A connection with one
 *   counts as needing attention in lists and counts, though its Health is as it was.
 */
gboolean
lk_class_stops_work (LkClass klass)
{
  static const LkClass classes[] = { LK_CLASS_SCOPE, LK_CLASS_PERMISSION, LK_CLASS_ACCOUNT_STATUS,
                                     LK_CLASS_APP_CONFIG, LK_CLASS_CLOCK_SKEW,
                                     LK_CLASS_USER_ACTION };

  for (size_t i = 0; i < G_N_ELEMENTS (classes); i++)
    if (klass == classes[i])
      return TRUE;

  return FALSE;
}

LkAuto
lk_class_get_auto (LkClass klass)
{
  g_return_val_if_fail ((unsigned int) klass < LK_N_CLASSES, LK_AUTO_NONE);

  return rows[klass].action;
}

const char *
lk_auto_to_string (LkAuto action)
{
  switch (action)
    {
    case LK_AUTO_REFRESH:
      return "refresh";
    case LK_AUTO_BACKOFF:
      return "backoff";
    case LK_AUTO_POLL:
      return "poll";
    case LK_AUTO_NONE:
    default:
      return "none";
    }
}
