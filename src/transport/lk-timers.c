/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-timers-private.h"

/* The main loop's time stands still while the machine sleeps, boot time does not: look again. */
#define LONGEST_NAP (60 * G_USEC_PER_SEC)

struct _LkTimer
{
  gint64         when;
  guint64        number;
  LkTimerFunc    func;
  gpointer       user_data;
  GSequenceIter *place;
};

struct _LkTimers
{
  LkClock   *clock;  /* (owned) */
  gpointer   owner;  /* (unowned) (nullable) */
  GSource   *source; /* (owned) */
  GSequence *queue;  /* (element-type LkTimer): soonest first */
  guint64    added;
};

static int
compare_timers (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const LkTimer *one = a;
  const LkTimer *other = b;

  if (one->when != other->when)
    return one->when < other->when ? -1 : 1;

  return one->number < other->number ? -1 : one->number > other->number;
}

static LkTimer *
peek_first (LkTimers *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
lk_timers_arm (LkTimers *self)
{
  const LkTimer *first = peek_first (self);
  gint64 delay;

  if (first == NULL)
    {
      g_source_set_ready_time (self->source, -1);
      return;
    }

  delay = CLAMP (first->when - lk_clock_get_boot (self->clock), 0, LONGEST_NAP);
  g_source_set_ready_time (self->source, g_get_monotonic_time () + delay);
}

void
lk_timers_fire (LkTimers *self)
{
  gint64 now = lk_clock_get_boot (self->clock);
  guint64 last = self->added;
  GObject *owner = self->owner;
  LkTimer *first;

  if (owner != NULL)
    g_object_ref (owner);

  /* What a timer adds for this very moment waits for the next turn, so that no turn is endless. */
  while ((first = peek_first (self)) != NULL && first->when <= now && first->number <= last)
    {
      LkTimerFunc func = first->func;
      gpointer user_data = first->user_data;

      g_sequence_remove (first->place);
      func (user_data);
    }

  lk_timers_arm (self);
  if (owner != NULL)
    g_object_unref (owner);
}

static gboolean
dispatch (GSource     *source,
          GSourceFunc  callback,
          gpointer     user_data)
{
  return callback (user_data);
}

static gboolean
source_ready_cb (gpointer user_data)
{
  lk_timers_fire (user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
  .dispatch = dispatch,
};

/**
 * lk_timers_new:
 *
 * Attaches to the thread's default context.
 */
LkTimers *
lk_timers_new (LkClock  *clock,
               gpointer  owner)
{
  LkTimers *self = g_new0 (LkTimers, 1);

  self->clock = g_object_ref (clock);
  self->owner = owner;
  self->queue = g_sequence_new (g_free);
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_callback (self->source, source_ready_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return self;
}

void
lk_timers_free (LkTimers *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_sequence_free (self->queue);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * lk_timers_add:
 * @when: microseconds, as lk_clock_get_boot() counts them
 *
 * Returns: (transfer none): to cancel it with; invalid once @func is called
 */
LkTimer *
lk_timers_add (LkTimers    *self,
               gint64       when,
               LkTimerFunc  func,
               gpointer     user_data)
{
  LkTimer *timer = g_new0 (LkTimer, 1);

  timer->when = when;
  timer->number = ++self->added;
  timer->func = func;
  timer->user_data = user_data;
  timer->place = g_sequence_insert_sorted (self->queue, timer, compare_timers, NULL);
  if (peek_first (self) == timer)
    lk_timers_arm (self);

  return timer;
}

void
lk_timers_cancel (LkTimers *self,
                  LkTimer  *timer)
{
  gboolean first = peek_first (self) == timer;

  g_sequence_remove (timer->place);
  if (first)
    lk_timers_arm (self);
}

guint
lk_timers_get_size (LkTimers *self)
{
  return (guint) g_sequence_get_length (self->queue);
}
