/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-agent-clock-doubt.h"

#define LEAP_S (60 * 60)
#define PATIENCE_S (60 * 60)

static gboolean
is_near (gint64 a, gint64 b)
{
  return ABS (a - b) <= LEAP_S;
}

/* A computer may sleep between two looks. */
static gint64
read_offset (LkClock *clock, gint64 *boot)
{
  gint64 before, now;

  do
    {
      before = lk_clock_get_boot (clock);
      now = lk_clock_get_now (clock);
      *boot = lk_clock_get_boot (clock);
    }
  while (*boot - before > G_USEC_PER_SEC);
  *boot /= G_USEC_PER_SEC;
  return now - *boot;
}

gint64
lk_agent_clock_doubt_look (LkAgentClockDoubt *self, LkClock *clock)
{
  gint64 boot;
  gint64 offset = read_offset (clock, &boot);

  if (!self->known || is_near (offset, self->trusted))
    {
      self->known = TRUE;
      self->trusted = offset;
      self->doubted_since = 0;
      return 0;
    }
  if (self->doubted_since == 0 || !is_near (offset, self->doubted))
    {
      self->doubted = offset;
      self->doubted_since = MAX (boot, 1);
    }
  if (boot - self->doubted_since < PATIENCE_S)
    return self->doubted_since + PATIENCE_S - boot;
  self->trusted = offset;
  self->doubted_since = 0;
  return 0;
}
