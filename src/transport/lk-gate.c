/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-gate-private.h"

#define DAY (24 * 60 * 60)

typedef enum
{
  SLOT_RESERVED,
  SLOT_FLYING,
  SLOT_DONE,
  SLOT_GONE,
} SlotState;

struct _LkSlot
{
  LkGate    *gate;  /* (owned) while claimed */
  GList      link;
  SlotState  state;
  gint64     stamp; /* when it was sent, later when it is taken to have arrived */
  gint64     day;
  gboolean   claimed;
};

LkGate *
lk_gate_new (LkGateKind  kind,
             const char *key)
{
  LkGate *self = g_new0 (LkGate, 1);

  g_ref_count_init (&self->refs);
  self->kind = kind;
  self->key = g_strdup (key);
  self->lanes = g_sequence_new (NULL);
  self->margin = kind == LK_GATE_DAY ? LK_GATE_DAY_MARGIN : 0;

  return self;
}

LkGate *
lk_gate_ref (LkGate *self)
{
  g_ref_count_inc (&self->refs);

  return self;
}

/* Slots that are claimed keep their gate, so what is left in the queues here is nobody's. */
void
lk_gate_unref (LkGate *self)
{
  GList *link;

  if (!g_ref_count_dec (&self->refs))
    return;

  while ((link = g_queue_pop_head_link (&self->done)) != NULL)
    g_free (link->data);
  lk_fault_free (self->fault);
  g_sequence_free (self->lanes);
  g_free (self->key);
  g_free (self->account);
  g_free (self->path);
  g_free (self);
}

static void
drop_oldest (LkGate *self)
{
  LkSlot *slot = g_queue_pop_head_link (&self->done)->data;

  slot->state = SLOT_GONE;
  if (!slot->claimed)
    g_free (slot);
}

/* Whatever is found out late goes to its place by age, which is near the end. */
static void
land (LkGate *self,
      LkSlot *slot,
      gint64  arrival)
{
  GList *before = self->done.tail;

  while (before != NULL && ((LkSlot *) before->data)->stamp > arrival)
    before = before->prev;
  g_queue_unlink (&self->flying, &slot->link);
  slot->stamp = arrival;
  slot->state = SLOT_DONE;
  g_queue_insert_after_link (&self->done, before, &slot->link);
}

/* Those that have been out so long that they must have arrived. */
static void
land_overdue (LkGate *self,
              gint64  now)
{
  while (self->flying.head != NULL)
    {
      LkSlot *oldest = self->flying.head->data;

      if (oldest->stamp + LK_GATE_FLIGHT > now)
        return;
      land (self, oldest, oldest->stamp + LK_GATE_FLIGHT);
    }
}

/* A clock that is set back to yesterday brings no second budget for today. One that is set back
 * further was wrong before: its day is taken, and what was used stays used. */
static void
update_day (LkGate *self,
            gint64  today)
{
  if (today > self->day)
    self->day_used = 0;
  if (today > self->day || today + 1 < self->day)
    self->day = today;
}

static gint64
next_day (LkGate *self,
          gint64  now,
          gint64  server_now)
{
  return now + ((self->day + 1) * DAY - server_now) * G_USEC_PER_SEC + self->margin;
}

void
lk_gate_update (LkGate *self,
                gint64  now,
                gint64  server_now)
{
  gint64 length = (gint64) self->seconds * G_USEC_PER_SEC;

  if (self->kind == LK_GATE_DAY)
    update_day (self, (server_now - LK_GATE_DAY_MARGIN / G_USEC_PER_SEC) / DAY);
  if (self->kind != LK_GATE_WINDOW)
    return;

  land_overdue (self, now);
  while (self->done.head != NULL && ((LkSlot *) self->done.head->data)->stamp + length <= now)
    drop_oldest (self);
}

static guint
count_used (LkGate *self)
{
  if (self->kind == LK_GATE_DAY)
    return self->day_used;

  return self->reserved + self->flying.length + self->done.length;
}

guint
lk_gate_count_free (LkGate *self,
                    gint64  now)
{
  if (self->until > now)
    return 0;
  if (self->kind == LK_GATE_HOLD)
    return G_MAXUINT;

  return self->calls > count_used (self) ? self->calls - count_used (self) : 0;
}

static gint64
window_free_at (LkGate *self,
                gint64  now,
                gint64  server_now)
{
  gint64 length = (gint64) self->seconds * G_USEC_PER_SEC;

  if (self->kind == LK_GATE_HOLD || count_used (self) < self->calls)
    return 0;
  if (self->kind == LK_GATE_FLIGHT_CAP)
    return LK_GATE_NO_TIME;
  if (self->kind == LK_GATE_DAY)
    return next_day (self, now, server_now);
  if (self->done.head != NULL)
    return ((LkSlot *) self->done.head->data)->stamp + length;
  if (self->flying.head != NULL)
    return ((LkSlot *) self->flying.head->data)->stamp + LK_GATE_FLIGHT + length;

  return LK_GATE_NO_TIME;
}

gint64
lk_gate_free_at (LkGate *self,
                 gint64  now,
                 gint64  server_now)
{
  gint64 held = self->until > now ? self->until : 0;

  return MAX (held, window_free_at (self, now, server_now));
}

gint64
lk_gate_estimate (LkGate *self,
                  gint64  now,
                  gint64  server_now,
                  guint   ahead)
{
  gint64 first = lk_gate_free_at (self, now, server_now);
  guint free_now = lk_gate_count_free (self, now);
  gint64 length = (gint64) self->seconds * G_USEC_PER_SEC;

  if (self->kind == LK_GATE_HOLD || self->kind == LK_GATE_FLIGHT_CAP || ahead < free_now)
    return first;
  if (self->kind == LK_GATE_DAY)
    return MAX (first, next_day (self, now, server_now));
  if (first == LK_GATE_NO_TIME)
    first = now + length;

  return MAX (first, now) + (gint64) ((ahead - free_now) / self->calls) * length;
}

gboolean
lk_gate_is_idle (LkGate *self,
                 gint64  now)
{
  return self->until <= now && self->waiting == 0 && count_used (self) == 0
         && (self->refused_at == 0 || self->refused_at + LK_GATE_MEMORY <= now);
}

/**
 * lk_slot_take:
 *
 * Returns: (transfer full): a place that counts from now on
 */
LkSlot *
lk_slot_take (LkGate *gate)
{
  LkSlot *self = g_new0 (LkSlot, 1);

  self->gate = lk_gate_ref (gate);
  self->link.data = self;
  self->claimed = TRUE;
  self->day = gate->day;
  gate->reserved++;
  gate->day_used++;

  return self;
}

LkGate *
lk_slot_ref_gate (LkSlot *self)
{
  return lk_gate_ref (self->gate);
}

void
lk_slot_sent (LkSlot *self,
              gint64  now)
{
  if (self->state != SLOT_RESERVED)
    return;

  self->gate->reserved--;
  self->stamp = now;
  self->state = SLOT_FLYING;
  g_queue_push_tail_link (&self->gate->flying, &self->link);
}

static void
give_back (LkSlot *self)
{
  LkGate *gate = self->gate;

  if (self->state == SLOT_RESERVED)
    gate->reserved--;
  else if (self->state == SLOT_FLYING)
    g_queue_unlink (&gate->flying, &self->link);
  else if (self->state == SLOT_DONE)
    g_queue_unlink (&gate->done, &self->link);
  self->state = SLOT_GONE;
}

void
lk_slot_release (LkSlot   *self,
                 gint64    now,
                 gboolean  used)
{
  g_autoptr(LkGate) gate = self->gate;

  /* What was never sent was never used. */
  used = used && self->state != SLOT_RESERVED;
  if (!used && gate->day_used > 0 && self->day == gate->day)
    gate->day_used--;

  if (!used || gate->kind != LK_GATE_WINDOW)
    give_back (self);
  else if (self->state == SLOT_FLYING)
    land (gate, self, MIN (now, self->stamp + LK_GATE_FLIGHT));

  self->gate = NULL;
  self->claimed = FALSE;
  if (self->state == SLOT_GONE)
    g_free (self);
}
