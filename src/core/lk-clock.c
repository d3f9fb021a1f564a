/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-clock.h"

#include <stdio.h>
#include <time.h>

G_DEFINE_INTERFACE (LkClock, lk_clock, G_TYPE_OBJECT)

static void
lk_clock_default_init (LkClockInterface *iface)
{
}

/**
 * lk_clock_get_now:
 *
 * Returns: seconds since 1970 UTC
 */
gint64
lk_clock_get_now (LkClock *self)
{
  g_return_val_if_fail (LK_IS_CLOCK (self), 0);

  return LK_CLOCK_GET_IFACE (self)->get_now (self);
}

/**
 * lk_clock_get_boot:
 *
 * Returns: microseconds since boot, counted while the machine sleeps
 */
gint64
lk_clock_get_boot (LkClock *self)
{
  g_return_val_if_fail (LK_IS_CLOCK (self), 0);

  return LK_CLOCK_GET_IFACE (self)->get_boot (self);
}

#define LK_TYPE_SYSTEM_CLOCK (lk_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (LkSystemClock, lk_system_clock, LK, SYSTEM_CLOCK, GObject)

struct _LkSystemClock
{
  GObject parent_instance;
};

/* In test builds a file can hold two numbers: seconds that the time of day is wrong, and seconds
 * that have passed without anybody waiting for them. Who is to know the right time hears only of
 * the second. */
static void
get_offsets (gint64 *wrong, gint64 *passed)
{
#ifdef LK_TEST_HOOKS
  const char *path = g_getenv ("LATCHKEY_TEST_CLOCK");
  FILE *file = path != NULL ? fopen (path, "re") : NULL;

  *wrong = *passed = 0;
  if (file == NULL)
    return;
  if (fscanf (file, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, wrong, passed) != 2)
    g_warning ("%s does not hold two numbers", path);
  fclose (file);
  if (g_getenv ("LATCHKEY_TEST_CLOCK_RIGHT") != NULL)
    *wrong = 0;
#else
  *wrong = *passed = 0;
#endif
}

static gint64
lk_system_clock_get_now (LkClock *clock)
{
  gint64 wrong, passed;

  get_offsets (&wrong, &passed);

  return g_get_real_time () / G_USEC_PER_SEC + wrong + passed;
}

static gint64
lk_system_clock_get_boot (LkClock *clock)
{
  struct timespec time = { 0 };
  gint64 wrong, passed;

  get_offsets (&wrong, &passed);
  clock_gettime (CLOCK_BOOTTIME, &time);

  return (time.tv_sec + passed) * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
lk_system_clock_clock_init (LkClockInterface *iface)
{
  iface->get_now = lk_system_clock_get_now;
  iface->get_boot = lk_system_clock_get_boot;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LkSystemClock, lk_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK, lk_system_clock_clock_init))

static void
lk_system_clock_class_init (LkSystemClockClass *klass)
{
}

static void
lk_system_clock_init (LkSystemClock *self)
{
}

/**
 * lk_system_clock_new:
 *
 * Returns: (transfer full): the machine's clock
 */
LkClock *
lk_system_clock_new (void)
{
  return g_object_new (LK_TYPE_SYSTEM_CLOCK, NULL);
}

#define LK_TYPE_MANUAL_CLOCK (lk_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (LkManualClock, lk_manual_clock, LK, MANUAL_CLOCK, GObject)

struct _LkManualClock
{
  GObject parent_instance;

  gint64 now;
  gint64 boot;
};

static gint64
lk_manual_clock_get_now (LkClock *clock)
{
  return LK_MANUAL_CLOCK (clock)->now;
}

static gint64
lk_manual_clock_get_boot (LkClock *clock)
{
  return LK_MANUAL_CLOCK (clock)->boot;
}

static void
lk_manual_clock_clock_init (LkClockInterface *iface)
{
  iface->get_now = lk_manual_clock_get_now;
  iface->get_boot = lk_manual_clock_get_boot;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LkManualClock, lk_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK, lk_manual_clock_clock_init))

static void
lk_manual_clock_class_init (LkManualClockClass *klass)
{
}

static void
lk_manual_clock_init (LkManualClock *self)
{
}

/**
 * lk_manual_clock_new:
 * @now: seconds since 1970 UTC
 *
 * Returns: (transfer full): a clock that stands still until it is moved
 */
LkClock *
lk_manual_clock_new (gint64 now)
{
  LkManualClock *self = g_object_new (LK_TYPE_MANUAL_CLOCK, NULL);

  self->now = now;

  return LK_CLOCK (self);
}

void
lk_manual_clock_advance (LkClock *clock,
                         gint64   seconds)
{
  LkManualClock *self;

  g_return_if_fail (LK_IS_MANUAL_CLOCK (clock));

  self = LK_MANUAL_CLOCK (clock);
  self->now += seconds;
  self->boot += seconds * G_USEC_PER_SEC;
}

/**
 * lk_manual_clock_set:
 * @now: seconds since 1970 UTC
 *
 * Someone sets the time of day; no time passes.
 */
void
lk_manual_clock_set (LkClock *clock,
                     gint64   now)
{
  g_return_if_fail (LK_IS_MANUAL_CLOCK (clock));

  LK_MANUAL_CLOCK (clock)->now = now;
}
