/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection-private.h"

#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-agent-scheduler.h"
#include "lk-agent-tree.h"
#include "lk-policy.h"

#define BACKOFF_BASE 60
#define CLOCK_DOUBT (10 * 60)
#define DOUBT_QUIET 60
#define BACKOFF_CAP (60 * 60)

G_DEFINE_FINAL_TYPE (LkAgentConnection, lk_agent_connection, G_TYPE_OBJECT)

static void
lk_agent_connection_finalize (GObject *object)
{
  LkAgentConnection *self = LK_AGENT_CONNECTION (object);

  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_clear_pointer (&self->record, lk_connection_record_free);
  g_free (self->doubted);
  g_free (self->told);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_agent_connection_parent_class)->finalize (object);
}

static void
lk_agent_connection_class_init (LkAgentConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_agent_connection_finalize;
}

static void
lk_agent_connection_init (LkAgentConnection *self)
{
  self->busy = "";
}

LkAgentConnection *
lk_agent_connection_new (LkAgentContext *context, LkConnectionRecord *record)
{
  LkAgentConnection *self = g_object_new (LK_TYPE_AGENT_CONNECTION, NULL);

  self->context = g_object_ref (context);
  self->record = record;
  return self;
}

const char *
lk_agent_connection_get_id (LkAgentConnection *self)
{
  return self->record->id;
}

LkAgentContext *
lk_agent_connection_get_context (LkAgentConnection *self)
{
  return self->context;
}

LkConnectionRecord *
lk_agent_connection_get_record (LkAgentConnection *self)
{
  return self->record;
}

LkProfile *
lk_agent_connection_get_profile (LkAgentConnection *self)
{
  return lk_profile_set_lookup (lk_agent_context_get_profiles (self->context),
                                self->record->provider);
}

const LkClientRecord *
lk_agent_connection_get_client (LkAgentConnection *self)
{
  return lk_agent_clients_lookup (lk_agent_context_get_clients (self->context),
                                  self->record->client);
}

LkTokenSet *
lk_agent_connection_get_tokens (LkAgentConnection *self)
{
  return self->tokens;
}

/**
 * lk_agent_connection_can_renew:
 *
 * Whether there is a refresh token and something to send it to.
 */
gboolean
lk_agent_connection_can_renew (LkAgentConnection *self)
{
  LkProfile *profile = lk_agent_connection_get_profile (self);

  return self->record->has_refresh && profile != NULL && self->record->parked == LK_PARKED_NOT
         && lk_profile_has_step (profile, LK_STEP_REFRESH)
         && lk_agent_connection_get_client (self) != NULL;
}

static guint32
seed_of (const LkConnectionRecord *record)
{
  return g_str_hash (record->id) + (guint32) record->generation;
}

/**
 * lk_agent_connection_get_due:
 *
 * Returns: when to renew; %LK_END_NEVER when nothing is to be done until a person acts
 */
gint64
lk_agent_connection_get_due (LkAgentConnection *self)
{
  g_autoptr(LkTokenSet) shape = NULL;
  LkAgentScheduler *scheduler = lk_agent_context_get_scheduler (self->context);
  LkCorrectedClock *clock = LK_CORRECTED_CLOCK (lk_agent_context_get_clock (self->context));
  /* A clock that was ahead when a renewal failed must not put the next one off for years. */
  gint64 now = lk_agent_context_get_now (self->context);
  gint64 latest = now + BACKOFF_CAP;
  gint64 due;

  if (self->record->removed_at != 0 || self->told == NULL
      || lk_agent_fault_stops_renewal (self->record->fault)
      || !lk_agent_connection_can_renew (self))
    return LK_END_NEVER;
  shape = lk_agent_connection_dup_shape (self);
  due = lk_policy_renewal_due (shape, lk_agent_scheduler_get_margin (scheduler),
                               seed_of (self->record));
  /* What was issued in the future shows that our clock is behind; one reply will tell the time. */
  if (due != LK_END_NEVER && self->record->obtained > now + CLOCK_DOUBT
      && !lk_corrected_clock_is_proven (clock))
    due = now;
  return due == LK_END_NEVER ? due : MAX (due, MIN (self->retry_at, latest));
}

/**
 * lk_agent_connection_put_off:
 * @failed: whether the renewal failed
 *
 * Decides when the next renewal may be at the earliest.
 */
void
lk_agent_connection_put_off (LkAgentConnection *self, gboolean failed)
{
  gint64 now = lk_agent_context_get_now (self->context);

  if (!failed)
    {
      self->failures = 0;
      self->retry_at = now + lk_policy_renewal_pace (self->record->access_ends
                                                     - self->record->obtained);
      return;
    }
  self->retry_at = now + MAX (lk_policy_backoff (self->failures, BACKOFF_BASE, BACKOFF_CAP,
                                                 g_random_int ()),
                              BACKOFF_BASE);
  self->failures++;
}

void
lk_agent_connection_retry_now (LkAgentConnection *self)
{
  self->failures = 0;
  self->retry_at = 0;
}

/**
 * lk_agent_connection_sync:
 *
 * Brings the properties and the renewal plan in line with the record. Only what differs is told.
 */
void
lk_agent_connection_sync (LkAgentConnection *self)
{
  lk_agent_tree_changed (lk_agent_context_get_tree (self->context), self);
  lk_agent_scheduler_plan (lk_agent_context_get_scheduler (self->context), self);
  lk_agent_context_connection_changed (self->context, self);
}

/**
 * lk_agent_connection_save:
 * @kind: (nullable): kind of the line in the history
 * @text: (nullable): its text
 *
 * Syncs and writes in the background.
 */
void
lk_agent_connection_save (LkAgentConnection *self, const char *kind, const char *text)
{
  g_autoptr(LkEvent) event = NULL;

  if (kind != NULL)
    event = lk_event_new (self->record->id, lk_agent_context_get_now (self->context), kind, text);
  lk_agent_connection_sync (self);
  lk_agent_context_save (self->context, self->record, event);
}

/**
 * lk_agent_connection_fail:
 * @kind: "renewal-failed" or "verify-failed"
 * @fault: (transfer full): what is wrong now
 *
 * The same fault again changes nothing in the history.
 */
void
lk_agent_connection_fail (LkAgentConnection *self, const char *kind, LkFault *fault)
{
  gint64 now = lk_agent_context_get_now (self->context);
  gboolean known = lk_agent_fault_same (self->record->fault, fault);
  g_autoptr(LkEvent) event = NULL;

  if (fault->at == 0)
    fault->at = now;
  if (fault->step == NULL)
    fault->step = g_strdup (g_str_equal (kind, "renewal-failed") ? "refresh" : "verify");
  if (!known)
    {
      event = lk_event_new (self->record->id, now, kind, NULL);
      event->fault = lk_fault_copy (fault);
    }
  g_clear_pointer (&self->record->fault, lk_fault_free);
  self->record->fault = fault;
  lk_agent_connection_sync (self);
  if (!known)
    lk_agent_context_save (self->context, self->record, event);
}

gboolean
lk_agent_connection_begin_asking (LkAgentConnection *self, const char *endpoint)
{
  gint64 now = lk_agent_context_get_now (self->context);

  if (g_strcmp0 (self->doubted, endpoint) == 0 && now >= self->doubted_at
      && now - self->doubted_at < DOUBT_QUIET)
    return FALSE;
  g_free (self->doubted);
  self->doubted = g_strdup (endpoint);
  self->doubted_at = now;
  return TRUE;
}

void
lk_agent_connection_set_busy (LkAgentConnection *self, const char *busy)
{
  self->busy = g_intern_string (busy);
  lk_agent_tree_changed (lk_agent_context_get_tree (self->context), self);
}

const char *
lk_agent_connection_get_busy (LkAgentConnection *self)
{
  return self->busy;
}

void
lk_agent_connection_set_circuit_open (LkAgentConnection *self, gboolean open)
{
  self->circuit_open = open;
  lk_agent_tree_changed (lk_agent_context_get_tree (self->context), self);
}

void
lk_agent_connection_set_next_probe (LkAgentConnection *self, gint64 at)
{
  if (self->next_probe == at)
    return;
  self->next_probe = at;
  lk_agent_tree_changed (lk_agent_context_get_tree (self->context), self);
}

gboolean
lk_agent_connection_is_circuit_open (LkAgentConnection *self)
{
  return self->circuit_open;
}

/**
 * lk_agent_connection_take_tokens:
 *
 * Keeps @tokens, which are in the vault, in memory, and their times in the record.
 */
void
lk_agent_connection_take_tokens (LkAgentConnection *self, LkTokenSet *tokens)
{
  LkConnectionRecord *record = self->record;
  LkSecret *refresh = lk_token_set_get_refresh (tokens);
  gboolean same_refresh = self->tokens != NULL && refresh != NULL
                          && lk_token_set_get_refresh (self->tokens) != NULL
                          && lk_secret_equal (refresh, lk_token_set_get_refresh (self->tokens));
  const char * const *scopes = lk_token_set_get_scopes (tokens);

  if (!same_refresh && (self->tokens != NULL || record->generation == 0))
    record->refresh_obtained = refresh != NULL ? lk_token_set_get_obtained (tokens) : 0;
  lk_token_set_ref (tokens);
  g_clear_pointer (&self->tokens, lk_token_set_unref);
  self->tokens = tokens;

  record->obtained = lk_token_set_get_obtained (tokens);
  record->access_ends = lk_token_set_get_access_ends (tokens);
  record->refresh_ends = lk_token_set_get_refresh_ends (tokens);
  record->has_refresh = refresh != NULL;
  record->generation = lk_token_set_get_generation (tokens);
  g_free (record->fingerprint);
  record->fingerprint = lk_secret_dup_fingerprint (lk_token_set_get_access (tokens));
  if (scopes != NULL)
    {
      g_strfreev (record->scopes_granted);
      record->scopes_granted = g_strdupv ((char **) scopes);
    }
}

void
lk_agent_connection_forget_tokens (LkAgentConnection *self)
{
  g_clear_pointer (&self->tokens, lk_token_set_unref);
}

/**
 * lk_agent_connection_recovered:
 *
 * Tokens that the journal had kept are in the vault now.
 */
void
lk_agent_connection_recovered (LkAgentConnection *self, LkTokenSet *tokens)
{
  lk_agent_connection_take_tokens (self, tokens);
  self->record->refresh_obtained = lk_token_set_get_obtained (tokens);
  self->record->last_renewed = lk_token_set_get_obtained (tokens);
  g_clear_pointer (&self->record->fault, lk_fault_free);
  lk_agent_connection_retry_now (self);
  lk_agent_connection_save (self, "recovered", NULL);
}

gboolean
lk_agent_connection_is_published (LkAgentConnection *self)
{
  return self->told != NULL;
}

/**
 * lk_agent_connection_flush:
 *
 * What changed is on the bus before what is sent next, such as the answer to a call.
 */
void
lk_agent_connection_flush (LkAgentConnection *self)
{
  lk_agent_tree_flush (lk_agent_context_get_tree (self->context), self);
}

/**
 * lk_agent_connection_publish:
 *
 * Puts the connection on the bus.
 */
void
lk_agent_connection_publish (LkAgentConnection *self)
{
  g_autoptr(GVariant) facts = NULL;

  if (self->told != NULL)
    return;
  facts = lk_agent_connection_take_news (self);
  lk_agent_tree_added (lk_agent_context_get_tree (self->context), self, facts);
  lk_agent_connection_sync (self);
}

/**
 * lk_agent_connection_withdraw:
 *
 * Takes the connection off the bus and out of the renewal plan.
 */
void
lk_agent_connection_withdraw (LkAgentConnection *self)
{
  if (self->told == NULL)
    return;
  g_clear_pointer (&self->told, g_free);
  lk_agent_tree_removed (lk_agent_context_get_tree (self->context), self);
  lk_agent_scheduler_plan (lk_agent_context_get_scheduler (self->context), self);
  lk_agent_context_connection_changed (self->context, self);
}
