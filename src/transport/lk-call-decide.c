/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call-private.h"

/* A platform that asks to wait this often does not mean this request. */
#define RATE_TRIES 3

/* Whether a profile renews at a code is said by the class that its rules give it: a family that
 * answers "invalid token" to one that a renewal mends calls that token_expired, one without
 * renewal calls it token_revoked. */
static LkCallAct
decide_about_token (const LkCallCase *self)
{
  return self->renewed ? LK_CALL_FINISH : LK_CALL_RENEW;
}

/**
 * lk_call_decide:
 *
 * Returns: what to do; whether there is time for it is for the caller to see
 */
LkCallAct
lk_call_decide (const LkCallCase *self)
{
  if (!self->safe && !self->untouched)
    return LK_CALL_FINISH;

  if (self->klass == LK_CLASS_TOKEN_EXPIRED)
    return self->probe ? LK_CALL_FINISH : decide_about_token (self);

  if (self->klass == LK_CLASS_RATE || self->klass == LK_CLASS_QUOTA)
    return !self->probe && self->tries < RATE_TRIES ? LK_CALL_WAIT : LK_CALL_FINISH;

  if (self->klass == LK_CLASS_TRANSIENT)
    return self->tries < LK_BACKOFF_TRIES ? LK_CALL_BACK_OFF : LK_CALL_FINISH;

  /* Maintenance lasts longer than anybody waits for a call; the rest needs a person. */
  return LK_CALL_FINISH;
}

/**
 * lk_call_is_dead_token:
 *
 * Returns: whether a call that ends with this has been refused its authorization
 */
gboolean
lk_call_is_dead_token (LkClass klass)
{
  return klass == LK_CLASS_TOKEN_REVOKED || klass == LK_CLASS_TOKEN_EXPIRED
         || klass == LK_CLASS_REFRESH_DEAD;
}

/**
 * lk_call_is_accepted_token:
 *
 * Returns: whether the token was judged and found alive, whatever else was wrong
 */
gboolean
lk_call_is_accepted_token (LkClass klass)
{
  return klass == LK_CLASS_OK || klass == LK_CLASS_SCOPE || klass == LK_CLASS_PERMISSION
         || klass == LK_CLASS_ACCOUNT_STATUS || klass == LK_CLASS_MEDIA_PROCESSING
         || klass == LK_CLASS_MEDIA_INVALID;
}
