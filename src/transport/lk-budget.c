/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-budget-parts-private.h"

#define DAY        (24 * 60 * 60)
#define MAX_FIELDS 32

static void
held_field_free (LkHeldField *self)
{
  g_free (self->path);
  g_free (self->field);
  g_free (self);
}

static void
app_free (LkBudgetApp *self)
{
  GHashTableIter iter;
  gpointer gate;

  g_hash_table_iter_init (&iter, self->gates);
  while (g_hash_table_iter_next (&iter, NULL, &gate))
    {
      if (((LkGate *) gate)->timer != NULL)
        lk_timers_cancel (self->budget->timers, ((LkGate *) gate)->timer);
    }

  g_hash_table_unref (self->lanes);
  g_hash_table_unref (self->gates);
  g_ptr_array_unref (self->fields);
  g_free (self->name);
  g_free (self);
}

static void
set_text (char       **text,
          const char  *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static LkBudgetApp *
find_app (LkBudget   *self,
          const char *name)
{
  LkBudgetApp *app = g_hash_table_lookup (self->apps, name);

  if (app != NULL)
    return app;

  app = g_new0 (LkBudgetApp, 1);
  app->budget = self;
  app->name = g_strdup (name);
  app->gates = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify) lk_gate_unref);
  app->lanes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify) lk_lane_free);
  app->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) held_field_free);
  g_hash_table_insert (self->apps, app->name, app);

  return app;
}

LkBudget *
lk_budget_new (LkClock  *clock,
               LkTimers *timers)
{
  LkBudget *self = g_new0 (LkBudget, 1);

  self->clock = g_object_ref (clock);
  self->timers = timers;
  self->apps = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) app_free);

  return self;
}

void
lk_budget_free (LkBudget *self)
{
  g_hash_table_unref (self->apps);
  g_object_unref (self->clock);
  g_free (self);
}

static LkClaim *
claim_new (LkBudgetApp       *app,
           const LkClaimSpec *spec,
           LkClaimFunc        func,
           gpointer           user_data)
{
  LkClaim *self = g_new0 (LkClaim, 1);

  self->app = app;
  self->number = spec->number != 0 ? spec->number : ++app->claims;
  self->link.data = self;
  self->func = func;
  self->user_data = user_data;
  self->slots = g_ptr_array_new ();
  self->until = spec->until;
  self->path = g_strdup (spec->path);
  self->account = g_strdup (spec->account);
  self->token = g_strdup (spec->token);
  self->call = spec->call != NULL ? lk_call_request_ref (spec->call) : NULL;
  self->limits = spec->limits != NULL ? g_ptr_array_ref (spec->limits) : NULL;

  return self;
}

static void
claim_free (LkClaim *self)
{
  g_ptr_array_unref (self->slots);
  g_clear_pointer (&self->why, lk_gate_unref);
  g_clear_pointer (&self->call, lk_call_request_unref);
  g_clear_pointer (&self->limits, g_ptr_array_unref);
  g_free (self->path);
  g_free (self->account);
  g_free (self->token);
  g_free (self);
}

LkClaim *
lk_budget_claim (LkBudget          *self,
                 const LkClaimSpec *spec,
                 LkClaimFunc        func,
                 gpointer           user_data)
{
  LkBudgetApp *app = find_app (self, spec->app);
  LkClaim *claim = claim_new (app, spec, func, user_data);
  LkGate *blocker;
  LkLane *lane;
  gint64 free_at;

  app->server_offset = spec->server_now - lk_budget_app_now (app) / G_USEC_PER_SEC;
  lk_budget_app_sweep (app);
  lane = lk_budget_app_find_lane (app, claim);
  blocker = lk_lane_find_blocker (lane, spec->number == 0, &free_at);
  if (blocker == NULL)
    {
      lk_claim_grant (claim, lane);
      return claim;
    }

  claim->why = lk_gate_ref (blocker);
  claim->free_at = free_at;
  if (free_at != LK_GATE_NO_TIME && free_at > spec->until)
    claim->state = LK_CLAIM_REFUSED;
  else
    lk_lane_push (lane, claim, blocker);

  return claim;
}

LkClaimState
lk_claim_get_state (LkClaim *self)
{
  return self->state;
}

guint64
lk_claim_get_number (LkClaim *self)
{
  return self->number;
}

static gint64
get_left (LkClaim *self)
{
  if (self->free_at == LK_GATE_NO_TIME)
    return 0;

  return MAX (0, self->free_at - lk_budget_app_now (self->app));
}

double
lk_claim_get_wait (LkClaim *self)
{
  return (double) get_left (self) / G_USEC_PER_SEC;
}

static gint64
whole_seconds (gint64 microseconds)
{
  return (microseconds + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
}

static LkFault *
make_fault (LkBudget *self,
            LkGate   *gate,
            gint64    left)
{
  gint64 told = MAX (0, left - gate->margin);
  LkFault *fault = lk_fault_new_local (LK_CLASS_RATE, "budget", NULL);

  fault->limit = g_strdup (gate->limit != NULL ? gate->limit : "unknown");
  fault->slowed = g_strdup (gate->slowed);
  fault->at = lk_clock_get_now (self->clock);
  fault->retry_at = fault->at + whole_seconds (told);

  return fault;
}

LkFault *
lk_claim_dup_fault (LkClaim *self)
{
  LkBudget *budget = self->app->budget;

  if (self->why == NULL || self->free_at == LK_GATE_NO_TIME)
    return NULL;

  return make_fault (budget, self->why, get_left (self));
}

void
lk_claim_sent (LkClaim *self)
{
  gint64 now = lk_budget_app_now (self->app);

  for (guint i = 0; i < self->slots->len; i++)
    lk_slot_sent (g_ptr_array_index (self->slots, i), now);
}

/* Serving is left to the timers: a release from within a turn must not begin another one. */
void
lk_claim_release (LkClaim  *self,
                  gboolean  used)
{
  gint64 now = lk_budget_app_now (self->app);

  if (self->lane != NULL)
    lk_lane_drop (self->lane, self);

  for (guint i = 0; i < self->slots->len; i++)
    {
      LkSlot *slot = g_ptr_array_index (self->slots, i);
      g_autoptr(LkGate) gate = lk_slot_ref_gate (slot);

      lk_slot_release (slot, now, used);
      lk_gate_serve_soon (gate);
    }

  claim_free (self);
}

static void
remember_field (LkBudgetApp *app,
                const char  *path,
                const char  *field,
                gint64       until)
{
  LkHeldField *held = g_new0 (LkHeldField, 1);

  held->path = g_strdup (path);
  held->field = g_strdup (field);
  held->until = until;
  if (app->fields->len >= MAX_FIELDS)
    g_ptr_array_remove_index (app->fields, 0);
  g_ptr_array_add (app->fields, held);
}

static gint64
count_seconds (const LkGate     *gate,
               const LkRateWait *wait,
               gint64            sent_at,
               gint64            now,
               gint64            server_now)
{
  gboolean second = gate->refused_at > 0 && sent_at > gate->refused_at
                    && now < gate->refused_at + LK_GATE_MEMORY;

  if (wait->seconds == 0)
    return DAY - server_now % DAY;

  return second ? MAX (wait->seconds, wait->again) : wait->seconds;
}

double
lk_budget_hold (LkBudget          *self,
                const LkClaimSpec *spec,
                gint64             sent_at,
                LkFault           *fault,
                const LkRateWait  *wait)
{
  LkBudgetApp *app = find_app (self, spec->app);
  gint64 now = lk_budget_app_now (app);
  g_autofree char *field = lk_budget_dup_field (fault->message);
  g_autofree char *value = field != NULL && spec->call != NULL
                             ? lk_budget_dup_value (spec->call, field) : NULL;
  LkGate *gate = lk_budget_app_get_hold (app, wait->slowed, spec, value);
  gint64 seconds = count_seconds (gate, wait, sent_at, now, spec->server_now);

  /* The second limit of two that fit a refusal is the one that still has not let go. */
  gate->limit = wait->seconds > 0 && seconds > wait->seconds && seconds >= 60
                  ? "minute" : g_intern_string (wait->limit);
  gate->margin = wait->seconds == 0 ? LK_GATE_DAY_MARGIN : 0;
  gate->until = MAX (gate->until, now + seconds * G_USEC_PER_SEC + gate->margin);
  gate->refused_at = now;
  if (value != NULL)
    remember_field (app, spec->path, field, gate->until);

  set_text (&fault->limit, gate->limit);
  set_text (&fault->slowed, gate->slowed);
  fault->retry_at = lk_clock_get_now (self->clock)
                    + whole_seconds (gate->until - gate->margin - now);
  lk_fault_free (gate->fault);
  gate->fault = lk_fault_copy (fault);

  return (double) (gate->until - now) / G_USEC_PER_SEC;
}

static LkFault *
describe_hold (LkBudgetApp *app,
               LkGate      *gate)
{
  gint64 now = lk_budget_app_now (app);
  gint64 server_now = lk_budget_app_server_now (app);
  gint64 free_at;
  LkFault *fault;

  lk_gate_update (gate, now, server_now);
  free_at = lk_gate_free_at (gate, now, server_now);
  if (free_at <= now || free_at == LK_GATE_NO_TIME)
    return NULL;
  /* A window that is full for a moment and that nobody waits for holds nothing back. */
  if (gate->kind == LK_GATE_WINDOW && gate->waiting == 0)
    return NULL;

  fault = gate->fault != NULL ? lk_fault_copy (gate->fault)
                              : make_fault (app->budget, gate, free_at - now);
  fault->retry_at = lk_clock_get_now (app->budget->clock)
                    + whole_seconds (MAX (0, free_at - gate->margin - now));
  if (gate->account != NULL)
    set_text (&fault->account, gate->account);
  if (gate->path != NULL)
    set_text (&fault->endpoint, gate->path);

  return fault;
}

GPtrArray *
lk_budget_list_holds (LkBudget   *self,
                      const char *app_name)
{
  GPtrArray *holds = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_fault_free);
  LkBudgetApp *app = g_hash_table_lookup (self->apps, app_name);
  GHashTableIter iter;
  gpointer gate;

  if (app == NULL)
    return holds;

  g_hash_table_iter_init (&iter, app->gates);
  while (g_hash_table_iter_next (&iter, NULL, &gate))
    {
      LkFault *fault = describe_hold (app, gate);

      if (fault != NULL)
        g_ptr_array_add (holds, fault);
    }

  return holds;
}
