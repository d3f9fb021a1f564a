/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-corrected-clock.h"

#define TOLERANCE_S 60
#define MAX_HOSTS 16
/* No reply can be older than this program: such a "Date" is no time. 2026-01-01. */
#define EARLIEST 1767225600

struct _LkCorrectedClock
{
  GObject     parent_instance;

  LkClock    *computer; /* (owned) */
  GHashTable *offsets;  /* (owned) host → gint64: seconds to add to boot time */
  gint64      skew;     /* when it was told last */
};

static void lk_corrected_clock_clock_init (LkClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkCorrectedClock, lk_corrected_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK,
                                                      lk_corrected_clock_clock_init))

static guint skew_changed;

/* Both clocks at one moment: a computer may sleep between two looks. */
static void
read_both (LkCorrectedClock *self, gint64 *now, gint64 *boot)
{
  gint64 before;

  do
    {
      before = lk_clock_get_boot (self->computer);
      *now = lk_clock_get_now (self->computer);
      *boot = lk_clock_get_boot (self->computer);
    }
  while (*boot - before > G_USEC_PER_SEC);
  *boot /= G_USEC_PER_SEC;
}

/* The least of what the servers say: one that goes wrong itself does not make ours wrong. */
static gint64
measure (LkCorrectedClock *self, gint64 *now)
{
  gint64 boot;
  gint64 least = 0;
  gboolean any = FALSE;
  GHashTableIter iter;
  gpointer offset;

  read_both (self, now, &boot);
  g_hash_table_iter_init (&iter, self->offsets);
  while (g_hash_table_iter_next (&iter, NULL, &offset))
    {
      gint64 skew = *now - (boot + *(gint64 *) offset);

      if (!any || ABS (skew) < ABS (least))
        least = skew;
      any = TRUE;
    }

  return ABS (least) < TOLERANCE_S ? 0 : least;
}

static gint64
lk_corrected_clock_get_now (LkClock *clock)
{
  LkCorrectedClock *self = LK_CORRECTED_CLOCK (clock);

  gint64 now;
  gint64 skew = measure (self, &now);

  return now - skew;
}

static gint64
lk_corrected_clock_get_boot (LkClock *clock)
{
  return lk_clock_get_boot (LK_CORRECTED_CLOCK (clock)->computer);
}

static void
lk_corrected_clock_clock_init (LkClockInterface *iface)
{
  iface->get_now = lk_corrected_clock_get_now;
  iface->get_boot = lk_corrected_clock_get_boot;
}

static void
lk_corrected_clock_finalize (GObject *object)
{
  LkCorrectedClock *self = LK_CORRECTED_CLOCK (object);

  g_hash_table_unref (self->offsets);
  g_object_unref (self->computer);
  G_OBJECT_CLASS (lk_corrected_clock_parent_class)->finalize (object);
}

static void
lk_corrected_clock_class_init (LkCorrectedClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_corrected_clock_finalize;
  skew_changed = g_signal_new ("skew-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_corrected_clock_init (LkCorrectedClock *self)
{
  self->offsets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * lk_corrected_clock_new:
 * @computer: the clock that may be wrong
 *
 * Returns: (transfer full): a clock that follows @computer until a server tells the time
 */
LkClock *
lk_corrected_clock_new (LkClock *computer)
{
  LkCorrectedClock *self = g_object_new (LK_TYPE_CORRECTED_CLOCK, NULL);

  self->computer = g_object_ref (computer);

  return LK_CLOCK (self);
}

/**
 * lk_corrected_clock_look:
 *
 * Tells by "skew-changed" when the computer's clock is off by another amount than before.
 */
void
lk_corrected_clock_look (LkCorrectedClock *self)
{
  gint64 now;
  gint64 skew = measure (self, &now);

  /* A reply that took a second more or less is no change. */
  if (ABS (skew - self->skew) <= (skew != 0 && self->skew != 0 ? TOLERANCE_S / 2 : 0))
    return;
  self->skew = skew;
  g_signal_emit (self, skew_changed, 0);
}

/**
 * lk_corrected_clock_learn:
 * @host: who says so
 * @date: what the reply says, seconds since 1970 UTC; what cannot be is passed over
 * @boot: when it came, microseconds since boot
 */
void
lk_corrected_clock_learn (LkCorrectedClock *self, const char *host, gint64 date, gint64 boot)
{
  gint64 *offset;

  g_return_if_fail (LK_IS_CORRECTED_CLOCK (self));

  if (host == NULL || date < EARLIEST)
    return;
  if (g_hash_table_size (self->offsets) >= MAX_HOSTS
      && !g_hash_table_contains (self->offsets, host))
    g_hash_table_remove_all (self->offsets);
  offset = g_new (gint64, 1);
  *offset = date - boot / G_USEC_PER_SEC;
  g_hash_table_insert (self->offsets, g_strdup (host), offset);
  lk_corrected_clock_look (self);
}

gint64
lk_corrected_clock_get_skew (LkCorrectedClock *self)
{
  gint64 now;

  g_return_val_if_fail (LK_IS_CORRECTED_CLOCK (self), 0);

  return measure (self, &now);
}

gboolean
lk_corrected_clock_is_proven (LkCorrectedClock *self)
{
  g_return_val_if_fail (LK_IS_CORRECTED_CLOCK (self), FALSE);

  return g_hash_table_size (self->offsets) > 0;
}
