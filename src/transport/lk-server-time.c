/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-server-time-private.h"

struct _LkServerTime
{
  LkClock    *clock;   /* (owned) */
  GHashTable *offsets; /* (element-type utf8 gint64): seconds to add to boot time, by host */
};

LkServerTime *
lk_server_time_new (LkClock *clock)
{
  LkServerTime *self = g_new0 (LkServerTime, 1);

  self->clock = g_object_ref (clock);
  self->offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
lk_server_time_free (LkServerTime *self)
{
  g_hash_table_unref (self->offsets);
  g_object_unref (self->clock);
  g_free (self);
}

void
lk_server_time_learn (LkServerTime *self,
                      const char   *host,
                      gint64        date)
{
  gint64 *offset;

  if (date <= 0 || host == NULL)
    return;

  offset = g_new (gint64, 1);
  *offset = date - lk_clock_get_boot (self->clock) / G_USEC_PER_SEC;
  g_hash_table_insert (self->offsets, g_strdup (host), offset);
}

gint64
lk_server_time_now (LkServerTime *self,
                    const char   *host)
{
  const gint64 *offset = host != NULL ? g_hash_table_lookup (self->offsets, host) : NULL;

  if (offset == NULL)
    return lk_clock_get_now (self->clock);

  return lk_clock_get_boot (self->clock) / G_USEC_PER_SEC + *offset;
}
