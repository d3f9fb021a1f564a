/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-transport"

#include "config.h"

#include "lk-call-run-private.h"

#define PROBE_PATIENCE (2 * G_USEC_PER_SEC)

static void ask_budget   (LkCall *self, gboolean quietly);
static void get_tokens   (LkCall *self, LkTokenSet *rejected);
static void send_request (LkCall *self);

static void
claim_settled_cb (LkClaim  *claim,
                  gpointer  user_data)
{
  LkCall *self = user_data;

  if (lk_claim_get_state (claim) == LK_CLAIM_GRANTED)
    get_tokens (self, NULL);
  else
    lk_call_finish_fault (self, lk_claim_dup_fault (claim));
}

static gboolean
claim_place (LkCall *self,
             gint64  until)
{
  LkClaimSpec spec = { 0 };

  lk_call_fill_spec (self, &spec);
  spec.until = until;
  spec.number = self->number;
  self->claim = lk_budget_claim (self->engine->budget, &spec, claim_settled_cb, self);
  self->number = lk_claim_get_number (self->claim);

  return lk_claim_get_state (self->claim) == LK_CLAIM_GRANTED;
}

/* The token of a call that had to wait may have been renewed meanwhile, so it is asked for again.
 * @quietly: the wait was announced already */
static void
ask_budget (LkCall   *self,
            gboolean  quietly)
{
  if (claim_place (self, self->deadline_at))
    send_request (self);
  else if (lk_claim_get_state (self->claim) == LK_CLAIM_REFUSED)
    lk_call_finish_fault (self, lk_claim_dup_fault (self->claim));
  else if (!quietly)
    lk_call_note (self, "held", lk_claim_get_wait (self->claim), NULL);
}

static void
tokens_got_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkCall *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_token_source_get_finish (LK_TOKEN_SOURCE (source), result,
                                                             &error);

  if (self->finished)
    return;

  g_clear_pointer (&self->tokens, lk_token_set_unref);
  self->tokens = g_steal_pointer (&tokens);
  /* Whether an app's secret fits can be asked without a token, too. */
  if (self->tokens == NULL && lk_call_needs_token (self))
    lk_call_finish_error (self, g_steal_pointer (&error));
  else if (self->plan->probe == NULL && self->claim == NULL)
    ask_budget (self, FALSE);
  else
    send_request (self);
}

static gboolean
is_same_token (LkTokenSet *a,
               LkTokenSet *b)
{
  return lk_secret_equal (lk_token_set_get_access (a), lk_token_set_get_access (b));
}

static void
renewed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkCall *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkTokenSet) tokens = lk_token_source_get_finish (LK_TOKEN_SOURCE (source), result,
                                                             &error);

  if (self->finished)
    return;

  if (tokens == NULL)
    {
      if (lk_token_source_is_refusal (self->plan->source, error))
        lk_call_count_dead_token (self);
      lk_call_finish_error (self, g_steal_pointer (&error));
      return;
    }

  /* Nothing newer: sending the same again would get the same answer. */
  if (is_same_token (tokens, self->tokens))
    {
      lk_call_finish_fault (self, g_steal_pointer (&self->refusal));
      return;
    }

  lk_token_set_unref (self->tokens);
  self->tokens = g_steal_pointer (&tokens);
  self->renewed = TRUE;
  lk_call_note (self, "renewed", 0, NULL);
  ask_budget (self, FALSE);
}

static void
get_tokens (LkCall     *self,
            LkTokenSet *rejected)
{
  if (self->plan->source == NULL)
    {
      send_request (self);
      return;
    }

  lk_token_source_get_async (self->plan->source, rejected, self->inner,
                             rejected != NULL ? renewed_cb : tokens_got_cb,
                             g_object_ref (self->task));
}

static void
back_off_over_cb (gpointer user_data)
{
  LkCall *self = user_data;

  self->pause = NULL;
  lk_call_start (self);
}

/* Returns FALSE when there is no time left for another try. */
static gboolean
back_off (LkCall *self)
{
  gint64 delay = lk_backoff_delay (self->transients, self->engine->random);
  gint64 when = lk_clock_get_boot (self->engine->clock) + delay;

  if (delay < 0 || when >= self->deadline_at)
    return FALSE;

  lk_call_note (self, "backing-off", (double) delay / G_USEC_PER_SEC, NULL);
  self->pause = lk_timers_add (self->engine->timers, when, back_off_over_cb, self);

  return TRUE;
}

static gboolean
is_rate (LkClass klass)
{
  return klass == LK_CLASS_RATE || klass == LK_CLASS_QUOTA;
}

/* What is slowed is slowed for everybody, whether this call waits or not. Returns seconds, or -1:
 * a quota whose way back nobody documents, such as the number of ads, is no matter of time. */
static double
hold (LkCall        *self,
      LkFault       *fault,
      const LkReply *reply)
{
  LkClaimSpec spec = { 0 };
  LkRateWait wait = { 0 };

  lk_call_fill_spec (self, &spec);
  lk_profile_get_rate_wait (self->plan->profile, fault, reply, spec.server_now, &wait);
  if (fault->klass == LK_CLASS_QUOTA && g_strcmp0 (wait.limit, "unknown") == 0)
    return -1;

  return lk_budget_hold (self->engine->budget, &spec, self->sent_at, fault, &wait);
}

static gboolean
wait_as_asked (LkCall *self,
               double  seconds)
{
  gint64 when = lk_clock_get_boot (self->engine->clock) + (gint64) (seconds * G_USEC_PER_SEC);

  if (when > self->deadline_at)
    return FALSE;

  lk_call_note (self, "waiting", seconds, NULL);
  ask_budget (self, TRUE);

  return TRUE;
}

/* Returns FALSE when nothing more is done. */
static gboolean
act (LkCall  *self,
     LkFault *fault,
     LkReply *reply,
     gboolean not_sent)
{
  LkCallCase refusal = { 0 };
  double seconds = is_rate (fault->klass) ? hold (self, fault, reply) : 0;

  if (seconds < 0)
    return FALSE;

  self->rates += is_rate (fault->klass) ? 1 : 0;
  self->transients += fault->klass == LK_CLASS_TRANSIENT ? 1 : 0;
  refusal.klass = fault->klass;
  refusal.probe = self->plan->probe != NULL;
  refusal.safe = lk_call_is_safe (self);
  refusal.untouched = not_sent || lk_profile_proves_untouched (self->plan->profile, fault);
  refusal.renewed = self->renewed;
  refusal.tries = is_rate (fault->klass) ? self->rates : self->transients;

  switch (lk_call_decide (&refusal))
    {
    case LK_CALL_RENEW:
      g_clear_pointer (&self->refusal, lk_fault_free);
      self->refusal = lk_fault_copy (fault);
      get_tokens (self, self->tokens);
      return TRUE;

    case LK_CALL_WAIT:
      return wait_as_asked (self, seconds);

    case LK_CALL_BACK_OFF:
      return back_off (self);

    case LK_CALL_FINISH:
    default:
      return FALSE;
    }
}

static gboolean
was_not_sent (const GError *error)
{
  return error != NULL
         && (g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_OFFLINE)
             || g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_TLS)
             || g_error_matches (error, LK_TRANSPORT_ERROR, LK_TRANSPORT_ERROR_INSECURE));
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  LkCall *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkReply) reply = lk_http_send_finish (LK_HTTP (source), result, &error);
  g_autoptr(LkFault) fault = NULL;

  self->engine->n_out--;
  if (self->finished)
    return;

  self->out = FALSE;
  lk_call_give_place_back (self, !was_not_sent (error));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      lk_call_finish_error (self, g_steal_pointer (&error));
      return;
    }

  fault = lk_call_judge (self, reply, error);
  if (fault == NULL)
    {
      lk_call_keep_reply (self, g_steal_pointer (&reply));
      lk_call_finish_fault (self, NULL);
      return;
    }

  lk_call_note (self, "refused", 0, fault);
  if (!act (self, fault, reply, was_not_sent (error)))
    {
      lk_call_keep_reply (self, g_steal_pointer (&reply));
      lk_call_finish_fault (self, g_steal_pointer (&fault));
    }
}

/* The place of a probe is claimed last, because only its request says where it goes. Somebody waits
 * for its answer, so it stands in line for a moment, and no longer. */
static gboolean
claim_for_probe (LkCall *self)
{
  gint64 until = lk_clock_get_boot (self->engine->clock) + PROBE_PATIENCE;

  if (claim_place (self, MIN (until, self->deadline_at)))
    return TRUE;

  if (lk_claim_get_state (self->claim) == LK_CLAIM_REFUSED)
    lk_call_finish_fault (self, lk_claim_dup_fault (self->claim));

  return FALSE;
}

static gboolean
may_send (LkCall *self)
{
  /* Its end is on the way; what was cancelled must not be carried out first. */
  if (self->outer != NULL && g_cancellable_is_cancelled (self->outer))
    return FALSE;

  if (self->plan->probe != NULL && self->claim == NULL && !claim_for_probe (self))
    return FALSE;

  /* Others of the same connection may have been refused while this one waited. */
  if (!lk_call_check_circuit (self))
    return FALSE;

  return TRUE;
}

static void
send_request (LkCall *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LkRequest) request = lk_call_build (self, &error);

  if (request == NULL)
    {
      lk_call_finish_error (self, g_steal_pointer (&error));
      return;
    }

  if (!may_send (self))
    return;

  lk_claim_sent (self->claim);
  self->sent_at = lk_clock_get_boot (self->engine->clock);
  self->attempts++;
  self->out = TRUE;
  lk_call_note (self, "sent", 0, NULL);
  if (self->finished)
    return;
  self->engine->n_out++;
  lk_http_send_async (self->engine->http, request, self->inner, replied_cb,
                      g_object_ref (self->task));
}

/* Also later tries. The token comes first: no place is kept while one is renewed. */
void
lk_call_start (LkCall *self)
{
  if (lk_call_check_circuit (self))
    get_tokens (self, NULL);
}
