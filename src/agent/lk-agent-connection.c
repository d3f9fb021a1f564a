/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-connection.h"

#include "lk-agent-clients.h"
#include "lk-agent-error.h"
#include "lk-agent-scheduler.h"
#include "lk-policy.h"

#define WARN_BEFORE (7 * 24 * 60 * 60)
#define BACKOFF_BASE 60
#define CLOCK_DOUBT (10 * 60)
#define DOUBT_QUIET 60
#define BACKOFF_CAP (60 * 60)

struct _LkAgentConnection
{
  GObject               parent_instance;

  LkAgentContext       *context;  /* (owned) */
  LkConnectionRecord   *record;   /* (owned) */
  LkDBusConnection1    *skeleton; /* (owned) */
  LkDBusObjectSkeleton *object;   /* (owned) (nullable): while on the bus */
  LkTokenSet           *tokens;   /* (owned) (nullable): once read */
  guint                 failures; /* of renewals, in a row */
  gint64                retry_at; /* no renewal by itself before */
  char                 *doubted;  /* (owned) (nullable): path that called the token dead last */
  gint64                doubted_at;
};

G_DEFINE_FINAL_TYPE (LkAgentConnection, lk_agent_connection, G_TYPE_OBJECT)

static void
lk_agent_connection_finalize (GObject *object)
{
  LkAgentConnection *self = LK_AGENT_CONNECTION (object);

  g_clear_pointer (&self->tokens, lk_token_set_unref);
  g_clear_pointer (&self->record, lk_connection_record_free);
  g_free (self->doubted);
  g_clear_object (&self->object);
  g_clear_object (&self->skeleton);
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
  self->skeleton = lk_dbus_connection1_skeleton_new ();
}

LkAgentConnection *
lk_agent_connection_new (LkAgentContext *context, LkConnectionRecord *record)
{
  LkAgentConnection *self = g_object_new (LK_TYPE_AGENT_CONNECTION, NULL);

  self->context = g_object_ref (context);
  self->record = record;
  lk_dbus_connection1_set_busy (self->skeleton, "");
  lk_agent_connection_connect_ops (self);
  lk_agent_connection_connect_calls (self);
  lk_agent_connection_connect_enquiry (self);
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

LkDBusConnection1 *
lk_agent_connection_get_skeleton (LkAgentConnection *self)
{
  return self->skeleton;
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

  return self->record->has_refresh && profile != NULL
         && lk_profile_has_step (profile, LK_STEP_REFRESH)
         && lk_agent_connection_get_client (self) != NULL;
}

/* The times of the token set as the ledger knows them, for the rules; its secrets are not real. */
static LkTokenSet *
dup_shape (const LkConnectionRecord *record)
{
  g_autoptr(LkSecret) none = lk_secret_new ("-");
  LkTokenSetFields fields = {
    .access = none,
    .refresh = record->has_refresh ? none : NULL,
    .obtained = record->obtained,
    .access_ends = record->access_ends,
    .refresh_ends = record->refresh_ends,
    .generation = record->generation,
  };

  return lk_token_set_new (&fields);
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

  if (self->record->removed_at != 0 || self->object == NULL
      || lk_agent_fault_stops_renewal (self->record->fault)
      || !lk_agent_connection_can_renew (self))
    return LK_END_NEVER;
  shape = dup_shape (self->record);
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

/* What is wrong now: what the ledger remembers, else what can be seen. */
static LkFault *
lk_agent_connection_dup_fault (LkAgentConnection *self)
{
  if (self->record->fault != NULL)
    return lk_fault_copy (self->record->fault);
  if (lk_agent_connection_get_profile (self) == NULL)
    return lk_fault_new_local (LK_CLASS_APP_CONFIG, "profile-missing", NULL);
  if (lk_agent_connection_get_client (self) == NULL)
    return lk_fault_new_local (LK_CLASS_APP_CONFIG, "client-missing", NULL);
  return NULL;
}

static GVariant *
fault_to_variant (const LkFault *fault)
{
  return fault != NULL ? lk_fault_to_variant (fault)
                       : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

static GVariant *
accounts_to_variant (GPtrArray *accounts)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      const LkAccount *account = accounts->pdata[i];

      g_variant_builder_add (&builder, "(ss)", account->id,
                             account->name != NULL ? account->name : "");
    }
  return g_variant_builder_end (&builder);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static const char * const *
strv_or_empty (char **strv)
{
  static const char * const none[] = { NULL };

  return strv != NULL ? (const char * const *) strv : none;
}

static void
lk_agent_connection_sync_identity (LkAgentConnection *self)
{
  const LkConnectionRecord *record = self->record;
  LkDBusConnection1 *bus = self->skeleton;
  LkProfile *profile = lk_agent_connection_get_profile (self);
  g_auto(GStrv) missing = lk_connection_record_dup_missing_scopes (record);

  lk_dbus_connection1_set_id (bus, record->id);
  lk_dbus_connection1_set_name (bus, or_empty (record->name));
  lk_dbus_connection1_set_client (bus, or_empty (record->client));
  lk_dbus_connection1_set_provider (bus, or_empty (record->provider));
  lk_dbus_connection1_set_provider_name (bus, profile != NULL ? lk_profile_get_name (profile)
                                                              : or_empty (record->provider));
  lk_dbus_connection1_set_sandbox (bus, profile != NULL && lk_profile_is_sandbox (profile));
  lk_dbus_connection1_set_identity (bus, or_empty (record->identity));
  lk_dbus_connection1_set_identity_name (bus, or_empty (record->identity_name));
  lk_dbus_connection1_set_accounts (bus, accounts_to_variant (record->accounts));
  lk_dbus_connection1_set_accounts_known (bus, record->accounts_known);
  lk_dbus_connection1_set_scopes_asked (bus, strv_or_empty (record->scopes_asked));
  lk_dbus_connection1_set_scopes_granted (bus, strv_or_empty (record->scopes_granted));
  lk_dbus_connection1_set_scopes_known (bus, record->scopes_granted != NULL);
  lk_dbus_connection1_set_scopes_missing (bus, strv_or_empty (missing));
  lk_dbus_connection1_set_can_revoke (bus, profile != NULL
                                             && lk_profile_has_step (profile, LK_STEP_REVOKE));
}

static void
lk_agent_connection_sync_times (LkAgentConnection *self)
{
  const LkConnectionRecord *record = self->record;
  LkDBusConnection1 *bus = self->skeleton;
  g_autoptr(LkTokenSet) shape = dup_shape (record);
  g_autoptr(LkFault) fault = lk_agent_connection_dup_fault (self);
  /* A refresh token that is refused puts nothing off, whatever end it was given. */
  gboolean can_renew = lk_agent_connection_can_renew (self);
  gboolean will_renew = can_renew
                        && (fault == NULL || fault->klass != LK_CLASS_REFRESH_DEAD);
  gint64 ends = lk_policy_authorization_ends (shape, will_renew);
  gint64 due = lk_agent_connection_get_due (self);
  LkHealth health = lk_policy_health (ends, lk_agent_fault_needs_person (fault), WARN_BEFORE,
                                      lk_agent_context_get_now (self->context));

  lk_dbus_connection1_set_health (bus, lk_health_to_string (health));
  lk_dbus_connection1_set_fault (bus, fault_to_variant (fault));
  lk_dbus_connection1_set_last_refusal (bus, fault_to_variant (record->refusal));
  lk_dbus_connection1_set_last_refusal_event (bus, record->refusal_event);
  lk_dbus_connection1_set_signed_in (bus, record->signed_in);
  lk_dbus_connection1_set_created (bus, record->created);
  lk_dbus_connection1_set_obtained (bus, record->obtained);
  lk_dbus_connection1_set_access_ends (bus, record->access_ends);
  lk_dbus_connection1_set_refresh_obtained (bus, record->refresh_obtained);
  lk_dbus_connection1_set_refresh_ends (bus, record->has_refresh ? record->refresh_ends
                                                                 : LK_END_UNKNOWN);
  lk_dbus_connection1_set_authorization_ends (bus, ends);
  lk_dbus_connection1_set_last_renewed (bus, record->last_renewed);
  lk_dbus_connection1_set_last_verified (bus, record->last_verified);
  lk_dbus_connection1_set_next_renewal (bus, due == LK_END_NEVER ? 0 : due);
  lk_dbus_connection1_set_fingerprint (bus, or_empty (record->fingerprint));
  lk_dbus_connection1_set_generation (bus, record->generation);
  lk_dbus_connection1_set_can_renew (bus, can_renew);
}

/**
 * lk_agent_connection_sync:
 *
 * Brings the properties and the renewal plan in line with the record. Only what differs is told.
 */
void
lk_agent_connection_sync (LkAgentConnection *self)
{
  lk_agent_connection_sync_identity (self);
  lk_agent_connection_sync_times (self);
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
  lk_dbus_connection1_set_busy (self->skeleton, busy);
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

/**
 * lk_agent_connection_publish:
 *
 * Puts the connection on the bus.
 */
void
lk_agent_connection_publish (LkAgentConnection *self)
{
  g_autofree char *path = g_strconcat (LK_AGENT_CONNECTIONS, self->record->id, NULL);

  if (self->object != NULL)
    return;
  self->object = lk_dbus_object_skeleton_new (path);
  lk_agent_connection_sync (self);
  lk_dbus_object_skeleton_set_connection1 (self->object, self->skeleton);
  g_dbus_object_manager_server_export (lk_agent_context_get_server (self->context),
                                       G_DBUS_OBJECT_SKELETON (self->object));
}

/**
 * lk_agent_connection_withdraw:
 *
 * Takes the connection off the bus and out of the renewal plan.
 */
void
lk_agent_connection_withdraw (LkAgentConnection *self)
{
  g_autoptr(LkDBusObjectSkeleton) object = g_steal_pointer (&self->object);

  if (object == NULL)
    return;
  g_dbus_object_manager_server_unexport (lk_agent_context_get_server (self->context),
                                         g_dbus_object_get_object_path (G_DBUS_OBJECT (object)));
  lk_dbus_object_skeleton_set_connection1 (object, NULL);
  lk_agent_scheduler_plan (lk_agent_context_get_scheduler (self->context), self);
  lk_agent_context_connection_changed (self->context, self);
}
