/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-policy.h"

#define PACE_MIN 10
#define PACE_MAX (24 * 60 * 60)
#define SOON (24 * 60 * 60)

/**
 * lk_policy_renewal_margin:
 * @life: seconds from issue to end, 0 or less when not known
 * @least: seconds; %LK_MARGIN_DEFAULT unless a person chose
 *
 * @least or a tenth of the life, whichever is more, but never more than half of it.
 *
 * Returns: how long before its end a token is renewed
 */
gint64
lk_policy_renewal_margin (gint64 life,
                          gint64 least)
{
  if (life <= 0)
    return least;

  return MIN (MAX (least, life / 10), life / 2);
}

/* Spreads bits, so that seeds that differ by one do not give neighbouring results. */
static guint32
scramble (guint32 seed)
{
  seed ^= seed >> 16;
  seed *= 0x7feb352dU;
  seed ^= seed >> 15;
  seed *= 0x846ca68bU;
  seed ^= seed >> 16;

  return seed;
}

/* Even over [0, bound]. */
static gint64
spread (guint32 seed,
        gint64  bound)
{
  if (bound <= 0)
    return 0;

  return (gint64) ((double) scramble (seed) / (double) G_MAXUINT32 * (double) bound);
}

/**
 * lk_policy_renewal_due:
 * @tokens: a token set
 * @least: of the margin; see lk_policy_renewal_margin()
 * @seed: any number that stays the same for this generation of this connection
 *
 * The end less the margin, moved by up to a tenth of the margin to either side so that many
 * connections do not renew in the same second, and never later than half a margin before the end.
 *
 * Returns: when to renew, %LK_END_NEVER for a token without an end and for one of unknown end
 */
gint64
lk_policy_renewal_due (LkTokenSet *tokens,
                       gint64      least,
                       guint32     seed)
{
  gint64 end;
  gint64 life;
  gint64 margin;
  gint64 jitter;

  g_return_val_if_fail (tokens != NULL, LK_END_NEVER);

  end = lk_token_set_get_access_ends (tokens);
  if (end == LK_END_NEVER || end == LK_END_UNKNOWN)
    return LK_END_NEVER;

  life = end - lk_token_set_get_obtained (tokens);
  margin = lk_policy_renewal_margin (life, least);
  jitter = margin / 10;

  return MIN (end - margin - jitter + spread (seed, 2 * jitter), end - margin / 2);
}

/**
 * lk_policy_renewal_pace:
 * @life: seconds from issue to end of the token that a renewal gave
 *
 * A server may give tokens that are over before they can be used. Renewing at the end of each would
 * never stop.
 *
 * Returns: seconds that have to pass before the next renewal that nobody asked for
 */
gint64
lk_policy_renewal_pace (gint64 life)
{
  /* No end: renewed for another reason, if at all. No life: there is nothing to go by. */
  if (life <= 0 || life == LK_END_NEVER)
    return 60 * 60;
  if (life < 2 * PACE_MIN)
    return 60 * 60 / life;

  return CLAMP (life / 4, PACE_MIN, PACE_MAX);
}

/**
 * lk_policy_urgency:
 * @access_ends: of a token that is due
 * @refresh_ends: of its refresh token, or one of the ends in lk-token-set.h
 * @now: seconds since 1970 UTC
 *
 * What to renew first when much is due together: where a person would have to sign in again soon,
 * then what ends first.
 *
 * Returns: a number that is lower for what is more urgent
 */
gint64
lk_policy_urgency (gint64 access_ends,
                   gint64 refresh_ends,
                   gint64 now)
{
  gboolean soon = refresh_ends != LK_END_NEVER && refresh_ends != LK_END_UNKNOWN
                  && refresh_ends > now && refresh_ends - now < SOON;

  return soon ? refresh_ends - now : MAX (access_ends, SOON);
}

/**
 * lk_policy_next_probe:
 * @proven: when the token was last known to be alive, or asked about; 0 for never
 * @period: seconds between two probes
 * @now: seconds since 1970 UTC
 * @seed: any number that stays the same for this connection
 *
 * Each connection has a moment of its own within the period, so that many are spread evenly over it
 * also when they were all proven together, or when the computer was off for long. What is in use is
 * not probed.
 *
 * Returns: the first such moment that is half a period after @proven, and not past
 */
gint64
lk_policy_next_probe (gint64  proven,
                      gint64  period,
                      gint64  now,
                      guint32 seed)
{
  gint64 earliest;
  gint64 phase;
  gint64 over;

  g_return_val_if_fail (period > 0, LK_END_NEVER);

  /* A proof from the future is no proof. */
  earliest = proven > now ? now : MAX (proven + period / 2, now);
  phase = spread (seed, period - 1);
  over = (earliest - phase) % period;

  return over == 0 ? earliest : earliest + period - over;
}

/**
 * lk_policy_is_usable:
 * @tokens: a token set
 * @now: seconds since 1970 UTC
 * @min_valid: seconds that the access token has to last
 *
 * Returns: whether the access token lasts that long; one without an end, or of unknown end, is
 *   taken to
 */
gboolean
lk_policy_is_usable (LkTokenSet *tokens,
                     gint64      now,
                     gint64      min_valid)
{
  gint64 end;

  g_return_val_if_fail (tokens != NULL, FALSE);

  end = lk_token_set_get_access_ends (tokens);
  if (end == LK_END_NEVER || end == LK_END_UNKNOWN)
    return TRUE;

  return end - now > MAX (min_valid, 0);
}

/**
 * lk_policy_authorization_ends:
 * @tokens: a token set
 * @can_renew: whether its profile has a refresh step
 *
 * Returns: when a person has to sign in again: the refresh token's end, or the access token's where
 *   nothing can renew it
 */
gint64
lk_policy_authorization_ends (LkTokenSet *tokens,
                              gboolean    can_renew)
{
  g_return_val_if_fail (tokens != NULL, LK_END_UNKNOWN);

  if (can_renew && lk_token_set_get_refresh (tokens) != NULL)
    return lk_token_set_get_refresh_ends (tokens);

  return lk_token_set_get_access_ends (tokens);
}

/**
 * lk_policy_health:
 * @authorization_ends: see lk_policy_authorization_ends()
 * @needs_person: whether something is wrong that only a person can mend
 * @warn_before: seconds before the end from which to warn
 * @now: seconds since 1970 UTC
 */
LkHealth
lk_policy_health (gint64   authorization_ends,
                  gboolean needs_person,
                  gint64   warn_before,
                  gint64   now)
{
  if (needs_person)
    return LK_HEALTH_ATTENTION;

  if (authorization_ends == LK_END_NEVER || authorization_ends == LK_END_UNKNOWN)
    return LK_HEALTH_FINE;

  if (authorization_ends <= now)
    return LK_HEALTH_ATTENTION;

  return authorization_ends - now <= warn_before ? LK_HEALTH_ENDING : LK_HEALTH_FINE;
}

/**
 * lk_policy_backoff:
 * @attempt: 0 for the first wait
 * @base: seconds that the first wait is at most
 * @cap: seconds that any wait is at most
 * @seed: a random number
 *
 * Exponential with full jitter: even over 0 … min (cap, base · 2^attempt).
 *
 * Returns: seconds to wait
 */
gint64
lk_policy_backoff (guint   attempt,
                   gint64  base,
                   gint64  cap,
                   guint32 seed)
{
  gint64 bound = MAX (base, 0);

  for (guint i = 0; i < attempt && bound < cap; i++)
    bound = bound > G_MAXINT64 / 2 ? G_MAXINT64 : bound * 2;

  return spread (seed, MIN (bound, cap));
}

static const char * const health_words[] = {
  [LK_HEALTH_FINE] = "fine",
  [LK_HEALTH_ENDING] = "ending",
  [LK_HEALTH_ATTENTION] = "attention",
};

const char *
lk_health_to_string (LkHealth health)
{
  g_return_val_if_fail ((unsigned int) health < G_N_ELEMENTS (health_words), "attention");

  return health_words[health];
}

gboolean
lk_health_from_string (const char *word,
                       LkHealth   *health)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (health_words); i++)
    {
      if (g_strcmp0 (word, health_words[i]) == 0)
        {
          *health = (LkHealth) i;
          return TRUE;
        }
    }

  return FALSE;
}
