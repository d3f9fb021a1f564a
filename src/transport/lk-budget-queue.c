/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-budget-parts-private.h"

/* Lanes that one turn looks at beyond what the gate lets pass; the rest has a turn of its own. */
#define EXTRA_LOOKS 64
#define NEXT_TURN   (20 * 1000) /* microseconds */
#define SWEEP_FIRST 256

static void gate_turn_cb (gpointer user_data);

void
lk_lane_free (LkLane *self)
{
  g_ptr_array_unref (self->gates);
  g_free (self->key);
  g_free (self);
}

/**
 * lk_budget_app_find_lane:
 *
 * Returns: (transfer none): the lane of all who need the same gates as @claim
 */
LkLane *
lk_budget_app_find_lane (LkBudgetApp   *self,
                         const LkClaim *claim)
{
  g_autofree char *value = lk_claim_dup_value (claim, lk_budget_app_now (self));
  g_autofree char *key = g_strdup_printf ("%p path=%s account=%s token=%s value=%s",
                                          (void *) claim->limits,
                                          claim->path != NULL ? claim->path : "",
                                          claim->account != NULL ? claim->account : "",
                                          claim->token != NULL ? claim->token : "",
                                          value != NULL ? value : "");
  LkLane *lane = g_hash_table_lookup (self->lanes, key);

  if (lane != NULL)
    return lane;

  lane = g_new0 (LkLane, 1);
  lane->app = self;
  lane->key = g_steal_pointer (&key);
  lane->gates = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_gate_unref);
  lk_lane_add_gates (lane, claim, value);
  g_hash_table_insert (self->lanes, lane->key, lane);

  return lane;
}

/**
 * lk_lane_find_blocker:
 * @behind: whether to go behind all who wait already
 * @free_at: (out): boot time from when it may pass, %LK_GATE_NO_TIME when nobody knows
 *
 * Returns: (transfer none) (nullable): the gate that opens last, %NULL when all are open
 */
LkGate *
lk_lane_find_blocker (LkLane   *self,
                      gboolean  behind,
                      gint64   *free_at)
{
  gint64 now = lk_budget_app_now (self->app);
  gint64 server_now = lk_budget_app_server_now (self->app);
  LkGate *blocker = NULL;

  *free_at = 0;
  for (guint i = 0; i < self->gates->len; i++)
    {
      LkGate *gate = g_ptr_array_index (self->gates, i);
      guint ahead = behind ? gate->waiting : 0;
      gint64 when;

      lk_gate_update (gate, now, server_now);
      when = lk_gate_estimate (gate, now, server_now, ahead);
      /* A time that is known says more than one that is not. */
      if ((when > now || ahead > 0)
          && (blocker == NULL || *free_at == LK_GATE_NO_TIME
              || (when > *free_at && when != LK_GATE_NO_TIME)))
        {
          blocker = gate;
          *free_at = when;
        }
    }

  return blocker;
}

static int
compare_lanes (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const LkClaim *one = ((const LkLane *) a)->claims.head->data;
  const LkClaim *other = ((const LkLane *) b)->claims.head->data;

  return one->number < other->number ? -1 : one->number > other->number;
}

static void
arm (LkGate *self,
     gint64  when)
{
  LkTimers *timers = ((LkBudgetApp *) self->app)->budget->timers;

  if (self->timer != NULL)
    lk_timers_cancel (timers, self->timer);
  self->timer = when != LK_GATE_NO_TIME ? lk_timers_add (timers, when, gate_turn_cb, self) : NULL;
}

static void
arm_when_free (LkGate *self)
{
  gint64 now = lk_budget_app_now (self->app);
  gint64 server_now = lk_budget_app_server_now (self->app);

  lk_gate_update (self, now, server_now);
  arm (self, lk_gate_free_at (self, now, server_now));
}

void
lk_gate_serve_soon (LkGate *self)
{
  if (self->waiting > 0)
    arm (self, lk_budget_app_now (self->app));
}

static void
park (LkLane *self,
      LkGate *gate)
{
  self->at = gate;
  self->place = g_sequence_insert_sorted (gate->lanes, self, compare_lanes, NULL);
  gate->waiting += self->claims.length;
  if (gate->timer == NULL)
    arm_when_free (gate);
}

static void
unpark (LkLane *self)
{
  g_sequence_remove (self->place);
  self->place = NULL;
  self->at->waiting -= self->claims.length;
  self->at = NULL;
}

/* Puts @claim at its place by age, which nearly always is the last. */
static void
insert_by_age (LkLane  *self,
               LkClaim *claim)
{
  GList *before = self->claims.tail;

  while (before != NULL && ((LkClaim *) before->data)->number > claim->number)
    before = before->prev;
  g_queue_insert_after_link (&self->claims, before, &claim->link);
}

/**
 * lk_lane_push:
 * @blocker: where the lane is to wait when it does not wait yet
 */
void
lk_lane_push (LkLane  *self,
              LkClaim *claim,
              LkGate  *blocker)
{
  LkGate *gate = self->at != NULL ? self->at : blocker;

  if (self->at != NULL)
    unpark (self);
  claim->lane = self;
  claim->state = LK_CLAIM_HELD;
  insert_by_age (self, claim);
  park (self, gate);
}

void
lk_lane_drop (LkLane  *self,
              LkClaim *claim)
{
  LkGate *gate = self->at;

  unpark (self);
  g_queue_unlink (&self->claims, &claim->link);
  claim->lane = NULL;
  if (self->claims.length > 0)
    park (self, gate);
}

void
lk_claim_grant (LkClaim *self,
                LkLane  *lane)
{
  self->state = LK_CLAIM_GRANTED;
  for (guint i = 0; i < lane->gates->len; i++)
    {
      LkGate *gate = g_ptr_array_index (lane->gates, i);

      if (gate->kind != LK_GATE_HOLD)
        g_ptr_array_add (self->slots, lk_slot_take (gate));
    }
}

static void
remember_why (LkClaim *self,
              LkGate  *gate,
              gint64   free_at)
{
  g_clear_pointer (&self->why, lk_gate_unref);
  self->why = lk_gate_ref (gate);
  self->free_at = free_at;
}

/* The first of the lane goes, waits elsewhere with its lane, or gives up. */
static void
serve_first (LkLane *lane,
             LkGate *gate)
{
  LkClaim *claim = lane->claims.head->data;
  LkLane *better = lk_budget_app_find_lane (lane->app, claim);
  gint64 free_at;
  LkGate *blocker = lk_lane_find_blocker (better, FALSE, &free_at);

  lk_lane_drop (lane, claim);
  if (blocker == NULL)
    {
      lk_claim_grant (claim, better);
      claim->func (claim, claim->user_data);
      return;
    }

  remember_why (claim, blocker, free_at);
  if (free_at != LK_GATE_NO_TIME && free_at > claim->until)
    {
      claim->state = LK_CLAIM_REFUSED;
      claim->func (claim, claim->user_data);
      return;
    }

  if (better->at != NULL && better->at != blocker)
    {
      LkGate *before = better->at;

      unpark (better);
      park (better, blocker);
      lk_gate_serve_soon (before);
    }
  lk_lane_push (better, claim, blocker);
}

static void
gate_turn_cb (gpointer user_data)
{
  g_autoptr(LkGate) self = lk_gate_ref (user_data);
  gint64 now = lk_budget_app_now (self->app);
  guint looks;

  self->timer = NULL;
  lk_gate_update (self, now, lk_budget_app_server_now (self->app));
  looks = MIN (lk_gate_count_free (self, now), 4096);
  looks += looks > 0 ? EXTRA_LOOKS : 0;

  for (; looks > 0 && self->waiting > 0 && lk_gate_count_free (self, now) > 0; looks--)
    serve_first (g_sequence_get (g_sequence_get_begin_iter (self->lanes)), self);

  if (self->waiting > 0 && lk_gate_count_free (self, now) > 0)
    arm (self, now + NEXT_TURN);
  else if (self->waiting > 0)
    arm_when_free (self);
}

static gboolean
is_lane_idle (gpointer key,
              gpointer value,
              gpointer user_data)
{
  return ((LkLane *) value)->claims.length == 0;
}

static gboolean
is_gate_idle (gpointer key,
              gpointer value,
              gpointer user_data)
{
  LkGate *gate = value;
  gint64 now = lk_budget_app_now (gate->app);

  lk_gate_update (gate, now, lk_budget_app_server_now (gate->app));

  return gate->timer == NULL && lk_gate_is_idle (gate, now)
         && g_ref_count_compare (&gate->refs, 1);
}

/* Now and then, so that each account that was ever called does not stay for good. */
void
lk_budget_app_sweep (LkBudgetApp *self)
{
  if (g_hash_table_size (self->lanes) < MAX (self->sweep_at, SWEEP_FIRST))
    return;

  g_hash_table_foreach_remove (self->lanes, is_lane_idle, NULL);
  g_hash_table_foreach_remove (self->gates, is_gate_idle, NULL);
  self->sweep_at = 2 * g_hash_table_size (self->lanes);
}
