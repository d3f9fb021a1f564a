/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "budget-desk.h"

static void
limit_free (LkRateLimit *limit)
{
  g_free (limit->path);
  g_free (limit->per);
  g_free (limit);
}

void
desk_add_limit (Desk       *desk,
                const char *path,
                guint       seconds,
                guint       calls,
                const char *per,
                gboolean    each_path)
{
  LkRateLimit *limit = g_new0 (LkRateLimit, 1);

  limit->path = g_strdup (path);
  limit->seconds = seconds;
  limit->calls = calls;
  limit->per = g_strdup (per);
  limit->each_path = each_path;
  g_ptr_array_add (desk->limits, limit);
}

void
desk_set_up (Desk          *desk,
             gconstpointer  data)
{
  desk->clock = test_clock_new (NOW);
  desk->timers = lk_timers_new (LK_CLOCK (desk->clock), NULL);
  desk->budget = lk_budget_new (LK_CLOCK (desk->clock), desk->timers);
  desk->limits = g_ptr_array_new_with_free_func ((GDestroyNotify) limit_free);
  desk->granted = g_ptr_array_new ();
}

void
desk_tear_down (Desk          *desk,
                gconstpointer  data)
{
  lk_budget_free (desk->budget);
  g_assert_cmpuint (lk_timers_get_size (desk->timers), ==, 0);
  lk_timers_free (desk->timers);
  g_ptr_array_unref (desk->limits);
  g_ptr_array_unref (desk->granted);
  g_clear_object (&desk->clock);
}

LkClaimSpec
desk_spec (Desk       *desk,
           const char *path,
           const char *account)
{
  LkClaimSpec spec = { "app", desk->limits, path, account, "token", NULL, 0, 0, 0 };

  spec.server_now = lk_clock_get_now (LK_CLOCK (desk->clock));
  spec.until = desk->clock->boot + (gint64) 86400 * 2 * G_USEC_PER_SEC;

  return spec;
}

void
desk_settled_cb (LkClaim  *claim,
                 gpointer  user_data)
{
  Desk *desk = user_data;

  if (lk_claim_get_state (claim) == LK_CLAIM_GRANTED)
    {
      lk_claim_sent (claim);
      g_ptr_array_add (desk->granted, claim);
    }
  else
    {
      desk->refused++;
      lk_claim_release (claim, FALSE);
    }
}

LkClaim *
desk_claim (Desk       *desk,
            const char *path,
            const char *account)
{
  LkClaimSpec spec = desk_spec (desk, path, account);
  LkClaim *made = lk_budget_claim (desk->budget, &spec, desk_settled_cb, desk);

  if (lk_claim_get_state (made) == LK_CLAIM_GRANTED)
    lk_claim_sent (made);

  return made;
}

/* Asks and is done at once. */
LkClaimState
desk_pass (Desk       *desk,
           const char *path,
           const char *account)
{
  LkClaim *made = desk_claim (desk, path, account);
  LkClaimState state = lk_claim_get_state (made);

  lk_claim_release (made, TRUE);

  return state;
}

void
desk_advance (Desk   *desk,
              double  seconds)
{
  for (double passed = 0; passed < seconds - 1e-9; passed += 0.05)
    {
      test_clock_advance (desk->clock, 0.05);
      lk_timers_fire (desk->timers);
    }
}

guint
desk_finish_granted (Desk *desk)
{
  guint count = desk->granted->len;

  for (guint i = 0; i < count; i++)
    lk_claim_release (g_ptr_array_index (desk->granted, i), TRUE);
  g_ptr_array_set_size (desk->granted, 0);

  return count;
}

LkFault *
desk_hold (Desk        *desk,
           LkClaimSpec *spec,
           guint        seconds,
           guint        again,
           const char  *slowed,
           const char  *message)
{
  LkRateWait wait = { seconds, again, "second", slowed };
  LkFault *fault = lk_fault_new (LK_CLASS_RATE);

  fault->message = g_strdup (message);
  lk_budget_hold (desk->budget, spec, desk->clock->boot, fault, &wait);

  return fault;
}
