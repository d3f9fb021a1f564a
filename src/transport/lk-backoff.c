/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-backoff-private.h"

gint64
lk_backoff_delay (guint  tries,
                  GRand *random)
{
  double bound;

  g_return_val_if_fail (tries > 0, -1);

  if (tries >= LK_BACKOFF_TRIES)
    return -1;

  bound = MIN ((double) LK_BACKOFF_CAP, (double) LK_BACKOFF_BASE * (double) (1u << (tries - 1)));

  return (gint64) (g_rand_double (random) * bound * G_USEC_PER_SEC);
}
